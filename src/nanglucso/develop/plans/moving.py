"""Courses in a move of frameworks: what a course covers follows the links of the crosswalk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from nanglucso.develop.plans.models import CourseCover
from nanglucso.workforce.framework.passing import Passage, Step

Row = Mapping[str, Any]


class CourseMover:
    """Bands of courses. A band that leads to no higher level here is dropped."""

    def blocked(self, passage: Passage) -> list[Any]:
        return []

    def preview(self, passage: Passage, *, at: datetime, step: Step) -> dict[str, Any]:
        old, new = _rows(passage), _moved(passage, _rows(passage))
        return {"covers": len(old), "covers_after": len(new)}

    def prepare(self, passage: Passage, *, at: datetime, step: Step) -> None:
        return None

    def apply(self, passage: Passage, prepared: None, *, at: datetime) -> list[Row]:
        old = _rows(passage)
        CourseCover.objects.filter(competence__framework=passage.source).delete()
        CourseCover.objects.bulk_create([CourseCover(**row) for row in _moved(passage, old)], batch_size=500)
        return old

    def undo(self, passage: Passage, inverse: Sequence[Row], *, at: datetime) -> None:
        CourseCover.objects.filter(competence__framework=passage.target).delete()
        CourseCover.objects.bulk_create([CourseCover(**row) for row in inverse], batch_size=500)


def _rows(way: Passage) -> list[Row]:
    rows = CourseCover.objects.filter(competence__framework=way.source).order_by("pk")
    return list(rows.values("course_id", "competence_id", "from_level", "to_level"))


def _moved(way: Passage, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Where two bands of a course meet in one competence, the wider of both is covered."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for row in rows:
        low, high = way.level(row["from_level"]), way.level(row["to_level"])
        for pk, _strength in way.carried(row["competence_id"]) if high > low else []:
            key = row["course_id"], pk
            held = found.get(key, (low, high))
            found[key] = min(held[0], low), max(held[1], high)
    return [
        {"course_id": course, "competence_id": pk, "from_level": low, "to_level": high}
        for (course, pk), (low, high) in found.items()
    ]
