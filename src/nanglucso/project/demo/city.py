"""Make the whole demo city, deterministic but for its one anchor date."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np

from nanglucso.core.acts import act
from nanglucso.core.models import AuditEntry
from nanglucso.develop.budget.services import load_rates
from nanglucso.develop.learning.services import load_lessons
from nanglucso.develop.plans.services import load_catalogue, load_days_off
from nanglucso.govern.targets.services import load_targets
from nanglucso.measure.bank.services import load_items
from nanglucso.project.demo import (
    arrangement,
    classes,
    equipping,
    hours,
    leading,
    lessons,
    meetings,
    merging,
    opening,
    spreading,
    staffing,
    targets,
    year,
)
from nanglucso.project.demo.logins import make_logins
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.services import load_framework, load_outside_components
from nanglucso.workforce.people.models import Person
from nanglucso.workforce.people.services import load_positions, load_units

SEED = 2026
BUILT = "demo.built"
SOLVE_SECONDS = 4.0


def is_built() -> bool:
    """Whether this database holds a demo city that was made to its end."""
    return AuditEntry.objects.filter(verb=BUILT).exists()


def is_half_built() -> bool:
    """Whether an earlier making was interrupted."""
    return Framework.objects.exists() and not is_built()


def _load_shipped(begin: datetime) -> Framework:
    """What comes with the product, as it stood before the year."""
    framework = load_framework(at=begin)
    load_outside_components(at=begin)
    merging.merger(at=begin)
    load_units(at=begin)
    load_positions(at=begin)
    load_items(framework=framework, at=begin)
    load_rates(at=begin)
    load_catalogue(framework=framework, at=begin)
    load_days_off(at=begin)
    load_lessons(at=begin)
    load_targets(at=begin)
    return framework


def build(*, people: int, anchor: datetime, say: Callable[[str], None], seconds: float = SOLVE_SECONDS) -> None:
    """Load the shipped content and live a year up to `anchor`; `seconds`: solver time a plan.

    Everyone in it is made up and marked so.
    """
    begin = anchor - timedelta(days=340)
    # The planner's compiler works on a second core while people sit their tests.
    compiler = subprocess.Popen([sys.executable, "-m", "nanglucso.engines.warm"])
    framework = _load_shipped(begin)
    say("content loaded")
    rng = np.random.default_rng(SEED)
    staff = staffing.hire(people=people, rng=rng, at=begin)
    logins = make_logins(at=begin)
    staff = list(Person.objects.select_related("unit", "position__family", "user").order_by("pk"))
    say(f"{len(staff)} people appointed")
    city = year.City(framework, staff, logins, anchor, rng, say)
    city.live()
    year.first_campaign(city)
    lived = city.at(-283)
    year.means(city, lived.year)
    year.means(city, lived.year + 1)
    compiler.wait()
    now = year.plan_year(
        city, year=lived.year, names=("Phương án A", "Phương án B"), factors=(0.8, 1.0), at=lived, seconds=seconds
    )
    year.approve_plan(city, now[-1], -280)
    classes.run_classes(city, now[-1])
    year.second_campaign(city)
    year.wishes(city, lived.year + 1)
    drafts = year.plan_year(
        city, year=lived.year + 1, names=("Phương án A", "Phương án B", "Phương án C"), factors=(0.8, 1.0, 1.2),
        at=city.at(-2), seconds=seconds,
    )  # fmt: skip
    leading.try_more(city, drafts[1], -1.5)
    lessons.learn(city, -20)
    arrangement.fill(city, -5)
    equipping.fill(city, -6)
    hours.write_down(city, -4)
    spreading.fill(city, -12)
    targets.write_down(city, -3)
    leading.look_back(city)
    opening.release(city, -3.5)
    merging.waiting(writer=logins["training"], at=city.at(-3))
    meetings.hold(logins["head"], anchor=anchor)
    with act(None, BUILT, at=anchor, people=len(staff)):
        say("the year is lived")
