"""The demo's practice tasks that count: made-up people do them by the acts that the tasks' own traces are made of."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from nanglucso.core.acts import act
from nanglucso.core.refusals import Refused
from nanglucso.engines import irt
from nanglucso.engines import lab as engine
from nanglucso.engines.lab_score import outcome
from nanglucso.engines.lab_traces import rows
from nanglucso.measure.assessments import labexam
from nanglucso.measure.assessments.labgiving import variant
from nanglucso.measure.assessments.models import Campaign, LabSitting
from nanglucso.measure.bank.models import LabVersion
from nanglucso.measure.profiles.folding import Frame

PER_ACT = 20


@dataclass(frozen=True)
class Way:
    """How somebody may do a task: the acts [t, verb, args] and the category of each competence they end in."""

    acts: list[Any]
    categories: dict[str, int]


def task_of(code: str) -> LabVersion:
    """The newest version of a practice task."""
    return LabVersion.objects.filter(lab__code=code).latest("number")


def ways(version: LabVersion, seed: int) -> list[Way]:
    """Every beginning of every trace of the task, as it would end in this data variant."""
    lab = engine.read(version.body)
    found: list[Way] = []
    for trace in version.body["traces"].values():
        state = engine.start(lab, seed)
        done: list[Any] = []
        for one, row in zip(trace["acts"], rows(trace["acts"]), strict=True):
            try:
                state = engine.attempt(lab, state, {**row, "seq": len(done) + 1})
            except engine.ActRefused:
                continue
            done.append(one)
            found.append(Way(list(done), outcome(lab, state).categories()))
    return found


def way_like(found: list[Way], sitting: LabSitting, frame: Frame, theta: np.ndarray, rng: np.random.Generator) -> Way:
    """The way whose categories are nearest to those drawn from the task's graded response at this ability."""
    wanted = {}
    for code, rule in sitting.version.body["score"].items():
        prior, b = rule["prior"], np.asarray(rule["prior"]["b"], float)
        chances = irt.categories(float(theta[frame.index(code)]), prior["a"], b, 0.0)
        wanted[code] = int(rng.choice(len(chances), p=np.asarray(chances) / np.sum(chances)))
    return min(found, key=lambda way: (sum(abs(way.categories[k] - wanted[k]) for k in wanted), -len(way.acts)))


def do_task(sitting: LabSitting, way: Way, rng: np.random.Generator, at: datetime) -> None:
    """The whole task through its services."""
    row = labexam.start(actor=None, sitting=sitting, at=at)
    for seconds, verb, args in way.acts:
        try:
            key = uuid.UUID(bytes=rng.bytes(16), version=4)
            labexam.take(sitting=row, key=key, verb=verb, args=args, at=at + timedelta(seconds=seconds))
        except Refused:
            continue
    labexam.finish(actor=None, sitting=row, at=at + timedelta(seconds=way.acts[-1][0] + 45))


def _hour(begin: datetime, n: int) -> datetime:
    """The n-th task in office hours: sixteen a day from eight in the morning (Viet Nam is seven hours ahead)."""
    first = begin.astimezone(UTC).replace(hour=1, minute=5)
    return first + timedelta(days=n // 16, minutes=28 * (n % 16))


def do_tasks(
    campaign: Campaign, people: list[int], truth: dict[int, np.ndarray], frame: Frame, begin: datetime
) -> int:  # fmt: skip
    """These people do the tasks they were given, one after the other from `begin` on; returns how many were done.

    Draws of its own, so that the rest of the demo year does not change with the tasks.
    """
    rng = np.random.default_rng([campaign.pk, len(people)])
    given = campaign.lab_sittings.filter(person__in=people).select_related("campaign", "person", "version__lab")
    todo, known = list(given.order_by("pk")), {}
    for first in range(0, len(todo), PER_ACT):
        part = todo[first : first + PER_ACT]
        with act(None, "demo.practice", at=begin, tasks=len(part)):
            for n, sitting in enumerate(part, first):
                mark = (sitting.version_id, variant(sitting))
                if mark not in known:
                    known[mark] = ways(sitting.version, mark[1])
                way = way_like(known[mark], sitting, frame, truth[sitting.person_id], rng)
                do_task(sitting, way, rng, _hour(begin, n))
    return len(todo)
