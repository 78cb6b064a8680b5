"""Which practice tasks of a campaign a person is given, and what that adds to the length of the assessment.

A task fits a position that requires every competence it scores; of the fitting ones a person gets at most
`Campaign.labs_each`, drawn by a keyed digest: the same person always the same, and the tasks evenly spread.
"""

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from nanglucso.core.scope import EVERYTHING
from nanglucso.measure.assessments.models import Campaign, LabSitting
from nanglucso.measure.assessments.queries import eligible
from nanglucso.measure.bank.models import Lab, LabVersion
from nanglucso.workforce.people.models import Person, Requirement

NO_REPEAT = timedelta(days=365)
Fitting = dict[int | None, list[LabVersion]]


def number(*parts: object) -> int:
    """A number that only this server can draw again from these parts."""
    text = ":".join(str(part) for part in parts)
    return int.from_bytes(hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()[:8], "big")


def fitting(campaign: Campaign, positions: Iterable[int | None]) -> Fitting:
    """Position id → the campaign's tasks all of whose competences it requires, at least one of them asked for here."""
    required: dict[int, set[str]] = defaultdict(set)
    known = {pk for pk in positions if pk}
    rows = Requirement.objects.filter(position__in=known, level__gt=0, competence__framework=campaign.framework_id)
    for pk, code in rows.values_list("position_id", "competence__code"):
        required[pk].add(code)
    asked = set(campaign.competences)
    known_labs = campaign.labs.select_related("lab").order_by("lab__code")
    labs = [(one, set(one.body["score"])) for one in known_labs if one.counts]
    return {
        pk: [one for one, scored in labs if scored <= required[pk] and (not asked or scored & asked)] for pk in known
    }


def chosen(campaign: Campaign, person_id: int, tasks: Iterable[LabVersion]) -> list[LabVersion]:
    """The tasks that this person is given out of those that fit."""
    drawn = sorted(tasks, key=lambda one: number("lab", campaign.pk, person_id, one.lab_id))
    return drawn[: campaign.labs_each]


def give(campaign: Campaign, people: Iterable[Person], at: datetime) -> int:
    """Write down a task that counts for each of these people; returns how many. Inside the caller's act.

    Who sat the same task within twelve months is given another one, or none.
    """
    rows = list(people)
    tasks = fitting(campaign, [one.position_id for one in rows])
    have = set(campaign.lab_sittings.values_list("person_id", flat=True))
    lately = LabSitting.objects.filter(started_at__gt=at - NO_REPEAT, person__in=[one.pk for one in rows])
    sat = set(lately.values_list("person_id", "version__lab_id"))
    made = [
        LabSitting(campaign=campaign, person=one, version=version)
        for one in rows
        if one.pk not in have
        for version in chosen(campaign, one.pk, _unsat(tasks.get(one.position_id, []), one.pk, sat))
    ]
    LabSitting.objects.bulk_create(made, batch_size=500)
    return len(made)


def _unsat(tasks: list[LabVersion], person_id: int, sat: set[tuple[int, int]]) -> list[LabVersion]:
    return [one for one in tasks if (person_id, one.lab_id) not in sat]


def variant(sitting: LabSitting) -> int:
    """The data variant this person meets: the same whenever it is drawn, one they did not practise where there is one.

    Practice runs count seeds from 0, so theirs modulo the number of variants are those that were seen.
    """
    n = max(1, len(sitting.version.body.get("variants", {})))
    runs = sitting.person.lab_runs.filter(version__lab=sitting.version.lab_id, sitting=None)
    seen = {seed % n for seed in runs.values_list("seed", flat=True)}
    free = [one for one in range(n) if one not in seen] or list(range(n))
    return free[number("variant", sitting.campaign_id, sitting.person_id, sitting.version.lab_id) % len(free)]


@dataclass(frozen=True)
class Share:
    """One task of a campaign and how many people would be given it."""

    version: LabVersion
    people: int


@dataclass(frozen=True)
class LabPlan:
    """What practice tasks add: people in all, those with a task, minutes on average over everybody and at most."""

    shares: list[Share]
    people: int
    with_task: int
    mean: float
    most: int

    @property
    def faults(self) -> list[str]:
        """Why the campaign cannot be opened with these tasks, one sentence each."""
        said = []
        for one in self.shares:
            told = {"title": one.version.lab.title}
            if one.version.lab.status != Lab.Status.LIVE:
                said.append(_("the practice task “%(title)s” is not in use any more") % told)
            elif not one.version.counts:
                said.append(_("the practice task “%(title)s” was taken out of all results") % told)
            elif self.people and not one.people:
                said.append(_("no position of these people requires what the task “%(title)s” measures") % told)
        return said

    def figures(self) -> dict[str, Any]:
        """JSON-able, for the rehearsal's result."""
        return {"mean": round(self.mean, 1), "most": self.most, "share": round(self.with_task / max(1, self.people), 3)}


def plan(campaign: Campaign) -> LabPlan:
    """What the campaign's tasks would mean for those whom it would measure now."""
    people = list(eligible(campaign, EVERYTHING).values_list("pk", "position_id"))
    tasks = fitting(campaign, [position for _pk, position in people])
    fit = Counter(one.pk for _pk, position in people for one in tasks.get(position, []))
    drawn = [chosen(campaign, pk, tasks.get(position, [])) for pk, position in people]
    minutes = [sum(int(one.body["minutes"]) for one in own) for own in drawn]
    labs = campaign.labs.select_related("lab").prefetch_related("lab__competences").order_by("lab__code")
    n = len(people)
    return LabPlan(
        [Share(one, fit[one.pk]) for one in labs], n, sum(m > 0 for m in minutes), sum(minutes) / max(1, n),
        max(minutes, default=0),
    )  # fmt: skip
