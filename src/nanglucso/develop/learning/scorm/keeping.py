"""Where unpacked packages lie: outside the web root, each in a folder of a random name."""

import hashlib
import secrets
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from unicodedata import normalize

from django.conf import settings
from django.utils.translation import gettext as _

from nanglucso.core.refusals import Refused
from nanglucso.develop.learning.scorm import archive as zips
from nanglucso.develop.learning.scorm import manifest as manifests
from nanglucso.develop.learning.scorm.mime import TYPES

FOLDER = "scorm"


@dataclass(frozen=True)
class Kept:
    """A package on disk. `left_out`: files that are never handed out and were not unpacked."""

    folder: str
    manifest: manifests.Manifest
    files: int
    size: int
    sha256: str
    left_out: list[str]


def most_bytes() -> int:
    """The largest zip that is taken, `NLS_SCORM_MB`."""
    return int(settings.SCORM_MB) * 2**20


def place(folder: str) -> Path:
    """The folder of a kept package."""
    return Path(settings.MEDIA_ROOT) / FOLDER / folder


def keep(file: IO[bytes], size: int) -> Kept:
    """Check a zip of `size` bytes from end to end, then unpack it. Raises Refused; nothing is left on disk then."""
    if size > most_bytes():
        text = _("The file is larger than %(limit)s MB: export the package with smaller pictures or films.")
        raise Refused(text % {"limit": settings.SCORM_MB}, field="file")
    if not size:
        raise Refused(_("The file is empty."), field="file")
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise Refused(_("This is no zip file: a SCORM package is a zip with imsmanifest.xml in it."), field="file")
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(zips.CHUNK):
        digest.update(chunk)
    with zips.damage_told(), zipfile.ZipFile(file) as archive:
        return _kept(archive, size, digest.hexdigest())


def _kept(archive: zipfile.ZipFile, size: int, sha256: str) -> Kept:
    parts = zips.parts_of(archive, size)
    read = manifests.read(_manifest(archive, parts), [part.path for part in parts])
    shown = [part for part in parts if suffix(part.path) in TYPES]
    _check_launches(read, shown)
    folder = secrets.token_hex(16)
    home = place(folder)
    home.mkdir(parents=True, mode=0o700)
    try:
        unpacked = zips.unpack(archive, shown, home)
    except BaseException:
        drop(folder)
        raise
    return Kept(folder, read, len(shown), unpacked, sha256, [p.path for p in parts if p not in shown][:200])


def _manifest(archive: zipfile.ZipFile, parts: list[zips.Part]) -> bytes:
    named = [part for part in parts if PurePosixPath(part.path).name.lower() == manifests.NAME]
    held = next((part for part in named if "/" not in part.path), None)
    if held is not None:
        return zips.read_small(archive, held, manifests.MOST_BYTES)
    if named:
        text = _("imsmanifest.xml lies in the folder %(folder)s: zip what is in that folder, not the folder itself.")
        raise Refused(text % {"folder": str(PurePosixPath(named[0].path).parent)}, field="file")
    if {part.path.lower() for part in parts} & {"tincan.xml", "cmi5.xml"}:
        raise Refused(
            _("This is an xAPI or cmi5 package, which is not supported: publish it as SCORM 1.2."), field="file"
        )
    raise Refused(_("The zip holds no imsmanifest.xml: this is no SCORM package."), field="file")


def _check_launches(read: manifests.Manifest, shown: list[zips.Part]) -> None:
    paths = {part.path for part in shown}
    for unit in read.units:
        if unit.launch not in paths:
            text = _("The lesson “%(name)s” starts with %(file)s, a kind of file that is not handed out.")
            raise Refused(text % {"name": unit.title, "file": unit.launch}, field="file")


def suffix(path: str) -> str:
    """The ending of a path in small letters, without its stop."""
    return PurePosixPath(path).suffix[1:].lower()


def find(folder: str, path: str) -> Path | None:
    """A kept file; capitals may differ as they may where the package was made. None = not there, or not below it."""
    here = place(folder)
    for step in normalize("NFC", path).split("/"):
        if step in ("", ".", "..") or "\\" in step or "\x00" in step or len(step.encode()) > 255:
            return None
        target = here / step
        if not target.exists() and here.is_dir():
            target = next((one for one in here.iterdir() if one.name.lower() == step.lower()), target)
        here = target
    return here if here.is_file() and not here.is_symlink() else None


def drop(folder: str) -> None:
    """Take a package off the disk."""
    shutil.rmtree(place(folder), ignore_errors=True)
