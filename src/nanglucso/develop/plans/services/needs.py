"""Units propose, the plan is made, every proposal gets an answer with its reason."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.plans import proposing, unready
from nanglucso.develop.plans.models import Course, Proposal, ProposalRound, Scenario
from nanglucso.develop.plans.proposing import Outcome
from nanglucso.develop.plans.services import scenarios
from nanglucso.kit.dates import format_date
from nanglucso.measure.gaps.queries import active_people, gap_table
from nanglucso.workforce.framework.models import Competence, Framework
from nanglucso.workforce.people.models import Person, Unit

Status = Proposal.Status
MOST_HEADS = 2000


def set_round(
    *, actor: User | None, year: int, deadline: date, weight: float, at: datetime, note: str = ""
) -> ProposalRound:  # fmt: skip
    """Say until when units may propose for a year, and what a proposal weighs (1 = nothing extra)."""
    if not 1 <= weight <= 5:
        raise Refused(_("The weight of proposals lies between 1 and 5."), field="weight")
    fields = {"deadline": deadline, "weight": weight, "note": note}
    with act(actor, "plans.set_round", at=at, year=year, deadline=deadline.isoformat(), weight=weight) as this:
        this.subject, _made = ProposalRound.objects.update_or_create(year=year, defaults=fields)
    return this.subject  # type: ignore[return-value]


def propose(
    *, actor: User | None, year: int, unit: Unit, reason: str, at: datetime, today: date, course: Course | None = None,
    competence: Competence | None = None, heads: int = 0, people: Sequence[Person] = (), quarter: int = 0,
) -> Proposal:  # fmt: skip
    """A unit's wish; `heads` counts where nobody is named. Raises Refused, also after the deadline."""
    _check_open(year, today)
    if (course is None) == (competence is None):
        raise Refused(_("Choose one course or one competence."), field="what")
    if not reason.strip():
        raise Refused(_("Write why the unit needs this."), field="reason")
    count = len(people) or heads
    if not 1 <= count <= MOST_HEADS:
        raise Refused(_("Name the people, or write how many."), field="heads")
    if any(person.unit is None or not person.unit.path.startswith(unit.path) for person in people):
        raise Refused(_("Only people of the own unit can be proposed."), field="people")
    with act(actor, "plans.propose", at=at, year=year, unit=unit.pk, heads=count) as this:
        this.subject = row = Proposal.objects.create(
            year=year, unit=unit, course=course, competence=competence, heads=count, quarter=quarter,
            reason=reason.strip(), by=actor, at=at,
        )  # fmt: skip
        row.people.set(people)
    return row


def _check_open(year: int, today: date) -> None:
    found = ProposalRound.objects.filter(year=year).first()
    if found is None:
        raise Refused(_("Proposals for %(year)s have not been asked for yet.") % {"year": year})
    if today > found.deadline:
        day = format_date(found.deadline)
        raise Refused(_("Proposals for %(year)s were taken until %(day)s.") % {"year": year, "day": day})


def withdraw(*, actor: User | None, proposal: Proposal, at: datetime) -> None:
    """Take a proposal back before it is answered."""
    with act(actor, "plans.withdraw", proposal, at=at):
        row = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if row.status != Status.SENT:
            raise Refused(_("This proposal was answered or withdrawn already."))
        row.status = Status.WITHDRAWN
        row.save(update_fields=["status"])


def answer(*, actor: User | None, proposal: Proposal, status: str, words: str, at: datetime) -> Proposal:
    """Answer in one's own words. Raises Refused without a reason, or for a withdrawn proposal."""
    if status not in (Status.GRANTED, Status.PARTLY, Status.DECLINED):
        raise Refused(_("Choose granted, granted in part or not granted."), field="status")
    if not words.strip():
        raise Refused(_("Write the reason: the head of unit reads it."), field="words")
    with act(actor, "plans.answer", proposal, at=at, status=status) as this:
        row = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if row.status == Status.WITHDRAWN:
            raise Refused(_("This proposal was withdrawn."))
        this.subject = row
        row.status, row.answer, row.answered_by, row.answered_at = status, words.strip(), actor, at
        row.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    return row


def answer_all(*, actor: User | None, framework: Framework, scenario: Scenario, at: datetime) -> int:
    """Answer every proposal of the year by what the plan gives it, each with its reason; how many were answered.

    Answers that an officer wrote by hand stay. Raises Refused before the plan is computed.
    """
    if not scenario.figures:
        raise Refused(_("Compute the plan first: the answers say what it gives."))
    rows = [row for row in proposing.open_proposals(scenario.year) if row.answered_by_id is None or row.scenario_id]
    table = gap_table(framework, active_people(EVERYTHING).order_by("pk"), at=at)
    told = [(wish.proposal, proposing.outcome(wish, scenario, table)) for wish in proposing.wishes(rows, table)]
    # The answer stays on record: it is in the language of the office, whatever the officer's own pages speak.
    with act(actor, "plans.answer_all", scenario, at=at, proposals=len(told)), override("vi"):
        for row, found in told:
            row.status = status_of(found)
            row.answer = words_of(row, found, waits=unready.waits(scenario.basis, row.unit))
            row.seats, row.scenario, row.answered_by, row.answered_at = found.seated, scenario, actor, at
            row.save(update_fields=["status", "answer", "seats", "scenario", "answered_by", "answered_at"])
    return len(told)


def publish(*, actor: User | None, framework: Framework, scenario: Scenario, at: datetime) -> int:
    """Show the approved plan's classes to everybody, and give every proposal of the year its answer by this plan.

    Answers that an officer wrote by hand stay. Returns how many were answered. Raises Refused.
    """
    with act(actor, "plans.publish", scenario, at=at) as this:
        scenarios.mark_published(actor=actor, scenario=scenario, at=at)
        n = answer_all(actor=actor, framework=framework, scenario=scenario, at=at)
        this.note(answered=n)
    return n


def status_of(found: Outcome) -> str:
    """Granted when everybody meant has a seat."""
    if not found.seated:
        return Status.DECLINED
    return Status.GRANTED if found.seated >= found.meant else Status.PARTLY


def words_of(row: Proposal, found: Outcome, *, waits: bool = False) -> str:
    """The answer in a sentence or two: what the plan gives, and why not more. `waits`: for infrastructure."""
    told = {"seated": found.seated, "meant": found.meant, "classes": ", ".join(map(str, found.classes[:8]))}
    told |= {"needy": found.needy, "wanted": row.wanted}
    said = []
    if found.seated:
        said.append(_("%(seated)s of %(meant)s people have a place, in class %(classes)s of the plan.") % told)
    if waits:
        said.append(
            _("This plan is only for units whose infrastructure is ready; the people of this unit wait for theirs.")
        )
    elif found.seated < found.meant:
        said.append(_why_not(found) % told)
    return " ".join(said)


def _why_not(found: Outcome) -> str:
    if not found.courses:
        return _("No course in use leads on in %(wanted)s; it was noted for the catalogue.")
    if not found.needy:
        return _("As measured, the people meant reach what their positions require in %(wanted)s already.")
    if found.needy < found.meant and found.seated >= found.needy:
        return _("Only %(needy)s of the people meant are short of what their positions require.")
    return _(
        "Within the year's money, lecturers, rooms and hours, other needs close more for the same money; "
        "the proposal can be made again next year."
    )
