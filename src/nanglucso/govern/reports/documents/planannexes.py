"""Annexes I to V of the plan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from nanglucso.develop.plans.models import CourseCover, PlannedClass, PlannedSeat
from nanglucso.govern.reports.documents.content import Annex, Block, Row, columns, lead, sub, table, text
from nanglucso.govern.reports.documents.firsttests import WEEKS, FirstTests
from nanglucso.govern.reports.documents.planbody import week_starts
from nanglucso.govern.reports.documents.planfacts import PlanFacts
from nanglucso.govern.reports.documents.planmoney import cost_table
from nanglucso.govern.reports.documents.wording import number, short_date

Told = dict[str, Any]
ROMAN = ("I", "II", "III", "IV", "V")
LYING = frozenset({"classes", "people"})


@dataclass(frozen=True)
class Frame:
    """What the annexes share with the body: agency names, figures as words, first tests, remarks of annex V."""

    names: dict[str, str]
    said: Told
    first: FirstTests
    remarks: tuple[Block, ...]


def annexes(facts: PlanFacts, told: Told, frame: Frame) -> tuple[Annex, ...]:
    """I classes by quarter, II people of each class, III costs, IV first tests, V assumptions and rows left out."""
    under = told["annex_under"].format(
        **frame.said, name=told["name_in_annex"][:1].lower() + told["name_in_annex"][1:], code=told["code"]
    )
    blocks: dict[str, Iterable[Block]] = {
        "classes": _classes(facts, told),
        "people": _people(facts, told, frame.first),
        "costs": cost_table(facts, told),
        "first": _first(facts, told, frame),
        "remarks": frame.remarks,
    }
    return tuple(
        Annex(f"Phụ lục {roman}", told["annexes"][name]["title"], under, tuple(rows), landscape=name in LYING)
        for roman, (name, rows) in zip(ROMAN, blocks.items(), strict=True)
    )


def _classes(facts: PlanFacts, told: Told) -> Iterator[Block]:
    words = told["annexes"]["classes"]
    heads = columns(
        told["columns"]["classes"],
        (1.1, 6, 2.6, 3.6, 2.2, 1.4, 1.7, 3.3, 3.6, 3.4, 3.2, 2.9, 2.2),
        "cllllrrcllrll",
    )
    contents = _contents(facts)
    numbers = count(1)
    if not facts.classes:
        yield text(words["none"])
    for year, quarter in sorted({_quarter(facts, row) for row in facts.classes}):
        rows = [row for row in facts.classes if _quarter(facts, row) == (year, quarter)]
        yield sub(
            words["quarter"].format(
                quarter=told["words"]["quarters"][quarter],
                year=year,
                classes=number(len(rows)),
                seats=number(sum(len(facts.seats[row.pk]) for row in rows)),
                cost=number(sum(row.cost for row in rows)),
            )
        )
        yield table(heads, [_class_row(facts, told, row, next(numbers), contents[row.course_id]) for row in rows])


def _quarter(facts: PlanFacts, row: PlannedClass) -> tuple[int, int]:
    start = facts.period(row)[0]
    return start.year, (start.month - 1) // 3


def _contents(facts: PlanFacts) -> dict[int, str]:
    """Course → codes of the competences it covers."""
    found: dict[int, list[str]] = {row.course_id: [] for row in facts.classes}
    covers = CourseCover.objects.filter(course__in=found).order_by("competence__index")
    for course, code in covers.values_list("course_id", "competence__code"):
        found[course].append(code)
    return {course: ", ".join(codes) for course, codes in found.items()}


def _class_row(facts: PlanFacts, told: Told, row: PlannedClass, place: int, content: str) -> Row:
    words = told["annexes"]["classes"]
    start, end = (short_date(day) for day in facts.period(row))
    assumed = row.lecturer.assumed or bool(row.venue and row.venue.assumed)
    return Row(
        (
            str(place),
            f"{row.course.name_vi} (lớp {row.number})",
            content,
            row.course.audience,
            told["words"]["forms"][row.form],
            number(row.course.tiet),
            number(len(facts.seats[row.pk])),
            words["week"].format(start=start, end=end),
            row.venue.name if row.venue else words["online"],
            row.lecturer.name,
            number(row.cost),
            row.source.name_vi,
            words["assumed"] if assumed else "",
        )
    )


def _people(facts: PlanFacts, told: Told, first: FirstTests) -> Iterator[Block]:
    words = told["annexes"]["people"]
    heads = columns(told["columns"]["people"], (1.2, 4, 1.8, 1.6, 1.6, 6, 9, 1.8), "cllccllc")
    unmeasured = {person.pk for person in facts.unmeasured}
    yield lead(words["lead"])
    for row in facts.classes:
        seats = facts.seats[row.pk]
        yield sub(
            words["group"].format(
                number=row.number,
                course=row.course.name_vi,
                form=told["words"]["forms"][row.form].lower(),
                start=short_date(facts.period(row)[0]),
                seats=number(len(seats)),
            )
        )
        yield table(
            heads,
            [_person_row(facts, told, seat, place, unmeasured) for place, seat in enumerate(seats, 1)],
        )


def _person_row(facts: PlanFacts, told: Told, seat: PlannedSeat, place: int, unmeasured: set[int]) -> Row:
    words, person = told["annexes"]["people"], seat.person
    year = person.birth_year or (person.birth_date.year if person.birth_date else None)
    marks = [words["tied"]] if seat.tied else []
    marks += [words["first"]] if person.pk in unmeasured else []
    position = person.title or (person.position.name if person.position else "")
    return Row(
        (
            str(place),
            person.ho_dem,
            person.ten,
            str(year or ""),
            told["words"]["genders"].get(person.gender, ""),
            position,
            facts.places.of(person).unit,
            ", ".join(marks),
        )
    )


def _first(facts: PlanFacts, told: Told, frame: Frame) -> Iterator[Block]:
    words, first = told["annexes"]["first"], frame.first
    if not first.people:
        yield text(words["none"])
        return
    yield lead(words["lead"].format(**frame.said, weeks=WEEKS))
    yield sub(words["counts"])
    weeks = [words["week"].format(week=week + 1, start=start) for week, start in enumerate(week_starts(first))]
    heads = columns([*told["columns"]["first"], *weeks], (7, 2.4, *(2.6 for _ in weeks)), "lr" + "r" * WEEKS)
    yield table(heads, _first_rows(first, words["total"]))
    yield sub(words["names"])
    yield table(columns(told["columns"]["first_names"], (5, 1.4, 1.8, 12), "lccl"), _first_names(first))


def _first_names(first: FirstTests) -> Iterator[Row]:
    for path, unit in first.units.items():
        for week in range(WEEKS):
            people = first.weeks[week].get(path, [])
            if people:
                names = "; ".join(person.full_name for person in people)
                yield Row((unit, str(week + 1), number(len(people)), names))


def _first_rows(first: FirstTests, total: str) -> Iterator[Row]:
    sums = [0] * WEEKS
    for path, unit in first.units.items():
        counts = [first.count(week, path) for week in range(WEEKS)]
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        yield Row((unit, number(sum(counts)), *(number(one) for one in counts)))
    yield Row((total, number(sum(sums)), *(number(one) for one in sums)), bold=True)
