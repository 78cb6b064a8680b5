"""What learners say about classes: who is still asked, and scores that never come from fewer answers than allowed.

A class counts from the day after its form has closed: its figures do not move with single answers any more.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from nanglucso.core.days import local_day
from nanglucso.develop.plans.models import Course
from nanglucso.develop.training.models import Enrolment, EvaluationAnswer, EvaluationGiven, TrainingClass
from nanglucso.develop.training.questionnaires import Questionnaire, Said, asked_for, codes, rules
from nanglucso.develop.training.signup import State
from nanglucso.workforce.people.models import Person

_DONE = TrainingClass.Status.DONE
_ATTENDED = (State.COMPLETED, State.PARTLY)


@dataclass
class Score:
    """Answers about one object: their number of people, sum and how many say yes; scale 1 to 5."""

    people: int = 0
    answers: int = 0
    total: int = 0
    pleased: int = 0

    def add(self, values: Iterable[int], pleased_from: int) -> None:
        """One person's answers about the object."""
        held = list(values)
        self.people += 1
        self.answers += len(held)
        self.total += sum(held)
        self.pleased += sum(value >= pleased_from for value in held)

    @property
    def mean(self) -> float:
        return self.total / self.answers

    @property
    def share(self) -> float:
        """Percent of answers that are content."""
        return 100 * self.pleased / self.answers


@dataclass
class ClassScores:
    """One finished class: object → score, None for an object with too few answers or a form still open."""

    training_class: TrainingClass
    attended: int
    given: int = 0
    scores: dict[str, Score | None] = field(default_factory=dict)
    versions: set[tuple[str, int]] = field(default_factory=set)
    open_forms: int = 0

    @property
    def row(self) -> list[Score | None]:
        """The six objects in the law's order."""
        return [self.scores.get(one.code) for one in rules().objects]

    @property
    def pairs(self) -> list[tuple[Said, Score | None]]:
        """The same, each with its object."""
        return list(zip(rules().objects, self.row, strict=True))


@dataclass
class CourseScores:
    """All classes of a course that have figures, added up; `hidden`: classes with too few answers."""

    course: Course
    classes: list[ClassScores]
    scores: dict[str, Score]

    @property
    def row(self) -> list[Score | None]:
        return [self.scores.get(one.code) for one in rules().objects]

    @property
    def pairs(self) -> list[tuple[Said, Score | None]]:
        return list(zip(rules().objects, self.row, strict=True))

    @property
    def hidden(self) -> int:
        return sum(not any(one.scores.values()) for one in self.classes)

    @property
    def attended(self) -> int:
        return sum(one.attended for one in self.classes)

    @property
    def given(self) -> int:
        return sum(one.given for one in self.classes)


def asked(person: Person, at: datetime) -> list[tuple[TrainingClass, Questionnaire]]:
    """Forms that are open to a person and not given yet, soonest to close first."""
    rows = Enrolment.objects.filter(person=person, status__in=_ATTENDED, training_class__status=_DONE)
    given = set(EvaluationGiven.objects.filter(person=person).values_list("training_class_id", "form"))
    found = []
    for row in rows.select_related("training_class__course"):
        one = row.training_class
        for form in _forms(one):
            if form.is_open(one.closed_at, at) and (one.pk, form.code) not in given:
                found.append((one, form))
    return sorted(found, key=lambda pair: (pair[0].closed_at + pair[1].last, pair[0].pk))  # type: ignore[operator]


def _forms(row: TrainingClass) -> list[Questionnaire]:
    """Both forms, as they were on the day on which the class was finished; none before there were any."""
    found = [asked_for(code, local_day(row.closed_at)) for code in codes()] if row.closed_at else []
    return [one for one in found if one]


def finished(*, year: int | None = None, course: Course | None = None) -> QuerySet[TrainingClass]:
    """Classes that can have been evaluated, oldest first."""
    rows = TrainingClass.objects.filter(status=_DONE, closed_at__isnull=False).select_related(
        "course", "venue", "lecturer"
    )
    if year:
        rows = rows.filter(ends_on__year=year)
    if course:
        rows = rows.filter(course=course)
    came = Count("enrolments", filter=Q(enrolments__status__in=_ATTENDED))
    return rows.annotate(n_attended=came).order_by("ends_on", "pk")


def class_scores(rows: Iterable[TrainingClass], at: datetime) -> list[ClassScores]:
    """Scores of finished classes (from `finished`), each with as many answers as the threshold asks at least."""
    told, kept = rules(), list(rows)
    answers: dict[tuple[int, str], list[EvaluationAnswer]] = defaultdict(list)
    for answer in EvaluationAnswer.objects.filter(training_class__in=[row.pk for row in kept]):
        answers[answer.training_class_id, answer.form].append(answer)
    made = []
    for row in kept:
        one = ClassScores(row, row.n_attended)  # type: ignore[attr-defined]
        for form in _forms(row):
            if row.closed_at and at <= row.closed_at + form.last:
                one.open_forms += row.closed_at + form.first <= at
                continue
            held = answers[row.pk, form.code]
            if len(held) >= told.threshold:
                one.given = max(one.given, len(held))
                one.versions.add((form.code, form.version))
                one.scores |= _scored(form, held, told.pleased_from)
        made.append(one)
    return made


def _scored(form: Questionnaire, held: list[EvaluationAnswer], pleased_from: int) -> dict[str, Score]:
    about: dict[str, list[str]] = defaultdict(list)
    for question in form.questions:
        about[question.object].append(question.id)
    scores = {name: Score() for name in about}
    for answer in held:
        for name, ids in about.items():
            scores[name].add((answer.answers[pk] for pk in ids), pleased_from)
    return scores


def course_scores(rows: Iterable[TrainingClass], at: datetime) -> list[CourseScores]:
    """The courses of these classes by code; a course's figure adds up its classes that have one."""
    by_course: dict[int, CourseScores] = {}
    for one in class_scores(rows, at):
        course = one.training_class.course
        whole = by_course.setdefault(course.pk, CourseScores(course, [], {}))
        whole.classes.append(one)
        for name, score in one.scores.items():
            if score:
                into = whole.scores.setdefault(name, Score())
                for part in ("people", "answers", "total", "pleased"):
                    setattr(into, part, getattr(into, part) + getattr(score, part))
    return sorted(by_course.values(), key=lambda one: one.course.code)
