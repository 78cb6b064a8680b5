"""What there is to teach with: from the resources file, and a stated assumption for whatever it does not name."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.days import local_day
from nanglucso.develop.budget.queries import amounts_on
from nanglucso.develop.budget.services import set_source
from nanglucso.develop.plans.models import Course, Scenario
from nanglucso.develop.plans.services import set_lecturer, set_venue
from nanglucso.kit.text import fold
from nanglucso.project.loop.order import BadInput
from nanglucso.project.loop.resources import Resources
from nanglucso.workforce.people.models import Person, TravelArea, Unit

PEOPLE_A_ROOM = 1_500
SEATS = 35
LECTURERS_A_THOUSAND = 1.25
FEWEST_LECTURERS = 2
LECTURER_RATE, ROOM_RATE = "lecturer_session", "computer_room_session"
PLANNED_LECTURER_RATE = "lecturer_session_plan"
ROOM_NAME, LECTURER_NAME = "Phòng học {number}, {area} (giả định)", "Giảng viên {number} (giả định)"
SOURCE = ("kinh_phi_dua_vao", "Kinh phí bồi dưỡng", "Training budget")


@dataclass(frozen=True)
class Means:
    """How many rooms, lecturers and sources were set, and which of them are assumptions."""

    rooms: int
    lecturers: int
    sources: int
    assumed: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """A part of report.json."""
        return {"rooms": self.rooms, "lecturers": self.lecturers, "sources": self.sources, "assumed": [*self.assumed]}


def people_by_area() -> Counter[TravelArea]:
    """Active people in each travel area; a unit without an area counts where the nearest unit above it lies."""
    step = Unit.steplen
    units = {unit.path: unit for unit in Unit.objects.select_related("area")}
    first = TravelArea.objects.order_by("code").first()
    found: Counter[TravelArea] = Counter()
    for path in Person.objects.filter(active=True).values_list("unit__path", flat=True):
        line = (units.get(path[:end]) for end in range(len(path), 0, -step))
        area = next((unit.area for unit in line if unit and unit.area), first)
        if area:
            found[area] += 1
    return found


def set_means(told: Resources, *, budget: int, year: int, at: datetime) -> Means:
    """Set rooms, lecturers and sources of the run. Raises `BadInput` for an area or course that does not exist."""
    areas, amounts = people_by_area(), amounts_on(local_day(at))
    people = areas.total()
    rooms = _rooms(told, amounts, at) if told.venues else _assumed_rooms(areas, amounts[ROOM_RATE], at)
    if told.lecturers:
        lecturers = _lecturers(told, amounts[PLANNED_LECTURER_RATE], at)
    else:
        lecturers = _assumed_lecturers(people, amounts[LECTURER_RATE], at)
    sources = _sources(told, year, at) if told.sources else _assumed_source(budget, year, at)
    assumed = [name for name in ("venues", "lecturers", "sources") if not getattr(told, name)]
    return Means(rooms, lecturers, sources, tuple(assumed))


def _assumed_rooms(areas: Counter[TravelArea], rate: int, at: datetime) -> int:
    """One 35-seat room for every 1,500 people of an area, at least one where anybody works."""
    made = 0
    for area in sorted(areas, key=lambda one: one.code):
        for number in range(1, math.ceil(areas[area] / PEOPLE_A_ROOM) + 1):
            name = ROOM_NAME.format(number=number, area=area.name_vi)
            code = f"gia-dinh-{area.code}-{number}".lower()
            set_venue(actor=None, code=code, name=name, area=area, seats=SEATS, rate=rate, assumed=True, at=at)
            made += 1
    return made


def _assumed_lecturers(people: int, rate: int, at: datetime) -> int:
    """1.25 lecturers for 1,000 people, at least two, paid the legal maximum."""
    made = max(FEWEST_LECTURERS, math.ceil(LECTURERS_A_THOUSAND * people / 1000))
    for number in range(1, made + 1):
        name = LECTURER_NAME.format(number=number)
        set_lecturer(actor=None, code=f"gia-dinh-{number}", name=name, rate=rate, assumed=True, at=at)
    return made


def _assumed_source(budget: int, year: int, at: datetime) -> int:
    code, name_vi, name_en = SOURCE
    set_source(actor=None, code=code, year=year, name_vi=name_vi, name_en=name_en, amount=budget, at=at)
    return 1


def _area(told: str) -> TravelArea:
    """By code or by a part of the name; a missing one is the only one there is. Raises `BadInput`."""
    areas = list(TravelArea.objects.order_by("code"))
    wanted = fold(told)
    found = [one for one in areas if fold(one.code) == wanted] or [
        one for one in areas if wanted and wanted in fold(one.name_vi)
    ]
    if len(found) == 1 or len(areas) == 1:
        return (found or areas)[0]
    names = ", ".join(f"{one.code} ({one.name_vi})" for one in areas)
    raise BadInput(_("--resources: “%(area)s” is not one of the areas %(names)s.") % {"area": told, "names": names})


def _rooms(told: Resources, amounts: dict[str, int], at: datetime) -> int:
    for number, row in enumerate(told.venues, 1):
        set_venue(
            actor=None, code=f"phong-{number}", name=row["name"], area=_area(row.get("area", "")), seats=row["seats"],
            buoi_week=row.get("buoi_week", 10), rate=row.get("rate", amounts[ROOM_RATE]), at=at,
        )  # fmt: skip
    return len(told.venues)


def _known_courses(codes: list[str]) -> list[str]:
    known = set(Course.objects.values_list("code", flat=True)) | set(Course.objects.values_list("family", flat=True))
    for code in codes:
        if code not in known:
            raise BadInput(_("--resources: the catalogue has no course or family “%(code)s”.") % {"code": code})
    return codes


def _lecturers(told: Resources, rate: int, at: datetime) -> int:
    for number, row in enumerate(told.lecturers, 1):
        more = {name: row[name] for name in ("week_max", "quarter_max", "organisation") if name in row}
        set_lecturer(
            actor=None, code=f"giang-vien-{number}", name=row["name"], rate=row.get("rate", rate), at=at,
            courses=_courses_only(_known_courses(row.get("courses", []))), **more,
        )  # fmt: skip
    return len(told.lecturers)


def _courses_only(codes: list[str]) -> list[str]:
    """A family stands for all its courses."""
    rows = Course.objects.values_list("code", "family")
    return sorted(code for code, family in rows if code in codes or family in codes)


def _sources(told: Resources, year: int, at: datetime) -> int:
    kinds = set(Unit.Kind.values)
    for number, row in enumerate(told.sources, 1):
        wrong = [kind for kind in row.get("unit_types", []) if kind not in kinds]
        if wrong:
            text = _("--resources: “%(kind)s” is not a kind of unit; use %(kinds)s.")
            raise BadInput(text % {"kind": wrong[0], "kinds": ", ".join(sorted(kinds))})
        set_source(
            actor=None, code=f"nguon-{number}", year=year, name_vi=row["name"], amount=row["amount"], order=number,
            unit_types=row.get("unit_types"), courses=_known_courses(row.get("courses", [])), at=at,
        )  # fmt: skip
    return len(told.sources)


def scenario_basis(scenario: Scenario) -> dict[str, int]:
    """Of how many people the plan speaks, and how many of them were measured."""
    return {name: int(scenario.basis[name]) for name in ("people", "measured", "from_prior")}
