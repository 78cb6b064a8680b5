"""Empty tables made once: the migrations take nine seconds, a copy of the file they leave takes none."""

import hashlib
import shutil
import sqlite3
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

KEPT = Path(__file__).resolve().parent.parent / ".pytest_cache" / "schema"


def kept() -> Path:
    """Where the tables of exactly these migrations are kept: any byte that differs in any of them is another file."""
    told = hashlib.sha256(repr((django.VERSION, sqlite3.sqlite_version, settings.INSTALLED_APPS)).encode())
    for app in apps.get_app_configs():
        for file in sorted((Path(app.path) / "migrations").glob("*.py")):
            told.update(f"{app.label}/{file.name}".encode())
            told.update(file.read_bytes())
    return KEPT / f"{told.hexdigest()[:24]}.sqlite3"


def lay_out() -> bool:
    """Put the kept tables where the test database will be looked for; False where none are kept or it is not SQLite."""
    if connection.vendor != "sqlite" or not kept().is_file():
        return False
    shutil.copyfile(kept(), connection.settings_dict["TEST"]["NAME"])
    return True


def keep() -> None:
    """Keep the tables of the test database that the migrations have just made; those of other migrations go."""
    file = kept()
    if connection.vendor != "sqlite" or file.is_file():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    fresh = KEPT / f"{Path(connection.settings_dict['NAME']).name}.new"
    fresh.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(fresh)])
    for old in KEPT.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    fresh.replace(file)
