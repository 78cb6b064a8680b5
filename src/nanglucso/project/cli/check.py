"""`nanglucso check`: is this machine fit to keep answers?"""

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path

FLUSHES = 200


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    check = commands.add_parser("check", help="flush time, disk, migrations, settings that would lose data")
    check.add_argument(
        "--deep",
        action="store_true",
        help="also walk the audit chain, the chains of the tests, and fold every belief again",
    )
    check.set_defaults(func=run)


def flush_ms(folder: Path) -> float:
    """Median time of one write + fsync of 4 KiB in `folder`, in milliseconds, over 200."""
    times = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(FLUSHES):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return 1000 * sorted(times)[FLUSHES // 2]


def _behind() -> bool:
    """Whether the database lacks tables or columns that the program knows."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _database() -> list[str]:
    from django.db import connection

    faults = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            if cursor.fetchone()[0] < 2:
                faults.append("SQLite runs with synchronous below FULL: acknowledged answers may be lost.")
        else:
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            fsync, commit = cursor.fetchone()
            if fsync != "on" or commit == "off":
                faults.append(f"PostgreSQL has fsync={fsync}, synchronous_commit={commit}: answers may be lost.")
    return faults


def _records() -> list[str]:
    """Beliefs that their log does not give, and tests whose answers are not those of their end; names each."""
    from nanglucso.measure.assessments.proving import broken_chains, broken_labs
    from nanglucso.measure.profiles.proving import TOLERANCE, strayed

    faults, beliefs, tests = [], 0, 0
    for stray in strayed():
        beliefs += 1
        faults.append(f"The belief of {stray.who} differs from its log by {stray.by:.2g} (at most {TOLERANCE:g}).")
    for broken in broken_chains():
        tests += 1
        faults.append(
            f"The answers of test {broken.sitting} of {broken.who} are not those it ended with: {broken.why}."
        )
    for broken in broken_labs():
        tests += 1
        faults.append(f"The acts of practice task {broken.sitting} of {broken.who} differ from its end: {broken.why}.")
    print(f"beliefs that differ from their log: {beliefs}; tests with a broken chain: {tests}")
    return faults


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.conf import settings

    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    behind, faults = _behind(), _database()
    if behind:
        faults.append("The database is older than the program: run `nanglucso manage migrate`.")
    flush = flush_ms(home)
    free = shutil.disk_usage(home)
    print(f"flush {flush:.2f} ms (median of {FLUSHES}), disk {100 * free.free / free.total:.0f}% free")
    if flush > 5:
        faults.append(f"A flush takes {flush:.1f} ms: SQLite then takes about {1000 / flush:.0f} answers a second.")
    if free.free / free.total < 0.05:
        faults.append("Less than 5% of the disk is free.")
    if args.deep and behind:
        faults.append("Nothing was looked into more deeply: bring the database up to date first.")
    elif args.deep:
        from nanglucso.core.audit import verify

        verdict = verify()
        if not verdict.ok:
            faults.append(f"The audit chain is broken at entry {verdict.first_bad}.")
        faults += _records()
    for fault in faults:
        print(f"- {fault}")
    return 1 if faults else 0
