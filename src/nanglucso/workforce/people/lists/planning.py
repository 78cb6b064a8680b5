"""What the lists have in common: rows compared with what is held, one row a thing, faults with their places."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from nanglucso.kit.text import fold
from nanglucso.workforce.people.listsheet.read import Headings, ListReading, ListRow
from nanglucso.workforce.people.services.changes import ImportPlan, RowChange, RowProblem
from nanglucso.workforce.people.staffsheet.header import ColumnMap

SAME_AGAIN = _("The row is about the same as row %(other_row)s, which is already counted.")
NEEDED = _("A new row needs the column “%(head)s”: fill it in.")
NOT_ONE_OF = _("“%(value)s” is not one of: %(known)s.")
TOO_LONG = _("“%(value)s” is longer than %(limit)s characters: shorten it.")


class ListPlanner(ABC):
    """Goes through the rows once. `headings`: field → heads; `needed`: one of these tells what a row is about;
    `limits`: field → most characters."""

    headings: Headings
    needed: Sequence[str]
    limits: Mapping[str, int] = {}

    def __init__(self, day: date) -> None:
        self.day = day
        self.plan = ImportPlan()
        self.letters: dict[tuple[str, str], str] = {}
        self.seen: dict[str, ListRow] = {}

    @abstractmethod
    def one(self, row: ListRow) -> None:
        """Compare one row; lay down a change, or a fault by `fault`."""

    def run(self, reading: ListReading) -> ImportPlan:
        """The plan of the whole file."""
        plan = self.plan
        plan.rows_read = reading.rows_read
        plan.skipped += [{"sheet": one.sheet, "row": one.row, "reason": one.reason} for one in reading.skipped]
        self.letters = {(found.sheet, one.field): one.letter for found in reading.columns for one in found.columns}
        for one in reading.problems:
            told = {"suggestion": "", **one.params}
            plan.problems.append(RowProblem(one.sheet, one.row, one.column, one.template, told, one.severity))
        plan.columns += [_shown(found, reading.rows) for found in reading.columns]
        bad = {(one.sheet, one.row) for one in reading.problems if one.severity == "error"}
        for row in reading.rows:
            if (row.sheet, row.row) not in bad:
                self.one(row)
        plan.problems.sort(key=lambda one: one.severity != "error")
        return plan

    def fault(self, row: ListRow, field: str, template: str, severity: str = "error", **params: object) -> None:
        """Say what is wrong with one field of a row."""
        told = {"suggestion": "", **{name: str(value) for name, value in params.items()}}
        told["value"] = told.get("value", "")[:80]
        letter = self.letters.get((row.sheet, field), "")
        name = row.values.get("name", row.values.get("code", ""))
        self.plan.problems.append(RowProblem(row.sheet, row.row, letter, template, told, severity, name=name))

    def too_long(self, row: ListRow) -> bool:
        """Whether a field is longer than its limit; says so."""
        for field, limit in self.limits.items():
            if len(row.values.get(field, "")) > limit:
                self.fault(row, field, TOO_LONG, value=row.values[field], limit=limit)
                return True
        return False

    def again(self, row: ListRow, key: str) -> bool:
        """Whether an earlier row is about the same thing."""
        first = self.seen.setdefault(key, row)
        if first is row:
            return False
        self.plan.duplicates.append(
            {
                **{"sheet": row.sheet, "row": row.row, "name": row.values.get("name", key)},
                **{"first_sheet": first.sheet, "first_row": first.row, "differs": []},
            }
        )
        if first.values != row.values:
            self.fault(row, "code", SAME_AGAIN, other_row=first.row)
        return True

    def lay(
        self, row: ListRow, name: str, asked: Mapping[str, Any], held: Mapping[str, Any] | None, key: int | None = None
    ) -> None:
        """Add the change that the row asks for; `held` None: something new."""
        if held is None:
            self.plan.new.append(RowChange(row.sheet, row.row, name, dict(asked)))
            return
        values = {field: value for field, value in asked.items() if value != held.get(field)}
        if not values:
            self.plan.unchanged += 1
            return
        old = {field: held.get(field) for field in values}
        self.plan.changed.append(RowChange(row.sheet, row.row, name, values, old=old, person_id=key))


def labels(kind: Any) -> dict[str, str]:
    """Every way to say a choice: its value and its label in both languages."""
    found = {fold(value): value for value in kind.values}
    for language in ("vi", "en"):
        with override(language):
            found |= {fold(str(label)): value for value, label in kind.choices}
    return found


def parts(text: str) -> list[str]:
    """ "CV; Chuyên viên" → ["CV", "Chuyên viên"]."""
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


def _shown(found: ColumnMap, rows: Sequence[ListRow]) -> dict[str, Any]:
    first: Mapping[str, str] = next((row.values for row in rows if row.sheet == found.sheet), {})
    columns = [
        {
            **{"letter": one.letter, "header": one.header, "field": one.field, "confidence": one.confidence},
            "sample": first.get(one.field, ""),
        }
        for one in (*found.columns, *found.unmapped)
    ]
    return {"sheet": found.sheet, "columns": sorted(columns, key=lambda one: (len(one["letter"]), one["letter"]))}
