"""What a packed office file may be, told from its directory before anything parses it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, NoReturn

from nanglucso.kit.faults import BadFile

MOST_UNPACKED = 200 * 2**20
MOST_RATIO = 100
MOST_PARTS = 200
_SMALL = 2**20
_CHUNK = 2**18
_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_WORKBOOKS = ("xl/workbook.xml", "xl/Workbook.xml")


def check_zip(path: Path, name: str, wanted: tuple[str, ...] = _WORKBOOKS) -> None:
    """Refuse a bomb, a DOCTYPE in any part, an encrypted part, a zip without any `wanted` part. Raises ``BadFile``.

    Limits: 200 MB unpacked, 100 times packed (over 1 MB), 200 parts. Sizes in the directory may lie, so the scan for
    DOCTYPE counts what really comes out. Memory: one chunk.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive, path.stat().st_size, name, wanted)
            left = MOST_UNPACKED
            for part in archive.infolist():
                with archive.open(part) as stream:
                    left -= _scan(stream, left, name)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile("damaged", name=name) from error
    except Exception as error:
        _unpack_failed(error, name)


def _unpack_failed(error: Exception, name: str) -> NoReturn:
    """zlib and lzma have error classes of their own, straight under Exception."""
    if type(error).__module__ in {"zlib", "_lzma", "lzma"}:
        raise BadFile("damaged", name=name) from error
    raise error


def _check_directory(archive: zipfile.ZipFile, packed: int, name: str, wanted: tuple[str, ...]) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise BadFile("zip_parts", name=name, limit=MOST_PARTS)
    names = {part.filename for part in parts}
    if not names.intersection(wanted):
        raise BadFile("not_spreadsheet", name=name)
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile("encrypted", name=name)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED:
        raise BadFile("zip_unpacked", name=name, limit=MOST_UNPACKED // 2**20)
    if unpacked > max(_SMALL, MOST_RATIO * packed):
        raise BadFile("zip_ratio", name=name, limit=MOST_RATIO)


def _scan(stream: IO[bytes], left: int, name: str) -> int:
    """Read a part to its end in chunks; the tail of each is kept so that no mark is cut in two."""
    size, tail = 0, b""
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > left:
            raise BadFile("zip_unpacked", name=name, limit=MOST_UNPACKED // 2**20)
        window = tail + chunk
        if any(mark in window for mark in _DOCTYPE):
            raise BadFile("doctype", name=name)
        tail = window[-32:]
    return size
