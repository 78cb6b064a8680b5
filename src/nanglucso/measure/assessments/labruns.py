"""A run of a practice task: each act is stored once, before its effect shows; the state is folded from the acts.

Free practice begins and ends here; a run inside a campaign is begun and ended by `labexam`.
"""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act as audited
from nanglucso.core.db import write_turn
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.engines import lab as engine
from nanglucso.engines.lab_score import outcome
from nanglucso.measure.assessments.models import Campaign, LabEvent, LabRun
from nanglucso.measure.bank.models import Lab
from nanglucso.workforce.people.models import Person

SHEET_SAYS = {
    "cell": _("There is no such cell in this sheet. Choose one of those shown."),
    "head": _("The first row holds the heads of the columns and cannot be changed here."),
    "fixed": _("This sheet can be read, not changed. Choose another sheet."),
    "column": _("This sheet has no such column. Choose one of its letters."),
    "row": _("This sheet has no such row. Give the number at its left, from 2 on."),
    "same": _("Nothing would change: the sheet is already so."),
    "long": _("The text is longer than a cell of this sheet takes. Shorten it."),
    "undo": _("There is nothing to undo."),
}


def on_offer() -> QuerySet[Lab]:
    """Tasks in use; `measuring` tells those that an open campaign measures with."""
    measuring = Campaign.objects.filter(status=Campaign.Status.OPEN, labs__lab=OuterRef("pk"))
    return Lab.objects.filter(status=Lab.Status.LIVE).annotate(measuring=Exists(measuring))


def begin(*, actor: User | None, person: Person, lab: Lab, at: datetime) -> LabRun:
    """The person's open run of the task, or a new one with the next data variant.

    Raises Refused for a retired task, and while an open campaign measures with it: the feedback would tell the steps.
    """
    version = lab.versions.first()
    if lab.status != Lab.Status.LIVE or version is None:
        raise Refused(_("This practice task is not in use any more."))
    if lab.versions.filter(campaigns__status=Campaign.Status.OPEN).exists():
        raise Refused(_("An assessment that is open now uses this task. It can be practised again after that."))
    with audited(actor, "assessments.begin_lab", lab, at=at, person_id=person.pk):
        earlier = LabRun.objects.filter(person=person, version__lab=lab, sitting=None)
        going = earlier.filter(finished_at=None).first()
        return going or LabRun.objects.create(person=person, version=version, seed=earlier.count(), started_at=at)


def act(*, run: LabRun, key: uuid.UUID, verb: str, args: dict[str, str], at: datetime) -> bool:
    """Store one act; False when its key is known already and nothing changes.

    Raises Refused, with nothing stored, where the run has ended or the simulated system does not allow the act.
    """
    with write_turn():
        kept = LabRun.objects.select_for_update().select_related("version").get(pk=run.pk)
        if kept.events.filter(key=key).exists():
            return False
        lab, ms = task(kept), max(0, clock_ms(kept, at))
        if kept.finished_at or ms > lab.seconds * 1000:
            raise Refused(_("The time of this practice task is over. What was done is saved."))
        rows = log(kept)
        row = {"seq": len(rows) + 1, "t": ms // 1000, "key": str(key), "verb": verb, "args": args}
        try:
            engine.attempt(lab, engine.replay(lab, kept.seed, rows), row)
        except engine.ActRefused as no:
            raise Refused(_refusal(lab, verb, no)) from no
        LabEvent.objects.create(run=kept, seq=len(rows) + 1, key=key, t_ms=ms, verb=verb, args=args, at=at)
    return True


def _refusal(lab: engine.Lab, verb: str, no: engine.ActRefused) -> Any:
    """The simulated system's own answer if the task has one, else a sentence of the product."""
    if str(no) == lab.actions.get(verb, {}).get("refusal"):
        return str(no)
    if no.code in SHEET_SAYS:
        return SHEET_SAYS[no.code]
    return _("This act is not possible now. Check the choices and go on.")


def finish(*, actor: User | None, run: LabRun, at: datetime) -> LabRun:
    """End the run and judge its steps; ending twice changes nothing. Practice leaves no evidence in the profile."""
    with audited(actor, "assessments.finish_lab", run.version.lab, at=at, person_id=run.person_id) as this:
        kept = LabRun.objects.select_for_update().select_related("version__lab").get(pk=run.pk)
        if kept.finished_at:
            return kept
        lab, seconds = task(kept), elapsed(kept, at)
        judged = outcome(lab, engine.replay(lab, kept.seed, log(kept), until=seconds))
        kept.finished_at = at
        kept.result = {"done": sorted(judged.done), "errors": sorted(judged.errors), "seconds": seconds}
        kept.save(update_fields=["finished_at", "result"])
        this.note(steps=len(judged.done), acts=kept.events.count())
    return kept


def limit(run: LabRun) -> int:
    """Seconds that the run may take."""
    return 60 * int(run.minutes or run.version.body["minutes"])


def task(run: LabRun) -> engine.Lab:
    """The task as this run meets it, with the run's own time."""
    return replace(engine.read(run.version.body), seconds=limit(run))


def clock_ms(run: LabRun, at: datetime) -> int:
    """Milliseconds on the run's own clock at a moment; pauses have moved its deadline, so they are not in it."""
    end = run.deadline or run.started_at + timedelta(seconds=limit(run))
    return 1000 * limit(run) - int((end - at).total_seconds() * 1000)


def elapsed(run: LabRun, at: datetime) -> int:
    """Whole seconds on the run's clock, at most its time."""
    return min(limit(run), max(0, clock_ms(run, at) // 1000))


def log(run: LabRun) -> list[dict[str, Any]]:
    """The stored acts as the engine's log rows."""
    return [
        {"seq": e.seq, "t": e.t_ms // 1000, "key": str(e.key), "verb": e.verb, "args": e.args} for e in run.events.all()
    ]
