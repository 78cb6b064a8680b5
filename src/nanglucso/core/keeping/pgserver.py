"""PostgreSQL as its own programs see it: where it is, how a dump is taken of one moment, how it is read back."""

import glob
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nanglucso.core.refusals import Refused

JOBS = "2"


@dataclass(frozen=True)
class Server:
    """One database on one server; empty = what libpq takes by itself."""

    name: str
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = ""

    @classmethod
    def of(cls, settings_dict: dict[str, Any]) -> "Server":
        """From Django's settings of a database; a socket's folder stands among the options."""
        host = settings_dict.get("OPTIONS", {}).get("host") or settings_dict.get("HOST", "")
        told = (settings_dict["NAME"], host, *(str(settings_dict.get(k) or "") for k in ("PORT", "USER", "PASSWORD")))
        return cls(*told)

    def other(self, name: str) -> "Server":
        """Another database of the same server."""
        return replace(self, name=name)

    def url(self) -> str:
        """As NLS_DATABASE_URL takes it."""
        who = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        at, port = f"{who}@" if who else "", f":{self.port}" if self.port else ""
        if self.host.startswith("/"):
            return f"postgres://{at}/{self.name}?host={self.host}" + (f"&port={self.port}" if self.port else "")
        return f"postgres://{at}{self.host}{port}/{self.name}"

    def environment(self) -> dict[str, str]:
        """For PostgreSQL's programs: a password on the command line could be read by everybody."""
        told = {"PGDATABASE": self.name, "PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}
        told["PGPASSWORD"] = self.password
        return {**os.environ, "PGTZ": "UTC", **{key: value for key, value in told.items() if value}}

    def connect(self) -> Any:
        """A connection of its own, outside Django's pool, with autocommit."""
        import psycopg

        told: dict[str, Any] = {
            "dbname": self.name,
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
        }
        return psycopg.connect(**{key: value for key, value in told.items() if value}, autocommit=True)


def program(name: str) -> str:
    """Path of one of PostgreSQL's programs, the newest installed. Raises Refused."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}")) or [shutil.which(name) or ""]
    if not found[-1]:
        raise Refused(f"The program {name} is not installed: install PostgreSQL's client programs on this machine.")
    return found[-1]


def call(server: Server, name: str, *words: str) -> str:
    """Run one of the programs against the database; returns what it printed. Raises Refused with its last words."""
    done = subprocess.run(  # noqa: S603
        [program(name), *words], env=server.environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused(f"{name} ended with {done.returncode}: {' '.join(done.stderr.split())[-300:]}")
    return done.stdout


@contextmanager
def one_moment(server: Server) -> Iterator[tuple[Any, str]]:
    """A connection that sees one moment for as long as it is open, and the name under which others see the same."""
    with server.connect() as line:
        line.execute("SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0")
        line.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield line, line.execute("SELECT pg_export_snapshot()").fetchone()[0]
        line.execute("ROLLBACK")


def dump(server: Server, snapshot: str, into: Path) -> None:
    """Every table of that moment, as a folder in PostgreSQL's own form."""
    call(
        server, "pg_dump", "-Fd", "-j", JOBS, "-Z1", "--no-owner", "--no-acl", f"--snapshot={snapshot}", "-f", str(into)
    )


def load(server: Server, folder: Path) -> None:
    """A dump into an empty database, all of it or an error."""
    call(server, "pg_restore", "-j", JOBS, "--no-owner", "--no-acl", "--exit-on-error", "-d", server.name, str(folder))


@contextmanager
def throw_away(server: Server, name: str) -> Iterator[Server]:
    """An empty database beside the given one, dropped at the end. Raises Refused where the role may not make one."""
    import psycopg
    from psycopg import sql

    made = sql.Identifier(name)
    with server.connect() as line:
        try:
            line.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(made))
        except psycopg.errors.InsufficientPrivilege as error:
            raise Refused(
                "The copy cannot be restored for a test: let the database user make databases (ALTER ROLE … CREATEDB)."
            ) from error
        try:
            yield server.other(name)
        finally:
            line.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(made))


def is_empty(server: Server) -> bool:
    """Whether the database holds no table of ours."""
    with server.connect() as line:
        return not line.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()
