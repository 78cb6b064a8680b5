"""The same person twice in a list, and two persons under one number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from nanglucso.kit.spreadsheets import column_letter
from nanglucso.kit.text import fold, tone_key
from nanglucso.workforce.people.staffsheet.abbreviations import unit_key
from nanglucso.workforce.people.staffsheet.problems import Desk, Problem
from nanglucso.workforce.people.staffsheet.records import StaffRecord

By = Literal["citizen_number", "staff_code", "name_birth_unit"]

_COMPARED = ("birth_date", "gender", "staff_code", "email", "phone", "unit_text", "position_text", "rank_text")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that repeats ``first``. ``differs`` names the fields both give and give differently."""

    record: StaffRecord
    first: StaffRecord
    by: By
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sorted:
    """``unique`` and ``duplicates`` together are the records given; ``problems`` tell of clashes."""

    unique: tuple[StaffRecord, ...]
    duplicates: tuple[Duplicate, ...]
    problems: tuple[Problem, ...]


def _differs(one: StaffRecord, other: StaffRecord) -> tuple[str, ...]:
    found = []
    for field in _COMPARED:
        mine, theirs = getattr(one, field), getattr(other, field)
        if mine and theirs and mine != theirs:
            key = unit_key if field == "unit_text" else fold
            if not isinstance(mine, str) or key(mine) != key(theirs):
                found.append(field)
    return tuple(found)


class _Finder:
    def __init__(self, letters: dict[tuple[str, str], str]) -> None:
        self.letters = letters
        self.by_citizen: dict[str, StaffRecord] = {}
        self.by_code: dict[str, StaffRecord] = {}
        self.by_name: dict[tuple[object, ...], StaffRecord] = {}
        self.vague: dict[tuple[object, ...], StaffRecord] = {}
        self.problems: list[Problem] = []

    def report(self, record: StaffRecord, field: str, code: str, other: StaffRecord, **more: str) -> None:
        desk = Desk(record.sheet, row=record.row)
        severity: Literal["error", "warning"] = "error" if code.endswith("_taken") else "warning"
        value = record.staff_code if field == "staff_code" else ""
        letter = self.letters.get((record.sheet, field), "")
        desk.report(letter, code, value, severity, other=other.name, other_row=str(other.row), **more)
        self.problems += desk.found

    def look(self, record: StaffRecord) -> tuple[StaffRecord, By] | None:
        """The earlier record of the same person, if any; else remember this one."""
        name = tone_key(record.name)
        keys: tuple[tuple[str, dict[str, StaffRecord], By], ...] = (
            (record.citizen_number, self.by_citizen, "citizen_number"),
            (record.staff_code.upper(), self.by_code, "staff_code"),
        )
        for key, seen, by in keys:
            other = seen.get(key) if key else None
            if other is None:
                continue
            if tone_key(other.name) == name and _same_birth(record, other):
                return other, by
            self.report(record, by, f"{by}_taken", other)
        unit = (unit_key(record.unit_text), tuple(unit_key(part) for part in record.unit_path[-1:]))
        exact = (name, record.birth_date, unit)
        other = self.by_name.get(exact) if record.birth_date else None
        if other and not _numbers_clash(record, other):
            return other, "name_birth_unit"
        self._look_vaguely(record, (name, unit))
        for key, seen, _ in keys:
            if key:
                seen.setdefault(key, record)
        if record.birth_date:
            self.by_name.setdefault(exact, record)
        return None

    def _look_vaguely(self, record: StaffRecord, key: tuple[object, ...]) -> None:
        """Same name and unit, and nothing that tells the two apart: say so, keep both."""
        other = self.vague.setdefault(key, record)
        if other is not record and _same_birth(record, other) and not _numbers_clash(record, other):
            self.report(record, "name", "possible_duplicate", other)


def _same_birth(one: StaffRecord, other: StaffRecord) -> bool:
    if one.birth_date and other.birth_date:
        return one.birth_date == other.birth_date
    return not (one.birth_year and other.birth_year) or one.birth_year == other.birth_year


def _numbers_clash(one: StaffRecord, other: StaffRecord) -> bool:
    """Both rows give a number and the two differ: then they are two persons."""
    pairs = ((one.staff_code.upper(), other.staff_code.upper()), (one.citizen_number, other.citizen_number))
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)


def find_duplicates(records: Iterable[StaffRecord], letters: Sequence[tuple[str, str, int]] = ()) -> Sorted:
    """Tell repeated persons from the rest, first come first kept; ``letters`` are (sheet, field, column from 0).

    The same person: one citizen number or one staff number and the same name and birth; or the same name, full birth
    date and unit with no two different numbers. One number under two names is an error on the later row. Same name and
    unit with nothing to tell the two apart is a warning, and both are kept.
    """
    finder = _Finder({(sheet, field): column_letter(place) for sheet, field, place in letters})
    unique: list[StaffRecord] = []
    duplicates: list[Duplicate] = []
    for record in records:
        found = finder.look(record)
        if found is None:
            unique.append(record)
            continue
        first, by = found
        differs = _differs(first, record)
        duplicates.append(Duplicate(record, first, by, differs))
        if differs:
            finder.report(record, "name", "duplicate_differs", first, fields=", ".join(differs))
    return Sorted(tuple(unique), tuple(duplicates), tuple(finder.problems))
