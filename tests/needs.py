"""Programs that a part of the suite needs: without them it is skipped, or fails where nothing may be left out."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests import postgres


def lacking(what: str) -> None:
    """Leave the test: skipped, failed with `NLS_NO_SKIPS` set (as `.ci/run` does after installing everything)."""
    (pytest.fail if os.environ.get("NLS_NO_SKIPS") else pytest.skip)(f"{what} is not installed")


def program(*names: str) -> str:
    """Path of the first of these programs that is installed."""
    found = next(filter(None, map(shutil.which, names)), "")
    return found or lacking(names[0]) or ""


def cluster(*, durable: bool = True) -> Iterator[postgres.Cluster]:
    """For fixtures: a running throw-away cluster."""
    if not postgres.available():
        lacking("PostgreSQL")
    with postgres.Cluster(durable=durable) as made:
        yield made
