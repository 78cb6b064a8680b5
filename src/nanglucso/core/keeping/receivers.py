"""Receivers of PostgreSQL's log: which ones commits wait for, which are there, and what a missing one holds back."""

import re
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Receivers:
    """`wanted`: names in synchronous_standby_names; `missing`: those that do not stream; `held`: slot → bytes of log
    that the server keeps for it; `lost`: slots whose log is no longer kept whole."""

    wanted: list[str]
    missing: list[str]
    held: dict[str, int]
    lost: list[str]

    @property
    def stopped(self) -> bool:
        """Whether every commit waits, since nobody is there to confirm it."""
        return bool(self.wanted) and len(self.missing) == len(self.wanted)


def names_in(setting: str) -> list[str]:
    """Names out of `ANY 1 (a, b)`, `FIRST 1 (a)`, `a, b`."""
    inside = re.sub(r"^\s*(?:(?:ANY|FIRST)\s+)?\d+\s*\((.*)\)\s*$", r"\1", setting, flags=re.IGNORECASE)
    return [name for one in inside.split(",") if (name := one.strip().strip('"'))]


def receivers() -> Receivers | None:
    """As the server sees them now; None on SQLite. Other databases' receivers are seen with pg_monitor only."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_standby_names')")
        wanted = names_in(cursor.fetchone()[0])
        cursor.execute("SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'")
        there = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT slot_name, wal_status, coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)"
            " FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT temporary"
        )
        slots = cursor.fetchall()
    held = {name: int(size) for name, _status, size in slots}
    missing = [name for name in wanted if name not in there and "*" not in name]
    return Receivers(wanted, missing, held, [name for name, state, _size in slots if state in ("lost", "unreserved")])
