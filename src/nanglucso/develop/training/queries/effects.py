"""Re-measurements and the effects that came of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet

from nanglucso.develop.plans.models import Course, PlannedClass
from nanglucso.develop.training.models import ClassEffect, EffectProposal, Enrolment, TrainingClass
from nanglucso.develop.training.queries.classes import HOLDING, covered_codes, recheck_code, retest_code
from nanglucso.develop.training.verdicts import FLAGGED, UNCLEAR, expected_spread, thresholds
from nanglucso.engines.effect_pooling import Pooled, programme
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.assessments.queries import DONE
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import BeliefPoint
from nanglucso.measure.profiles.queries import beliefs, in_force
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person, Unit

OTHER_AGENCY = 0.5


@dataclass(frozen=True)
class RetestState:
    """How far the re-measurement of a class is: people asked and measured, of the class and beside it."""

    campaign: Campaign
    trained: int
    trained_done: int
    beside: int
    beside_done: int


def _completed(training_class: TrainingClass) -> QuerySet[Enrolment]:
    return training_class.enrolments.filter(status=Enrolment.Status.COMPLETED)


def recheck_of(training_class: TrainingClass) -> Campaign | None:
    """The second re-measurement of a class, some months after it, or None when it has not been opened."""
    return Campaign.objects.filter(code=recheck_code(training_class)).first()


def retest_state(training_class: TrainingClass) -> RetestState | None:
    """The re-measurement of a class, or None when it has not been opened."""
    return _state(training_class, Campaign.objects.filter(code=retest_code(training_class)).first())


def recheck_state(training_class: TrainingClass) -> RetestState | None:
    """The same of the second re-measurement."""
    return _state(training_class, recheck_of(training_class))


def _state(training_class: TrainingClass, campaign: Campaign | None) -> RetestState | None:
    if campaign is None:
        return None
    done = set(_completed(training_class).values_list("person_id", flat=True))
    rows = list(campaign.sittings.values_list("person_id", "status"))
    mine = [status in DONE for pk, status in rows if pk in done]
    beside = [status in DONE for pk, status in rows if pk not in done]
    return RetestState(campaign, len(mine), sum(mine), len(beside), sum(beside))


def retest_people(training_class: TrainingClass) -> list[Person]:
    """The comparison group: those who are re-measured beside the class."""
    mine = _completed(training_class).values("person")
    rows = Person.objects.filter(sittings__campaign__code=retest_code(training_class)).exclude(pk__in=mine)
    return list(rows.select_related("position"))


def _before(training_class: TrainingClass, people: list[int], index: list[int]) -> dict[int, np.ndarray]:
    """Each person's belief on the covered competences right before the class began."""
    first = training_class.sessions.order_by("starts_at").first()
    rows = in_force(BeliefPoint.objects.filter(person__in=people)).order_by("at", "id")
    if first:
        rows = rows.filter(at__lt=first.starts_at)
    return {pk: np.array(mean)[index] for pk, mean in rows.values_list("person_id", "mean")}


def comparison_pool(framework: Framework, training_class: TrainingClass) -> list[Person]:
    """Measured people of the same positions who took no class on these competences, best matches first.

    Matching is one to one, round after round: each person of the class takes the unused candidate whose belief on the
    covered competences is nearest to theirs before the class (Euclidean distance in logits; another agency counts as
    half a logit further, because colleagues share what no test has seen yet).
    """
    frame, codes = folding.frame(framework), covered_codes(training_class.course)
    index = [frame.index(code) for code in codes]
    mine = list(_completed(training_class).values_list("person_id", flat=True))
    taught = Enrolment.objects.filter(
        training_class__course__covers__competence__code__in=codes, status__in=HOLDING
    ).values("person")
    positions = Person.objects.filter(pk__in=mine).values("position")
    pool = Person.objects.filter(active=True, position__in=positions, belief__measured=True).exclude(pk__in=taught)
    pool = pool.select_related("position", "unit").order_by("pk")
    found = beliefs(frame, pool)
    if not len(found.ids):
        return []
    before = _before(training_class, mine, index)
    known = [pk for pk in mine if pk in before]
    by_pk = {person.pk: person for person in pool}
    agency = {person.pk: _agency(person) for person in Person.objects.filter(pk__in=known).select_related("unit")}
    apart = np.array([[agency[pk] != _agency(by_pk[int(one)]) for one in found.ids] for pk in known], bool)
    targets = np.array([before[pk] for pk in known]).reshape(len(known), len(index))
    return [by_pk[int(found.ids[i])] for i in _matched(targets, found.mean[:, index], OTHER_AGENCY * apart)]


def _agency(person: Person) -> str:
    """Path of the agency, commune or ward below the city that a person belongs to."""
    return person.unit.path[: 2 * Unit.steplen] if person.unit else ""


def _matched(targets: np.ndarray, candidates: np.ndarray, further: np.ndarray | float = 0.0) -> list[int]:
    """Indexes of the candidates (M, k) in the order the targets (N, k) take them; `further` (N, M) is added."""
    if not len(targets):
        return list(range(len(candidates)))
    distance = np.linalg.norm(targets[:, None, :] - candidates[None, :, :], axis=2) + further
    free, order = np.ones(len(candidates), bool), []
    while free.any():
        for row in distance:
            if not free.any():
                break
            chosen = int(np.argmin(np.where(free, row, np.inf)))
            free[chosen] = False
            order.append(chosen)
    return order


def measured() -> QuerySet[ClassEffect]:
    """Effects of single classes, by course and time."""
    rows = ClassEffect.objects.exclude(training_class=None).select_related("course", "training_class")
    return rows.order_by("course__code", "training_class__starts_on", "pk")


@dataclass(frozen=True)
class CourseEffects:
    """One course: its classes' effects and what they say together."""

    course: Course
    effects: list[ClassEffect]
    whole: Pooled

    @property
    def people(self) -> int:
        return sum(row.people for row in self.effects)

    @property
    def verdict(self) -> str:
        """`verdicts.Thresholds.verdict` of all classes together."""
        return thresholds().verdict(self.whole.low, self.whole.high, self.people)

    @property
    def flagged(self) -> bool:
        """Whether the course does harm or raises nobody enough."""
        return self.verdict in FLAGGED

    @property
    def naive(self) -> float | None:
        """Plain before and after in levels, weighted by people; None when no class has both tests."""
        told = [(row.naive, row.people) for row in self.effects if row.naive is not None]
        return sum(x * n for x, n in told) / sum(n for _x, n in told) if told else None

    @property
    def bias(self) -> float | None:
        """By how many levels the plain figure says more than the estimate."""
        return None if self.naive is None else self.naive - self.whole.mean

    @property
    def drawn(self) -> list[tuple[ClassEffect, float, float, float]]:
        """Each class with its figure after pooling: drawn to the course's mean by its own error, and its interval."""
        told = zip(self.effects, self.whole.shrunk, self.whole.lows, self.whole.highs, strict=True)
        return [(row, float(mean), float(low), float(high)) for row, mean, low, high in told]


def by_course(course: Course | None = None) -> list[CourseEffects]:
    """Measured effects grouped by course, the best-known course first; of one course when it is given.

    How far classes of a course differ is read over all courses together: one course reads as in the whole list.
    """
    rows = list(measured())
    if not rows:
        return []
    place = {pk: i for i, pk in enumerate(dict.fromkeys(row.course_id for row in rows))}
    told = programme(
        [place[row.course_id] for row in rows], [row.shift for row in rows], [row.standard_error for row in rows],
        expected=expected_spread(),
    )  # fmt: skip
    groups = {pk: [row for row in rows if row.course_id == pk] for pk in place}
    made = [CourseEffects(own[0].course, own, told.courses[place[pk]]) for pk, own in groups.items()]
    made = [one for one in made if course is None or one.course.pk == course.pk]
    return sorted(made, key=lambda one: (-one.people, one.course.code))


def verdict_of(course: Course) -> str:
    """What may be said of a course from its measured classes."""
    found = by_course(course)
    return found[0].verdict if found else UNCLEAR


def proposals(course: Course | None = None, *, waiting: bool = False) -> QuerySet[EffectProposal]:
    """Measured shares put forward to the plan, newest first; of one course; only undecided ones."""
    rows = EffectProposal.objects.select_related("training_class", "course", "decided_by")
    if waiting:
        rows = rows.filter(status=EffectProposal.Status.WAITING)
    return rows.filter(course=course) if course else rows


def shares() -> list[dict[str, Any]]:
    """Prior against measured share of the missing way, of each course and form that has been measured."""
    labels = dict(PlannedClass.Form.choices)
    rows = []
    for course in Course.objects.exclude(measured={}).order_by("code"):
        for form, told in course.measured.items():
            prior = float(course.forms[form]["eff"])
            rows.append(
                {
                    "course": course, "form": labels[form], "prior": prior, "measured": told["shift"],
                    "people": told["people"], "classes": len(told.get("classes", {})), "taken": told["eff"],
                }
            )  # fmt: skip
    return rows
