"""Rooms, lecturers and money from a small workbook or a YAML file, checked into plain rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from nanglucso.kit.faults import BadValue
from nanglucso.kit.numbers import parse_money
from nanglucso.kit.spreadsheets import read_sheets
from nanglucso.kit.text import fold
from nanglucso.project.loop.order import BadInput
from nanglucso.project.loop.tables import rows_of

MOST_BYTES = 1_000_000
MOST_ROWS = 2_000
PARTS = {
    "venues": ("venue", "room", "phong hoc", "phong", "dia diem"),
    "lecturers": ("lecturer", "giang vien", "bao cao vien"),
    "sources": ("source", "nguon", "kinh phi"),
}
FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "venues": {
        "name": ("name", "ten", "ten phong", "phong hoc", "dia diem"),
        "area": ("area", "khu vuc"),
        "seats": ("seats", "so cho", "cho ngoi", "suc chua"),
        "buoi_week": ("buoi week", "sessions a week", "so buoi tuan", "buoi tuan"),
        "rate": ("rate", "don gia", "muc chi"),
    },
    "lecturers": {
        "name": ("name", "ten", "ho va ten", "ho ten", "giang vien"),
        "rate": ("rate", "thu lao", "don gia", "muc chi"),
        "week_max": ("week max", "so buoi tuan", "buoi tuan"),
        "quarter_max": ("quarter max", "so buoi quy", "buoi quy"),
        "courses": ("courses", "khoa", "cac khoa", "khoa day duoc"),
        "organisation": ("organisation", "don vi", "co quan"),
    },
    "sources": {
        "name": ("name", "ten", "nguon", "ten nguon"),
        "amount": ("amount", "so tien", "kinh phi"),
        "unit_types": ("unit types", "loai don vi"),
        "courses": ("courses", "khoa", "nhom khoa"),
    },
}
NEEDED = {"venues": ("name", "seats"), "lecturers": ("name",), "sources": ("name", "amount")}
NUMBERS = {"seats": (1, 1000), "buoi_week": (1, 21), "week_max": (1, 21), "quarter_max": (1, 300)}
MONEY = ("rate", "amount")
LISTS = ("courses", "unit_types")


@dataclass
class Resources:
    """Rows of each part as checked values; a part that the file lacks stays empty."""

    venues: list[dict[str, Any]] = field(default_factory=list)
    lecturers: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)


def read_resources(path: Path) -> Resources:
    """Read a file. Raises `BadInput` (a fault of its content) or `BadFile` (it cannot be opened)."""
    yaml_file = path.suffix.lower() in (".yaml", ".yml")
    raw = _from_yaml(path) if yaml_file else _from_workbook(path)
    found = Resources()
    for part, rows in raw.items():
        getattr(found, part).extend(_checked(path, part, where, row) for where, row in rows)
    if not (found.venues or found.lecturers or found.sources):
        text = _("%(file)s: it names no room, lecturer or source; use sheets (or keys) venues, lecturers, sources.")
        raise BadInput(text % {"file": path.name})
    return found


Raw = dict[str, list[tuple[str, Mapping[str, Any]]]]


def _from_yaml(path: Path) -> Raw:
    try:
        data = path.read_bytes()
        told = yaml.safe_load(data.decode("utf-8")) if len(data) <= MOST_BYTES else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise BadInput(_("%(file)s is not a readable YAML file of resources.") % {"file": path.name})
    raw: Raw = {}
    for part in PARTS:
        rows = told.get(part) or []
        if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(isinstance(row, dict) for row in rows):
            text = _("%(file)s: “%(part)s” must be a list of rows with names and values.")
            raise BadInput(text % {"file": path.name, "part": part})
        raw[part] = [(f"{part}[{place}]", row) for place, row in enumerate(rows, 1)]
    return raw


def _from_workbook(path: Path) -> Raw:
    raw: Raw = {}
    for sheet in read_sheets(path):
        title = fold(sheet.name)
        part = next((part for part, names in PARTS.items() if any(name in title for name in names)), "")
        if not part or sheet.hidden:
            continue
        columns = {name: field for field, names in FIELDS[part].items() for name in names}
        rows = rows_of(
            sheet, lambda key, columns=columns: columns.get(key, ""), NEEDED[part],  # type: ignore[misc]
            file=f"{path.name}, {sheet.name}", example=",".join(FIELDS[part]),
        )  # fmt: skip
        found: list[tuple[str, Mapping[str, Any]]] = [(f"{sheet.name}, {row.number}", row.cells) for row in rows]
        raw[part] = found[:MOST_ROWS]
    return raw


def _checked(path: Path, part: str, where: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """One row with numbers, money and lists read; raises `BadInput` naming the place."""
    made: dict[str, Any] = {}
    for name in FIELDS[part]:
        value = row.get(name)
        if value in (None, "", []):
            if name in NEEDED[part]:
                text = _("%(file)s, %(where)s: “%(name)s” is missing.")
                raise BadInput(text % {"file": path.name, "where": where, "name": name})
            continue
        try:
            made[name] = _value(name, value)
        except (BadValue, ValueError):
            text = _("%(file)s, %(where)s: “%(value)s” is not a possible %(name)s.")
            raise BadInput(text % {"file": path.name, "where": where, "value": str(value)[:60], "name": name}) from None
    return made


def _value(name: str, value: Any) -> Any:
    if name in MONEY:
        amount = parse_money(value)
        if amount < 0:
            raise ValueError(value)
        return amount
    if name in NUMBERS:
        low, high = NUMBERS[name]
        number = parse_money(value)
        if not low <= number <= high:
            raise ValueError(value)
        return number
    if name in LISTS:
        parts = value if isinstance(value, list) else str(value).replace(";", ",").split(",")
        return [str(one).strip() for one in parts if str(one).strip()]
    if isinstance(value, (dict, list)):
        raise ValueError(value)
    return str(value).strip()[:200]
