"""What the import page shows of a list of units, positions or required levels."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.kit.dates import format_date
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people import wording
from nanglucso.workforce.people.lists import PLANNERS
from nanglucso.workforce.people.models import Position, PositionFamily, StaffImport, Unit
from nanglucso.workforce.people.previewing import SHOWN, common
from nanglucso.workforce.people.services.changes import ImportPlan, RowChange


def preview(plan: ImportPlan) -> dict[str, Any]:
    """At most `SHOWN` rows of each kind, ready for the page (JSON)."""
    return {
        "new": [_row(one) for one in plan.new[:SHOWN]],
        "changed": [_row(one) for one in plan.changed[:SHOWN]],
        "duplicates": plan.duplicates[:SHOWN],
        "skipped": [one for one in plan.skipped if one["reason"] != "blank"][:SHOWN],
        "problems": [asdict(one) for one in plan.problems[:SHOWN]],
        "columns": plan.columns,
    }


def _row(row: RowChange) -> dict[str, Any]:
    fields = [{"field": name, "old": row.old.get(name), "new": value} for name, value in row.values.items()]
    return {"sheet": row.sheet, "row": row.row, "name": row.name, "fields": fields}


class Words:
    """Labels of fields and words for values of one kind, in the active language."""

    def __init__(self, kind: str) -> None:
        self.fields: dict[str, Any] = dict(wording.LIST_FIELDS)
        self.levels: dict[int, str] = {}
        self.families = {row.code: row.name for row in PositionFamily.objects.all()}
        if kind == StaffImport.Kind.REQUIREMENTS:
            framework = current_framework()
            self.fields |= {row.code: f"{row.code} {row.name}" for row in framework.competences.all()}
            self.levels = {row.number: row.name for row in framework.levels.all()}

    def choices(self, kind: str) -> list[tuple[str, str]]:
        """(field, words) that a column of such a file can be matched to."""
        headings = getattr(PLANNERS[kind], "headings", None)
        known = headings or ("code", "name", *(name for name in self.fields if name not in wording.LIST_FIELDS))
        return [(name, str(self.fields[name])) for name in known]

    def say(self, field: str, value: Any) -> str:
        """A value as the page shows it."""
        if value is None or value == "" or value == []:
            return _("not required") if self.levels and field not in wording.LIST_FIELDS else ""
        if field in wording.LIST_FIELDS:
            return self._plain(field, value)
        level = self.levels.get(value[0], str(value[0]))
        return _("%(level)s (must)") % {"level": level} if value[1] else level

    def _plain(self, field: str, value: Any) -> str:
        if field == "kind":
            return str(Unit.Kind(value).label)
        if field == "group":
            return str(Position.Group(value).label)
        if field == "family":
            return self.families.get(value, value)
        if field == "since":
            return format_date(date.fromisoformat(value))
        if field == "unit_kinds":
            return ", ".join(str(Unit.Kind(one).label) for one in value)
        return ", ".join(value) if isinstance(value, list) else str(value)

    def row(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """A kept row with words."""
        fields = [
            {
                "label": self.fields.get(one["field"], one["field"]),
                "old": self.say(one["field"], one["old"]) if one["old"] is not None else "",
                "new": self.say(one["field"], one["new"]),
            }
            for one in told["fields"]
        ]
        return {**told, "fields": fields}


def shown(row: StaffImport) -> dict[str, Any]:
    """The kept preview with words in the active language."""
    kept, words = row.preview or {}, Words(row.kind)
    return {
        **common(row),
        "new": [words.row(one) for one in kept.get("new", [])],
        "changed": [words.row(one) for one in kept.get("changed", [])],
        "fields": words.choices(row.kind),
    }
