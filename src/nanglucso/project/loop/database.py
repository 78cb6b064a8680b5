"""A fresh database with the shipped content, made for one run."""

from datetime import datetime

from nanglucso.develop.budget.services import load_rates
from nanglucso.develop.plans.services import load_catalogue, load_days_off
from nanglucso.measure.bank.services import load_items
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.services import load_framework
from nanglucso.workforce.people.services import load_positions, load_units


def fill(at: datetime, *, items: bool) -> Framework:
    """Framework, units, positions, rates and courses through their services; the items only when answers come."""
    framework = load_framework(at=at)
    load_units(at=at)
    load_positions(at=at)
    load_rates(at=at)
    load_catalogue(framework=framework, at=at)
    load_days_off(at=at)
    if items:
        load_items(framework=framework, at=at)
    return framework


def migrate() -> None:
    """Make the tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def settle() -> None:
    """Fold SQLite's journal into the file and let go of it, so that the file can be moved."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
