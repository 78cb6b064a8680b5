"""Nouns of vacancies: who could fill them, what was suggested, who could follow in leading positions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import F, QuerySet
from numpy.typing import NDArray

from nanglucso.core.scope import Scope
from nanglucso.develop.staffing.models import Decision, Suggestion, Vacancy
from nanglucso.develop.staffing.queries.fitting import Candidate, FitTable, Part, fit_table
from nanglucso.develop.staffing.queries.steps import climb, steps
from nanglucso.engines import matching
from nanglucso.engines.irt import Floats
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person, Position, Unit

SHOWN = 10
FOLLOWERS = 3


def vacancies(*, scope: Scope) -> QuerySet[Vacancy]:
    """Vacancies of units in scope."""
    found = Vacancy.objects.filter(scope.units("unit__path"))
    return found.select_related("unit", "position", "decision__person").order_by("since", "pk")


def suggestions(*, scope: Scope) -> QuerySet[Suggestion]:
    """Computed assignments of the scope's own width: whoever sees more or less of the city made others."""
    return Suggestion.objects.filter(paths=[] if scope.everything else sorted(scope.paths)).select_related("pool")


def latest_suggestion(*, scope: Scope) -> Suggestion | None:
    """The newest one."""
    return suggestions(scope=scope).first()


def pool(*, scope: Scope, unit: Unit | None = None) -> QuerySet[Person]:
    """People who could be moved: working, in a position, in scope (below `unit`), not chosen for another post."""
    people = Person.objects.filter(scope.units("unit__path"), active=True, position__isnull=False)
    if unit:
        people = people.filter(unit__path__startswith=unit.path)
    done = Decision.objects.filter(person__unit=F("vacancy__unit"), person__position=F("vacancy__position"))
    waiting = Decision.objects.exclude(person=None).exclude(pk__in=done.values("pk")).values("person")
    return people.exclude(pk__in=waiting).order_by("pk")


def allowed(people: QuerySet[Person], seats: Sequence[Any]) -> NDArray[np.bool_]:
    """(N, S): nobody is moved to the post they hold, nor a step down, nor more than one step up (see `steps`)."""
    rows, known = list(people.values_list("unit_id", "position_id")), steps()
    post = np.array([position for _unit, position in rows], np.int64)
    held = defaultdict(list)
    for n, place in enumerate(rows):
        held[place].append(n)
    found = np.zeros((len(rows), len(seats)), bool)
    for s, seat in enumerate(seats):
        near = [pk for pk, step in known.items() if 0 <= climb(step, known[seat.position_id]) <= 1]
        found[:, s] = np.isin(post, near)
        found[held.get((seat.unit_id, seat.position_id), []), s] = False
    return found


@dataclass(frozen=True)
class Line:
    """A candidate as a page shows it; `price`: what choosing them costs the whole, None when nothing was computed.

    `place`: where they work, said in full, when the page asks for it.
    """

    person: Person
    candidate: Candidate
    price: float | None = None
    suggested: bool = False
    place: str = ""

    @property
    def percent(self) -> int:
        return round(100 * self.candidate.fit)

    @property
    def points(self) -> int:
        """The price in hundredths of one post's fit."""
        return round(100 * (self.price or 0.0))


def candidates(framework: Framework, vacancy: Vacancy, *, scope: Scope, at: datetime) -> list[Line]:
    """The people who fit best, each with what the choice would cost the newest suggestion that holds this vacancy."""
    made = latest_suggestion(scope=scope)
    held = made if made and any(line["vacancy"] == vacancy.pk for line in made.lines) else None
    people = pool(scope=scope, unit=held.pool if held else None)
    seats = _seats(held, vacancy)
    table = fit_table(framework, people, [one.position for one in seats], at=at)
    may, place = allowed(people, seats), [one.pk for one in seats].index(vacancy.pk)
    fit = table.fit[:, [table.column[one.position_id] for one in seats]]
    order = matching.nearest(fit, may, place, SHOWN) if len(fit) else []
    prices, first = _prices(fit, may, held.floor, place, order) if held and order else ([None] * len(order), -1)
    rows = Person.objects.select_related("unit", "position").in_bulk([int(table.table.ids[n]) for n in order])
    lines = []
    for n, price in zip(order, prices, strict=True):
        told = table.candidate(n, vacancy.position_id)
        lines.append(Line(rows[told.person], told, price, n == first))
    return lines


def _prices(fit: Floats, may: NDArray[np.bool_], floor: float, seat: int, order: list[int]) -> tuple[list[Any], int]:
    """What each choice for a seat costs the whole, and who has the seat in the best whole (-1 = it stays empty)."""
    few = matching.enough(fit, may, spare=1, also=order)
    fit, may = fit[few], may[few]
    best = matching.assign(fit, may, floor)
    places = np.searchsorted(few, order)
    totals = [matching.with_choice(fit, may, floor, seat, int(n)) for n in places]
    holder = int(best.person[seat])
    return [max(0.0, best.total - total) for total in totals], -1 if holder < 0 else int(few[holder])


def fit_of(framework: Framework, person: Person, position: Position, *, at: datetime) -> tuple[Line, list[Part]]:
    """One person for one position, whether or not it is vacant: the whole, and each requirement."""
    table = fit_table(framework, Person.objects.filter(pk=person.pk), [position], at=at)
    return Line(person, table.candidate(0, position.pk)), table.parts(0, position.pk)


def _seats(made: Suggestion | None, vacancy: Vacancy) -> list[Vacancy]:
    if made is None:
        return [vacancy]
    wanted = [line["vacancy"] for line in made.lines]
    still = Vacancy.objects.filter(pk__in=wanted, state=Vacancy.State.OPEN).select_related("unit", "position")
    found = list(still.order_by("pk"))
    return found if any(one.pk == vacancy.pk for one in found) else [*found, vacancy]


def suggestion_lines(made: Suggestion) -> list[dict[str, Any]]:
    """The lines of a suggestion with vacancy and person looked up, in the order of the vacancies."""
    posts = Vacancy.objects.select_related("unit", "position").in_bulk([line["vacancy"] for line in made.lines])
    people = Person.objects.select_related("unit", "position").in_bulk(
        [line["person"] for line in made.lines if line["person"]]
    )
    return [
        line
        | {"vacancy": posts[line["vacancy"]], "person": people.get(line["person"]), "percent": round(100 * line["fit"])}
        for line in made.lines
        if line["vacancy"] in posts
    ]


@dataclass(frozen=True)
class Following:
    """A leading post with its holder and the people of the same agency or commune who come nearest to it."""

    holder: Person
    lines: tuple[Line, ...]
    place: str = ""

    @property
    def ready(self) -> int:
        return sum(not line.candidate.missing and not line.candidate.unknown for line in self.lines)


def leading(*, scope: Scope, unit: Unit | None = None) -> QuerySet[Person]:
    """Holders of leading positions, oldest first, those without a birth year last."""
    held = Person.objects.filter(scope.units("unit__path"), active=True, position__group=Position.Group.LEADING)
    if unit:
        held = held.filter(unit__path__startswith=unit.path)
    return held.select_related("unit", "position").order_by(F("birth_year").asc(nulls_last=True), "unit__path", "pk")


def succession(framework: Framework, holders: Sequence[Person], *, scope: Scope, at: datetime) -> list[Following]:
    """For each holder the nearest people of the same agency, commune or ward."""
    people = pool(scope=scope)
    table = fit_table(framework, people, [one.position for one in holders if one.position], at=at)
    may = allowed(people, holders)
    top = 2 * Unit.steplen
    paths = np.array([path[:top] for path in people.values_list("unit__path", flat=True)])
    chosen = []
    for s, holder in enumerate(holders):
        near = may[:, s] & (paths == holder.unit.path[:top]) if holder.unit else may[:, s] & False
        fit = table.fit[:, [table.column[holder.position_id]]]  # type: ignore[index]
        chosen.append(matching.nearest(fit, near[:, None], 0, FOLLOWERS))
    return _followings(holders, chosen, table)


def _followings(holders: Sequence[Person], chosen: list[list[int]], table: FitTable) -> list[Following]:
    wanted = {int(table.table.ids[n]) for order in chosen for n in order}
    rows = Person.objects.select_related("unit", "position").in_bulk(wanted)
    found = []
    for holder, order in zip(holders, chosen, strict=True):
        told = [table.candidate(n, holder.position_id) for n in order]  # type: ignore[arg-type]
        found.append(Following(holder, tuple(Line(rows[one.person], one) for one in told)))
    return found
