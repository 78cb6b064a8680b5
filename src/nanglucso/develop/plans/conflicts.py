"""The checker's findings in words: which rule, whom it concerns, what would free it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.develop.budget.wording import money_text
from nanglucso.develop.plans.building import MILLION
from nanglucso.develop.plans.handwork import Loaded
from nanglucso.workforce.people.models import Person

RULES = {
    "R2": (_("Size of a class: class %(class)s would have %(size)s people; %(min)s to %(max)s are allowed."),
           _("Take somebody out of the class or put somebody in, or choose a class with free seats.")),
    "R3": (_("One class a week: %(person)s would sit in %(classes)s classes in week %(week)s."),
           _("Take the person out of the other class of that week, or choose a class in another week.")),
    "R4": (_("A course once: %(person)s would sit twice in %(course)s."),
           _("Move the person instead of putting them in a second time.")),
    "R5": (_("Order of courses: %(person)s needs %(prereq)s finished before class %(class)s begins."),
           _("Put the person into an earlier class of that course first, or choose a later class.")),
    "R6": (_("Travel: %(person)s is outside the travel area of class %(class)s."),
           _("Choose an online class or one nearer, or enter the cost of this trip among the travel areas.")),
    "R7": (_("Absence: in week %(week)s %(absent)s people of %(unit)s would be away; %(max)s may."),
           _("Take another person of the unit out of a class of that week, or choose another week.")),
    "R8": (_("Hours: %(person)s would have %(tiet)s periods in the year; %(max)s are allowed."),
           _("Take the person out of another course, or raise the yearly hours of the position.")),
    "R13": (_("Source: %(source)s would spend %(spent)s đồng of %(amount)s."),
            _("Take somebody out of a class of this source, or raise its amount.")),
    "R14": (_("Budget: the plan would cost %(spent)s đồng of %(budget)s."),
            _("Take somebody out of another class, or raise the budget of the scenario.")),
    "R15": (_("Earmark: %(source)s does not pay for %(person)s."),
            _("Choose a class paid from another source.")),
    "R16": (_("Mandatory course: %(done)s instead of %(needed)s people would finish it in time."),
            _("Put somebody else who needs the course into a class first.")),
    "R17": (_("Share of a unit: %(trained)s people of %(unit)s would be trained; at least %(needed)s must be."),
            _("Put another person of the unit into a class first.")),
    "R18": (_("Share of a group: %(reached)s people would reach the hours; at least %(needed)s must."),
            _("Put another person of the group into a class first.")),
}  # fmt: skip
OTHER = (_("The plan as a whole would break rule %(rule)s."), _("Choose another class."))


def explain(loaded: Loaded, conflicts: list[tuple[str, dict[str, Any]]]) -> list[dict[str, str]]:
    """One dict a breach: `rule`, `what` (with names), `free` (what would free it)."""
    made = []
    for rule, item in conflicts:
        what, free = RULES.get(rule, OTHER)
        made.append({"rule": rule, "what": str(what) % {"rule": rule, **named(loaded, item)}, "free": str(free)})
    return made


def named(loaded: Loaded, item: dict[str, Any]) -> dict[str, Any]:
    """Indexes of the instance as names; money in đồng; weeks counted from 1."""
    built, said = loaded.built, dict(item)
    if "person" in item:
        person = Person.objects.filter(pk=int(built.table.ids[item["person"]])).first()
        said["person"] = person.full_name if person else "?"
    if "class" in item:
        said["class"] = loaded.numbers[item["class"]]
    for key, rows in (
        ("course", built.courses),
        ("prereq", built.courses),
        ("source", built.sources),
        ("unit", built.units),
    ):
        if key in item:
            said[key] = rows[item[key]].name  # type: ignore[index]
    for key in ("spent", "amount", "budget"):
        if key in item:
            said[key] = money_text(round(item[key] * MILLION))
    if "week" in item:
        said["week"] = item["week"] + 1
    said.setdefault("person", _("some of its people"))
    return said
