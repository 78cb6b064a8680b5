"""A staff file → what it would change: read, recognised, compared with the staff list, kept for the preview."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.kit.collecting import no_collecting
from nanglucso.kit.faults import BadFile
from nanglucso.kit.spreadsheets import read_sheets
from nanglucso.kit.text import tone_key
from nanglucso.workforce.people import listpreview, previewing, queries, services, uploads
from nanglucso.workforce.people.identity import Held, Roll, citizen_hash_of
from nanglucso.workforce.people.lists import plan_list
from nanglucso.workforce.people.models import StaffImport
from nanglucso.workforce.people.recognising import GUESSES, Known, Recogniser
from nanglucso.workforce.people.services.changes import ImportPlan, RowChange, RowProblem, stored
from nanglucso.workforce.people.staffsheet.header import ColumnMap
from nanglucso.workforce.people.staffsheet.problems import Problem
from nanglucso.workforce.people.staffsheet.read import StaffReading, read_staff_sheets
from nanglucso.workforce.people.staffsheet.records import StaffRecord

NO_UNIT = _("“%(value)s” is not a unit of the city: choose the unit.")
UNIT_SEVERAL = _("“%(value)s” may be several units: choose the one that is meant.")
NO_POSITION = _("No position fits the title “%(value)s”: choose the position.")
NO_UNIT_SAID = _("A new person needs a unit: fill in the unit.")
GUESSED = _("“%(value)s” was taken for “%(taken)s” only by its words (rows: %(rows)s): check it.")
SAME_AGAIN = _("The row is the same person as row %(other_row)s, who is already counted.")
_PLAIN = ("birth_date", "birth_year", "gender", "email", "phone")


class Planner:
    """Compares one reading with the staff list, row by row."""

    def __init__(self, reading: StaffReading, choices: Mapping[str, Any], day: date) -> None:
        self.reading, self.day = reading, day
        self.roll = Roll.load()
        self.known = Recogniser(choices.get("units", {}), choices.get("positions", {}), reading.columns)
        self.plan = ImportPlan(rows_read=reading.rows_read)
        self.seen: dict[int, StaffRecord] = {}
        self.named_units: set[int] = set()

    def run(self) -> ImportPlan:
        plan, bad = self.plan, self.reading.bad_rows
        plan.problems += [_problem(one) for one in self.reading.problems]
        plan.duplicates += [_twin(one.record, one.first, one.differs) for one in self.reading.duplicates]
        plan.skipped += [{"sheet": one.sheet, "row": one.row, "reason": one.reason} for one in self.reading.skipped]
        first = {one.sheet: one for one in reversed(self.reading.records)}
        plan.columns += [_columns(one, first.get(one.sheet)) for one in self.reading.columns]
        for record in self.reading.records:
            self._one(record, (record.sheet, record.row) in bad)
        plan.asks += sorted(self.known.asks.values(), key=lambda ask: (ask.kind != "unit", -ask.rows, ask.row))
        self._tell_guesses()
        self._find_absent()
        plan.problems.sort(key=lambda one: one.severity != "error")
        return plan

    def _fault(self, record: StaffRecord, field: str, template: str, **params: object) -> None:
        letter = self.known.letter(record.sheet, *field.split())
        told = {"suggestion": "", **{key: str(value) for key, value in params.items()}}
        self.plan.problems.append(
            RowProblem(record.sheet, record.row, letter, template, told, "error", name=record.name)
        )

    def _one(self, record: StaffRecord, bad: bool) -> None:
        unit = self.known.unit(record)
        if unit.id:
            self.named_units.add(unit.id)
        citizen_hash = citizen_hash_of(record)
        found = self.roll.find(record, citizen_hash, unit.id)
        if found.person and found.person.pk in self.seen:
            first = self.seen[found.person.pk]
            self.plan.duplicates.append(_twin(record, first, ()))
            self._fault(record, "name ho_dem", SAME_AGAIN, other_row=first.row)
            return
        if found.person:
            self.seen[found.person.pk] = record
        if record.unit_text and unit.id is None:
            several = unit.how == "ambiguous"
            self._fault(record, "department unit", UNIT_SEVERAL if several else NO_UNIT, value=record.unit_text)
        elif found.fault and found.other:
            where = self.known.places.get(found.other.unit_id or 0, "–")
            field = "staff_code name" if found.other.staff_code else "name ho_dem"
            self._fault(record, field, found.fault, value=record.staff_code, other=found.other.name, unit=where)
        elif not bad:
            self._compare(record, found.person, unit, citizen_hash)

    def _compare(self, record: StaffRecord, held: Held | None, unit: Known, citizen_hash: str) -> None:
        place = unit.id or (held.unit_id if held else None)
        if place is None:
            self._fault(record, "unit department name", NO_UNIT_SAID)
            return
        position = self.known.position(record, place)
        if held is None and position.id is None:
            self._fault(record, "position title", NO_POSITION, value=record.position_text)
            return
        values = self._values(record, held, place, position, citizen_hash)
        row = RowChange(
            record.sheet,
            record.row,
            record.name,
            values,
            person_id=held.pk if held else None,
            unit_said=", ".join((record.unit_text, *reversed(record.unit_path))) if record.unit_text else "",
            unit_how=unit.how,
            position_said=record.position_text,
            position_how=position.how,
            since=stored(min(record.appointed_on, self.day)) if record.appointed_on else "",
        )
        if held is None:
            self.plan.new.append(row)
            return
        row.old = {name: stored(getattr(held, name)) for name in values}
        if values:
            self.plan.changed.append(row)
        else:
            self.plan.unchanged += 1

    def _values(
        self, record: StaffRecord, held: Held | None, unit_id: int, position: Known, citizen_hash: str
    ) -> dict[str, Any]:
        """The fields that the record would set; of a known person only those that differ. Blank cells erase nothing."""
        asked: dict[str, Any] = {name: stored(getattr(record, name)) for name in _PLAIN}
        asked |= {"staff_code": record.staff_code, "citizen_hash": citizen_hash, "title": record.title_text[:200]}
        asked |= {"unit_id": unit_id, "position_id": position.id}
        if held is None:
            asked["staff_code"], asked["citizen_hash"] = asked["staff_code"] or None, citizen_hash or None
            asked["birth_year"] = record.birth_year
            return asked
        if not self._takes_position(held, unit_id, position, record):
            del asked["position_id"]
        code = asked["staff_code"].upper()
        if code == (held.staff_code or "").upper() or code in self.roll.former:
            del asked["staff_code"]
        values = {name: value for name, value in asked.items() if value and value != stored(getattr(held, name))}
        if not held.active:
            values |= {"active": True, "unit_id": unit_id, "position_id": position.id or held.position_id}
        if tone_key(record.name) != tone_key(held.name):
            values["name"] = record.name
        return values

    def _takes_position(self, held: Held, unit_id: int, position: Known, record: StaffRecord) -> bool:
        """A guess from a vague title never replaces a position that the new unit can have."""
        if held.position_id is None or position.how not in GUESSES:
            return True
        fits = self.known.kinds.get(unit_id, "") in self.known.kinds_of.get(held.position_id, set())
        return bool(record.position_text) and not fits

    def _tell_guesses(self) -> None:
        for ask in self.plan.asks:
            if ask.kind == "position" and ask.taken:
                name = self.known.positions[ask.taken].name
                params = {"value": ask.said or "–", "rows": str(ask.rows), "taken": name}
                self.plan.problems.append(RowProblem(ask.sheet, ask.row, ask.column, GUESSED, params))

    def _find_absent(self) -> None:
        for held in self.roll.everyone:
            if held.active and held.unit_id in self.named_units and held.pk not in self.seen:
                where = self.known.places.get(held.unit_id or 0, "")
                self.plan.absent.append({"person": held.pk, "name": held.name, "unit": where})


def _problem(one: Problem) -> RowProblem:
    return RowProblem(
        one.sheet, one.row, one.column, one.template, dict(one.params), one.severity, suggestion=one.suggestion
    )


def _twin(record: StaffRecord, first: StaffRecord, differs: Iterable[str]) -> dict[str, Any]:
    return {
        "sheet": record.sheet,
        "row": record.row,
        "name": record.name,
        "first_sheet": first.sheet,
        "first_row": first.row,
        "differs": list(differs),
    }


_SAMPLES = {
    **{name: name for name in ("name", "ho_dem", "ten", "birth_date", "gender", "staff_code", "email", "phone")},
    **{"unit": "unit_text", "position": "position_text", "title": "title_text", "appointed_on": "appointed_on"},
}


def _columns(found: ColumnMap, first: StaffRecord | None) -> dict[str, Any]:
    rows = [
        {
            "letter": one.letter,
            "header": one.header,
            "field": one.field if known else "",
            "confidence": one.confidence,
            "sample": str(getattr(first, _SAMPLES.get(one.field, "-"), "") or "") if known and first else "",
        }
        for columns, known in ((found.columns, True), (found.unmapped, False))
        for one in columns
    ]
    return {"sheet": found.sheet, "columns": sorted(rows, key=lambda one: (len(one["letter"]), one["letter"]))}


def _place(column: Any) -> int:
    return int(column.index)


def plan_changes(reading: StaffReading, *, at: datetime, choices: Mapping[str, Any] | None = None) -> ImportPlan:
    """What applying a reading would do. `choices` {"units": {key: unit id}, "positions": {key: code}} are answers."""
    return Planner(reading, choices or {}, local_day(at)).run()


def shape_of_columns(columns: Iterable[ColumnMap]) -> str:
    """A hash of the column heads of every sheet: files that come from the same form have the same shape."""
    heads = [
        "|".join(
            f"{one.letter}={tone_key(one.header)}" for one in sorted((*sheet.columns, *sheet.unmapped), key=_place)
        )
        for sheet in columns
    ]
    return hashlib.sha256("\n".join(sorted(set(heads))).encode()).hexdigest()


def read_with_memory(path: Path, name: str, mapping: Mapping[str, Any]) -> tuple[StaffReading, str, dict[str, Any]]:
    """(reading, shape, mapping used): without a mapping, the one last applied to a file of this shape is taken."""
    sheets = read_sheets(path, name=name)
    if mapping:
        reading = read_staff_sheets(sheets, mapping.get("columns") or None, name=name)
        return reading, shape_of_columns(reading.columns), dict(mapping)
    reading = read_staff_sheets(sheets, name=name)
    shape = shape_of_columns(reading.columns)
    remembered = queries.last_mapping(shape)
    columns: Any = remembered.get("columns")
    if columns:
        reading = read_staff_sheets(sheets, columns, name=name)
    return reading, shape, remembered


def read_plan(
    kind: str, path: Path, name: str, mapping: Mapping[str, Any], at: datetime
) -> tuple[ImportPlan, str, dict[str, Any]]:
    """(what the file would change, its shape, the mapping used) of any kind of list. Raises ``BadFile``."""
    if kind == StaffImport.Kind.STAFF:
        reading, shape, used = read_with_memory(path, name, mapping)
        return plan_changes(reading, at=at, choices=used), shape, used
    sheets, chosen = read_sheets(path, name=name), dict(mapping)
    plan, heads = plan_list(kind, sheets, chosen.get("columns"), day=local_day(at), name=name)
    shape = shape_of_columns(heads)
    remembered: dict[str, Any] = {} if chosen else dict(queries.last_mapping(shape, kind))
    if remembered.get("columns"):
        chosen = remembered
        plan, heads = plan_list(kind, sheets, chosen["columns"], day=local_day(at), name=name)
    return plan, shape, chosen


@no_collecting()
def read_import(*, actor: User | None, row: StaffImport, at: datetime) -> StaffImport:
    """Read the kept file of an import and keep the preview; a file that cannot be read is marked so."""
    try:
        plan, shape, mapping = read_plan(row.kind, uploads.path_of(row.file), row.file_name, row.mapping, at)
    except BadFile as error:
        services.reject_import(actor=actor, row=row, template=error.template, params=error.params, at=at)
        uploads.forget(row.file)
        return row
    shown = previewing.preview(plan) if row.kind == StaffImport.Kind.STAFF else listpreview.preview(plan)
    return services.keep_plan(actor=actor, row=row, plan=plan, shape=shape, mapping=mapping, preview=shown, at=at)
