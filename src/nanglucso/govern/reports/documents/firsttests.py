"""Đánh giá trước: who must be measured before the first class, in which week, unit by unit."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from nanglucso.govern.reports.documents.planfacts import PlanFacts
from nanglucso.workforce.people.models import Person

WEEKS = 4
NEVER = 10_000


@dataclass(frozen=True)
class FirstTests:
    """`weeks[w][unit path]` are the people of a unit in week w (0 first); the classes begin after the last week."""

    start: date
    end: date
    weeks: tuple[dict[str, list[Person]], ...]
    units: dict[str, str]

    @property
    def people(self) -> int:
        """How many are to be measured."""
        return sum(len(rows) for week in self.weeks for rows in week.values())

    def count(self, week: int, unit: str) -> int:
        """People of one unit in one week."""
        return len(self.weeks[week].get(unit, ()))


def first_tests(facts: PlanFacts) -> FirstTests:
    """Spread the unmeasured over the four weeks before the classes, those with the earliest class first.

    Of one agency, commune or ward about a quarter sits each week, so that no office stands empty.
    """
    begins = facts.first_start()
    groups: dict[str, list[Person]] = defaultdict(list)
    units: dict[str, str] = {}
    for person in facts.unmeasured:
        place = facts.places.of(person)
        groups[place.top_path].append(person)
        units[place.top_path] = place.top
    weeks: tuple[dict[str, list[Person]], ...] = tuple({} for _ in range(WEEKS))
    for path in sorted(groups):
        rows = sorted(groups[path], key=lambda one: (begins.get(one.pk, NEVER), one.sort_key, one.pk))
        for place_in_line, person in enumerate(rows):
            weeks[place_in_line * WEEKS // len(rows)].setdefault(path, []).append(person)
    start = facts.scenario.first_week - timedelta(weeks=WEEKS)
    return FirstTests(start, facts.scenario.first_week - timedelta(days=3), weeks, dict(sorted(units.items())))
