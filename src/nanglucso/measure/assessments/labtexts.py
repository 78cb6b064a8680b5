"""What a taker typed in a practice task: kept for scoring and appeal, dropped at the retention date.

The acts stay, with their time and their choices: they tell nothing that the person wrote. Judged steps stay too.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from nanglucso.core.acts import act
from nanglucso.core.content import read_yaml, root
from nanglucso.measure.assessments import labruns
from nanglucso.measure.assessments.models import LabRun

BATCH = 200
DROPPED = "texts_dropped"


def kept_for(folder: Path | None = None) -> timedelta:
    """How long texts are kept, from `content/retention.yaml`. Raises ValueError where appeals need them longer."""
    place = folder or root()
    told: Any = read_yaml(place / "retention.yaml")
    appeals: Any = read_yaml(place / "appeals.yaml")
    days, needed = int(told["lab_texts_days"]), int(appeals["days_to_file"]) + int(appeals["days_to_answer"])
    if days < needed:
        raise ValueError(f"retention.yaml: lab_texts_days is {days}, but an appeal may take {needed} days")
    return timedelta(days=days)


def due(at: datetime, keep: timedelta) -> QuerySet[LabRun]:
    """Runs whose texts are to be dropped at this moment, the oldest first; tasks that count only once ended."""
    rows = LabRun.objects.annotate(ended=Coalesce("finished_at", "started_at")).filter(ended__lt=at - keep)
    rows = rows.exclude(finished_at=None, sitting__isnull=False)
    return rows.exclude(result__has_key=DROPPED).select_related("version__lab").order_by("ended")


def drop_texts(*, at: datetime, keep: timedelta | None = None) -> int:
    """Drop what is due, at most `BATCH` runs; the worker calls it. Returns how many runs were cleared.

    A practice run that was left open is ended first, since its state could not be judged without the texts.
    """
    rows = list(due(at, keep or kept_for())[:BATCH])
    for run in rows:
        if run.finished_at is None:
            labruns.finish(actor=None, run=run, at=at)
    if rows:
        with act(None, "assessments.drop_lab_texts", None, at=at) as this:
            this.note(runs=len(rows), texts=sum(clear_texts(LabRun.objects.get(pk=run.pk), at) for run in rows))
    return len(rows)


def clear_texts(run: LabRun, at: datetime) -> int:
    """Take every argument that is no choice out of the run's acts; returns how many texts went."""
    choices, gone = run.version.body["choices"], 0
    for event in run.events.all():
        typed = [name for name, value in event.args.items() if name not in choices and value is not None]
        if typed:
            event.args = event.args | dict.fromkeys(typed)
            event.save(update_fields=["args"])
            gone += len(typed)
    run.result = run.result | {DROPPED: at.isoformat()}
    run.save(update_fields=["result"])
    return gone
