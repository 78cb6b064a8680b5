"""Number of rows and a sum over every row of every table, in the order of the primary key.

Two databases of one kind whose digests are equal hold the same rows, value by value.
"""

import hashlib
import sqlite3
from typing import Any

Digest = dict[str, tuple[int, str]]
MANY = 5_000
TEXT = {"text", "character varying", "character"}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def of_sqlite(line: sqlite3.Connection) -> Digest:
    """Digest of everything the connection sees; inside one read transaction it is of one moment."""
    line.row_factory = None
    names = line.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")
    return {name: _sqlite_table(line, name) for (name,) in names.fetchall()}


def _sqlite_table(line: sqlite3.Connection, name: str) -> tuple[int, str]:
    columns = line.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
    keys = [one[1] for one in sorted(columns, key=lambda one: one[5]) if one[5]] or [one[1] for one in columns]
    found = line.execute(f"SELECT * FROM {_quoted(name)} ORDER BY {', '.join(map(_quoted, keys))}")  # noqa: S608
    count, total = 0, hashlib.sha256()
    while rows := found.fetchmany(MANY):
        count += len(rows)
        total.update(repr(rows).encode())
    return count, total.hexdigest()


def of_postgres(line: Any) -> Digest:
    """The same over a psycopg connection: the server writes the rows as text, so that they are never made objects."""
    line.execute("SET TIME ZONE 'UTC'")
    names = line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return {name: _postgres_table(line, name) for (name,) in names}


def _postgres_table(line: Any, name: str) -> tuple[int, str]:
    keys = line.execute(
        "SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_index i"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
        " WHERE i.indrelid = to_regclass(%s) AND i.indisprimary ORDER BY array_position(i.indkey, a.attnum)",
        [f"public.{_quoted(name)}"],
    ).fetchall()
    # The other server may sort words by another country's rules.
    order = [_quoted(key) + (' COLLATE "C"' if kind in TEXT else "") for key, kind in keys] or ['t::text COLLATE "C"']
    count, total = 0, hashlib.sha256()
    query = f"COPY (SELECT t.* FROM public.{_quoted(name)} t ORDER BY {', '.join(order)}) TO STDOUT"  # noqa: S608
    with line.cursor() as cursor, cursor.copy(query) as rows:
        for block in rows:
            count += bytes(block).count(b"\n")
            total.update(block)
    return count, total.hexdigest()


def differences(wanted: Digest, found: Digest) -> list[str]:
    """One sentence a table that is not the same in both."""
    told = []
    for name in sorted(wanted.keys() | found.keys()):
        ours, theirs = wanted.get(name), found.get(name)
        if ours is None or theirs is None:
            told.append(f"{name}: only in {'the copy' if theirs is None else 'the restored database'}")
        elif ours[0] != theirs[0]:
            told.append(f"{name}: {ours[0]} rows in the copy, {theirs[0]} restored")
        elif ours[1] != theirs[1]:
            told.append(f"{name}: {ours[0]} rows in both, and at least one differs")
    return told
