"""A file of a named system → figures that can be applied, and what is wrong with the other rows. Nothing is written.

Every fault names its row and its column as the file heads it.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from nanglucso.govern.targets import periods
from nanglucso.govern.targets.models import Indicator, Observation
from nanglucso.govern.targets.placing import Places, Unplaced
from nanglucso.govern.targets.shipped import Counted, System
from nanglucso.kit.faults import BadValue
from nanglucso.kit.numbers import parse_number
from nanglucso.kit.spreadsheets import read_sheets
from nanglucso.kit.text import fold
from nanglucso.workforce.people.listsheet.read import ListReading, ListRow, read_list
from nanglucso.workforce.people.models import Unit

MOST_ROWS = 5000
LACKING = _("The cell is blank: fill it in.")
NO_PERIOD = _("“%(value)s” is not a period: write 9/2026, quarter 3/2026 or 2026.")
FUTURE = _("The period lies in the future.")
NO_TARGET = _("“%(value)s” is the code of no target: write it as in the list of targets.")
NO_FIGURES = _("No figures are kept of the target %(value)s.")
NO_LEVEL = _("This target does not hold at the level of this unit.")
NOTHING = _("The row holds no figure: fill in a count and its total.")
NO_WHOLE = _("The total is nought: a share of it cannot be said.")
TOO_MANY = _("%(part)s is more than the total %(whole)s: check both.")
BELOW = _("A count is never below nought.")
FRACTION = _("“%(value)s” looks like a part of one: write 85 for 85%%.")
SHARE = _("A share lies between 0 and 100.")
TWICE = _("The same figure stands in row %(other)s.")


class Fault(ValueError):
    """What is wrong with a cell: `field` of the system's headings, a sentence, and what goes into it."""

    def __init__(self, field: str, template: str, **told: object) -> None:
        self.field, self.template = field, template
        self.told = {key: str(value)[:80] for key, value in told.items()}
        super().__init__(template)


class Reader:
    """Goes through the rows of one system's file once; `day`: no period begins after it."""

    def __init__(self, system: System, *, day: date) -> None:
        self.system, self.day, self.places = system, day, Places()
        self.indicators = {fold(row.code): row for row in Indicator.objects.all()}
        self.seen: dict[tuple[int, int, str], int] = {}

    def one(self, row: ListRow) -> list[dict[str, Any]]:
        """The figures of a row. Raises `Fault`."""
        told = row.values
        try:
            unit = self.places.find(self._cell(told, "unit"))
        except Unplaced as fault:
            raise Fault("unit", fault.template, value=told["unit"]) from None
        span = self._period(self._cell(told, "period"))
        found = [self._named(told, unit)] if self.system.indicator else self._counted(told, unit)
        made = []
        for one in found:
            key = (one["indicator"], unit.pk, span.code)
            if key in self.seen:
                raise Fault("period", TWICE, other=self.seen[key])
            made.append(
                one | {"row": row.row, "sheet": row.sheet, "unit": unit.pk, "unit_name": unit.name, "period": span.code}
            )
        self.seen |= {(one["indicator"], unit.pk, span.code): row.row for one in made}
        return made

    def _cell(self, told: Mapping[str, str], field: str) -> str:
        if not told.get(field):
            raise Fault(field, LACKING)
        return told[field]

    def _period(self, text: str) -> periods.Period:
        try:
            span = periods.parse(text)
        except ValueError:
            raise Fault("period", NO_PERIOD, value=text) from None
        if span.first > self.day:
            raise Fault("period", FUTURE)
        return span

    def _number(self, told: Mapping[str, str], field: str) -> Decimal:
        try:
            found = parse_number(self._cell(told, field))
        except BadValue as fault:
            raise Fault(field, fault.template, **fault.params) from None
        if found < 0:
            raise Fault(field, BELOW)
        return found

    def _named(self, told: Mapping[str, str], unit: Unit) -> dict[str, Any]:
        """The figure of a row that names its target itself."""
        code = self._cell(told, "indicator")
        one = self.indicators.get(fold(code))
        if one is None:
            raise Fault("indicator", NO_TARGET, value=code)
        if not one.countable:
            raise Fault("indicator", NO_FIGURES, value=one.code)
        if not one.fits(unit):
            raise Fault("unit", NO_LEVEL)
        value = self._number(told, "value")
        if one.measure.share and 0 < value < 1 and "%" not in told["value"]:
            raise Fault("value", FRACTION, value=told["value"])
        if one.measure.share and value > 100:
            raise Fault("value", SHARE)
        return {"indicator": one.pk, "code": one.code, "value": str(value.quantize(Decimal("0.0001")))}

    def _counted(self, told: Mapping[str, str], unit: Unit) -> list[dict[str, Any]]:
        """Shares of two columns, for every target that holds at the unit's level."""
        given = [one for one in self.system.counted if told.get(one.part[0]) or told.get(one.whole[0])]
        given = [one for one in given if told.get(one.part[0]) or len(self.system.counted) == 1]
        if not given:
            raise Fault(self.system.counted[0].part[0], NOTHING)
        return [figure for one in given for figure in self._shares(one, told, unit)]

    def _shares(self, one: Counted, told: Mapping[str, str], unit: Unit) -> list[dict[str, Any]]:
        part, whole = self._number(told, one.part[0]), self._number(told, one.whole[0])
        if not whole:
            raise Fault(one.whole[0], NO_WHOLE)
        if part > whole:
            raise Fault(one.part[0], TOO_MANY, part=told[one.part[0]], whole=told[one.whole[0]])
        value = (100 * part / whole).quantize(Decimal("0.0001"))
        kept = [self.indicators[fold(code)] for code in one.indicators if fold(code) in self.indicators]
        kept = [row for row in kept if row.countable and row.fits(unit)]
        if not kept:
            raise Fault("unit", NO_LEVEL)
        counts = {"part": str(part), "whole": str(whole)}
        return [{"indicator": row.pk, "code": row.code, "value": str(value), **counts} for row in kept]


def read(path: Path, *, name: str, system: System, day: date) -> dict[str, Any]:
    """The plan of a file: {rows, same, problems, left}; `same`: figures that stand so already.

    Raises `BadFile`, `BadStaffFile` with one sentence about the whole file.
    """
    reading = read_list(read_sheets(path, name=name), system.headings, ("unit",), None, name=name)
    reader, heads = Reader(system, day=day), _heads(reading, system)
    rows: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    for row in reading.rows[:MOST_ROWS]:
        try:
            rows += reader.one(row)
        except Fault as fault:
            column = heads.get((row.sheet, fault.field)) or system.headings[fault.field][0]
            place = {"row": row.row, "sheet": row.sheet, "column": column, "who": row.values.get("unit", "")}
            problems.append({**place, "template": fault.template, "told": fault.told})
    known = _standing(rows)
    fresh = [one | {"old": known.get(_key(one))} for one in rows]
    kept = [one for one in fresh if one["old"] is None or Decimal(one["old"]) != Decimal(one["value"])]
    left = max(0, len(reading.rows) - MOST_ROWS)
    return {"rows": kept, "same": len(fresh) - len(kept), "problems": problems, "left": left}


def _heads(reading: ListReading, system: System) -> dict[tuple[str, str], str]:
    """(sheet, field) → the head that the file itself gives the column."""
    return {(sheet.sheet, one.field): one.header for sheet in reading.columns for one in sheet.columns}


def _key(one: Mapping[str, Any]) -> tuple[int, int, str]:
    return one["indicator"], one["unit"], one["period"]


def _standing(rows: list[dict[str, Any]]) -> dict[tuple[int, int, str], str]:
    """Figures that count now, of the targets and units of these rows."""
    held = Observation.objects.filter(ended_at=None, indicator__in={one["indicator"] for one in rows})
    return {
        (target, unit, period): str(value)
        for target, unit, period, value in held.values_list("indicator_id", "unit_id", "period", "value")
    }
