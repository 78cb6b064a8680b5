"""Words for codes: acts and jobs in the log, status tags, and the planner's reasons."""

from typing import Any

from django.utils.translation import gettext as in_words
from django.utils.translation import gettext_lazy as _

from nanglucso.develop.budget.wording import money_text
from nanglucso.develop.plans.models import Scenario, ScenarioEdit

ACTS = {
    "plans.load_catalogue": _("Loaded the course catalogue"),
    "plans.set_measured_effect": _("Took over a measured effect"),
    "plans.edit_course": _("Changed a course"),
    "plans.set_trips": _("Set the cost of travel"),
    "plans.set_venue": _("Set a room"),
    "plans.set_lecturer": _("Set a lecturer"),
    "plans.set_day_off": _("Set days off"),
    "plans.load_days_off": _("Loaded the days off"),
    "plans.create_scenario": _("Created a plan scenario"),
    "plans.ask_solution": _("Asked for a plan to be computed"),
    "plans.stop_solving": _("Stopped computing a plan"),
    "plans.solve": _("Computing a plan"),
    "plans.solved": _("Kept a computed plan"),
    "plans.failed": _("Computing a plan failed"),
    "plans.submit": _("Sent a plan for approval"),
    "plans.approve": _("Approved a plan"),
    "plans.send_back": _("Sent a plan back"),
    "plans.drop_scenario": _("Deleted a plan scenario"),
    "plans.set_round": _("Asked the units for proposals"),
    "plans.propose": _("Proposed training"),
    "plans.withdraw": _("Withdrew a proposal"),
    "plans.answer": _("Answered a proposal"),
    "plans.answer_all": _("Answered the proposals by a plan"),
    "plans.edit": _("Changed the settings of a scenario"),
    "plans.change_by_hand": _("Changed a plan by hand"),
    "plans.take_back": _("Took back a change by hand"),
    "plans.publish": _("Published a plan"),
    "plans.ask_frontier": _("Asked for plans under other budgets"),
    "plans.frontier": _("Trying other budgets"),
    "plans.kept_frontier": _("Kept plans under other budgets"),
    "plans.export": _("Exported the classes of a plan"),
}
TAGS = {
    Scenario.Status.DRAFT: ("", "file-pen-line"),
    Scenario.Status.SOLVING: ("info", "loader"),
    Scenario.Status.SOLVED: ("info", "calculator"),
    Scenario.Status.FAILED: ("bad", "circle-alert"),
    Scenario.Status.SUBMITTED: ("warn", "send"),
    Scenario.Status.APPROVED: ("good", "circle-check"),
    Scenario.Status.REPLACED: ("", "archive"),
}
FIELDS = {
    "name": _("Name of the scenario"),
    "budget": _("Budget"),
    "first_week": _("First teaching week"),
    "weeks": _("Teaching weeks"),
    "params": _("Rules and priorities"),
    "hand": _("Change by hand"),
    "computed": _("Computed anew, weighted levels"),
}

MEANS = {
    "name": _("Name"), "name_vi": _("Name in Vietnamese"), "name_en": _("Name in English"), "area": _("Area"),
    "seats": _("Seats"), "rate": _("Price per session, VND"), "buoi_week": _("Sessions a week"),
    "assumed": _("Assumed figures"), "active": _("In use"), "organisation": _("Employer"),
    "qualification": _("Qualification"), "pay_class": _("Pay class"), "week_max": _("Sessions a week, at most"),
    "quarter_max": _("Sessions a quarter, at most"), "families": _("Subjects they can teach"),
    "courses": _("Courses they can teach"), "first": _("First day off"), "last": _("Last day off"),
    "kind": _("Basis"), "source": _("Legal document"), "effective_from": _("In force since"),
    "tiet": _("Periods"), "prereq": _("Prerequisites"), "covers": _("Competences raised"),
    "forms": _("Forms and cost lines"), "made_up": _("Fictitious entry"), "price": _("Price"),
}  # fmt: skip


def _which(old: dict[str, Any], new: dict[str, Any]) -> str:
    return ", ".join(sorted(key for key in {*old, *new} if old.get(key) != new.get(key)))


def edit_in_words(edit: ScenarioEdit) -> dict[str, Any]:
    """Who, when, and for each field its name, the old and the new value."""
    lines = []
    for key, (old, new) in edit.changes.items():
        line = {"name": FIELDS.get(key, key), "old": old, "new": new}
        if key == "budget":
            line |= {"old": f"{money_text(old)} đồng", "new": f"{money_text(new)} đồng"}
        if key == "params":
            line |= {"old": "", "new": _which(old, new)}
        lines.append(line)
    return {"by": edit.by or _("the system"), "at": edit.at, "lines": lines}


# The engines speak English only: their sentences stand here so that the catalogue of translations holds them.
WHYS = (
    _("The course is offered in no form."),
    _("No funding source has money for the course."),
    _("No lecturer can teach the course."),
    _("The deadline comes before a class, after its prerequisites, can end."),
    _("There is no room for the course."),
    _("Money, lecturers, rooms or free weeks before the deadline do not reach for more classes."),
    _("No funding source has money for these people."),
    _("No course can be taught."),
    _("Money, seats or hours do not reach for more of these people."),
)


def reason(row: dict[str, Any]) -> dict[str, Any]:
    """One unmet coverage entry in words: what, done, needed, why."""
    what: Any
    if row.get("rule") == "R16":
        what = _("Mandatory course %(course)s") % {"course": row.get("course", "")}
    elif row.get("rule") == "R17":
        what = _("Smallest share of %(unit)s") % {"unit": row.get("unit_name", "")}
    else:
        what = _("Smallest share of a group of positions")
    return {"what": what, "done": row["done"], "needed": row["needed"], "why": in_words(row["why"])}
