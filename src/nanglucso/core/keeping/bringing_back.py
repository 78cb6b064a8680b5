"""Bringing a copy back: into a throw-away place to prove it, or into a new home."""

import os
import secrets
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from nanglucso.core.keeping import archives, digests, pgserver
from nanglucso.core.keeping.archives import Manifest
from nanglucso.core.keeping.taking import DATABASE, DUMP
from nanglucso.core.refusals import Refused


@dataclass(frozen=True)
class Proof:
    """A copy was restored and compared with its manifest, every row of every table; time in seconds."""

    manifest: Manifest
    seconds: float


def prove(path: Path, *, key: bytes | None, server: pgserver.Server | None) -> Proof:
    """Restore into a throw-away place (a database beside `server` for PostgreSQL) and compare every row.

    Raises Refused, naming what differs.
    """
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix=".proving-", dir=path.parent) as spare:
        manifest = archives.unpack(path, key, Path(spare), keep_media=False)
        if manifest.vendor == "sqlite":
            compare_sqlite(Path(spare) / DATABASE, manifest)
        else:
            if server is None:
                raise Refused("A copy of PostgreSQL is proven beside a PostgreSQL server; set NLS_DATABASE_URL.")
            with pgserver.throw_away(server, f"nls_prove_{secrets.token_hex(4)}") as beside:
                pgserver.load(beside, Path(spare) / DUMP)
                compare_postgres(beside, manifest)
    return Proof(manifest, time.perf_counter() - began)


def _same(manifest: Manifest, found: digests.Digest) -> None:
    faults = digests.differences(manifest.tables, found)
    if faults:
        raise Refused("The restored rows are not those of the copy: " + "; ".join(faults[:5]))


def compare_sqlite(path: Path, manifest: Manifest) -> None:
    """Raises Refused when the file is damaged inside or a row differs."""
    with closing(sqlite3.connect(path)) as line:
        verdict = line.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise Refused(f"SQLite finds the restored file damaged: {verdict[:200]}")
        _same(manifest, digests.of_sqlite(line))


def compare_postgres(server: pgserver.Server, manifest: Manifest) -> None:
    """Raises Refused when a row differs."""
    with server.connect() as line:
        _same(manifest, digests.of_postgres(line))


def restore(path: Path, *, key: bytes | None, home: Path, server: pgserver.Server | None) -> Manifest:
    """Bring a copy back into a home without a database, or into an empty PostgreSQL database and a home for the files.

    Nothing that is there is overwritten. Raises Refused.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in ("nanglucso.sqlite3", "media"):
        if (home / name).exists() and (name != "media" or any((home / name).iterdir())):
            raise Refused(f"{home / name} is there already: restore into an empty folder, then put it in its place.")
    if server is not None and not pgserver.is_empty(server):
        raise Refused(
            f"The database {server.name} holds tables: restore into an empty one (createdb), then switch over."
        )
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=home) as spare:
        manifest = archives.unpack(path, key, Path(spare))
        _place_database(Path(spare), manifest, home, server)
        _place_files(Path(spare), home)
    return manifest


def _place_database(spare: Path, manifest: Manifest, home: Path, server: pgserver.Server | None) -> None:
    if manifest.vendor == "sqlite":
        if server is not None:
            raise Refused("This is a copy of an SQLite database: restore it without NLS_DATABASE_URL.")
        compare_sqlite(spare / DATABASE, manifest)
        os.replace(spare / DATABASE, home / "nanglucso.sqlite3")
        return
    if server is None:
        raise Refused("This is a copy of a PostgreSQL database: name an empty one with --database-url.")
    pgserver.load(server, spare / DUMP)
    compare_postgres(server, manifest)


def _place_files(spare: Path, home: Path) -> None:
    if (spare / "media").is_dir():
        shutil.rmtree(home / "media", ignore_errors=True)
        os.replace(spare / "media", home / "media")
    if (spare / "secret.key").exists() and not (home / "secret.key").exists():
        os.replace(spare / "secret.key", home / "secret.key")
