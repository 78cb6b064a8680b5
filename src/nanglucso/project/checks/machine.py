"""Disk, clock and files of the machine."""

import ctypes
import os
import shutil
import stat
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings

FLUSHES = 200
SLOW_FLUSH_MS = 5.0
FREE_SHARE = 0.05
CLOCK_OFF = timedelta(seconds=5)
TIME_ERROR = 5


def flush_ms(folder: Path, times: int = FLUSHES) -> float:
    """Median time of one write + fsync of 4 KiB in `folder`, in milliseconds."""
    found = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            found.append(time.perf_counter() - began)
    return 1000 * sorted(found)[times // 2]


def disk(home: Path) -> tuple[str, list[str]]:
    """What was measured, and the faults."""
    faults, flush, room = [], flush_ms(home), shutil.disk_usage(home)
    share = room.free / room.total
    if flush > SLOW_FLUSH_MS:
        faults.append(
            f"A flush takes {flush:.1f} ms: SQLite then takes about {1000 / flush:.0f} answers a second."
            " Put NLS_HOME on a faster disk, or use PostgreSQL on one."
        )
    if share < FREE_SHARE:
        faults.append(
            f"{100 * share:.1f}% of the disk of {home} are free, 5% are needed: make room before anything else."
        )
    return f"flush {flush:.2f} ms (median of {FLUSHES}), disk {100 * share:.0f}% free", faults


def clock() -> list[str]:
    """The clock stands behind what is already written, or elsewhere than the database server's."""
    from django.db import connection
    from django.db.models import Max

    from nanglucso.core.clock import now
    from nanglucso.core.models import AuditEntry

    newest, faults = AuditEntry.objects.aggregate(newest=Max("at"))["newest"], []
    if newest and newest - now() > CLOCK_OFF and not settings.DEMO:
        faults.append(
            f"The clock stands {(newest - now()).total_seconds():.0f} s behind the newest entry of the log: set it"
            " (timedatectl set-ntp true) before anybody sits a test."
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            off = abs(cursor.fetchone()[0] - now())
        if off > CLOCK_OFF:
            faults.append(
                f"This clock and the database server's differ by {off.total_seconds():.0f} s: set both by NTP."
            )
    return faults


def is_in_step() -> bool:
    """Whether the kernel says that its clock follows another one (Linux only; elsewhere nothing is known)."""
    if not sys.platform.startswith("linux"):
        return True
    return ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)) != TIME_ERROR


def _open_to_others(path: Path) -> bool:
    """Whether a stranger on this machine can read the path: its own mode, and the way to it."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    way = all(one.stat().st_mode & stat.S_IXOTH for one in path.resolve().parents)
    return bool(mode & stat.S_IROTH) and way


def files(home: Path) -> list[str]:
    """Files that others on this machine could read."""
    from django.db import connection

    secret = [home / "secret.key", settings.KEYS_ROOT, settings.MEDIA_ROOT, settings.BACKUP_DIR]
    if settings.BACKUP_KEY_FILE:
        secret.append(Path(settings.BACKUP_KEY_FILE))
    if connection.vendor == "sqlite":
        secret.append(Path(str(connection.settings_dict["NAME"])))
    found = [path for path in secret if _open_to_others(path)]
    if not found:
        return []
    names = ", ".join(str(path) for path in found)
    return [f"Everybody on this machine can read {names}: chmod 700 {home}, and chmod 600 what lies elsewhere."]
