"""From the answers of campaigns to the examination of `engines.itemhealth`, and its flags with a suggested act."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from nanglucso.engines import itemhealth
from nanglucso.engines.itemlog import AnswerLog
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.bank.queries import deck
from nanglucso.measure.profiles import folding
from nanglucso.measure.quality.calibrating import answers_of
from nanglucso.ui.figures import pct
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person


def rows(framework: Framework, campaigns: Sequence[str]) -> list[dict[str, Any]]:
    """One row an item version: {"version", "code", "n", "facility", "rest", "slope", "infit", "shift", "exposure",
    "flags", "few"}; null where nothing can be said. `few` = key, DIF or drift without a verdict for want of answers."""
    found = list(
        answers_of(campaigns)
        .filter(item_version__item__competence__framework=framework)
        .values_list("sitting__person_id", "item_version_id", "score", "sitting__campaign__opens_at")
    )
    if not found:
        return []
    cards = deck(tuple(sorted({row[1] for row in found})))
    people = {pk: i for i, pk in enumerate(sorted({row[0] for row in found}))}
    periods = {at: t for t, at in enumerate(sorted({row[3] for row in found}))}
    table = np.array([(people[p], cards.index[v], s, periods[t]) for p, v, s, t in found], np.int64)
    log = AnswerLog(table[:, 0], table[:, 1], table[:, 2], table[:, 3], len(people), _groups(list(people)))
    frame = folding.frame_in_force(framework)
    seen = itemhealth.examine(cards.bank, log, np.zeros(frame.size), frame.prior_cov)
    return [_row(version, one) for version, one in zip(cards.versions, seen, strict=True)]


def _groups(people: list[int]) -> tuple[tuple[str, tuple[str, ...], Any], ...]:
    """Sex, and born before or after the median year, of each person; -1 where it is not known."""
    told = {pk: (sex, year) for pk, sex, year in _told(people)}
    sex = np.array([{Person.Gender.MALE: 0, Person.Gender.FEMALE: 1}.get(told[pk][0], -1) for pk in people])
    years = [year for _sex, year in told.values() if year]
    middle = float(np.median(years)) if years else 0.0
    age = np.array([-1 if year is None else int(year <= middle) for year in (told[pk][1] for pk in people)])
    return (("sex", ("male", "female"), sex), ("age", ("younger", "older"), age))


def _told(people: list[int]) -> list[tuple[int, Any, int | None]]:
    rows = Person.objects.filter(pk__in=people).values_list("pk", "gender", "birth_year", "birth_date")
    return [(pk, sex, year or (date.year if date else None)) for pk, sex, year, date in rows]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 3)


def _row(version: ItemVersion, one: itemhealth.ItemHealth) -> dict[str, Any]:
    few = itemhealth.FEW in (one.key_verdict, one.dif_verdict, one.drift_verdict)
    return {
        "version": version.pk, "code": version.item.code, "number": version.number, "n": one.n,
        "facility": _number(one.facility), "rest": _number(one.rest_correlation), "slope": _number(one.slope),
        "infit": _number(one.infit), "shift": _number(one.difficulty_shift), "exposure": _number(one.exposure),
        "flags": list(one.flags), "few": few,
    }  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A flag in words, what is suggested, and how urgent it is (0 = first)."""

    word: str
    act: str
    order: int


def finding(flag: str) -> Finding:
    """The words of one flag of the engine."""
    too_often = _("Asked in more than %(cap)s of tests; write more items of this competence and level.")
    too_often %= {"cap": pct(itemhealth.HealthRules().max_exposure, 0)}
    told = {
        "key": Finding(_("key suspected"), _("Read the key again; if it is wrong, take the item out of results."), 0),
        "low_discrimination": Finding(_("hardly tells people apart"), _("Reword it or retire it."), 1),
        "dif:sex": Finding(_("differs by sex"), _("Let two reviewers read the wording for what favours one sex."), 2),
        "dif:age": Finding(_("differs by age"), _("Let two reviewers read the wording for what favours one age."), 2),
        "drift": Finding(_("difficulty has moved"), _("Look for a leak or a changed rule; then calibrate."), 3),
        "exposure": Finding(_("asked too often"), too_often, 4),
    }
    return told.get(flag) or Finding(flag, _("Look at the item."), 5)


@dataclass(frozen=True)
class Line:
    """A row and its findings."""

    row: dict[str, Any]
    findings: list[Finding]

    @property
    def words(self) -> str:
        """All findings as a heading; "" = none."""
        return ", ".join(one.word for one in self.findings)

    @property
    def order(self) -> tuple[int, str, bool, str]:
        """The most urgent first, rows with the same findings together."""
        return min((one.order for one in self.findings), default=9), self.words, self.row["few"], self.row["code"]


def lines(rows: Sequence[dict[str, Any]], *, flagged: bool) -> list[Line]:
    """Rows with their findings, the most urgent first."""
    made = [Line(row, [finding(flag) for flag in row["flags"]]) for row in rows]
    return sorted((one for one in made if one.findings or not flagged), key=lambda one: one.order)
