"""The change from year to year in rows: the parts that add up, each competence, what could not be separated."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.govern.reports.leaderpage import word_of
from nanglucso.govern.reports.leaderrules import LeaderRules
from nanglucso.govern.reports.models import YearTrend
from nanglucso.measure.assessments.models import Campaign
from nanglucso.workforce.framework.models import Framework


@dataclass(frozen=True)
class Part:
    """A part of the whole change, in levels; `value` None where its people are too few to speak of."""

    label: str
    means: str
    people: int | None
    value: float | None = None
    low: float = 0.0
    high: float = 0.0
    word: str = ""


def page(row: YearTrend, framework: Framework, rules: LeaderRules) -> dict[str, Any]:
    """What the template says of one comparison."""
    told, names = row.figures, {one.code: one.name for one in framework.competences.all()}
    context = {"row": row, "told": told, "open": row.second.status == Campaign.Status.OPEN, "rules": rules.trend}
    if told["why"]:
        return context
    kept = [(names.get(one["code"], ""), one, word_of(*one["change"][1:])) for one in told["kept"]]
    return context | {
        "parts": _parts(told), "kept": sorted(kept, key=lambda one: -one[1]["change"][0]),
        "apart": [(one["code"], names.get(one["code"], "")) for one in told["apart"]],
        "only_new": told["items"][1] - told["items"][2], "only_old": told["items"][0] - told["items"][2],
    }  # fmt: skip


def _parts(told: dict[str, Any]) -> list[Part]:
    both, first, second = told["people"]
    rows = (
        ("stayed", _("Measured both times"), _("the change of people"), both),
        ("entering", _("Measured only the second time"), _("came in, or was not reached before"), second),
        ("leaving", _("Measured only the first time"), _("went, or has not been measured again"), first),
        ("whole", _("All who were measured"), _("the three together"), None),
    )
    return [_part(told[key], label, means, people) for key, label, means, people in rows]


def _part(three: list[float] | None, label: str, means: str, people: int | None) -> Part:
    if three is None:
        return Part(label, means, people)
    value, low, high = three
    return Part(label, means, people, value, low, high, word_of(low, high))
