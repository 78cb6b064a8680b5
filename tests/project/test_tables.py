"""Tables laid out at once are those which the migrations leave, and hold the same rows."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import needs, postgres, serving

COLUMNS = (
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public'"
)
CONSTRAINTS = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
)
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
ROWS = [
    "SELECT app, name FROM django_migrations",
    "SELECT app_label, model FROM django_content_type",
    "SELECT codename, name FROM auth_permission",
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgres.Cluster]:
    yield from needs.cluster(durable=False)


def migrated(folder: Path, url: str, *words: str) -> None:
    folder.mkdir()
    serving.command(serving.environment(folder, url), "manage", "migrate", "-v", "0", *words)


def pieces(sql: str) -> frozenset[str]:
    """A CREATE statement cut at its outer commas: columns may stand in another order."""
    return frozenset(re.split(r", (?=\"|CONSTRAINT)", sql.rstrip(")")))


def of_sqlite(folder: Path) -> tuple:
    with sqlite3.connect(folder / "nanglucso.sqlite3") as line:
        made = line.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        tables = sorted((kind, name, of, pieces(sql)) for kind, name, of, sql in made)
        return tables, [sorted(line.execute(query).fetchall()) for query in ROWS]


def of_postgres(url: str) -> tuple:
    with psycopg.connect(url.replace("postgres://postgres@/", "postgresql://postgres@/")) as line:
        return tuple(
            sorted(line.execute(query).fetchall(), key=str) for query in [COLUMNS, CONSTRAINTS, INDEXES, *ROWS]
        )


@pytest.mark.thorough
def test_on_sqlite(tmp_path: Path) -> None:
    migrated(tmp_path / "once", "")
    migrated(tmp_path / "steps", "", "--step-by-step")
    once, steps = of_sqlite(tmp_path / "once"), of_sqlite(tmp_path / "steps")
    assert len(once[0]) > 150
    assert once == steps
    env = serving.environment(tmp_path / "once")
    serving.command(env, "manage", "migrate", "-v", "0")  # a database with tables is migrated as ever
    refused = "from django.db import connection; from nanglucso.core import tables; tables.lay_out(connection)"
    with pytest.raises(AssertionError, match="only in an empty database"):
        serving.command(env, "manage", "shell", "-v", "0", "-c", refused)


@pytest.mark.thorough
@pytest.mark.postgres
def test_on_postgresql(cluster: postgres.Cluster, tmp_path: Path) -> None:
    once, steps = cluster.database("once"), cluster.database("steps")
    migrated(tmp_path / "once", once)
    migrated(tmp_path / "steps", steps, "--step-by-step")
    assert of_postgres(once) == of_postgres(steps)
