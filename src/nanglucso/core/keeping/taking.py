"""Taking a copy while everybody works: the database of one moment, then the uploaded files, in one file."""

import os
import shutil
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from nanglucso.core import status
from nanglucso.core.keeping import archives, digests, pgserver
from nanglucso.core.keeping.archives import Manifest
from nanglucso.core.refusals import Refused

SUFFIX = ".nlsbak"
DATABASE = "database/nanglucso.sqlite3"
DUMP = "database/dump"


@dataclass(frozen=True)
class Taken:
    """A finished copy; `sha256` of the file as it lies there; times in seconds."""

    path: Path
    manifest: Manifest
    sha256: str
    size: int
    seconds: float


def name_of(at: datetime, vendor: str) -> str:
    """Sortable, and different for every moment."""
    return f"nanglucso-{at.astimezone(UTC):%Y%m%dT%H%M%S%f}Z-{vendor}{SUFFIX}"


def take(*, folder: Path, key: bytes | None, at: datetime) -> Taken:
    """Write one copy into `folder`. Raises Refused when there is no room or PostgreSQL's programs are missing."""
    began = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _needs_room(folder)
    target = folder / name_of(at, connection.vendor)
    with tempfile.TemporaryDirectory(prefix=".taking-", dir=folder) as spare:
        manifest = (_sqlite if connection.vendor == "sqlite" else _postgres)(Path(spare), at)
        secret = settings.HOME / "secret.key"

        def fill(writer: archives.Writer) -> None:
            writer.add_folder(Path(spare) / "database", "database")
            writer.add_folder(settings.MEDIA_ROOT, "media", without=settings.BALLOTS_ROOT)
            if key and secret.exists():
                writer.add(secret, "secret.key")

        total = archives.write(target, key, manifest, fill)
    return Taken(target, manifest, total, target.stat().st_size, time.perf_counter() - began)


def _needs_room(folder: Path) -> None:
    """The plain copy and the packed one lie side by side for a moment."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        need = int(1.5 * cursor.fetchone()[0])
    free = shutil.disk_usage(folder).free
    if free < need:
        raise Refused(
            f"A copy needs about {need / 2**20:.0f} MB in {folder}, and {free / 2**20:.0f} MB are free: make room."
        )


def _manifest(at: datetime, ask: Any, tables: digests.Digest) -> Manifest:
    """`ask(sql)` gives the rows of the copied moment."""
    head = ask("SELECT seq, hash FROM core_audithead WHERE id = 1") or [(0, "0" * 64)]
    applied: dict[str, str] = {}
    for app, name in ask("SELECT app, name FROM django_migrations ORDER BY app, name"):
        applied[app] = name
    return Manifest(
        taken_at=at.isoformat(), vendor=connection.vendor, versions=status.versions(), migrations=applied,
        audit={"seq": head[0][0], "hash": head[0][1]}, tables=tables,
    )  # fmt: skip


def _sqlite(spare: Path, at: datetime) -> Manifest:
    """`VACUUM INTO`: of one moment, beside writers. A file copy would be torn; the stepwise one never ends there."""
    target = spare / DATABASE
    target.parent.mkdir(mode=0o700)
    source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=rw", uri=True, timeout=60)
    try:
        source.execute("VACUUM INTO ?", [str(target)])
    finally:
        source.close()
    os.chmod(target, 0o600)
    line = sqlite3.connect(target)
    try:
        return _manifest(at, lambda sql: line.execute(sql).fetchall(), digests.of_sqlite(line))
    finally:
        line.close()


def _postgres(spare: Path, at: datetime) -> Manifest:
    """The rows are counted and summed in the very moment that is dumped."""
    (spare / "database").mkdir(mode=0o700)
    server = pgserver.Server.of(connection.settings_dict)
    with pgserver.one_moment(server) as (line, snapshot):
        pgserver.dump(server, snapshot, spare / DUMP)
        return _manifest(at, lambda sql: line.execute(sql).fetchall(), digests.of_postgres(line))
