"""A prepared home and a look into its database from outside, without the program under test."""

import os
import sqlite3
import uuid
from dataclasses import dataclass
from pathlib import Path

import environ
import psycopg


@dataclass(frozen=True)
class Home:
    """`told`: what `prepare.py` wrote."""

    folder: Path
    url: str
    env: dict[str, str]
    told: dict

    def rows(self, sql: str) -> list[tuple]:
        """Rows of a query, read over a connection of our own."""
        if not self.url:
            with sqlite3.connect(self.folder / "nanglucso.sqlite3", timeout=20) as line:
                return line.execute(sql).fetchall()
        with psycopg.connect(_dsn(self.url)) as line:
            return line.execute(sql).fetchall()

    def answers(self) -> list[tuple]:
        return self.rows("SELECT sitting_id, seq, key FROM assessments_answer")

    def steps(self) -> dict[str, int]:
        """Sitting → the step on its own row, under the usual spelling of its number."""
        return {str(uuid.UUID(str(pk))): n for pk, n in self.rows("SELECT id, seq FROM assessments_sitting")}


def _dsn(url: str) -> str:
    found = environ.Env.db_url_config(url)
    host = found.get("OPTIONS", {}).get("host") or found["HOST"]
    return f"dbname={found['NAME']} user={found['USER']} host={host}"


def kills() -> int:
    """How often the processes are killed: 10 at each commit, 200 by `make faults`."""
    return int(os.environ.get("NLS_KILLS", "10"))


def size(daily: int, whole: int) -> int:
    """How many rows a test works on: fewer at each commit than by `make faults`."""
    return whole if "NLS_KILLS" in os.environ else daily
