"""Checksums of every table, to show that something was undone exactly."""

import hashlib

from django.apps import apps
from django.db import connection

TRACES = frozenset(
    {"core.AuditEntry", "core.AuditHead", "core.Job", "core.StoredFile", "people.StaffImport", "django_tasks_database.DBTaskResult"}
)  # fmt: skip
"""Tables whose business is to remember that something was done."""


def checksums() -> dict[str, str]:
    """{table: SHA-256 of its rows in the order of the primary key}, the traces of the acts themselves left out."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label in TRACES or not model._meta.managed:
            continue
        digest, table = hashlib.sha256(), model._meta.db_table
        columns = ", ".join(connection.ops.quote_name(one.column) for one in model._meta.concrete_fields)
        key = connection.ops.quote_name(model._meta.pk.column)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(table)} ORDER BY {key}")
            while rows := cursor.fetchmany(5000):
                for row in rows:
                    digest.update(repr([bytes(one) if isinstance(one, memoryview) else one for one in row]).encode())
        found[table] = digest.hexdigest()
    return found
