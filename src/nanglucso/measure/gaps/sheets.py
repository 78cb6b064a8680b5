"""The gap pages as workbooks: the rows, columns and order that stand on the screen, with when and of whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.kit.xlsxwrite import Column, OutSheet
from nanglucso.measure.gaps.heat import Heat, Square
from nanglucso.measure.gaps.pages import Mark, PersonRow
from nanglucso.measure.gaps.queries import MET, NOT_MET, UNKNOWN
from nanglucso.ui.figures import vmoment
from nanglucso.workforce.framework.models import Competence


def _titles(title: str, of_whom: str, at: datetime) -> list[str]:
    return [title, _("Of: %(whom)s") % {"whom": of_whom}, _("As of %(when)s") % {"when": vmoment(at)}]


def _value(square: Square) -> Any:
    return square.reason if square.share is None else round(square.share, 4)


def heat_sheet(heat: Heat, *, title: str, of_whom: str, at: datetime, first: str) -> OutSheet:
    """A heat map: name, people, measured, then the share not met in every column; a reason where there is none."""
    heads = [Column(f"{h.code} {h.name}", 20, "percent") for h in heat.heads]
    rows = [
        [row.name, row.people, row.measured, *(_value(square) for square in row.squares)]
        for row in (heat.everybody, *heat.rows)
    ]
    named = [Column(first, 42), Column(_("People"), 10, "int"), Column(_("Measured"), 10, "int")]
    told = [*_titles(title, of_whom, at), _("Share of requirements that are not met")]
    return OutSheet(_("Gaps"), [*named, *heads], rows, told)


def mark_value(mark: Mark) -> Any:
    """Missing levels as a number, everything else as the word on the screen."""
    words = {MET: _("met"), UNKNOWN: _("not yet known")}
    return round(mark.missing, 1) if mark.state == NOT_MET else words.get(mark.state, _("not required"))


def people_sheet(
    rows: Sequence[PersonRow], competences: Sequence[Competence], *, title: str, of_whom: str, at: datetime
) -> OutSheet:
    """People × competences: missing levels, or the word."""
    heads = [Column(f"{c.code} {c.short}", 16, "number") for c in competences]
    made = [
        [row.person.full_name, str(row.person.title or row.person.position), *(mark_value(mark) for mark in row.marks)]
        for row in rows
    ]
    told = [*_titles(title, of_whom, at), _("Numbers are missing levels; used to plan training, not to grade anybody")]
    return OutSheet(_("People"), [Column(_("Name"), 28), Column(_("Position"), 34), *heads], made, told)
