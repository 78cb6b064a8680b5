"""A register of legal texts → rows that are new or differ, and what is wrong with the others. Nothing is written."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from nanglucso.govern.outreach.models import LawDocument
from nanglucso.govern.outreach.numbers import key_of
from nanglucso.kit.dates import parse_partial
from nanglucso.kit.faults import BadValue
from nanglucso.kit.spreadsheets import read_sheets
from nanglucso.kit.text import clean, fold
from nanglucso.workforce.people.listsheet.read import ListRow, read_list

MOST_ROWS = 5000
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": ("Số, ký hiệu", "Số ký hiệu", "Số hiệu", "Số văn bản", "Văn bản", "number"),
    "title_vi": ("Trích yếu", "Trích yếu nội dung", "Tên văn bản", "Nội dung", "subject"),
    "issuer": ("Cơ quan ban hành", "Nơi ban hành", "issuer"),
    "issued": ("Ngày ban hành", "Ban hành", "issued"),
    "effective": ("Ngày có hiệu lực", "Ngày hiệu lực", "Hiệu lực từ ngày", "effective"),
    "note": ("Ghi chú", "Tình trạng hiệu lực", "Tình trạng", "status_or_note"),
    "confidence": ("Độ tin cậy", "Mức tin cậy", "confidence"),
}
DAYS = ("issued", "effective")
LACKING = _("The column “%(head)s” is blank: fill it in.")
TWICE = _("The row repeats row %(other)s.")
LONG = _("The column “%(head)s” is longer than %(most)s characters: shorten it.")
IN_COLUMN = _("The column “%(head)s”: ")
UNSURE = _("The column “%(head)s” says “%(value)s”; write S, S2, M or nothing.")
_IN_FORCE = re.compile(r"^(in force|con hieu luc|dang co hieu luc|co hieu luc)\b")
_ENDED = re.compile(r"^(ended|het hieu luc|bi bai bo)\b|\brepealed\b")


class _Fault(ValueError):
    def __init__(self, template: str, **told: object) -> None:
        self.template, self.told = template, {key: str(value)[:80] for key, value in told.items()}
        super().__init__(template)


def standing_of(note: str) -> str:
    """What a register's remark says of the validity; "unknown" where it does not say it first."""
    told = fold(note)
    if _IN_FORCE.search(told):
        return LawDocument.Standing.IN_FORCE
    return LawDocument.Standing.ENDED if _ENDED.search(told) else LawDocument.Standing.UNKNOWN


def _day(name: str, text: str) -> dict[str, Any]:
    """A day as ISO text, or the words where there is no single one ("2025", two days). Raises `_Fault`."""
    try:
        found = [parse_partial(part) for part in text.split(";")]
    except BadValue as fault:
        raise _Fault(IN_COLUMN + fault.template, head=HEADINGS[name][0], **fault.params) from fault
    day = found[0].date if len(found) == 1 else None
    return {name: day.isoformat()} if day else {f"{name}_words": clean(text)[:60]}


def _fields(told: Mapping[str, str], notes: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a document that a row states. Raises `_Fault`."""
    for name in ("number", "title_vi"):
        if not clean(told.get(name, "")):
            raise _Fault(LACKING, head=HEADINGS[name][0])
    found: dict[str, Any] = {}
    for name, most in (("number", 120), ("title_vi", 400), ("issuer", 200), ("note", 500)):
        text = clean(told.get(name, ""))
        if len(text) > most:
            raise _Fault(LONG, head=HEADINGS[name][0], most=most)
        if text:
            found[name] = text
    for name in DAYS:
        if clean(told.get(name, "")):
            found |= _day(name, told[name])
    sure = clean(told.get("confidence", "")).upper()
    if sure not in LawDocument.Confidence.values:
        raise _Fault(UNSURE, head=HEADINGS["confidence"][0], value=sure)
    if sure:
        found["confidence"] = sure
    if "note" in found:
        found["standing"] = standing_of(found["note"])
        found["note"] = notes.get(found["number"], found["note"])
    return found


def plain(row: LawDocument, name: str) -> Any:
    """A field as it stands in JSON."""
    value = getattr(row, name)
    return value.isoformat() if name in DAYS and value else value


def _changes(row: LawDocument, found: dict[str, Any]) -> dict[str, list[Any]]:
    """{field: [before, after]}; a title that people read under, and a blank cell, change nothing."""
    skipped = {"number", *(["title_vi", "note"] if row.live_id else [])}
    differing = {name: [plain(row, name), value] for name, value in found.items() if name not in skipped}
    return {name: pair for name, pair in differing.items() if pair[0] != pair[1]}


def read(path: Path, *, name: str, notes: Mapping[str, str]) -> dict[str, Any]:
    """The plan of a file: {rows, problems, same}. `notes`: remarks to use instead, by number.

    Raises `BadFile`, `BadStaffFile` with one sentence.
    """
    reading = read_list(read_sheets(path, name=name), HEADINGS, ("number",), None, name=name)
    held = {row.key: row for row in LawDocument.objects.all()}
    plan: dict[str, Any] = {"rows": [], "problems": [], "same": 0, "left": max(len(reading.rows) - MOST_ROWS, 0)}
    seen: dict[str, int] = {}
    for row in reading.rows[:MOST_ROWS]:
        place = {"row": row.row, "sheet": row.sheet, "who": row.values.get("number", "")}
        try:
            one = _planned(row, held, seen, notes)
        except _Fault as fault:
            plan["problems"].append({**place, "template": fault.template, "told": fault.told})
            continue
        plan["rows"] += [{**place, **one}] if one else []
        plan["same"] += not one
    return plan


def _planned(row: ListRow, held: dict[str, LawDocument], seen: dict[str, int], notes: Any) -> dict[str, Any]:
    found = _fields(row.values, notes)
    key = key_of(found["number"])
    if key in seen:
        raise _Fault(TWICE, other=seen[key])
    seen[key] = row.row
    old = held.get(key)
    if old is None:
        return {"doc": None, "fields": found, "changes": {}}
    changes = _changes(old, found)
    return {"doc": old.pk, "fields": found, "changes": changes} if changes else {}
