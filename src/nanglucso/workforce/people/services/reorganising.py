"""One reorganisation from draft to effect: written, tried, reviewed by a second person, applied, taken back."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.db import write_turn
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import Job, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.workforce.people.models import Reorganisation, Unit
from nanglucso.workforce.people.services.changes import pack_json, unpack_json
from nanglucso.workforce.people.services.grafting import recount, restore_paths
from nanglucso.workforce.people.services.ledger import check_untouched, keyed, remove_created, restore
from nanglucso.workforce.people.services.rearranging import Rearrangement
from nanglucso.workforce.people.services.steps import Step, checked, named_units

Status = Reorganisation.Status
UNIT = Unit._meta.label
OPEN = (Status.DRAFT, Status.SENT, Status.APPROVED)
# From this many people on who move, a worker does it.
LATER_FROM = 3000
_CHANGED = _("Something has changed since this page was shown: please look through the preview again.")
_ALREADY = _("This reorganisation is already being worked on.")


class _TakeBack(Exception):
    """Rolls a trial back."""


def draft_reorganisation(
    *, actor: User | None, title: str, day: date, at: datetime, decision: str = ""
) -> Reorganisation:
    """Begin a reorganisation with effect from `day`; it has no steps yet. Raises `Refused` without a title."""
    if not title.strip():
        raise Refused(_("Say in a few words what is reorganised."), field="title")
    with act(actor, "people.draft_reorganisation", at=at, title=title, day=day) as this:
        row = Reorganisation(title=title.strip(), decision=decision.strip(), day=day, created_by=actor, created_at=at)
        row.save()
        this.subject = row
    return row


def change_draft(
    *, actor: User | None, row: Reorganisation, at: datetime, title: str, decision: str, day: date
) -> Reorganisation:
    """Correct title, decision and day of a draft. Raises `Refused` when the steps cannot be done on that day."""
    with act(actor, "people.change_reorganisation", row, at=at, day=day):
        row = _locked(row, Status.DRAFT)
        row.title, row.decision, row.day = title.strip(), decision.strip(), day
        _look(row, at)
        row.save()
    return row


def add_step(*, actor: User | None, row: Reorganisation, step: Step, scope: Scope, at: datetime) -> Reorganisation:
    """Add a step at the end and try the whole. Raises `Refused` when it cannot be done or lies outside the scope."""
    return add_steps(actor=actor, row=row, steps=[step], scope=scope, at=at)


def add_steps(
    *, actor: User | None, row: Reorganisation, steps: Sequence[Step], scope: Scope, at: datetime
) -> Reorganisation:
    """Add steps at the end and try the whole once. Raises `Refused` as `add_step` does."""
    with act(actor, "people.change_reorganisation", row, at=at, steps=[one["kind"] for one in steps]):
        row = _locked(row, Status.DRAFT)
        row.steps = [*row.steps, *(checked(one) for one in steps)]
        _check_scope(row, scope)
        _look(row, at)
        row.save()
    return row


def drop_step(*, actor: User | None, row: Reorganisation, number: int, at: datetime) -> Reorganisation:
    """Take the step with this place (from 1) out. Raises `Refused` when a later step needs it."""
    with act(actor, "people.change_reorganisation", row, at=at, dropped=number):
        row = _locked(row, Status.DRAFT)
        if not 1 <= number <= len(row.steps):
            raise Refused(_("There is no such step."))
        row.steps = [step for place, step in enumerate(row.steps, 1) if place != number]
        _look(row, at)
        row.save()
    return row


def keep_out(*, actor: User | None, row: Reorganisation, grants: Iterable[int], at: datetime) -> Reorganisation:
    """Choose the roles that end instead of following to the successor. Raises `Refused` when it is no draft."""
    with act(actor, "people.change_reorganisation", row, at=at) as this:
        row = _locked(row, Status.DRAFT)
        row.kept_out = sorted(set(grants))
        this.note(roles_that_end=row.kept_out)
        _look(row, at)
        row.save()
    return row


def send_for_review(*, actor: User | None, row: Reorganisation, scope: Scope, at: datetime) -> Reorganisation:
    """Hand the draft to a second person. Raises `Refused` when it has no steps or can no longer be done."""
    with act(actor, "people.send_reorganisation", row, at=at):
        row = _locked(row, Status.DRAFT)
        if not row.steps:
            raise Refused(_("Add at least one step first."))
        _check_scope(row, scope)
        _look(row, at)
        row.status, row.sent_by, row.returned = Status.SENT, actor, ""
        row.save()
    return row


def return_to_draft(*, actor: User | None, row: Reorganisation, reason: str, at: datetime) -> Reorganisation:
    """Give it back to be changed: the reviewer with a reason, or its writer. Raises `Refused` once it is in effect."""
    with act(actor, "people.return_reorganisation", row, at=at, reason=reason):
        row = _locked(row, Status.SENT, Status.APPROVED)
        if _is_worked_on(row):
            raise Refused(_ALREADY)
        if not reason.strip():
            raise Refused(_("Say why, so that the writer knows what to change."), field="reason")
        row.status, row.returned, row.problem = Status.DRAFT, reason.strip(), ""
        row.reviewed_by = row.reviewed_at = None
        row.save()
    return row


def drop_reorganisation(*, actor: User | None, row: Reorganisation, at: datetime) -> None:
    """Give a reorganisation up that is not in effect. Raises `Refused` otherwise."""
    with act(actor, "people.drop_reorganisation", row, at=at):
        row = _locked(row, *OPEN)
        if _is_worked_on(row):
            raise Refused(_ALREADY)
        row.status = Status.DROPPED
        row.save()


def approve(*, actor: User | None, row: Reorganisation, mark: str, scope: Scope, at: datetime) -> Reorganisation:
    """A second person says yes to what they saw; it takes effect at once, or on its day when that lies ahead.

    Raises `Refused` for its own writer or sender, outside the scope, and when the data have changed since the page
    was shown (`mark`); the new preview is then kept with the row, beside the refusal.
    """
    if actor is not None and actor.pk in (row.created_by_id, row.sent_by_id):
        raise Refused(_("A reorganisation is approved by a second person, not by whoever wrote or sent it."))
    later = row.day <= local_day(at) and row.effects.get("people", 0) > LATER_FROM
    if row.status == Status.SENT and row.mark == mark and not later and _seen_anew(row, at) != mark:
        with act(actor, "people.look_at_reorganisation", row, at=at):
            row.save(update_fields=["effects", "mark"])
    with act(actor, "people.approve_reorganisation", row, at=at):
        row = _locked(row, Status.SENT)
        _check_scope(row, scope)
        if row.mark != mark:
            raise Refused(_CHANGED)
        row.status, row.reviewed_by, row.reviewed_at, row.problem = Status.APPROVED, actor, at, ""
        if later:
            _queue(actor, row, at)
        row.save()
        if row.day <= local_day(at) and not later:
            _apply(actor, row, at)
    return row


def _queue(actor: User | None, row: Reorganisation, at: datetime) -> None:
    row.job = enqueue("people.apply_reorganisation", actor=actor, at=at, reorganisation_id=row.pk, mark=row.mark)


def apply_again(*, actor: User | None, row: Reorganisation, at: datetime) -> Reorganisation:
    """Queue an approved reorganisation of many people once more after its work was stopped. Raises `Refused` else."""
    with act(actor, "people.approve_reorganisation", row, at=at):
        row = _locked(row, Status.APPROVED)
        if row.day > local_day(at) or _is_worked_on(row):
            raise Refused(_ALREADY)
        _queue(actor, row, at)
        row.save(update_fields=["job"])
    return row


def _is_worked_on(row: Reorganisation) -> bool:
    return row.job is not None and row.job.is_open


def apply_approved(
    *, actor: User | None, row: Reorganisation, mark: str, at: datetime, tell: Callable[[float], None]
) -> Reorganisation:
    """The worker's part of an approval of many people: tried anew, and done in one transaction if it is still `mark`.

    Where the data have changed since, or it can no longer be done, it waits for the reviewer again with the reason.
    """
    try:
        with act(actor, "people.begin_reorganisation", row, at=at):
            row = _locked(row, Status.APPROVED)
            if _seen_anew(row, at) != mark:
                _ask_again(row, _CHANGED)
            else:
                tell(0.5)
                _apply(actor, row, at)
                tell(0.95)
    except Refused as refusal:
        with act(actor, "people.hold_reorganisation", row, at=at, why=str(refusal.message)):
            _ask_again(_locked(row, Status.APPROVED), refusal.message)
    return row


def _ask_again(row: Reorganisation, why: object) -> None:
    row.status, row.problem, row.reviewed_by, row.reviewed_at = Status.SENT, str(why), None, None
    row.save()


def apply_due(*, at: datetime) -> int:
    """Let approved reorganisations whose day has come take effect; what stands in the way is kept with the row."""
    done = 0
    due = Reorganisation.objects.filter(status=Status.APPROVED, day__lte=local_day(at))
    for row in due.exclude(job__status__in=(Job.Status.QUEUED, Job.Status.RUNNING)).order_by("day", "pk"):
        try:
            with act(None, "people.begin_reorganisation", row, at=at):
                _apply(None, _locked(row, Status.APPROVED), at)
            done += 1
        except Refused as refusal:
            if row.problem != str(refusal.message):
                with act(None, "people.hold_reorganisation", row, at=at, why=str(refusal.message)):
                    Reorganisation.objects.filter(pk=row.pk).update(problem=str(refusal.message))
    return done


def undo_reorganisation(*, actor: User | None, row: Reorganisation, scope: Scope, at: datetime) -> Reorganisation:
    """Take it back exactly. Raises `Refused` when anything has built on it since, naming it."""
    with act(actor, "people.undo_reorganisation", row, at=at):
        row = _locked(row, Status.APPLIED)
        _check_scope(row, scope)
        _check_last(row)
        inverse = unpack_json(row.inverse)
        check_untouched(inverse)
        restore_paths(keyed(inverse["old"]).get(UNIT, {}), set(inverse["created"].get(UNIT, ())))
        restore(inverse, skip=UNIT)
        remove_created(inverse, last=UNIT)
        recount()
        row.status, row.undone_by, row.undone_at, row.inverse = Status.UNDONE, actor, at, b""
        row.save()
    return row


def _locked(row: Reorganisation, *allowed: str) -> Reorganisation:
    """The row as it is now, locked. Raises `Refused` when its state no longer allows the verb."""
    row = Reorganisation.objects.select_for_update().get(pk=row.pk)
    if row.status not in allowed:
        label = row.get_status_display()
        raise Refused(_("This cannot be done now: the reorganisation is “%(state)s”.") % {"state": label})
    return row


def _check_scope(row: Reorganisation, scope: Scope) -> None:
    codes = {code for step in row.steps for code in named_units(step)}
    for unit in Unit.objects.filter(code__in=codes):
        if not scope.covers(unit.path):
            raise Refused(_("“%(name)s” lies outside the units that your role covers.") % {"name": unit.name})
    tops = [one for step in row.steps if step["kind"] == "found" for one in [step["unit"]] if not one.get("parent")]
    if tops and not scope.everything:
        raise Refused(_("Only a role over the whole city founds a unit at the top."))


def _check_last(row: Reorganisation) -> None:
    later = Reorganisation.objects.filter(status=Status.APPLIED, applied_at__gte=row.applied_at).exclude(pk=row.pk)
    for other in later.order_by("-applied_at"):
        newer = other.applied_at > row.applied_at or other.pk > row.pk  # type: ignore[operator]
        if newer and set(other.touched) & set(row.touched):
            raise Refused(_("“%(title)s” came later and builds on it: undo that first.") % {"title": other.title})


def _tried(row: Reorganisation, at: datetime) -> dict[str, object]:
    """What the steps would do: done and rolled back, so that a preview is what happens."""
    trial = Rearrangement(row=row, day=row.day, at=at)
    with write_turn():
        try:
            with transaction.atomic():
                trial.run(row.steps)
                raise _TakeBack
        except _TakeBack:
            return trial.effects()


def _mark(effects: dict[str, object], row: Reorganisation) -> str:
    told = json.dumps([effects, row.steps, row.kept_out, row.day.isoformat()], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def _seen_anew(row: Reorganisation, at: datetime) -> str:
    _look(row, at)
    return row.mark


def _look(row: Reorganisation, at: datetime) -> None:
    row.effects = _tried(row, at)
    row.mark = _mark(row.effects, row)


def _apply(actor: User | None, row: Reorganisation, at: datetime) -> None:
    work = Rearrangement(row=row, day=row.day, at=at)
    with act(actor, "people.apply_reorganisation", row, at=at, day=row.day) as this:
        work.run(row.steps)
        row.effects, row.problem = work.effects(), ""
        row.touched, row.inverse = work.all_touched(), pack_json(work.ledger.inverse())
        row.status, row.applied_at = Status.APPLIED, at
        row.save()
        counts = {key: row.effects[key] for key in ("people", "ended", "begun", "corrected")}
        this.note(**counts, steps=[step["kind"] for step in row.steps], roles=row.effects["grants"])


def distribute(
    *, actor: User | None, row: Reorganisation, number: int, people: Mapping[int, int], children: Mapping[str, int],
    scope: Scope, at: datetime,
) -> Reorganisation:  # fmt: skip
    """Say to which part of a split or dissolved unit its people and parts go; whoever is not named stays or goes first.

    Raises `Refused` when the step does not divide a unit or the whole can no longer be done.
    """
    with act(actor, "people.change_reorganisation", row, at=at, divided=number, people=len(people)):
        row = _locked(row, Status.DRAFT)
        if not 1 <= number <= len(row.steps) or row.steps[number - 1]["kind"] not in ("split", "dissolve"):
            raise Refused(_("This step does not divide a unit."))
        told = {"people": {str(pk): part for pk, part in people.items()}, "children": dict(children)}
        row.steps = [step | told if place == number else step for place, step in enumerate(row.steps, 1)]
        _check_scope(row, scope)
        _look(row, at)
        row.save()
    return row
