"""Correlations of the competences after a campaign: worked out, compared, accepted by a second person, undone."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief
from nanglucso.measure.profiles.services import adopt_prior, move_to_prior, withdraw_prior
from nanglucso.measure.quality import reestimating
from nanglucso.measure.quality.models import Reestimation
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

Status = Reestimation.Status
Step = Callable[[float], None]
LEAST_PEOPLE = 100  # as many as the correlations in use count for: fewer would hardly move them
CHUNK = 20
WORK = {
    Status.RUNNING: "quality.reestimate",
    Status.APPLYING: "quality.move_beliefs",
    Status.UNDOING: "quality.move_beliefs",
}


def start_reestimation(*, actor: User, framework: Framework, campaigns: Sequence[str], at: datetime) -> Reestimation:
    """Queue a run over the sittings of these campaigns. Refused under `LEAST_PEOPLE` people or while one is applied."""
    people = len(set(reestimating.sitters(campaigns).values()))
    if people < LEAST_PEOPLE:
        told = {"n": people, "least": LEAST_PEOPLE}
        text = _("These campaigns have results of %(n)s people; at least %(least)s are needed.") % told
        raise Refused(text, field="campaigns")
    _nothing_moves(framework)
    with act(actor, "quality.start_reestimation", at=at, campaigns=list(campaigns)) as this:
        this.subject = row = Reestimation.objects.create(
            framework=framework, campaigns=list(campaigns), started_by=actor, started_at=at,
            base_id=folding.prior_in_force(framework.pk),
        )  # fmt: skip
        _queue(row, actor, at)
    return row


def reestimate(*, run: Reestimation, at: datetime, step: Step = lambda share: None) -> Reestimation:
    """Work the correlations out and count who would change; nothing else is touched."""
    covariance, summary = reestimating.found_covariance(run)
    frame = folding.framed(folding.frame(run.framework), covariance)
    summary |= reestimating.would_change(run.framework, frame, step)
    with act(run.started_by, "quality.reestimated", run, at=at, **summary):
        run.covariance, run.summary, run.status = covariance.tolist(), summary, Status.READY
        run.save(update_fields=["covariance", "summary", "status"])
    return run


def accept_reestimation(*, actor: User, run: Reestimation, reason: str, at: datetime) -> Reestimation:
    """Put the correlations into force as a new version; a job folds every belief again.

    Refused to who started the run, and when other correlations came into force since.
    """
    _decidable(run, reason)
    if run.started_by_id == actor.pk:
        raise Refused(_("Who started this run does not accept it; another training officer does."))
    if folding.prior_in_force(run.framework_id) != run.base_id:
        raise Refused(_("Other correlations came into force since this run; start a new one."))
    _nothing_moves(run.framework)
    with act(actor, "quality.accept_reestimation", run, at=at, reason=reason.strip(), **run.summary):
        run.prior = adopt_prior(
            actor=actor, framework=run.framework, covariance=run.covariance, source=str(run),
            people=run.summary["people"], at=at,
        )  # fmt: skip
        run.status, run.decided_by, run.decided_at, run.reason = Status.APPLYING, actor, at, reason.strip()
        run.save(update_fields=["prior", "status", "decided_by", "decided_at", "reason"])
        _queue(run, actor, at)
    return run


def discard_reestimation(*, actor: User, run: Reestimation, reason: str, at: datetime) -> None:
    """Keep the run for reading, use nothing of it."""
    _decidable(run, reason)
    with act(actor, "quality.discard_reestimation", run, at=at, reason=reason.strip()):
        run.status, run.decided_by, run.decided_at, run.reason = Status.DISCARDED, actor, at, reason.strip()
        run.save(update_fields=["status", "decided_by", "decided_at", "reason"])


def undo_reestimation(*, actor: User, run: Reestimation, reason: str, at: datetime) -> None:
    """Take the version out of force and fold every belief under the one before. Refused under a later version."""
    if run.status != Status.APPLIED or run.prior is None:
        raise Refused(_("Only correlations in force can be undone."))
    _said_why(reason)
    if folding.prior_in_force(run.framework_id) != run.prior_id:
        raise Refused(_("Later correlations are in force; undo those first."))
    _nothing_moves(run.framework)
    with act(actor, "quality.undo_reestimation", run, at=at, reason=reason.strip()):
        withdraw_prior(actor=actor, prior=run.prior, at=at)
        run.status, run.undone_by, run.undo_reason = Status.UNDOING, actor, reason.strip()
        run.save(update_fields=["status", "undone_by", "undo_reason"])
        _queue(run, actor, at)


def move_beliefs(*, run: Reestimation, at: datetime, step: Step = lambda share: None) -> int:
    """Fold every belief under the version in force, in short transactions; what is done already is left alone.

    Every person concerned has a row in the audit log with what changed. Returns how many beliefs moved.
    """
    undo, target = run.status == Status.UNDOING, folding.prior_in_force(run.framework_id)
    actor = run.undone_by if undo else run.decided_by
    rows = Belief.objects.filter(framework=run.framework).exclude(prior=target).order_by("person_id")
    todo = list(rows.values_list("person_id", flat=True))
    frame = folding.frame_in_force(run.framework)
    for start in range(0, len(todo), CHUNK):
        part = todo[start : start + CHUNK]
        with act(actor, "quality.move_profiles", run, at=at, people=len(part)):
            for person_id, changes in reestimating.effects(frame, part):
                with act(actor, "quality.move_profile", run, at=at, person_id=person_id, changes=changes):
                    pass
            people = Person.objects.filter(pk__in=part)
            move_to_prior(framework=run.framework, people=people, prior_id=target, at=at)
        step((start + len(part)) / len(todo))
    with act(actor, "quality.finish_reestimation", run, at=at, undone=undo, people=len(todo)):
        run.status, run.undone_at = (Status.UNDONE, at) if undo else (Status.APPLIED, None)
        run.save(update_fields=["status", "undone_at"])
    return len(todo)


def resume_reestimation(*, actor: User, run: Reestimation, at: datetime) -> None:
    """Queue again the work of a run whose job was stopped or failed; what is done stays done."""
    if not run.stuck:
        raise Refused(_("This run is not interrupted."))
    with act(actor, "quality.go_on", run, at=at, work=WORK[Status(run.status)]):
        _queue(run, actor, at)


def _queue(run: Reestimation, actor: User, at: datetime) -> None:
    run.job = enqueue(WORK[Status(run.status)], actor=actor, at=at, run_id=str(run.pk))
    run.save(update_fields=["job"])


def _nothing_moves(framework: Framework) -> None:
    if Reestimation.objects.filter(framework=framework, status__in=(Status.APPLYING, Status.UNDOING)).exists():
        raise Refused(_("Beliefs are being moved to other correlations now; wait until that is done."))


def _decidable(run: Reestimation, reason: str) -> None:
    if run.status != Status.READY:
        raise Refused(_("This run waits for no decision."))
    _said_why(reason)


def _said_why(reason: str) -> None:
    if len(reason.strip()) < 10:
        raise Refused(_("Please say why: the next reader of this run needs it."), field="reason")
