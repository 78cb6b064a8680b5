"""Work over very many rows that hold no cycles, without the collector of cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collecting() -> Iterator[None]:
    """Nobody looks for cycles meanwhile: the collector would walk through millions of rows, again and again.

    Of the whole process, so for work of seconds; collecting begins again after it if it was on before.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
