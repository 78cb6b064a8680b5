"""The staff file becomes people through the same import as on the web; every row of it is accounted for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from nanglucso.project.loop.order import BadInput
from nanglucso.project.loop.ownunits import plant
from nanglucso.workforce.people.importing import plan_changes
from nanglucso.workforce.people.models import PositionFamily
from nanglucso.workforce.people.recognising import unit_key
from nanglucso.workforce.people.services import apply_import
from nanglucso.workforce.people.services.changes import Ask, ImportPlan, RowProblem
from nanglucso.workforce.people.staffsheet.read import StaffReading
from nanglucso.workforce.people.staffsheet.records import StaffRecord
from nanglucso.workforce.people.wording import CONFLICTS, REASONS

SHOWN_SHEETS = 1
AGENCY = "so"
NEED_ATTENTION = frozenset({"no_name", "hidden_sheet", "no_name_column"})


@dataclass(frozen=True)
class Skipped:
    """A row that made no person. `said` {language: sentence}; `fault` when somebody should look at it."""

    sheet: str
    row: int
    said: dict[str, str]
    fault: bool

    def as_row(self, lang: str) -> dict[str, Any]:
        """A row of report.json."""
        return {"sheet": self.sheet, "row": self.row, "reason": self.said[lang]}


@dataclass
class Intake:
    """What came of the staff file. `rows_read == people + duplicates + len(skipped)` always."""

    file: str
    rows_read: int
    people: int
    duplicates: int
    skipped: list[Skipped]
    positions: dict[str, int]
    own_tree: bool
    evidence: dict[str, int] = field(default_factory=dict)

    def for_plan(self) -> dict[str, Any]:
        """What the plan's document tells of it (its language is Vietnamese)."""
        several = len({one.sheet for one in self.skipped}) > SHOWN_SHEETS
        return {
            "file": self.file,
            "rows_read": self.rows_read,
            "people": self.people,
            "duplicates": self.duplicates,
            "skipped": len(self.skipped),
            "positions": self.positions,
            "own_tree": self.own_tree,
            "unmatched": [
                {"row": f"{one.sheet}!{one.row}" if several else str(one.row), "reason": one.said["vi"]}
                for one in self.skipped
                if one.fault
            ],
        }


def take_in(reading: StaffReading, *, units: str, at: datetime) -> Intake:
    """Bring the people of a staff file in. Raises `BadInput` when no row becomes a person.

    `units`: "city" the shipped tree, "file" the units of the file itself, "auto" the latter when no unit matches.
    """
    plan = plan_changes(reading, at=at)
    own = units == "file" or (units == "auto" and not plan.new and _names_units(reading))
    if own:
        plant(reading.records, at=at)
        plan = plan_changes(reading, at=at)
    stand_ins = _stand_ins(plan)
    if stand_ins:
        plan = plan_changes(reading, at=at, choices={"positions": stand_ins})
    if not plan.new:
        raise BadInput(_nobody(reading, plan))
    done = apply_import(actor=None, at=at, plan=plan, file_name=reading.name)
    conflicts = done.summary["conflicts"]
    hows = Counter("generic" if _stood_in(row, stand_ins) else row.position_how for row in plan.new)
    skipped = [*_plain(plan), *_refused(reading, plan), *(_conflict(one) for one in conflicts)]
    return Intake(
        file=reading.name,
        rows_read=reading.rows_read,
        people=done.summary["created"],
        duplicates=len(plan.duplicates),
        skipped=sorted(skipped, key=lambda one: (one.sheet, one.row)),
        positions={"exact": hows["exact"] + hows["chosen"], "family": hows["family"], "generic": hows["generic"]},
        own_tree=own,
    )


def _names_units(reading: StaffReading) -> bool:
    return any(record.unit_text for record in reading.records)


def _stand_ins(plan: ImportPlan) -> dict[str, str]:
    """Titles for which even the kind of unit gives no position take the agencies' general one."""
    asked = [ask.key for ask in plan.asks if ask.kind == "position" and not ask.taken]
    if not asked:
        return {}
    families = PositionFamily.objects.exclude(default_code="")
    code = next((one.default_code for one in families if AGENCY in one.generic_for), "")
    return dict.fromkeys(asked, code) if code else {}


def _stood_in(row: Any, stand_ins: dict[str, str]) -> bool:
    return bool(stand_ins) and row.position_how == "chosen"


def _nobody(reading: StaffReading, plan: ImportPlan) -> str:
    if not _names_units(reading):
        return _("%(file)s: no row names a unit; add a column “Đơn vị” and fill it in.") % {"file": reading.name}
    first = next((one for one in _refused(reading, plan)), None)
    lang = translation.get_language() or "vi"
    text = _("%(file)s: no row could be used; the first, row %(row)s: %(reason)s")
    return text % {
        "file": reading.name,
        "row": first.row if first else 1,
        "reason": first.said["en" if lang.startswith("en") else "vi"] if first else "",
    }


def _named(words: object) -> dict[str, str]:
    """A lazy word in both languages."""
    said = {}
    for lang in ("vi", "en"):
        with translation.override(lang):
            said[lang] = str(words)
    return said


def _both(template: str, params: dict[str, Any], more: str) -> dict[str, str]:
    """A sentence in both languages; `more` is a name put behind it."""
    said = {}
    for lang in ("vi", "en"):
        with translation.override(lang):
            words = str(_(template)) % params
            said[lang] = f"{words} {_('Nearest: %(name)s.') % {'name': more}}" if more else words
    return said


def _plain(plan: ImportPlan) -> Iterator[Skipped]:
    """Rows that are no person: titles, heads, totals, blanks …"""
    for row in plan.skipped:
        yield Skipped(row["sheet"], row["row"], _named(REASONS[row["reason"]]), row["reason"] in NEED_ATTENTION)


def _refused(reading: StaffReading, plan: ImportPlan) -> Iterator[Skipped]:
    """People's rows that could not be used: the first error of each, with the nearest unit where one is missing."""
    gone = {(row.sheet, row.row) for row in (*plan.new, *plan.changed)}
    gone |= {(row["sheet"], row["row"]) for row in plan.duplicates}
    faults: dict[tuple[str, int], RowProblem] = {}
    for problem in plan.problems:
        if problem.severity == "error":
            faults.setdefault((problem.sheet, problem.row), problem)
    asks = {ask.key: ask for ask in plan.asks if ask.kind == "unit"}
    for record in reading.records:
        place = (record.sheet, record.row)
        if place in gone:
            continue
        fault = faults.get(place)
        said = _both(fault.template, dict(fault.params), _nearest(record, asks)) if fault else _named(REASONS["stray"])
        yield Skipped(record.sheet, record.row, said, True)


def _nearest(record: StaffRecord, asks: dict[str, Ask]) -> str:
    ask = asks.get(unit_key(record)) if record.unit_text else None
    return str(ask.choices[0][1]) if ask and ask.choices else ""


def _conflict(told: dict[str, Any]) -> Skipped:
    return Skipped(told["sheet"], told["row"], _named(CONFLICTS[told["why"]]), True)
