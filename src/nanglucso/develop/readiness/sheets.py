"""The investment list and the template of the survey as workbooks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.develop.readiness.models import Decision
from nanglucso.develop.readiness.queries import Investment
from nanglucso.develop.readiness.questionnaire import Questionnaire
from nanglucso.develop.readiness.reading import headings
from nanglucso.develop.readiness.wording import NAMES, NEXT
from nanglucso.kit.xlsxwrite import Column, OutSheet
from nanglucso.ui.figures import vmoment
from nanglucso.workforce.people.models import Unit


def investment_sheet(
    rows: Sequence[Investment], decided: Mapping[int, Decision], *, at: datetime
) -> OutSheet:  # fmt: skip
    """One row a line of a package, in rank order: what, where, how many, cost, whom it enables, what was decided."""
    columns = [
        Column(_("Rank"), 7, "int"), Column(_("Unit"), 34), Column(_("Kind of unit"), 20),
        Column(_("State at present"), 26), Column(_("Investment"), 30), Column(_("How many"), 10, "int"),
        Column(_("Of these, in place of old ones"), 14, "int"),
        Column(_("Price, VND (assumed)"), 18, "money"), Column(_("Cost, VND"), 18, "money"),
        Column(_("Cost of the whole unit, VND"), 20, "money"), Column(_("People enabled"), 12),
        Column(_("People enabled per million VND"), 14), Column(_("Why"), 44), Column(_("What was decided"), 18),
        Column(_("Reason"), 34),
    ]  # fmt: skip
    lines = []
    for rank, one in enumerate(rows, 1):
        place, verdict = one.place, decided.get(one.place.unit.pk)
        for line in one.lines:
            lines.append(
                [
                    rank, place.unit.name, str(Unit.Kind(place.unit.kind).label), str(NAMES[place.quarter]),
                    line.purchase.name, line.quantity, line.replaced, line.purchase.price, line.cost, one.cost,
                    round(one.enabled, 1), round(one.per_million, 4), why(one),
                    verdict.get_verdict_display() if verdict else "", verdict.reason if verdict else "",
                ]
            )  # fmt: skip
    titles = [
        _("Investments that would make units ready"), _("As of %(when)s") % {"when": vmoment(at)},
        _("Prices are assumptions; the list proposes, people decide."),
    ]  # fmt: skip
    return OutSheet(_("Investments"), columns, lines, titles)


def why(one: Investment) -> str:
    """The reason of a rank in a sentence."""
    held = one.place.held
    if held is None:
        return ""
    weak = held.standing.weakest
    told = {"part": weak.rule.name, "ratio": round(100 * weak.ratio), "next": NEXT[one.place.quarter]}
    said = _("Short most of all: %(part)s, at %(ratio)s%% of what is wanted. %(next)s") % told
    assumed = _("Their competence is an assumption.")
    return f"{said} {assumed}" if one.assumed else said


def template_sheet(asked: Questionnaire, units: Sequence[Unit]) -> OutSheet:
    """Every unit with the columns that are always recognised, to be filled in."""
    columns = [Column(heads[0], 24) for heads in headings(asked).values()]
    blank = [""] * (len(columns) - 2)
    rows: list[list[Any]] = [[unit.code, unit.name, *blank] for unit in units]
    return OutSheet("Khảo sát hạ tầng", columns, rows)
