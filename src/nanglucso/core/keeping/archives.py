"""The file of a copy: a compressed tape of database, uploaded files and, last, the manifest; sealed if a key is given.

Everything is written and read as a stream: no file is ever held in memory. Names on the tape: `database/…`,
`media/…`, `secret.key` (only in a sealed copy), `manifest.json`.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from nanglucso.core.keeping.digests import Digest
from nanglucso.core.refusals import Refused
from nanglucso.kit import sealing

MANIFEST = "manifest.json"
BLOCK = 1 << 20


@dataclass
class Manifest:
    """What a copy holds. `files`: name on the tape → (bytes, SHA-256); `gone`: deleted while it was being taken."""

    taken_at: str
    vendor: str
    versions: dict[str, str]
    migrations: dict[str, str]
    audit: dict[str, Any]
    tables: Digest
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(count for count, _sum in self.tables.values())

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        told = json.loads(text)
        for part in ("tables", "files"):
            told[part] = {name: tuple(pair) for name, pair in told[part].items()}
        return cls(**told)


class _Summing(io.RawIOBase):
    """Passes bytes on and keeps their SHA-256."""

    def __init__(self, below: IO[bytes]) -> None:
        self.below, self.total = below, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.total.update(data)
        return self.below.write(data)

    def read(self, size: int = -1) -> bytes:
        data = self.below.read(size)
        self.total.update(data)
        return data


class Writer:
    """Puts files on the tape and notes their sums in the manifest."""

    def __init__(self, tape: tarfile.TarFile, manifest: Manifest) -> None:
        self.tape, self.manifest = tape, manifest

    def add(self, path: Path, name: str) -> None:
        """One file. One that is gone by now was deleted after the moment of the copy, and is noted."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            self.manifest.gone.append(name)
            return
        with source:
            told = tarfile.TarInfo(name)
            told.size = os.fstat(source.fileno()).st_size
            told.mtime = int(os.fstat(source.fileno()).st_mtime)
            told.mode = 0o600
            summing = _Summing(source)
            self.tape.addfile(told, summing)  # type: ignore[arg-type]
        self.manifest.files[name] = (told.size, summing.total.hexdigest())

    def add_folder(self, folder: Path, name: str, without: Path | None = None) -> None:
        """Every file below a folder; what is half written (a leading dot) or lies below `without` is left out."""
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if without and path.resolve().is_relative_to(without.resolve()):
                continue
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                self.add(path, f"{name}/{path.relative_to(folder).as_posix()}")


def write(target: Path, key: bytes | None, manifest: Manifest, fill: Callable[[Writer], None]) -> str:
    """Make the copy's file, whole or not at all; returns its SHA-256."""
    part = target.with_name(target.name + ".part")
    try:
        with part.open("xb") as file:
            os.chmod(part, 0o600)
            whole = _Summing(file)
            sealer = sealing.Sealer(whole, key) if key else None  # type: ignore[arg-type]
            below: Any = sealer or whole
            with (
                gzip.GzipFile(fileobj=below, mode="wb", compresslevel=1, mtime=0) as packed,
                tarfile.open(fileobj=packed, mode="w|", bufsize=BLOCK) as tape,
            ):
                fill(Writer(tape, manifest))
                _put_manifest(tape, manifest)
            if sealer:
                sealer.close()
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
        _flush_folder(target.parent)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return whole.total.hexdigest()


def _put_manifest(tape: tarfile.TarFile, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False).encode()
    told = tarfile.TarInfo(MANIFEST)
    told.size = len(text)
    tape.addfile(told, io.BytesIO(text))


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _tape(path: Path, key: bytes | None) -> Iterator[tarfile.TarFile]:
    sealed = sealing.is_sealed(path)
    if sealed and key is None:
        raise Refused(f"{path.name} is encrypted: give the key it was taken with (--key FILE).")
    with path.open("rb") as file:
        below: Any = io.BufferedReader(sealing.Opener(file, key), BLOCK) if sealed and key else file
        with gzip.GzipFile(fileobj=below) as packed, tarfile.open(fileobj=packed, mode="r|", bufsize=BLOCK) as tape:
            yield tape


def unpack(path: Path, key: bytes | None, into: Path, *, keep_media: bool = True) -> Manifest:
    """Write a copy's files below `into` and compare each with the manifest. `keep_media=False` only reads those.

    Raises Refused when the file is damaged, cut off or sealed under another key.
    """
    found: dict[str, tuple[int, str]] = {}
    manifest = None
    try:
        with _tape(path, key) as tape:
            for told in tape:
                source = tape.extractfile(told)
                if source is None or ".." in PurePosixPath(told.name).parts or told.name.startswith("/"):
                    raise Refused(f"{path.name} is no copy made by this product.")
                if told.name == MANIFEST:
                    manifest = Manifest.read(source.read())
                else:
                    wanted = keep_media or not told.name.startswith("media/")
                    found[told.name] = _spool(source, into / told.name if wanted else None)
    except (sealing.BadSeal, OSError, EOFError, tarfile.TarError, ValueError, KeyError) as error:
        raise Refused(f"{path.name} cannot be read: it is damaged, cut off or sealed under another key.") from error
    if manifest is None or found != manifest.files:
        raise Refused(f"{path.name} is damaged: it does not hold what its manifest says.")
    return manifest


def _spool(source: IO[bytes], target: Path | None) -> tuple[int, str]:
    size, total = 0, hashlib.sha256()
    if target:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(target or os.devnull, "wb") as file:
        while block := source.read(BLOCK):
            size += len(block)
            total.update(block)
            file.write(block)
        if target:
            file.flush()
            os.fsync(file.fileno())
    if target:
        target.chmod(0o600)
    return size, total.hexdigest()
