"""Settings of the database that would lose answers, and versions that do not fit."""

import sqlite3
import subprocess

from django.db import connection

OLDEST_SQLITE = (3, 37)
OLDEST_POSTGRES = 14
FULL = 2


def behind() -> list[str]:
    """Tables or columns that the program knows and the database does not."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["The database is older than the program: run `nanglucso manage migrate`."]
    return []


def durability() -> list[str]:
    """What makes an acknowledged answer survive a power cut."""
    return _sqlite() if connection.vendor == "sqlite" else _postgres()


def _sqlite() -> list[str]:
    faults = []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        if cursor.fetchone()[0] < FULL:
            faults.append(
                "SQLite runs with synchronous below FULL: acknowledged answers may be lost at a power cut."
                " Take the change of init_command back."
            )
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
        if mode != "wal":
            faults.append(
                f"SQLite runs with journal_mode={mode}, not WAL: readers and the writer block each other."
                " Take the change of init_command back."
            )
    return faults


def _postgres() -> list[str]:
    wanted = {"fsync": ("on",), "full_page_writes": ("on",), "synchronous_commit": ("on", "remote_apply")}
    faults = []
    with connection.cursor() as cursor:
        for name, good in wanted.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            found = cursor.fetchone()[0]
            if found not in good:
                faults.append(
                    f"PostgreSQL has {name}={found}: acknowledged answers may be lost."
                    f" Set {name} = {good[0]} in postgresql.conf and reload."
                )
    return faults


def versions() -> list[str]:
    """Servers and programs that are too old."""
    if connection.vendor == "sqlite":
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            return [f"SQLite {sqlite3.sqlite_version} is too old, 3.37 is needed: use a newer Python or system."]
        return []
    from nanglucso.core.keeping.pgserver import program
    from nanglucso.core.refusals import Refused

    server = connection.get_database_version()[0]
    faults = []
    if server < OLDEST_POSTGRES:
        faults.append(f"PostgreSQL {server} is too old, 14 is needed: upgrade the server.")
    try:
        told = subprocess.run([program("pg_dump"), "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
        mine = int(told.split()[2].split(".")[0])
    except Refused as no:
        return [*faults, str(no)]
    if mine < server:
        faults.append(f"pg_dump {mine} cannot copy a PostgreSQL {server}: install postgresql-client-{server} here.")
    return faults
