"""Verbs of planning: the catalogue, the means, scenarios from draft to approval."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.content import read_yaml, root
from nanglucso.core.jobs import cancel, enqueue
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import services as budget
from nanglucso.develop.plans import handwork, solving
from nanglucso.develop.plans.building import MANAGEMENT_CAP, taken_share
from nanglucso.develop.plans.models import (
    Course,
    CourseCover,
    HandChange,
    PlannedClass,
    Scenario,
)
from nanglucso.develop.plans.queries import RETEST_SHARE
from nanglucso.develop.plans.services.versions import FROZEN, claim, record
from nanglucso.workforce.framework.models import Framework

SMALLEST_BUDGET = 1_000_000
LONGEST_RUN = 3600
CLOSED = FROZEN


def load_catalogue(
    *, actor: User | None = None, framework: Framework, at: datetime, path: Path | None = None
) -> int:  # fmt: skip
    """Bring the course catalogue in; a course already there is brought up to date. Returns the number of courses."""
    rows: Any = read_yaml(path or root() / "courses" / "catalogue.yaml")
    rows = rows["courses"] if isinstance(rows, dict) else rows
    competences = {row.code: row for row in framework.competences.all()}
    with act(actor, "plans.load_catalogue", at=at, courses=len(rows)):
        for row in rows:
            course, _made = Course.objects.update_or_create(
                code=row["code"],
                defaults={
                    "name_vi": row["name_vi"], "name_en": row["name_en"], "family": row["family"],
                    "tiet": row["tiet"], "prereq": row.get("prereq") or [], "forms": row["forms"],
                    "outline": row.get("outline") or [], "outcome": row.get("outcome", ""),
                    "audience": _text(row.get("audience", "")), "room": row.get("room") or "room",
                },
            )  # fmt: skip
            course.covers.all().delete()
            CourseCover.objects.bulk_create(
                CourseCover(course=course, competence=competences[str(k)], from_level=low, to_level=high)
                for k, low, high in row["cover"]
            )
    return len(rows)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def set_measured_effect(
    *, actor: User | None, course: Course, form: str, share: float, people: int, at: datetime, source: str = "",
) -> Course:  # fmt: skip
    """Keep the share of the missing way that a form's classes closed, measured over `people`.

    Classes are told apart by `source` (the class code): measuring one again replaces its own figure, and the form's
    share is the mean of all, weighted by people. The planner takes it shrunk to the prior. Raises Refused.
    """
    if form not in course.forms:
        raise Refused(_("This course is not offered in this form."), field="form")
    if people < 1:
        raise Refused(_("An effect is measured over at least one person."), field="people")
    with act(actor, "plans.set_measured_effect", course, at=at, form=form, share=share, people=people) as this:
        row = Course.objects.select_for_update().get(pk=course.pk)
        classes = {**row.measured.get(form, {}).get("classes", {}), source: [round(float(share), 4), people]}
        whole = sum(n for _share, n in classes.values())
        mean = sum(one * n for one, n in classes.values()) / whole
        row.measured[form] = {"shift": round(mean, 4), "people": whole, "classes": classes, "at": at.isoformat()}
        row.measured[form]["eff"] = round(taken_share(row, form), 4)
        row.save(update_fields=["measured"])
        this.note(eff=row.measured[form]["eff"])
    course.measured = row.measured
    return row


def create_scenario(
    *, actor: User | None, year: int, name: str, budget: int, at: datetime, first_week: date | None = None,
    weeks: int = 40, **params: Any,
) -> Scenario:  # fmt: skip
    """A draft scenario; `params` as in the model. Raises Refused, asking back when the budget looks like triệu."""
    _check_settings(budget, weeks, params)
    first = first_week or _first_monday(year)
    if first.weekday():
        raise Refused(_("The first teaching week begins on a Monday."), field="first_week")
    with act(actor, "plans.create_scenario", at=at, year=year, budget=budget) as this:
        this.subject = row = Scenario.objects.create(
            year=year, name=name, budget=budget, first_week=first, weeks=weeks, params=params, created_by=actor,
            created_at=at,
        )  # fmt: skip
    return row


def _check_settings(budget: int, weeks: int, params: dict[str, Any]) -> None:
    if budget < SMALLEST_BUDGET:
        text = _("The budget is VND %(budget)s. Did you mean VND %(budget)s million?")
        raise Refused(text % {"budget": budget}, field="budget")
    if not 1 <= weeks <= 52:
        raise Refused(_("A year has 1 to 52 teaching weeks."), field="weeks")
    if not 0 < params.get("absent_max", 0.1) <= 1:
        raise Refused(_("The share of a unit that may be absent is above 0% and at most 100%."), field="absent_max")
    if not 0 <= params.get("management", 0) <= MANAGEMENT_CAP:
        raise Refused(_("Class management may take at most 10% of a class's cost."), field="management")


def _first_monday(year: int) -> date:
    """First Monday after the Tết weeks, taken as the first Monday of March."""
    day = date(year, 3, 1)
    return day + timedelta(days=(7 - day.weekday()) % 7)


def _locked(scenario: Scenario) -> Scenario:
    """The row as it stands now, held until the act ends, so that of two people pressing at once one is refused."""
    fresh = Scenario.objects.select_for_update().get(pk=scenario.pk)
    for field in ("status", "created_by_id", "submitted_by_id", "job", "returned", "figures", "version"):
        setattr(scenario, field, getattr(fresh, field))
    return scenario


EDITABLE = ("name", "budget", "first_week", "weeks", "params")


def edit_scenario(
    *, actor: User | None, scenario: Scenario, version: int, name: str, budget: int, weeks: int, at: datetime,
    first_week: date | None = None, **params: Any,
) -> Scenario:  # fmt: skip
    """Change the settings of the version that was looked at; a computed plan then has to be computed again.

    Raises Refused, and Overtaken with who changed what when somebody else was faster.
    """
    _check_settings(budget, weeks, params)
    first = first_week or _first_monday(scenario.year)
    if first.weekday():
        raise Refused(_("The first teaching week begins on a Monday."), field="first_week")
    told = {"name": name, "budget": budget, "first_week": first, "weeks": weeks, "params": params}
    with act(actor, "plans.edit", scenario, at=at) as this:
        claim(scenario, version)
        fresh = Scenario.objects.get(pk=scenario.pk)
        changes = {
            key: [_plain(getattr(fresh, key)), _plain(told[key])]
            for key in EDITABLE
            if getattr(fresh, key) != told[key]
        }
        if not changes:
            return scenario
        for key, value in told.items():
            setattr(scenario, key, value)
        record(scenario, actor, at, changes)
        if set(changes) - {"name"}:
            scenario.status = Scenario.Status.DRAFT
        scenario.save(update_fields=[*EDITABLE, "version", "status"])
        this.note(fields=sorted(changes))
    return scenario


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def mark_published(*, actor: User | None, scenario: Scenario, at: datetime) -> None:
    """Show the approved plan's classes to everybody; within the act of `needs.publish`. Raises Refused."""
    if _locked(scenario).status != Scenario.Status.APPROVED:
        raise Refused(_("Only an approved plan can be published."))
    if Scenario.objects.filter(pk=scenario.pk).exclude(published_at=None).exists():
        raise Refused(_("This plan is published already."))
    scenario.published_by, scenario.published_at = actor, at
    scenario.save(update_fields=["published_by", "published_at"])


def ask_frontier(*, actor: User | None, scenario: Scenario, at: datetime) -> None:
    """Queue plans near this one under other budgets. Raises Refused."""
    with act(actor, "plans.ask_frontier", scenario, at=at):
        _locked(scenario)
        if not scenario.figures or scenario.is_running:
            raise Refused(_("Compute the plan first."))
        enqueue("plans.frontier", actor=actor, at=at, scenario_id=scenario.pk)
        scenario.figures["frontier"] = {"asked": at.isoformat(), "points": []}
        scenario.save(update_fields=["figures"])


def keep_frontier(*, scenario: Scenario, points: list[dict[str, float]], done: bool, at: datetime) -> None:
    """Keep what is known of other budgets with the scenario."""
    with act(None, "plans.kept_frontier", scenario, at=at, points=len(points)):
        _locked(scenario)
        if scenario.figures:
            asked = scenario.figures.get("frontier", {}).get("asked", at.isoformat())
            scenario.figures["frontier"] = {"asked": asked, "points": points, "done": done}
            scenario.save(update_fields=["figures"])


def ask_solution(*, actor: User | None, scenario: Scenario, at: datetime, seconds: int = 60) -> Scenario:
    """Queue the computation; the page follows the job. Raises Refused."""
    if not 1 <= seconds <= LONGEST_RUN:
        raise Refused(_("The computation may take from 1 second to one hour."), field="seconds")
    with act(actor, "plans.ask_solution", scenario, at=at, seconds=seconds):
        _locked(scenario)
        if scenario.status in CLOSED:
            raise Refused(_("This plan has been sent for approval; copy it to change it."))
        if scenario.is_running:
            raise Refused(_("This plan is being computed already."))
        scenario.job = enqueue("plans.solve", actor=actor, at=at, scenario_id=scenario.pk, seconds=seconds)
        scenario.status, scenario.track = Scenario.Status.SOLVING, []
        scenario.save(update_fields=["job", "status", "track"])
    return scenario


def stop_solving(*, actor: User | None, scenario: Scenario, at: datetime) -> None:
    """Stop and keep the best plan found; a computation that has not begun leaves the plan as it was before."""
    with act(actor, "plans.stop_solving", scenario, at=at):
        _locked(scenario)
        if not scenario.is_running or scenario.job is None:
            raise Refused(_("Nothing is being computed for this plan."))
        cancel(scenario.job, at=at)
        scenario.job.refresh_from_db()
        if not scenario.job.is_open:
            scenario.status = Scenario.Status.SOLVED if scenario.figures else Scenario.Status.DRAFT
            scenario.save(update_fields=["status"])


def solve_now(
    *, actor: User | None, framework: Framework, scenario: Scenario, at: datetime, seconds: float = 60, seed: int = 1,
    on_incumbent: Callable[[float, float, float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Scenario:  # fmt: skip
    """Compute the plan in this thread and keep it. The solver runs outside the transaction. Raises Refused."""
    if scenario.status in CLOSED:
        raise Refused(_("This plan has been sent for approval; copy it to change it."))
    built = solving.build(framework, scenario, at=at)
    result = solving.run(built, seconds=seconds, seed=seed, on_incumbent=on_incumbent, should_stop=should_stop)
    result, lost = handwork.reapply(built, scenario, result)
    figures, facts = solving.figures(built, result), solving.seat_facts(built, result)
    limit = float(scenario.params.get("retest_share", RETEST_SHARE))
    figures["pretest"] = solving.n_pretest(result, facts, limit)
    with act(actor, "plans.solved", scenario, at=at) as this:
        _locked(scenario)
        if scenario.status in CLOSED:
            raise Refused(_("This plan has been sent for approval; copy it to change it."))
        solving.keep(scenario, built, result, facts)
        for change in scenario.hand_changes.all():
            HandChange.objects.filter(pk=change.pk).update(lost=lost.get(change.pk, "")[:300])
        record(scenario, actor, at, {"computed": ["", round(figures["objective"], 2)]})
        scenario.status, scenario.solved_at = Scenario.Status.SOLVED, at
        scenario.figures, scenario.basis = figures, built.basis
        scenario.save(update_fields=["status", "solved_at", "figures", "basis", "version"])
        this.note(objective=scenario.figures["objective"], bound=scenario.figures["bound"], classes=len(result.classes))
    return scenario


def mark_failed(*, scenario: Scenario, at: datetime) -> None:
    """The computation broke: say so on the plan; an older result stays."""
    with act(None, "plans.failed", scenario, at=at):
        Scenario.objects.filter(pk=scenario.pk, status=Scenario.Status.SOLVING).update(status=Scenario.Status.FAILED)


def submit_scenario(*, actor: User, scenario: Scenario, at: datetime) -> None:
    """Send a computed plan for approval."""
    with act(actor, "plans.submit", scenario, at=at):
        if _locked(scenario).status != Scenario.Status.SOLVED:
            raise Refused(_("Only a computed plan can be sent for approval."))
        scenario.status, scenario.returned = Scenario.Status.SUBMITTED, ""
        scenario.created_by_id = scenario.created_by_id or actor.pk
        scenario.submitted_by, scenario.submitted_at = actor, at
        scenario.save(update_fields=["status", "returned", "created_by", "submitted_by", "submitted_at"])


def approve(*, actor: User, scenario: Scenario, at: datetime) -> None:
    """Approve; nobody approves their own plan. An older approved plan of the year is replaced."""
    with act(actor, "plans.approve", scenario, at=at):
        if _locked(scenario).status != Scenario.Status.SUBMITTED:
            raise Refused(_("Only a plan that was sent for approval can be approved."))
        if actor.pk in (scenario.created_by_id, scenario.submitted_by_id):
            raise Refused(_("Nobody approves their own plan."))
        Scenario.objects.filter(year=scenario.year, status=Scenario.Status.APPROVED).update(
            status=Scenario.Status.REPLACED
        )
        scenario.status, scenario.approved_by, scenario.approved_at = Scenario.Status.APPROVED, actor, at
        scenario.save(update_fields=["status", "approved_by", "approved_at"])
        budget.adopt_plan(actor=actor, year=scenario.year, lines=solving.plan_lines(scenario), at=at)


def send_back(*, actor: User, scenario: Scenario, reason: str, at: datetime) -> None:
    """Return a plan to its planner with a reason."""
    if not reason.strip():
        raise Refused(_("Write the reason for sending the plan back."), field="reason")
    with act(actor, "plans.send_back", scenario, at=at, reason=reason):
        if _locked(scenario).status != Scenario.Status.SUBMITTED:
            raise Refused(_("Only a plan that was sent for approval can be sent back."))
        scenario.status, scenario.returned = Scenario.Status.SOLVED, reason.strip()
        scenario.save(update_fields=["status", "returned"])


def copy_scenario(*, actor: User | None, scenario: Scenario, name: str, budget: int, at: datetime) -> Scenario:
    """A draft with the same settings under another name and budget."""
    return create_scenario(
        actor=actor, year=scenario.year, name=name, budget=budget, at=at, first_week=scenario.first_week,
        weeks=scenario.weeks, **scenario.params,
    )  # fmt: skip


def drop_scenario(*, actor: User | None, scenario: Scenario, at: datetime) -> None:
    """Delete a scenario that was never sent for approval."""
    with act(actor, "plans.drop_scenario", at=at, name=scenario.name, year=scenario.year, number=scenario.pk):
        if _locked(scenario).status in CLOSED:
            raise Refused(_("A plan that was sent for approval stays on record."))
        if scenario.is_running:
            raise Refused(_("This plan is being computed: stop the computation first."))
        PlannedClass.objects.filter(scenario=scenario).delete()
        scenario.delete()
