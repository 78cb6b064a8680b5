"""One world for the whole folder, and the moment at which it is visited."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction

from tests import make
from tests.access.world import World, build


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    """Built once a worker; each test's changes and at last the world itself are rolled back."""
    with django_db_blocker.unblock(), time_machine.travel(make.at(1), tick=False):
        whole = transaction.atomic()
        whole.__enter__()
        made = build()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _in_the_campaign() -> Iterator[None]:
    with time_machine.travel(make.at(1), tick=False):
        yield
