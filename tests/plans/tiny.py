"""A tiny city for the planner: ten made-up people, three courses, a room, two lecturers, two sources."""

from datetime import date
from pathlib import Path

import numpy as np
import yaml

from nanglucso.core.models import User
from nanglucso.develop.budget.services import set_source
from nanglucso.develop.plans import services, solving
from nanglucso.develop.plans.building import Built
from nanglucso.develop.plans.models import Course, Lecturer, Scenario, Venue
from nanglucso.engines.check import check
from nanglucso.engines.plan import Result
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence, record_many
from nanglucso.workforce.people.models import Person, Position, TravelArea, Unit
from tests import make

YEAR = 2027
FIRST = date(2027, 3, 1)
COURSES = [
    {
        "code": "T1", "name_vi": "Khóa thử một", "name_en": "Trial one", "family": "S1", "tiet": 4,
        "cover": [["1.1", 0, 1]], "prereq": [],
        "forms": {
            "online": {
                "eff": 0.35, "min": 2, "max": 10, "lect_buoi": [1], "room_buoi": [0],
                "fixed": [{"rate": "online_support_session", "qty": 1}],
                "seat": [{"rate": "online_account_seat", "qty": 1}, {"rate": "certificate_seat", "qty": 1}],
            }
        },
    },
    {
        "code": "T2", "name_vi": "Khóa thử hai", "name_en": "Trial two", "family": "S1", "tiet": 8,
        "cover": [["1.1", 1, 2]], "prereq": ["T1"], "room": "computer_room",
        "forms": {
            "inperson": {
                "eff": 0.55, "min": 2, "max": 4, "lect_buoi": [2], "room_buoi": [2],
                "fixed": [{"rate": "stationery_class", "qty": 1}], "seat": [{"rate": "refreshment_seat", "qty": 2}],
            }
        },
    },
    {
        "code": "T3", "name_vi": "Khóa thử ba", "name_en": "Trial three", "family": "S5", "tiet": 8,
        "cover": [["5.1", 0, 2]], "prereq": [],
        "forms": {
            "online": {
                "eff": 0.35, "min": 2, "max": 6, "lect_buoi": [1, 1], "room_buoi": [0, 0],
                "fixed": [{"rate": "online_support_session", "qty": 2}],
                "seat": [{"rate": "online_account_seat", "qty": 2}],
            },
            "inperson": {
                "eff": 0.55, "min": 2, "max": 4, "lect_buoi": [2], "room_buoi": [2],
                "fixed": [{"rate": "stationery_class", "qty": 1}], "seat": [{"rate": "refreshment_seat", "qty": 2}],
            },
        },
    },
]  # fmt: skip


def position() -> Position:
    """A shipped position that requires 1.1 and 5.1 at level 2 or more."""
    rows = Position.objects.filter(is_generic=False, requirements__competence__code="1.1", requirements__level__gte=2)
    both = rows.filter(pk__in=Position.objects.filter(requirements__competence__code="5.1", requirements__level__gte=2))
    return both.order_by("code").first()


def catalogue(tmp: Path) -> None:
    """Only the three trial courses are in use."""
    make.catalogue()
    Course.objects.update(active=False)
    path = tmp / "courses.yaml"
    path.write_text(yaml.safe_dump({"courses": COURSES}, allow_unicode=True), encoding="utf-8")
    services.load_catalogue(framework=make.framework(), path=path, at=make.AT)
    Course.objects.filter(code__startswith="T").update(active=True)


def means() -> None:
    """One room of twelve seats in the Cần Thơ area, two lecturers, two sources of 60 and 40 triệu."""
    area = TravelArea.objects.get(code="CT")
    services.set_venue(actor=None, code="p1", name="Phòng thử", area=area, seats=12, rate=600_000, at=make.AT)
    services.set_lecturer(actor=None, code="g1", name="Giảng viên Thử Một", rate=1_500_000, made_up=True, at=make.AT)
    services.set_lecturer(
        actor=None, code="g2", name="Giảng viên Thử Hai", rate=1_200_000, courses=["T1"], assumed=True, made_up=True,
        at=make.AT,
    )  # fmt: skip
    both = {"year": YEAR, "at": make.AT, "actor": None}
    set_source(code="ns_thanh_pho", name_vi="Ngân sách thành phố", amount=60_000_000, **both)
    set_source(code="thu_su_nghiep", name_vi="Nguồn thu", amount=40_000_000, order=5, unit_types=["xa", "phuong"], courses=["S5"], **both)  # fmt: skip


def people() -> list[Person]:
    """Six in two divisions of Sở Nội vụ, four in Phường Cái Khế; the first three are measured, the rest never were."""
    office = make.unit("Sở Nội vụ")
    rooms = list(Unit.objects.filter(path__startswith=office.path, kind="phong").order_by("path"))[:2]
    ward = make.unit("Phường Cái Khế")
    where = [rooms[0]] * 3 + [rooms[1]] * 3 + [ward] * 4
    rows = [make.person(f"Trần Thử {chr(65 + i)}", unit=unit, position=position()) for i, unit in enumerate(where)]
    answers = [{"k": k, "item": 0, "a": 1.2, "b": [b], "c": 0.0, "score": 0} for k in ("1.1", "5.1") for b in (-2.0, -1.0, 0.0)]  # fmt: skip
    told = [NewEvidence(person, Evidence.Kind.SITTING, "sitting:thu", answers) for person in rows[:3]]
    record_many(actor=None, framework=make.framework(), evidence=told, at=make.AT)
    return rows


def city(tmp: Path) -> list[Person]:
    """Everything; returns the ten people."""
    make.city()
    catalogue(tmp)
    means()
    return people()


def scenario(actor: User | None = None, *, name: str = "Phương án thử", budget: int = 100_000_000, **params: object) -> Scenario:  # fmt: skip
    return services.create_scenario(
        actor=actor,
        year=YEAR,
        name=name,
        budget=budget,
        at=make.AT,
        first_week=FIRST,
        weeks=8,
        **{"absent_max": 0.4, **params},
    )


def by_hand(built: Built, classes: list[list[int]], seats: list[list[int]], bound: float | None = None) -> Result:
    """A plan written by hand; the checker must find nothing against R1-R15."""
    c, s = np.array(classes, np.int64).reshape(-1, 6), np.array(seats, np.int64).reshape(-1, 2)
    verdict = check(built.instance, c, s)
    assert verdict["valid_placing"], verdict["violations"]
    objective = verdict["objective"]
    top = bound or 1.25 * objective
    gap = (top - objective) / top if top else 0.0
    return Result(c, s, objective, top, gap, 0.5, 1.5, [], "ok")


def kept(row: Scenario, *, seats: int = 4) -> Scenario:
    """A scenario with a hand-made plan: class 1 = T1 online in week 0, class 2 = T2 in the room in week 1 for two."""
    built = solving.build(make.framework(), row, at=make.at(1))
    code = {course.code: i for i, course in enumerate(built.courses)}
    g1 = next(i for i, one in enumerate(built.lecturers) if one.code == "g1")
    source = next(i for i, one in enumerate(built.sources) if one.code == "ns_thanh_pho")
    classes = [[code["T1"], 0, -1, 0, g1, source], [code["T2"], 1, 0, 1, g1, source]]
    result = by_hand(built, classes, [[p, 0] for p in range(seats)] + [[2, 1], [3, 1]][: max(0, seats - 2)])
    solving.keep(row, built, result)
    row.status, row.solved_at = Scenario.Status.SOLVED, make.at(1)
    row.figures, row.basis = solving.figures(built, result), built.basis
    row.save()
    return row


def venue() -> Venue:
    return Venue.objects.get(code="p1")


def lecturer() -> Lecturer:
    return Lecturer.objects.get(code="g1")
