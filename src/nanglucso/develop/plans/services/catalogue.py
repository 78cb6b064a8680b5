"""What the planner counts with, changed by hand: courses and the cost of travel. The log keeps day, name and source."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import Course
from nanglucso.workforce.people.models import TravelArea


def edit_course(
    *, actor: User | None, course: Course, tiet: int, prereq: Sequence[str], active: bool, forms: Mapping[str, Any],
    source: str, at: datetime,
) -> Course:  # fmt: skip
    """Change hours, order, size and taken effect. Raises Refused when courses would wait for each other in a ring."""
    if not source.strip():
        raise Refused(_("Write by what decision or source."), field="source")
    with act(actor, "plans.edit_course", course, at=at, source=source.strip()) as this:
        row = Course.objects.select_for_update().get(pk=course.pk)
        if _waits_for_itself(row.code, prereq):
            raise Refused(_("These courses would wait for each other."), field="prereq")
        merged = {key: told | dict(forms.get(key, {})) for key, told in row.forms.items()}
        old = {"tiet": row.tiet, "prereq": row.prereq, "active": row.active, "forms": row.forms}
        new = {"tiet": tiet, "prereq": list(prereq), "active": active, "forms": merged}
        this.note(fields=[key for key in old if old[key] != new[key]])
        for key, value in new.items():
            setattr(row, key, value)
        row.save(update_fields=list(new))
    return row


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
