"""PDF files from outside, made harmless: a copy without anything that acts, its pages as pictures and as text.

The file is parsed only in a child process with bounded memory and time (`pdfchild`), which gets no secret of this one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nanglucso.kit import pdfchild

LIMITS = {"memory": 3 * 2**29, "seconds": 120, "pages": 400}
_WALL_SECONDS = 240
_PASSED_ON = frozenset({"PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "LANG"})  # no keys, no passwords


class BadPdf(ValueError):
    """A PDF that is refused. ``code``: not_pdf, encrypted, damaged, no_pages, too_many_pages, too_heavy."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class CleanPdf:
    """``folder`` holds ``clean.pdf`` and ``1.png`` … of its pages; ``texts``: what stands on each.

    ``removed``: how many scripts, launches, files, links, forms, media, signatures were left behind.
    """

    folder: Path
    pages: int
    removed: dict[str, int]
    texts: tuple[str, ...]

    @property
    def file(self) -> Path:
        """The harmless copy."""
        return self.folder / "clean.pdf"

    def picture(self, page: int) -> Path:
        """The PNG of a page, counted from 1."""
        return self.folder / f"{page}.png"


@contextmanager
def harmless(data: bytes) -> Iterator[CleanPdf]:
    """Take a PDF apart; what was made lives as long as the block. Raises ``BadPdf``."""
    if b"%PDF-" not in data[:1024]:
        raise BadPdf("not_pdf")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "sent.pdf").write_bytes(data)
        answer = _asked(folder)
        (folder / "sent.pdf").unlink()
        yield CleanPdf(folder, answer["pages"], answer["removed"], tuple(answer["texts"]))


def _asked(folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-P", pdfchild.__file__, str(folder / "sent.pdf"), str(folder), json.dumps(LIMITS)]
    env = {key: value for key, value in os.environ.items() if key in _PASSED_ON} | {"OMP_NUM_THREADS": "1"}
    try:
        child = subprocess.run(  # noqa: S603 no shell
            command, stdin=subprocess.DEVNULL, capture_output=True, env=env, timeout=_WALL_SECONDS, check=False
        )
        answer = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise BadPdf("too_heavy") from None
    if "error" in answer:
        raise BadPdf(str(answer["error"]))
    return dict(answer)
