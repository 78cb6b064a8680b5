"""The demo city's classes end on their last day, after their last session."""

import numpy as np
import pytest

from nanglucso.core.days import local_day
from nanglucso.project.demo import classes
from nanglucso.project.demo.year import City
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db


def test_a_class_of_the_demo_ends_on_its_last_day():
    people = [make.person() for _n in range(3)]
    row = plan.opened(people)
    plan.attended(row, people)
    city = City(
        make.framework(), people, {"training": make.user("training")}, make.at(200), np.random.default_rng(1), print
    )
    city.truth = {one.pk: np.zeros(64) for one in people}
    last = row.sessions.latest("number")
    assert local_day(last.ends_at) < row.ends_on, "a class of one week that is taught on its first days"
    classes._end(city, row)
    row.refresh_from_db()
    assert local_day(row.closed_at) == row.ends_on
    assert row.closed_at > last.ends_at
