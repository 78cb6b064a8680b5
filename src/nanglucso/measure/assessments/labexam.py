"""A practice task that counts: begun once, on the server's clock, paused and gone on with, ended, weighed.

Every act is stored before its effect shows (`labruns.act`). At the end the steps become one graded category for each
competence, which enters the ledger in the same transaction, so that nothing lies between the end and the result.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act as audited
from nanglucso.core.db import write_turn
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.engines import lab as engine
from nanglucso.engines.lab_score import outcome
from nanglucso.measure.assessments import accommodating, labruns
from nanglucso.measure.assessments.labgiving import variant
from nanglucso.measure.assessments.models import Campaign, LabRun, LabSitting, Sitting
from nanglucso.measure.assessments.proving import lab_chain
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence, record

Status = Sitting.Status
LIVE = (Status.RUNNING, Status.PAUSED)
# Where a person's conditions set no limit, a working day is one: events of a task need a clock that ends.
NO_LIMIT_MINUTES = 8 * 60


def start(*, actor: User | None, sitting: LabSitting, at: datetime) -> LabSitting:
    """Begin: the variant is drawn and the clock starts. A begun task is left as it is. Raises Refused when not open."""
    campaign = sitting.campaign
    if sitting.status != Status.ASSIGNED:
        return sitting
    if campaign.status != Campaign.Status.OPEN or not campaign.opens_at <= at <= campaign.closes_at:
        raise Refused(_("This campaign is not open now."))
    if not sitting.version.counts:
        raise Refused(_("This practice task was taken out of the results; it does not have to be done."))
    with audited(actor, "assessments.start_lab", sitting, at=at, person_id=sitting.person_id) as this:
        row = _locked(sitting)
        if row.status != Status.ASSIGNED:
            return row
        minutes = minutes_of(row)
        row.run = LabRun.objects.create(
            person=row.person, version=row.version, seed=variant(row), started_at=at, minutes=minutes,
            deadline=at + timedelta(minutes=minutes),
        )  # fmt: skip
        row.status, row.started_at = Status.RUNNING, at
        row.save(update_fields=["run", "status", "started_at"])
        this.note(task=row.version.lab.code, minutes=minutes)
    return row


def minutes_of(sitting: LabSitting) -> int:
    """The task's minutes, longer in the same proportion as this person's test is."""
    own: int = sitting.version.body["minutes"]
    test = Sitting.objects.filter(campaign=sitting.campaign_id, person=sitting.person_id).first()
    given = accommodating.of(sitting.campaign, sitting.person)
    whole = accommodating.minutes(sitting.campaign, given, test.extra_minutes if test else 0)
    return NO_LIMIT_MINUTES if whole is None else ceil(own * whole / max(1, sitting.campaign.minutes))


def _locked(sitting: LabSitting) -> LabSitting:
    rows = LabSitting.objects.select_for_update(of=("self",))
    return rows.select_related("version__lab", "campaign", "person", "run__version__lab").get(pk=sitting.pk)


def pause_left(sitting: LabSitting) -> timedelta:
    """What is left of the campaign's allowance, the person's own added, before the present pause."""
    whole = accommodating.allowance(sitting.campaign, accommodating.of(sitting.campaign, sitting.person))
    return max(timedelta(), whole - timedelta(seconds=sitting.paused_seconds))


def moment(sitting: LabSitting, at: datetime) -> datetime:
    """The instant that the task's clock shows: it stands still in a pause, for as long as the allowance lasts."""
    if sitting.status != Status.PAUSED or sitting.paused_at is None:
        return at
    return sitting.paused_at + max(timedelta(), at - sitting.paused_at - pause_left(sitting))


def seconds_left(sitting: LabSitting, at: datetime) -> int | None:
    """What the clock of a begun task shows; None before it has begun."""
    run = sitting.run
    return labruns.limit(run) - labruns.elapsed(run, moment(sitting, at)) if run else None


def is_over(sitting: LabSitting, at: datetime) -> bool:
    """Whether the time of a begun task has run out."""
    return sitting.run is not None and labruns.clock_ms(sitting.run, moment(sitting, at)) >= 1000 * labruns.limit(
        sitting.run
    )


def pause(*, actor: User | None, sitting: LabSitting, at: datetime) -> None:
    """Cover the task and stop its clock. Raises Refused when the pauses are used up."""
    with audited(actor, "assessments.pause_lab", sitting, at=at, person_id=sitting.person_id):
        row = _locked(sitting)
        if row.status != Status.RUNNING or is_over(row, at):
            return
        if not pause_left(row):
            raise Refused(_("The pauses of this task are used up; its clock cannot stand still any more."))
        row.status, row.paused_at = Status.PAUSED, at
        row.save(update_fields=["status", "paused_at"])


def resume(*, actor: User | None, sitting: LabSitting, at: datetime) -> None:
    """Go on; the deadline moves by the time that the clock stood still."""
    with audited(actor, "assessments.resume_lab", sitting, at=at, person_id=sitting.person_id):
        row = _locked(sitting)
        if row.status != Status.PAUSED or row.run is None or row.run.deadline is None or is_over(row, at):
            return
        still = at - moment(row, at)
        row.run.deadline += still
        row.run.save(update_fields=["deadline"])
        row.paused_seconds += round(still.total_seconds())
        row.status, row.paused_at = Status.RUNNING, None
        row.save(update_fields=["paused_seconds", "status", "paused_at"])


def take(*, sitting: LabSitting, key: uuid.UUID, verb: str, args: dict[str, str], at: datetime) -> bool:
    """Store one act; False when its key is known already. Raises Refused, with nothing stored, as `labruns.act`."""
    with write_turn():
        row = _locked(sitting)
        if row.status == Status.PAUSED:
            raise Refused(_("The task is paused. Go on with it first; this act was not stored."))
        if row.status != Status.RUNNING or row.run is None:
            raise Refused(_("The time of this practice task is over. What was done is saved."))
        return labruns.act(run=row.run, key=key, verb=verb, args=args, at=at)


def finish(*, actor: User | None, sitting: LabSitting, at: datetime) -> LabSitting:
    """End the task and put what it showed into the profile at once; ending twice changes nothing.

    A task in which nothing was done leaves no evidence: it tells nothing of what the person can do.
    """
    with audited(actor, "assessments.end_lab", sitting, at=at, person_id=sitting.person_id) as this:
        row = _locked(sitting)
        if row.status not in LIVE or row.run is None:
            return row
        expired, end = is_over(row, at), moment(row, at)
        run, seconds = row.run, labruns.elapsed(row.run, end)
        row.graded = _judge(run, seconds)
        run.finished_at = row.finished_at = at
        run.result |= {"expired": expired}
        run.save(update_fields=["finished_at", "result"])
        row.status, row.chain_hash = Status.SCORED, lab_chain(row)
        row.save(update_fields=["graded", "finished_at", "status", "chain_hash"])
        this.note(acts=run.events.count(), expired=expired, categories={e["k"]: e["score"] for e in row.graded})
        if row.graded:
            record(actor=actor, framework=row.campaign.framework, evidence=evidence_of(row), at=at)
    return row


def _judge(run: LabRun, seconds: int) -> list[dict[str, Any]]:
    """Fill the run's result and give the ledger entries; a and b are the task's own priors, no panel or data behind."""
    lab, log = labruns.task(run), labruns.log(run)
    judged = outcome(lab, engine.replay(lab, run.seed, log, until=seconds))
    run.result = {"done": sorted(judged.done), "errors": sorted(judged.errors), "seconds": seconds}
    return [
        {"k": g.competence, "lab": run.version_id, "a": g.a, "b": list(g.b), "c": 0.0, "score": g.category}
        for g in judged.graded
        if log and g.competence not in run.version.set_aside
    ]


def evidence_of(sitting: LabSitting) -> NewEvidence:
    """The ledger row of an ended task."""
    label = f"{sitting.version.lab.title_vi} ({sitting.campaign.name_vi})"[:200]
    return NewEvidence(sitting.person, Evidence.Kind.PRACTICE, f"lab:{sitting.pk}", sitting.graded, label)


def end_all(*, actor: User | None, sittings: Iterable[LabSitting], at: datetime) -> int:
    """End these tasks as they stand; returns how many."""
    rows = list(sittings)
    for row in rows:
        finish(actor=actor, sitting=row, at=at)
    return len(rows)


def end_overdue(*, at: datetime) -> int:
    """End every task whose time has run out; the worker calls it again and again. Returns how many were ended."""
    rows = LabSitting.objects.filter(status__in=LIVE).select_related("run__version", "campaign", "person")
    return end_all(actor=None, sittings=[row for row in rows if is_over(row, at)], at=at)
