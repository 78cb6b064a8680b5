"""gaps.xlsx: met, not met, not yet known, by unit, by position family and by person."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from nanglucso.core.scope import Scope
from nanglucso.engines import levels
from nanglucso.govern.reports.documents.planfacts import Places
from nanglucso.kit.spreadsheets import Column, OutSheet, write_xlsx
from nanglucso.measure.gaps.queries import (
    GapTable,
    HeatRow,
    active_people,
    competence_columns,
    family_rows,
    gap_table,
    top_units,
    unit_rows,
)
from nanglucso.workforce.framework.models import Framework


def _w(word: str) -> str:
    """A short word as it stands in this workbook."""
    return pgettext("gaps workbook", word)


def gaps_workbook(framework: Framework, scope: Scope, at: datetime) -> bytes:
    """Sheets: by unit × competence, by position family × competence, per person, notes on method and date."""
    people = active_people(scope)
    table = gap_table(framework, people, at=at)
    competences, parts = competence_columns(framework)
    titles = [f"{one.code} {one.name}" for one in competences]
    units = [row for row in unit_rows(table, top_units(scope), parts) if row.counts.people]
    families = family_rows(table, parts)
    out = BytesIO()
    sheets = [
        OutSheet(_w("By unit"), _heads(_w("Unit"), titles), _counts(units)),
        OutSheet(_w("By position family"), _heads(_w("Position family"), titles), _counts(families)),
        OutSheet(_w("By person"), _person_heads(titles), _people(table, people)),
        OutSheet(_w("Notes"), [Column(_w("About this file"), 110)], [[line] for line in _notes(table, at)]),
    ]
    write_xlsx(out, sheets, created=at)
    return out.getvalue()


def _heads(first: str, titles: Sequence[str]) -> list[Column]:
    """Three counts a competence: met, not met, not yet known."""
    states = (_w("met"), _w("not met"), _w("not yet known"))
    fixed = [Column(first, 44), Column(_w("People"), 10, "int"), Column(_w("Measured"), 10, "int")]
    return fixed + [Column(f"{title}: {state}", 12, "int") for title in titles for state in states]


def _counts(rows: Sequence[HeatRow]) -> Iterator[list[Any]]:
    for row in rows:
        c = row.counts
        three = np.stack([c.met, c.not_met, c.unknown], 1).reshape(-1)
        yield [row.name, c.people, c.measured, *three.astype(int).tolist()]


def _person_heads(titles: Sequence[str]) -> list[Column]:
    fixed = [
        Column(_w("Full name"), 26),
        Column(_w("Staff number"), 14),
        Column(_w("Unit"), 44),
        Column(_w("Position"), 36),
    ]
    return [*fixed, Column(_w("Measured"), 10), *(Column(title, 14) for title in titles)]


def _people(table: GapTable, people: Any) -> Iterator[list[Any]]:
    words = {levels.MET: _w("met"), levels.NOT_MET: _w("not met"), levels.NOT_YET_KNOWN: _w("not yet known"), "": "–"}
    places = Places()
    for i, person in enumerate(people.select_related("position")):
        measured = _w("yes") if table.measured[i] else _w("no")
        about = [person.full_name, person.staff_code or "", places.of(person).unit, person.position.name, measured]
        yield [*about, *(words[state] for state in table.state[i].tolist())]


def _notes(table: GapTable, at: datetime) -> list[str]:
    when = f"{localtime(at):%d/%m/%Y %H:%M}"
    return [
        _("Made on %(when)s from what was known at that moment.") % {"when": when},
        _("%(measured)s of %(people)s people have been measured by a test; the others begin from their position group.")
        % {"measured": int(table.measured.sum()), "people": len(table.ids)},
        _("Met: the chance that the person reaches the level required is at least %(sure)s%%.")
        % {"sure": round(100 * levels.SURE)},
        _("Not met: it is at most %(rest)s%%. Not yet known: in between; this is never counted as not met.")
        % {"rest": round(100 * (1 - levels.SURE))},
        _("–: the position does not require this competence; it is never a gap."),
        _("Cut points between levels are provisional until an expert panel has set them."),
        _("For planning training only, not for appraisal, discipline or pay."),
    ]
