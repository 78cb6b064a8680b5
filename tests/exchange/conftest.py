"""Two agencies of many small units, and a release of their figures, built once."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from nanglucso.core.clock import now
from nanglucso.govern.exchange import services
from tests import make
from tests.gaps.believed import above, below

SIZES = {"Sở Nội vụ": 9, "Sở Tài chính": 8, "Sở Y tế": 3, "Sở Tư pháp": 6}


def build() -> tuple[Any, Any]:
    """People of every state in units of three to nine; the first two units."""
    units = [make.unit(name) for name in SIZES]
    for one, size in zip(units, SIZES.values(), strict=True):
        for n in range(size):
            person = make.person(unit=one)
            if n % 3 != 2:
                (above, below)[n % 3](person)
    services.make_release(actor=None, at=now())
    return units[0], units[1]


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Any, Any]]:
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        made = build()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture
def two(built: tuple[Any, Any], db: None) -> tuple[Any, Any]:
    """Each test's changes are rolled back; what was built stays for the next."""
    return built
