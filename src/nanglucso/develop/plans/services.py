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
from nanglucso.develop.plans import solving
from nanglucso.develop.plans.models import Course, CourseCover, Lecturer, PlannedClass, Scenario, Venue
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import TravelArea

SMALLEST_BUDGET = 1_000_000


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
                    "audience": _text(row.get("audience", "")),
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


def set_venue(
    *, actor: User | None, code: str, name: str, area: TravelArea, seats: int, rate: int, at: datetime,
    buoi_week: int = 10, assumed: bool = False,
) -> Venue:  # fmt: skip
    """Set a room: seats, buổi a week, đồng a buổi."""
    if seats < 1 or buoi_week < 0 or rate < 0:
        raise Refused(_("A room needs at least one seat, and no figure may be negative."), field="seats")
    fields = {"name": name, "area": area, "seats": seats, "buoi_week": buoi_week, "rate": rate, "assumed": assumed}
    with act(actor, "plans.set_venue", at=at, code=code) as this:
        this.subject, _made = Venue.objects.update_or_create(code=code, defaults=fields)
    return this.subject  # type: ignore[return-value]


def set_lecturer(*, actor: User | None, code: str, name: str, rate: int, at: datetime, **fields: Any) -> Lecturer:
    """Set a lecturer: đồng a buổi; further fields as in the model (week_max, quarter_max, courses, assumed ...)."""
    if rate < 0:
        raise Refused(_("The pay cannot be negative."), field="rate")
    with act(actor, "plans.set_lecturer", at=at, code=code) as this:
        this.subject, _made = Lecturer.objects.update_or_create(
            code=code, defaults={"name": name, "rate": rate, **fields}
        )
    return this.subject  # type: ignore[return-value]


def create_scenario(
    *, actor: User | None, year: int, name: str, budget: int, at: datetime, first_week: date | None = None,
    weeks: int = 40, **params: Any,
) -> Scenario:  # fmt: skip
    """A draft scenario. `params`: absent_max, priorities {competence: factor}, online_only, need_points, retest_share."""
    if budget < SMALLEST_BUDGET:
        text = _("The budget is %(budget)s đồng. Did you mean %(budget)s triệu đồng (million)?")
        raise Refused(text % {"budget": budget}, field="budget")
    if not 1 <= weeks <= 52:
        raise Refused(_("A year has 1 to 52 teaching weeks."), field="weeks")
    with act(actor, "plans.create_scenario", at=at, year=year, budget=budget) as this:
        this.subject = row = Scenario.objects.create(
            year=year, name=name, budget=budget, first_week=first_week or _first_monday(year), weeks=weeks,
            params=params, created_by=actor, created_at=at,
        )  # fmt: skip
    return row


def _first_monday(year: int) -> date:
    """First Monday after the Tết weeks, taken as the first Monday of March."""
    day = date(year, 3, 1)
    return day + timedelta(days=(7 - day.weekday()) % 7)


def ask_solution(*, actor: User | None, scenario: Scenario, at: datetime, seconds: int = 60) -> Scenario:
    """Queue the computation; the page follows the job."""
    if scenario.status in (Scenario.Status.SUBMITTED, Scenario.Status.APPROVED):
        raise Refused(_("This plan has been sent for approval; copy it to change it."))
    with act(actor, "plans.ask_solution", scenario, at=at, seconds=seconds):
        scenario.job = enqueue("plans.solve", actor=actor, at=at, scenario_id=scenario.pk, seconds=seconds)
        scenario.status, scenario.track = Scenario.Status.SOLVING, []
        scenario.save(update_fields=["job", "status", "track"])
    return scenario


def stop_solving(*, actor: User | None, scenario: Scenario, at: datetime) -> None:
    """Stop and keep the best plan found."""
    with act(actor, "plans.stop_solving", scenario, at=at):
        if scenario.job:
            cancel(scenario.job, at=at)


def solve_now(
    *, actor: User | None, framework: Framework, scenario: Scenario, at: datetime, seconds: float = 60, seed: int = 1,
    on_incumbent: Callable[[float, float, float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Scenario:  # fmt: skip
    """Compute the plan in this thread and keep it. The solver runs outside the transaction."""
    built = solving.build(framework, scenario, at=at)
    if not built.instance.n:
        raise Refused(_("There is nobody to plan for."))
    result = solving.run(built, seconds=seconds, seed=seed, on_incumbent=on_incumbent, should_stop=should_stop)
    with act(actor, "plans.solved", scenario, at=at) as this:
        solving.keep(scenario, built, result)
        scenario.status, scenario.solved_at = Scenario.Status.SOLVED, at
        scenario.figures = solving.figures(built, result)
        scenario.basis = built.basis
        scenario.save()
        this.note(objective=result.objective, bound=result.bound, classes=scenario.classes.count())
    return scenario


def submit_scenario(*, actor: User, scenario: Scenario, at: datetime) -> None:
    """Send a computed plan for approval."""
    if scenario.status != Scenario.Status.SOLVED:
        raise Refused(_("Only a computed plan can be sent for approval."))
    with act(actor, "plans.submit", scenario, at=at):
        scenario.status = Scenario.Status.SUBMITTED
        scenario.created_by = scenario.created_by or actor
        scenario.save(update_fields=["status", "created_by"])


def approve(*, actor: User, scenario: Scenario, at: datetime) -> None:
    """Approve; nobody approves their own plan. An older approved plan of the year is replaced."""
    if scenario.status != Scenario.Status.SUBMITTED:
        raise Refused(_("Only a plan that was sent for approval can be approved."))
    if scenario.created_by_id == actor.pk:
        raise Refused(_("Nobody approves their own plan."))
    with act(actor, "plans.approve", scenario, at=at):
        Scenario.objects.filter(year=scenario.year, status=Scenario.Status.APPROVED).update(
            status=Scenario.Status.REPLACED
        )
        scenario.status, scenario.approved_by, scenario.approved_at = Scenario.Status.APPROVED, actor, at
        scenario.save(update_fields=["status", "approved_by", "approved_at"])


def send_back(*, actor: User, scenario: Scenario, reason: str, at: datetime) -> None:
    """Return a plan to its planner with a reason."""
    if scenario.status != Scenario.Status.SUBMITTED:
        raise Refused(_("Only a plan that was sent for approval can be sent back."))
    if not reason.strip():
        raise Refused(_("Write the reason for sending the plan back."), field="reason")
    with act(actor, "plans.send_back", scenario, at=at, reason=reason):
        scenario.status = Scenario.Status.SOLVED
        scenario.save(update_fields=["status"])


def copy_scenario(*, actor: User | None, scenario: Scenario, name: str, budget: int, at: datetime) -> Scenario:
    """A draft with the same settings under another name and budget."""
    return create_scenario(
        actor=actor, year=scenario.year, name=name, budget=budget, at=at, first_week=scenario.first_week,
        weeks=scenario.weeks, **scenario.params,
    )  # fmt: skip


def drop_scenario(*, actor: User | None, scenario: Scenario, at: datetime) -> None:
    """Delete a scenario that was never sent for approval."""
    if scenario.status in (Scenario.Status.SUBMITTED, Scenario.Status.APPROVED, Scenario.Status.REPLACED):
        raise Refused(_("A plan that was sent for approval stays on record."))
    with act(actor, "plans.drop_scenario", scenario, at=at):
        PlannedClass.objects.filter(scenario=scenario).delete()
        scenario.delete()
