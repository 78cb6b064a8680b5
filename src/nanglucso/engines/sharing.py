"""Work shared by threads: the compiled loops release the interpreter's lock, so threads are enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Done = TypeVar("Done")


def in_threads(work: Callable[[Part], Done], parts: Sequence[Part], threads: int) -> Iterable[Done]:
    """The results of ``work`` in the order of the parts, computed by so many threads."""
    if threads < 2 or len(parts) < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))
