"""What pages say of one person's year."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.develop.hours import queries
from nanglucso.develop.hours.lawrules import Duty, law
from nanglucso.develop.hours.lines import Line
from nanglucso.develop.hours.wording import CONFIDENCE, LACKS, REGIMES, SOURCES, in_language
from nanglucso.workforce.people.models import Person


def year_of(request: HttpRequest) -> int:
    """The year asked for, else the current one."""
    asked, known = request.GET.get("nam", ""), queries.years(now())
    return int(asked) if asked.isdigit() and int(asked) in known else known[0]


def said_line(one: Line) -> dict[str, Any]:
    """A line in the reader's language."""
    return {
        "line": one, "source": SOURCES[one.source], "title": in_language(one.title), "why": in_language(one.why),
        "lack": LACKS.get(one.lack, ""), "day": date.fromisoformat(one.day),
        "typed": one.source == "entry",
    }  # fmt: skip


def said_duty(duty: Duty | None) -> dict[str, Any] | None:
    """A duty in the reader's language."""
    if duty is None:
        return None
    return {"duty": duty, "says": in_language(duty.says), "confidence": CONFIDENCE[duty.confidence]}


def said_regime(regime: str) -> Any:
    return REGIMES.get(regime, regime)


def unclear() -> list[str]:
    """What no text read says."""
    return [in_language(one) for one in law().unclear]


def of_person(person: Person, year: int) -> dict[str, Any]:
    """Everything that the page of one person's year shows."""
    at = now()
    told = queries.standing(person, year, at)
    return {
        "person": person,
        "year": year,
        "years": queries.years(at),
        "this_year": local_day(at).year == year,
        "told": told,
        "duty": said_duty(told.duty),
        "regime": said_regime(told.regime),
        "counted": [said_line(one) for one in told.counted],
        "left_out": [said_line(one) for one in told.left_out],
        "unclear": unclear(),
    }
