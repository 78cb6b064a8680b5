"""What a package's zip may be, told from its directory; nothing is written before all of it was looked at."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from unicodedata import normalize

from django.utils.translation import gettext as _

from nanglucso.core.refusals import Refused

MOST_FILES = 5_000
MOST_UNPACKED = 600 * 2**20
MOST_RATIO = 200
SMALL = 5 * 2**20
LONGEST_PATH = 240
CHUNK = 2**18
_DRIVE = re.compile(r"^[A-Za-z]:")
_ODD = re.compile(r"[\x00-\x1f\x7f]")
_LITTER = re.compile(r"(^|/)(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini)(/|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One file of the zip; `path`: where it belongs, with forward slashes."""

    path: str
    info: zipfile.ZipInfo


def _no(text: str, **told: object) -> Refused:
    return Refused(text % told, field="file")


def _broken(error: Exception) -> bool:
    kinds = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
    return isinstance(error, kinds) or type(error).__module__ in {"_lzma", "lzma", "zipfile"}


@contextmanager
def damage_told() -> Iterator[None]:
    """Whatever the zip library says becomes one sentence."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        if not _broken(error):
            raise
        told = _("The zip is damaged or cut short: export the package again and upload that file.")
        raise Refused(told, field="file") from error


def _written(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: UTF-8 also where the zip forgot to say so, letters joined that macOS parts."""
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return normalize("NFC", name)


def _path(info: zipfile.ZipInfo) -> str:
    """The place of a part below the package's folder. Raises Refused for one outside it, or that is no plain file."""
    raw = _written(info).replace("\\", "/")
    shown = _ODD.sub("?", raw)[:120]
    if _ODD.search(raw):
        raise _no(_("The name of a file in the zip holds control characters: %(name)s."), name=shown)
    if raw.startswith("/") or _DRIVE.match(raw):
        raise _no(_("The zip holds a file with an absolute path: %(name)s. Such a package is not taken."), name=shown)
    steps = [step for step in raw.split("/") if step not in ("", ".")]
    if ".." in steps:
        raise _no(_("The zip holds a file that leaves its folder: %(name)s. Such a package is not taken."), name=shown)
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _no(_("The zip holds a link or a special file: %(name)s. Such a package is not taken."), name=shown)
    path = "/".join(steps)
    if len(path.encode()) > LONGEST_PATH:
        raise _no(_("The name of a file in the zip is too long: %(name)s…"), name=shown)
    return path


def parts_of(archive: zipfile.ZipFile, packed: int) -> list[Part]:
    """The files of a zip of `packed` bytes in their order, without folders and litter. Raises Refused."""
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise _no(_("The zip holds %(n)s files; at most %(most)s are taken."), n=len(infos), most=MOST_FILES)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MOST_UNPACKED:
        told = {"n": unpacked // 2**20, "most": MOST_UNPACKED // 2**20}
        raise _no(_("Unpacked the zip would take %(n)s MB; at most %(most)s MB are taken."), **told)
    if unpacked > max(SMALL, MOST_RATIO * packed):
        raise _no(_("The zip unpacks to more than %(n)s times its size: a zip bomb is not taken."), n=MOST_RATIO)
    found: dict[str, Part] = {}
    for info in infos:
        path = _path(info)
        if info.flag_bits & 1:
            raise _no(_("The zip is protected by a password: export the package without one."))
        if info.is_dir() or info.orig_filename.endswith(("/", "\\")) or not path or _LITTER.search(path):
            continue
        if path in found:
            raise _no(_("The zip holds the file %(name)s twice."), name=path)
        found[path] = Part(path, info)
    _check_folders(found)
    return list(found.values())


def _check_folders(found: dict[str, Part]) -> None:
    """No path is a file and a folder at once."""
    for path in found:
        steps = path.split("/")
        for n in range(1, len(steps)):
            if (above := "/".join(steps[:n])) in found:
                raise _no(_("In the zip %(name)s is a file and a folder at once."), name=above)


def read_small(archive: zipfile.ZipFile, part: Part, most: int) -> bytes:
    """The bytes of one part. Raises Refused for more than `most` of them, whatever the directory says."""
    with archive.open(part.info) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise _no(_("The file %(name)s is larger than %(n)s MB."), name=part.path, n=most // 2**20)
    return data


def unpack(archive: zipfile.ZipFile, parts: list[Part], folder: Path) -> int:
    """Write the parts below `folder`, never more than the directory promised; returns the bytes. Raises Refused."""
    total = 0
    for part in parts:
        target = folder.joinpath(*part.path.split("/"))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with archive.open(part.info) as source, target.open("xb") as sink:
            total += _copied(source, sink, part)
        target.chmod(0o600)
    return total


def _copied(source: IO[bytes], sink: IO[bytes], part: Part) -> int:
    size = 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > part.info.file_size:
            raise _no(_("The zip says a wrong size of %(name)s. Such a package is not taken."), name=part.path)
        sink.write(chunk)
    return size
