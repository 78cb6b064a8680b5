"""What kind of document a file is, told by its content and never by its name, with what is refused in each kind."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Final

from nanglucso.kit.faults import BadFile
from nanglucso.kit.ziplimits import check_zip

KINDS: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpeg": "image/jpeg",
}
MOST_PIXELS: Final = 20_000_000
_PACKED: Final = {"docx": ("word/document.xml",), "xlsx": ("xl/workbook.xml", "xl/Workbook.xml")}
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_ACTS: Final = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_PACKED_PART: Final = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_MOST_PACKED: Final = 20 * 2**20
_PROGRAM: Final = re.compile(r"vbaproject\.bin$|/macrosheets/|/activex/|/embeddings/[^/]*\.(?:bin|exe)$", re.IGNORECASE)
_LINK: Final = re.compile(rb"<Relationship\b[^>]*>")
_EXTERNAL: Final = re.compile(rb"TargetMode\s*=\s*[\"']External")
_HYPERLINK: Final = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_PLAIN_TARGET: Final = re.compile(rb"Target\s*=\s*[\"'](?:https?|mailto):", re.IGNORECASE)
_END_OF_ZIP: Final = b"PK\x05\x06"
_LONGEST_ZIP_END: Final = 2**16 + 22


def kind_of(path: Path, name: str) -> str:
    """The kind (a key of `KINDS`) of a file on disk; `name` only stands in the sentence.

    Raises ``BadFile``: another kind, cut short, two kinds in one, a zip bomb, a DOCTYPE, macros, links that fetch, a
    PDF that acts by itself or carries files, a picture of more than 20 megapixels.
    """
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        return _packed(path, name)
    look = next((look for mark, look in _LOOKS.items() if data.startswith(mark)), None)
    if look is None:
        raise BadFile("not_accepted", name=name)
    kind = look(data, name)
    # Readers of zips look at the end of a file and readers of all else at its beginning.
    if _END_OF_ZIP in data[-_LONGEST_ZIP_END:]:
        raise BadFile("two_kinds", name=name)
    return kind


def _pdf(data: bytes, name: str) -> str:
    if b"%%EOF" not in data[-2048:]:
        raise BadFile("cut_short", name=name)
    for text in (data, *_unpacked(data, name)):
        if _ACTS.search(_ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)):
            raise BadFile("acts_by_itself", name=name)
    return "pdf"


def _unpacked(data: bytes, name: str) -> list[bytes]:
    """The packed lists of objects, in which a script would not be seen. Together at most 20 MB come out."""
    found, left = [], _MOST_PACKED
    for part in _PACKED_PART.finditer(data):
        if b"FlateDecode" not in _ESCAPED.sub(lambda one: bytes([int(one[1], 16)]), part[0]):
            continue
        try:
            text = zlib.decompressobj().decompress(data[part.end() :], left)
        except zlib.error as error:
            raise BadFile("cut_short", name=name) from error
        left -= len(text)
        if left <= 0:
            raise BadFile("zip_unpacked", name=name, limit=_MOST_PACKED // 2**20)
        found.append(text)
    return found


def _check_pixels(width: int, height: int, name: str) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise BadFile("too_many_pixels", name=name, limit=MOST_PIXELS // 1_000_000)


def _png(data: bytes, name: str) -> str:
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    if data[12:16] != b"IHDR" or b"IEND" not in data:
        raise BadFile("cut_short", name=name)
    _check_pixels(width, height, name)
    return "png"


def _jpeg(data: bytes, name: str) -> str:
    """Steps from mark to mark up to the frame, which says the size; a photograph may carry words behind its end."""
    at = 2
    while data[at : at + 1] == b"\xff" and at + 9 <= len(data):
        mark, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(data[at + n : at + n + 2], "big") for n in (5, 7))
            if b"\xff\xd9" not in data[at:]:
                break
            _check_pixels(width, height, name)
            return "jpeg"
        at += 2 + max(length, 2)
    raise BadFile("cut_short", name=name)


_LOOKS: Final = {b"%PDF-": _pdf, _PNG: _png, _JPEG: _jpeg}


def _check_links(path: Path, name: str) -> None:
    """No part fetches anything when the file is opened; a link to click on may lead to a web page or a mail address."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if part.lower().endswith(".rels"):
                for tag in _LINK.findall(archive.read(part)):
                    if _EXTERNAL.search(tag) and not (_HYPERLINK.search(tag) and _PLAIN_TARGET.search(tag)):
                        raise BadFile("reaches_out", name=name)


def _packed(path: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {part.filename for part in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadFile("cut_short", name=name) from error
    for kind, wanted in _PACKED.items():
        if parts.intersection(wanted):
            check_zip(path, name, wanted)
            if any(_PROGRAM.search(part) for part in parts):
                raise BadFile("macros", name=name)
            _check_links(path, name)
            return kind
    raise BadFile("not_accepted", name=name)
