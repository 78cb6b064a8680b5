"""What kind of document a file is, told by its content and never by its name, with what is refused in each kind."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from nanglucso.kit.faults import BadFile
from nanglucso.kit.ziplimits import check_zip

KINDS: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
}
MOST_PIXELS: Final = 20_000_000
_PACKED: Final = {"docx": ("word/document.xml",), "xlsx": ("xl/workbook.xml", "xl/Workbook.xml")}
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_ACTS: Final = (b"/JavaScript", b"/Launch")


def kind_of(path: Path, name: str) -> str:
    """The kind (a key of `KINDS`) of a file on disk; `name` only stands in the sentence.

    Raises ``BadFile``: another kind, cut short, a zip bomb, a DOCTYPE, macros, a PDF that acts by itself, a picture of
    more than 20 megapixels.
    """
    data = path.read_bytes()
    if data.startswith(b"%PDF-"):
        return _pdf(data, name)
    if data.startswith(_PNG):
        return _png(data, name)
    if data.startswith(b"PK\x03\x04"):
        return _packed(path, name)
    raise BadFile("not_accepted", name=name)


def _pdf(data: bytes, name: str) -> str:
    if b"%%EOF" not in data[-2048:]:
        raise BadFile("cut_short", name=name)
    if any(mark in data for mark in _ACTS):
        raise BadFile("acts_by_itself", name=name)
    return "pdf"


def _png(data: bytes, name: str) -> str:
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    if data[12:16] != b"IHDR" or b"IEND" not in data[-16:]:
        raise BadFile("cut_short", name=name)
    if not 0 < width * height <= MOST_PIXELS:
        raise BadFile("too_many_pixels", name=name, limit=MOST_PIXELS // 1_000_000)
    return "png"


def _packed(path: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {part.filename for part in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadFile("cut_short", name=name) from error
    for kind, wanted in _PACKED.items():
        if parts.intersection(wanted):
            check_zip(path, name, wanted)
            if any(part.lower().endswith("vbaproject.bin") for part in parts):
                raise BadFile("macros", name=name)
            return kind
    raise BadFile("not_accepted", name=name)
