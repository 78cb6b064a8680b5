"""The write turn: SQLite has one writer, so writers queue in line instead of polling for the lock.

PostgreSQL needs none of this and passes straight through.
"""

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from nanglucso.core import received

P = ParamSpec("P")
R = TypeVar("R")
_LOCK = threading.RLock()


class _Held(threading.local):
    depth = 0


_HELD = _Held()


def is_sqlite() -> bool:
    """Whether the default database is SQLite."""
    return connection.vendor == "sqlite"


def raw_chunks(found: QuerySet[Any, Any], size: int = 5_000) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a `values_list` as the driver gives them: no conversion a value, for readings of many thousand rows.

    A moment is text on SQLite and a datetime on PostgreSQL; a yes-or-no is 0 or 1 on SQLite.
    """
    try:
        sql, params = found.query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(size):
            yield rows


def raw_rows(found: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """`raw_chunks` as one list."""
    return [row for rows in raw_chunks(found) for row in rows]


def packed(*parts: tuple[QuerySet[Any, Any], Sequence[str]]) -> list[np.ndarray]:
    """Whole-number columns of many thousand rows as (N, C) integers, in no order; nothing is 0. One statement for all.

    The database joins them into one text: a third of the time that handing them over row by row takes.
    """
    asked, given = list[str](), list[Any]()
    for found, columns in parts:
        try:
            sql, params = found.order_by().values_list(*columns).query.sql_with_params()
        except EmptyResultSet:
            sql, params = f"SELECT {', '.join('0' for _one in columns)} WHERE 1 = 0", ()
        names = [f"c{n}" for n in range(len(columns))]
        row, join = " || ' ' || ".join(f"COALESCE({name}, 0)" for name in names), "GROUP_CONCAT"
        if not is_sqlite():
            join = "STRING_AGG"
        asked.append(f"(WITH found({', '.join(names)}) AS ({sql}) SELECT {join}({row}, ' ') FROM found)")  # noqa: S608
        given += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}", given)
        texts = cursor.fetchone()
    told = zip(texts, parts, strict=True)
    return [np.fromstring(text or "", np.int64, sep=" ").reshape(-1, len(columns)) for text, (_found, columns) in told]


def among(keys: np.ndarray) -> RawSQL:
    """Whole numbers to stand behind `__in`, any number of them, as one value of the statement."""
    if is_sqlite():
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys.tolist())])
    return RawSQL("SELECT unnest(%s::bigint[])", [keys.tolist()])


def _turn_file() -> str | None:
    name = str(connection.settings_dict["NAME"])
    return None if name.startswith(":memory:") or "mode=memory" in name else f"{name}.turn"


@contextmanager
def write_turn() -> Iterator[None]:
    """Wait in line for the database's one writer and hold it for the block, with a transaction around it.

    Re-entrant within a thread. Between processes the line is a `flock` on `<database>.turn`, taken before BEGIN.
    Raises received.NotReceived on PostgreSQL when no receiver confirmed a commit that waits for one.
    """
    if not is_sqlite() or _HELD.depth:
        if not _HELD.depth:
            received.forget()
        _HELD.depth += 1
        try:
            with transaction.atomic():
                yield
        finally:
            _HELD.depth -= 1
        if not _HELD.depth:
            received.insist()
        return
    with _LOCK:
        path = _turn_file()
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600) if path else None
        try:
            if handle is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
            _HELD.depth = 1
            with transaction.atomic():
                yield
        finally:
            _HELD.depth = 0
            if handle is not None:
                os.close(handle)


def in_turn(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, done within the write turn."""

    @wraps(function)
    def held(*args: P.args, **kwargs: P.kwargs) -> R:
        with write_turn():
            return function(*args, **kwargs)

    return held
