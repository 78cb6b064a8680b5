"""The tiny city for every test of the planner."""

import pytest

from tests.plans import tiny


@pytest.fixture
def people(db, tmp_path):
    return tiny.city(tmp_path)
