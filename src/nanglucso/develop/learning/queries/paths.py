"""What to learn next: from the own gaps to lessons in order, ten minutes each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from nanglucso.develop.learning.lessons import names
from nanglucso.develop.learning.models import Lesson, Study
from nanglucso.engines import levels
from nanglucso.measure.profiles import holding
from nanglucso.measure.profiles.queries import Bar, standing
from nanglucso.workforce.framework.models import Competence, Framework
from nanglucso.workforce.framework.queries import frame
from nanglucso.workforce.people.models import Person


@dataclass(frozen=True)
class Step:
    """One lesson on a person's way. `state`: done, going, next or open; `first`: what is to be known before."""

    lesson: Lesson
    level: str
    state: str
    study: Study | None
    first: list[str]


@dataclass(frozen=True)
class Group:
    """A competence with a gap (`bar`) or one that is only listed (None), and its lessons in order."""

    competence: Competence
    bar: Bar | None
    required: str
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.state == "done" for step in self.steps)


@dataclass(frozen=True)
class Path:
    """The whole way. `none`: gaps that no lesson of their level serves; `going`: lessons begun, last seen first."""

    groups: list[Group]
    none: list[Competence]
    next: Step | None
    going: list[Study]

    @property
    def todo(self) -> list[Step]:
        return [step for group in self.groups for step in group.steps if step.state != "done"]

    @property
    def done(self) -> int:
        return sum(group.done for group in self.groups)

    @property
    def total(self) -> int:
        return sum(len(group.steps) for group in self.groups)

    @property
    def minutes(self) -> int:
        return sum(step.lesson.live.minutes for step in self.todo if step.lesson.live)


class Shelf:
    """The lessons in use and what one person did with them."""

    def __init__(self, person: Person, framework: Framework) -> None:
        rows = Lesson.objects.exclude(live=None).select_related("live")
        self.lessons = {row.code: row for row in rows}
        self.titles = {row.code: row.live.title for row in self.lessons.values() if row.live}
        self.labels = frame(framework).labels
        self.studies: dict[str, Study] = {}
        held = Study.objects.filter(person=person).select_related("version__lesson").order_by("began_at")
        for study in held:
            kept = self.studies.get(study.version.lesson.code)
            if kept is None or kept.finished_at is None:
                self.studies[study.version.lesson.code] = study

    @property
    def going(self) -> list[Study]:
        """Lessons that were begun and are not finished, the last seen first; also those that are no longer in use."""
        held = [study for study in self.studies.values() if study.finished_at is None]
        return sorted(held, key=lambda study: study.seen_at, reverse=True)

    def done(self, code: str) -> bool:
        study = self.studies.get(code)
        return bool(study and study.finished_at)

    def before(self, lesson: Lesson) -> list[str]:
        """Ids of the lessons in use that come before this one."""
        told = lesson.live.prerequisites if lesson.live else []
        return [code for one in told if (code := one.split()[0]) in self.lessons and code != lesson.code]

    def step(self, lesson: Lesson, state: str = "") -> Step:
        study = self.studies.get(lesson.code)
        state = "done" if self.done(lesson.code) else "going" if study else state or "open"
        told = lesson.live.prerequisites if lesson.live else []
        open_ = [one for one in told if one.strip() and not self.done(one.split()[0])]
        return Step(lesson, str(self.labels[lesson.level]), state, study, names(open_, self.titles))


def in_order(wanted: Iterable[Lesson], shelf: Shelf) -> list[Lesson]:
    """By level, each one after the lessons it needs; a needed one that is not done yet is brought in."""
    found: list[Lesson] = []
    seen: set[str] = set()

    def put(lesson: Lesson) -> None:
        if lesson.code in seen:
            return
        seen.add(lesson.code)
        for code in shelf.before(lesson):
            if not shelf.done(code):
                put(shelf.lessons[code])
        found.append(lesson)

    for lesson in sorted(wanted, key=lambda row: (row.level, row.code)):
        put(lesson)
    return found


def _wanted(bar: Bar, shelf: Shelf) -> list[Lesson]:
    """Lessons of the competence from above the believed level up to the required one."""
    low = min(int(bar.mean), bar.required - 1)
    rows = [row for row in shelf.lessons.values() if row.competence == bar.competence.code]
    return [row for row in rows if low < row.level <= bar.required]


def _gaps(bars: list[Bar]) -> list[Bar]:
    """Unmet ones first, among them the core ones, then the largest; after them what is not yet known."""
    open_ = [bar for bar in bars if bar.state in (levels.NOT_MET, levels.NOT_YET_KNOWN)]
    return sorted(open_, key=lambda bar: (bar.state != levels.NOT_MET, not bar.must_have, -bar.missing))


def _with_next(groups: list[Group]) -> tuple[list[Group], Step | None]:
    """The step that comes next: the one under way, else the first that is open, said so in its group."""
    every = [step for group in groups for step in group.steps]
    chosen = next((s for s in every if s.state == "going"), None) or next((s for s in every if s.state == "open"), None)
    if chosen is None or chosen.state == "going":
        return groups, chosen
    marked = Step(chosen.lesson, chosen.level, "next", chosen.study, chosen.first)
    told = [
        Group(g.competence, g.bar, g.required, [marked if step is chosen else step for step in g.steps]) for g in groups
    ]
    return told, marked


def path_of(person: Person, framework: Framework, at: datetime) -> Path:
    """The person's way through the lessons today; results that are held back are left out as if not there."""
    shelf = Shelf(person, framework)
    where = standing(framework, person, at=at, held=holding.held_for(person))
    groups, none, taken = [], [], set()
    for bar in _gaps(where.bars):
        fitting = _wanted(bar, shelf)
        wanted = [row for row in in_order(fitting, shelf) if row.code not in taken]
        taken |= {row.code for row in wanted}
        if wanted:
            label = str(shelf.labels[bar.required])
            groups.append(Group(bar.competence, bar, label, [shelf.step(row) for row in wanted]))
        elif not fitting:
            none.append(bar.competence)
    told, following = _with_next(groups)
    return Path(told, none, following, shelf.going)


def every_lesson(person: Person, framework: Framework, *, level: int = 0, text: str = "") -> list[Group]:
    """All lessons in use by competence; `level` and a piece of the title narrow the list."""
    from nanglucso.kit.text import fold

    shelf, sought = Shelf(person, framework), fold(text)
    competences: QuerySet[Any] = framework.competences.select_related("domain").order_by("index")
    groups = []
    for competence in competences:
        rows = [row for row in shelf.lessons.values() if row.competence == competence.code and level in (0, row.level)]
        rows = [row for row in rows if sought in fold(f"{row.live.title_vi} {row.live.title_en}")]  # type: ignore[union-attr]
        if rows:
            ordered = sorted(rows, key=lambda row: (row.level, row.code))
            groups.append(Group(competence, None, "", [shelf.step(row) for row in ordered]))
    return groups
