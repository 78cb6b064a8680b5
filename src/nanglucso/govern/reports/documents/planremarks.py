"""Annex V of the plan, and the assumptions named on its first page."""

from collections.abc import Iterable, Iterator
from typing import Any

from nanglucso.develop.plans.models import DayOff, Lecturer, Venue
from nanglucso.develop.plans.teaching import days_off
from nanglucso.govern.reports.documents.bases import Base
from nanglucso.govern.reports.documents.content import Block, sub, text
from nanglucso.govern.reports.documents.planfacts import PlanFacts
from nanglucso.govern.reports.documents.wording import number
from nanglucso.workforce.people.models import TravelArea

Told = dict[str, Any]
MOST_ROWS = 200


def _assumed() -> tuple[list[Venue], list[Lecturer]]:
    """Rooms and lecturers in use that are assumptions, planned or not."""
    rooms = Venue.objects.filter(active=True, assumed=True)
    return list(rooms), list(Lecturer.objects.filter(active=True, assumed=True))


def assumed_means(facts: PlanFacts, told: Told) -> str:
    """ "3 phòng học, 3 giảng viên và nguồn kinh phí", "" when all are real."""
    words = told["words"]
    rooms, lecturers = _assumed()
    parts = []
    if rooms:
        parts.append(words["rooms"].format(count=number(len(rooms))))
    if lecturers:
        parts.append(words["lecturers"].format(count=number(len(lecturers))))
    if facts.intake.get("assumed_source"):
        parts.append(words["one_source"])
    return ", ".join(parts[:-1]) + (words["and"] if len(parts) > 1 else "") + parts[-1] if parts else ""


def _assumptions(facts: PlanFacts, told: Told, said: Told) -> Iterator[str]:
    words = told["assumptions"]
    rooms, lecturers = _assumed()
    if rooms:
        rates = number(max(room.rate for room in rooms))
        yield words["rooms"].format(
            count=number(len(rooms)), seats=number(sum(room.seats for room in rooms)), rate=rates
        )
    if lecturers:
        yield words["lecturers"].format(count=number(len(lecturers)), rate=number(max(one.rate for one in lecturers)))
    if facts.intake.get("assumed_source"):
        yield words["source"]
    days = [
        f"{row.name_vi} ({row.first:%d/%m}–{row.last:%d/%m/%Y})"
        for row in days_off(facts.scenario.monday(0), facts.scenario.last_day)
        if row.kind == DayOff.Kind.ASSUMED
    ]
    if days:
        yield words["days_off"].format(days="; ".join(days))
    areas = [area.name_vi for area in TravelArea.objects.filter(venues__active=True).distinct().order_by("code")]
    if areas:
        yield words["areas"].format(areas=", ".join(areas))
    if facts.unmeasured:
        yield words["prior"].format(**said)
    if facts.intake.get("own_tree"):
        yield words["own_tree"]
    yield words["effect"]
    yield words["cuts"]


def _intake(facts: PlanFacts, told: Told) -> Iterator[str]:
    words, intake = told["intake"], facts.intake
    yield words["rows"].format(
        file=intake["file"],
        rows=number(intake["rows_read"]),
        people=number(intake["people"]),
        duplicates=number(intake["duplicates"]),
        skipped=number(intake["skipped"]),
    )
    yield words["positions"].format(**{name: number(count) for name, count in intake["positions"].items()})
    evidence = intake.get("evidence")
    if evidence:
        yield words["evidence"].format(**{name: number(count) for name, count in evidence.items()})


def _unmatched(facts: PlanFacts, told: Told) -> Iterator[str]:
    words, rows = told["intake"], facts.intake.get("unmatched", [])
    for row in rows[:MOST_ROWS]:
        yield words["unmatched"].format(**row)
    if len(rows) > MOST_ROWS:
        yield words["more"].format(count=number(len(rows) - MOST_ROWS))


def _listed(title: str, lines: Iterable[str], none: str) -> Iterator[Block]:
    found = list(lines)
    yield sub(title)
    yield from (text(f"- {line}") for line in found)
    if not found:
        yield text(none)


def remarks(facts: PlanFacts, told: Told, said: Told, lines: list[Base]) -> Iterator[Block]:
    """Assumptions, what the staff file held, rows left out, limits, legal bases to be compared with the original."""
    words = told["annexes"]["remarks"]
    yield from _listed(words["assumptions"], _assumptions(facts, told, said), words["none"])
    intake = _intake(facts, told) if facts.intake else ()
    yield from _listed(words["intake"], intake, words["none"])
    yield from _listed(words["unmatched"], _unmatched(facts, told), words["none"])
    limits = [line.format(**said) for line in told["limits"].values()]
    yield from _listed(words["limits"], limits, words["none"])
    unchecked = [told["base_check"].format(base=line.text) for line in lines if not line.checked]
    yield from _listed(words["bases"], unchecked, words["none"])
