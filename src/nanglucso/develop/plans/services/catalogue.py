"""What the planner counts with, changed by hand: courses and the cost of travel. The log keeps day, name and source."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import Course, CourseCover
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.people.models import TravelArea

Cover = tuple[str, int, int]
LINES = ("fixed", "seat")


def edit_course(
    *, actor: User | None, course: Course, tiet: int, prereq: Sequence[str], active: bool, forms: Mapping[str, Any],
    source: str, at: datetime, covers: Sequence[Cover] | None = None,
) -> Course:  # fmt: skip
    """Change hours, order, size, taken effect, cost lines (`fixed`, `seat` of a form) and what the course leads to.

    `covers` None = as they are. Raises Refused when courses would wait for each other in a ring, or when a course of
    another domain leads over the same levels.
    """
    if not source.strip():
        raise Refused(_("Write by what decision or source."), field="source")
    with act(actor, "plans.edit_course", course, at=at, source=source.strip()) as this:
        row = Course.objects.select_for_update().get(pk=course.pk)
        if _waits_for_itself(row.code, prereq):
            raise Refused(_("These courses would wait for each other."), field="prereq")
        merged = {key: told | dict(forms.get(key, {})) for key, told in row.forms.items()}
        old = {"tiet": row.tiet, "prereq": row.prereq, "active": row.active, "forms": row.forms}
        new = {"tiet": tiet, "prereq": list(prereq), "active": active, "forms": merged}
        changes = {key: [_told(key, old[key]), _told(key, new[key])] for key in old if old[key] != new[key]}
        changes |= _set_covers(row, covers)
        this.note(fields=list(changes), changes=changes)
        for key, value in new.items():
            setattr(row, key, value)
        row.save(update_fields=list(new))
    return row


def _told(key: str, value: Any) -> Any:
    """A value as the log keeps it: of the forms what a reader can follow, a line a form."""
    if key != "forms":
        return value
    return [
        f"{name}: {form['min']}–{form['max']}, {form['eff']:g}; "
        + "; ".join(
            f"{part} " + ", ".join(f"{one['rate']} × {one.get('qty', 1):g}" for one in form[part]) for part in LINES
        )
        for name, form in value.items()
    ]


def _set_covers(course: Course, covers: Sequence[Cover] | None) -> dict[str, list[list[str]]]:
    """What the course leads to; returns the change for the log."""
    before = list(course.covers.values_list("competence__code", "from_level", "to_level"))
    if covers is None or sorted(covers) == sorted(before):
        return {}
    if not covers or any(low >= high for _code, low, high in covers):
        raise Refused(_("A course leads to a higher level of at least one competence."), field="cover_0_k")
    others = CourseCover.objects.filter(course__active=True).exclude(course__family=course.family)
    for i, (code, low, high) in enumerate(covers):
        same = (
            others.filter(competence__code=code, from_level__lt=high, to_level__gt=low).select_related("course").first()
        )
        if same:
            text = _("Course %(course)s of another domain leads over these levels of %(code)s already.")
            raise Refused(text % {"course": same.course.code, "code": code}, field=f"cover_{i}_k")
    published = Competence.objects.filter(framework__status="published").order_by("framework__published_on")
    known = {row.code: row for row in published}
    course.covers.all().delete()
    CourseCover.objects.bulk_create(
        CourseCover(course=course, competence=known[code], from_level=low, to_level=high) for code, low, high in covers
    )
    return {"covers": [[f"{code}: {low} → {high}" for code, low, high in rows] for rows in (before, covers)]}


def _waits_for_itself(code: str, prereq: Sequence[str]) -> bool:
    """Whether the course stands among what its prerequisites wait for."""
    before = dict(Course.objects.values_list("code", "prereq"))
    seen: set[str] = set()
    left = list(prereq)
    while left:
        one = left.pop()
        if one == code:
            return True
        if one not in seen:
            seen.add(one)
            left += before.get(one, [])
    return False


def set_trips(
    *, actor: User | None, area: TravelArea, costs: Mapping[str, int], source: str, at: datetime
) -> TravelArea:  # fmt: skip
    """The cost in đồng of a return trip from an area to each that can be reached; the way back costs the same."""
    if not source.strip():
        raise Refused(_("Write by what decision or source."), field="source")
    if any(cost < 0 for cost in costs.values()):
        raise Refused(_("The amount cannot be negative."))
    with act(actor, "plans.set_trips", area, at=at, source=source.strip(), areas=len(costs)):
        for other in TravelArea.objects.select_for_update().order_by("pk"):
            if other.pk == area.pk:
                other.trip_costs = dict(costs)
            elif area.code in other.trip_costs or other.code in costs:
                other.trip_costs.pop(area.code, None)
                if other.code in costs:
                    other.trip_costs[area.code] = costs[other.code]
            other.save(update_fields=["trip_costs"])
    area.trip_costs = dict(costs)
    return area
