"""Fixtures of the whole suite."""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test import TestCase as DjangoTestCase
from django.utils import translation

from nanglucso.core.models import User


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what opens a database runs a second time."""
    if os.environ.get("NLS_TEST_DATABASE_URL"):
        told = [one for one in items if not one.get_closest_marker("django_db")]
        config.hook.pytest_deselected(items=told)
        items[:] = [one for one in items if one.get_closest_marker("django_db")]


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector need not walk through it after every 700 objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _references_are_looked_at_after_writing_only() -> Iterator[None]:
    """On SQLite every test ends with a walk through all tables for broken references: five milliseconds, nine thousand
    times. A test that wrote nothing breaks none."""
    asked, seen = DjangoTestCase._should_check_constraints, dict[str, int]()

    def after_writing(self: DjangoTestCase, connection: Any) -> bool:
        told = getattr(connection.connection, "total_changes", None)
        if told is not None and seen.get(connection.alias) == told:
            return False
        seen[connection.alias] = told
        return asked(self, connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DjangoTestCase, "_should_check_constraints", after_writing)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test begins in the real unit tree with the shipped positions, items, courses and rates.

    Tests that need real transactions run last and find an empty database; the builders load what they ask for.
    """
    from tests import make

    with django_db_blocker.unblock():
        make.everything_shipped()


@pytest.fixture
def as_user(client: Client):
    """`as_user(user)` logs the test client in and gives it back."""

    def login(user: User, role: str = "") -> Client:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        if role:
            from nanglucso.core.access import ROLE_KEY

            session = client.session
            session[ROLE_KEY] = user.grants.get(role=role).pk
            session.save()
        return client

    return login


@pytest.fixture(autouse=True)
def _fresh_caches():
    """A new database must not meet what the process kept of an older one, nor a test the language of the one before."""
    from nanglucso.measure.assessments import answering, delivery, exposing
    from nanglucso.measure.bank import queries
    from nanglucso.measure.profiles import folding

    for forget in (
        answering.forget_campaigns, exposing.forget_exposures, folding.forget_frames, queries.deck.cache_clear, delivery._desk.cache_clear,
    ):  # fmt: skip
        forget()
    translation.activate(settings.LANGUAGE_CODE)
