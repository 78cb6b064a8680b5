"""What pages say of one person's year."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.develop.hours import queries
from nanglucso.develop.hours.lawrules import Duty, law
from nanglucso.develop.hours.lines import Line
from nanglucso.develop.hours.wording import CONFIDENCE, LACKS, ONE_OF, REGIMES, SOURCES, in_language
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
    cited = in_language(duty.cited) or duty.document
    return {"duty": duty, "cited": cited, "says": in_language(duty.says), "confidence": CONFIDENCE[duty.confidence]}


def said_regime(regime: str) -> Any:
    return REGIMES.get(regime, regime)


def unclear() -> list[str]:
    """What no text read says."""
    return [in_language(one) for one in law().unclear]


def reasons(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Why lines count, each sentence once with the kind of thing it speaks of."""
    return list(dict.fromkeys((str(one["source"]), one["why"]) for one in lines if one["why"]))


def of_person(person: Person, year: int) -> dict[str, Any]:
    """Everything that the page of one person's year shows."""
    at = now()
    told = queries.standing(person, year, at)
    counted = [said_line(one) for one in told.counted]
    return {
        "person": person,
        "year": year,
        "years": queries.years(at),
        "this_year": local_day(at).year == year,
        "told": told,
        "duty": said_duty(told.duty),
        "regime": ONE_OF.get(told.regime, told.regime),
        "counted": counted,
        "reasons": reasons(counted),
        "left_out": [said_line(one) for one in told.left_out],
        "unclear": unclear(),
    }
