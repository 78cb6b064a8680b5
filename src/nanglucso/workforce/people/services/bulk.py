"""Many rows written by one prepared statement: on SQLite nobody else can write meanwhile, so it must be short.

Django's `bulk_create` sends about fifty rows a statement to SQLite, its `bulk_update` a CASE for every column.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

Values = list[Any]


def values_of(row: Model) -> Values:
    """The columns of an unsaved row as the database takes them, the key left out."""
    return [one.get_db_prep_save(one.pre_save(row, True), connection) for one in _fields(type(row))]


def _fields(model: type[Model]) -> list[Any]:
    return [one for one in model._meta.concrete_fields if not one.primary_key]


def place_of(model: type[Model], column: str) -> int:
    """Where a column stands in `values_of`."""
    return [one.column for one in _fields(model)].index(column)


def insert(model: type[Model], rows: Sequence[Values]) -> list[int]:
    """Add rows (see `values_of`); returns their new keys in the same order. Inside a transaction."""
    if not rows:
        return []
    quote, meta = connection.ops.quote_name, model._meta
    fields = _fields(model)
    keys = _keys(meta.db_table, len(rows))
    columns = ", ".join(quote(name) for name in ("id", *(one.column for one in fields)))
    marks = ", ".join(["%s"] * (len(fields) + 1))
    statement = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 names of the model
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[key, *values] for key, values in zip(keys, rows, strict=True)])
    return keys


def _keys(table: str, number: int) -> list[int]:
    """Fresh keys, taken from where the database itself takes them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            asked = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(asked, [table, number])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        return list(range((last[0] if last else 0) + 1, (last[0] if last else 0) + 1 + number))


def update(pairs: Iterable[tuple[Model, set[str]]]) -> None:
    """Write the named columns of rows of one model: one statement for all that change the same columns."""
    by_columns: dict[tuple[str, ...], list[Model]] = {}
    for row, columns in pairs:
        if columns:
            by_columns.setdefault(tuple(sorted(columns)), []).append(row)
    quote = connection.ops.quote_name
    for names, rows in by_columns.items():
        meta = rows[0]._meta
        fields: list[Any] = [meta.get_field(name.removesuffix("_id")) for name in names]
        told = ", ".join(f"{quote(one.column)} = %s" for one in fields)
        values = [
            [*(one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields), row.pk] for row in rows
        ]
        statement = f"UPDATE {quote(meta.db_table)} SET {told} WHERE id = %s"  # noqa: S608 names of the model
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)
