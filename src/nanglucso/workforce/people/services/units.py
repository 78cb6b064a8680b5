"""Load the unit tree: the city, its agencies, communes and wards, and the divisions inside them."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core import content
from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.models import TravelArea, Unit
from nanglucso.workforce.people.services.tree import UnitTold, merge_units

Told = Mapping[str, Any]
AGENCIES, COMMUNES, STRUCTURE = "can_tho_agencies.csv", "can_tho_units.csv", "structure.yaml"
KINDS = {"phường": Unit.Kind.WARD, "xã": Unit.Kind.COMMUNE}
BEGAN = date(2025, 7, 1)
LISTED = "danh mục đơn vị hành chính; nghị quyết thành lập cơ quan chuyên môn 01/07/2025"
TYPICAL = "cơ cấu điển hình, trạng thái đề xuất: đối chiếu với quyết định chức năng, nhiệm vụ"


def load_units(*, actor: User | None = None, folder: Path | None = None, at: datetime) -> tuple[int, int]:
    """Load the city's tree from two CSV lists and `structure.yaml`; returns (created, changed).

    A second run changes nothing; units that the files do not name are left alone. Raises `Refused` naming the file
    that is missing or has other columns.
    """
    folder = folder or content.root() / "units"
    structure = _structure(folder / STRUCTURE)
    communes = table(folder / COMMUNES, {"code", "name_traditional", "type", "former_province_derived"})
    agencies = table(folder / AGENCIES, {"code", "name_vi", "kind"})
    told = [*_tree(structure, agencies, communes)]
    with act(actor, "people.load_units", at=at, units=len(told)) as this:
        areas = _areas(structure)
        created, changed = merge_units(told, areas)
        this.subject = Unit.objects.get(code=structure["city"]["code"])
        this.note(created=created, changed=changed)
    return created, changed


def _structure(path: Path) -> Told:
    told = content.read_yaml(path) if path.is_file() else None
    if not isinstance(told, Mapping) or not {"city", "commune", "agencies", "travel_areas"} <= set(told):
        raise Refused(_("The file %(path)s is missing or is not a unit structure.") % {"path": path.name})
    return told


def table(path: Path, columns: set[str]) -> list[dict[str, str]]:
    """Rows of a shipped list. Raises `Refused` naming the file when it is missing or lacks a column."""
    if not path.is_file():
        raise Refused(_("The file %(path)s is missing.") % {"path": path.name})
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(line for line in handle if not line.startswith("#")))
    if not rows or not columns <= set(rows[0]):
        raise Refused(
            _("The file %(path)s must have the columns %(columns)s.")
            % {"path": path.name, "columns": ", ".join(sorted(columns))}
        )
    return rows


def _areas(structure: Told) -> dict[str, TravelArea]:
    """Travel areas; without costs in the file nobody is expected to travel to another area."""
    for row in structure["travel_areas"]:
        fields = {
            "name_vi": row["name_vi"],
            "name_en": row.get("name_en", ""),
            "trip_costs": {row["code"]: 0.0, **row.get("trip_costs", {})},
        }
        TravelArea.objects.update_or_create(code=row["code"], defaults=fields)
    return {area.code: area for area in TravelArea.objects.all()}


def _tree(structure: Told, agencies: list[dict[str, str]], communes: list[dict[str, str]]) -> Iterator[UnitTold]:
    city, here = structure["city"], structure.get("city_agencies_area", "")
    root = str(city["code"])
    yield UnitTold(root, city["name_vi"], Unit.Kind.CITY, "", here, since=BEGAN, source=LISTED)
    for row in agencies:
        yield from _agency(row, structure, root)
    for row in structure.get("city_service_units", []):
        yield UnitTold(row["code"], row["name_vi"], row["kind"], root, since=BEGAN, source=LISTED)
    area_of = {row["former_province"]: row["code"] for row in structure["travel_areas"]}
    for row in communes:
        yield from _commune(row, structure["commune"], root, area_of.get(row["former_province_derived"], ""))


def _agency(row: Mapping[str, str], structure: Told, root: str) -> Iterator[UnitTold]:
    code = row["code"]
    yield UnitTold(code, row["name_vi"], row["kind"], root, short_name=code, since=BEGAN, source=LISTED)
    common = [one for one in structure.get("agency_common", []) if code not in one.get("except", [])]
    own = [one for one in structure.get("agency_service_units", []) if one["agency"] == code]
    for one in (*common, *structure["agencies"].get(code, []), *own):
        yield _inside(one, code)


def _commune(row: Mapping[str, str], told: Told, root: str, area: str) -> Iterator[UnitTold]:
    code, name, kind = row["code"], row["name_traditional"], KINDS[row["type"]]
    short = name.split(" ", 1)[1]
    aliases = {f"UBND {name[0].lower()}{name[1:]}", row["name"]} - {name}
    yield UnitTold(code, name, kind, root, area, short, tuple(sorted(aliases)), BEGAN, LISTED)
    keep = next((one["keep"] for one in told.get("exceptions", []) if str(one["unit"]) == code), None)
    for one in told[kind]:
        if keep is None or one["code"] in keep:
            yield _inside(one, code)
    for one in told.get("public_service_units", []):
        yield _inside({**one, "name_vi": one["name_vi"].replace("{name}", short)}, code)


def _inside(one: Told, parent: str) -> UnitTold:
    aliases = tuple(one.get("aliases", ()))
    return UnitTold(f"{parent}-{one['code']}", one["name_vi"], one["kind"], parent, aliases=aliases, source=TYPICAL)
