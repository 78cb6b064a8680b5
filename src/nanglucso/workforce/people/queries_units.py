"""Units as they were on a day: the tree, one unit's history, a person's place.

The present stands on the unit itself, `UnitPast` holds what was before. Whoever sees a unit today reads its past.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.workforce.people.models import Appointment, Person, Reorganisation, Unit, UnitPast, UnitSuccession
from nanglucso.workforce.people.queries import AGENCY_KINDS, KIND_HEADS


@dataclass(frozen=True)
class UnitState:
    """How a unit was from `since` (None = as far as is known) until `until` (None = still so)."""

    unit_id: int
    name: str
    kind: str
    parent_id: int | None
    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether it was so on the day."""
        return (self.since is None or self.since <= day) and (self.until is None or self.until > day)

    @property
    def last_day(self) -> date | None:
        """The last day on which it was so; None while it is."""
        return self.until - timedelta(days=1) if self.until else None

    @property
    def kind_label(self) -> str:
        """The kind in the active language."""
        return str(Unit.Kind(self.kind).label)


def states(units: Iterable[Unit]) -> dict[int, list[UnitState]]:
    """Every state of the units, oldest first; three queries for all."""
    held = list(units)
    by_path = dict(Unit.objects.filter(path__in={one.path[: -Unit.steplen] for one in held}).values_list("path", "pk"))
    pasts: dict[int, list[UnitState]] = {}
    keys = [one.pk for one in held]
    found = UnitPast.objects.filter(unit__in=keys) if len(keys) < 500 else UnitPast.objects.all()
    for row in found.order_by("until"):
        state = UnitState(row.unit_id, row.name, row.kind, row.parent_id, row.since, row.until)
        pasts.setdefault(row.unit_id, []).append(state)
    told: dict[int, list[UnitState]] = {}
    for unit in held:
        rows = list(pasts.get(unit.pk, ()))
        began = rows[-1].until if rows else unit.since
        if unit.until is None or not rows or (began is not None and began < unit.until):
            parent = by_path.get(unit.path[: -Unit.steplen])
            rows.append(UnitState(unit.pk, unit.name, unit.kind, parent, began, unit.until))
        told[unit.pk] = rows
    return told


@dataclass(frozen=True)
class UnitOn:
    """A unit on a day with the people who had their main place in it and below; `level` 0 = top of what is shown."""

    state: UnitState
    level: int
    here: int
    total: int


@dataclass(frozen=True)
class Branch:
    """A unit on a day with its parts."""

    on: UnitOn
    parts: list["Branch"]


def branches(rows: Iterable[UnitOn]) -> list[Branch]:
    """Rows in the order of the tree as a tree: what stands at the top of them."""
    tops: list[Branch] = []
    line: list[Branch] = []
    for row in rows:
        del line[row.level :]
        branch = Branch(row, [])
        (line[-1].parts if line else tops).append(branch)
        line.append(branch)
    return tops


def by_kind(found: Iterable[Branch]) -> list[tuple[object, list[Branch]]]:
    """Branches under the plural of their kind, in the order of the kinds."""
    kinds: dict[str, list[Branch]] = {}
    for one in found:
        kind = one.on.state.kind
        kinds.setdefault(Unit.Kind.AGENCY if kind in AGENCY_KINDS else kind, []).append(one)
    order = list(Unit.Kind.values)
    return [(KIND_HEADS[kind], kinds[kind]) for kind in sorted(kinds, key=order.index)]


class TreeOn:
    """The whole tree on a day. A unit whose line of parents was not complete that day is left out."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.units = {unit.pk: unit for unit in Unit.objects.order_by("path")}
        told = states(self.units.values())
        on = {pk: next((one for one in rows if one.holds(day)), None) for pk, rows in told.items()}
        self.on = {pk: state for pk, state in on.items() if state is not None}
        self.chains = {pk: chain for pk in self.on if (chain := self._chain(pk))}

    def _chain(self, pk: int) -> tuple[UnitState, ...]:
        """The unit and all above it, top first; empty when one of them was not there that day."""
        found: list[UnitState] = []
        here: int | None = pk
        while here is not None:
            state = self.on.get(here)
            if state is None or state in found:
                return ()
            found.append(state)
            here = state.parent_id
        return tuple(reversed(found))

    def place(self, pk: int) -> str:
        """The unit said in full as on that day, the top left out; "" when it was not there."""
        chain = self.chains.get(pk, ())
        return ", ".join(state.name for state in reversed(chain[1:] or chain))

    def rows(self, *, scope: Scope, below: int | None = None) -> list[UnitOn]:
        """Units in scope in the order of the tree, with their people; `below`: only the parts of one unit."""
        seen = {pk for pk in self.chains if scope.covers(self.units[pk].path)}
        here = Counter(
            main_on(self.day).filter(unit__in=seen).order_by().values_list("unit_id", flat=True)
            if len(seen) < 500
            else (pk for pk in main_on(self.day).order_by().values_list("unit_id", flat=True) if pk in seen)
        )
        total: Counter[int] = Counter()
        children: dict[int | None, list[int]] = {}
        for pk in seen:
            for state in self.chains[pk]:
                total[state.unit_id] += here[pk]
            parent = self.on[pk].parent_id
            children.setdefault(parent if parent in seen else None, []).append(pk)
        found: list[UnitOn] = []

        def walk(parent: int | None, level: int) -> None:
            for pk in sorted(children.get(parent, ()), key=lambda pk: self.units[pk].path):
                found.append(UnitOn(self.on[pk], level, here[pk], total[pk]))
                walk(pk, level + 1)

        walk(below, 0)
        return found


def main_on(day: date) -> QuerySet[Appointment]:
    """Everybody's main appointment on a day."""
    return Appointment.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day, main=True)


def place_on(person: Person, day: date) -> Appointment | None:
    """The main appointment that the person held on a day."""
    return main_on(day).filter(person=person).select_related("unit", "position").order_by("since", "pk").last()


def places_said(appointments: Sequence[Appointment], today: date) -> dict[int, str]:
    """{appointment: its unit in full as called on the appointment's last day, or today while it lasts}."""
    trees: dict[date, TreeOn] = {}
    told = {}
    for one in appointments:
        last = min(one.until, today) if one.until else today
        day = date.fromordinal(max(last.toordinal() - (last == one.until), one.since.toordinal()))
        tree = trees[day] if day in trees else trees.setdefault(day, TreeOn(day))
        told[one.pk] = tree.place(one.unit_id) or one.unit.name
    return told


def people_on(unit: Unit, day: date, *, scope: Scope) -> QuerySet[Appointment]:
    """Main appointments in the unit itself on a day, of people whom the viewer may see today."""
    rows = main_on(day).filter(scope.units("person__unit__path"), unit=unit)
    return rows.select_related("person", "position").order_by("person__sort_key", "person_id")


def known_units(*, scope: Scope) -> QuerySet[Unit]:
    """Units in scope, those that have ended too."""
    return Unit.objects.filter(scope.units())


def before_and_after(unit: Unit) -> tuple[list[UnitSuccession], list[UnitSuccession]]:
    """What the unit took over from others, and what others took over from it."""
    return (
        list(unit.came_from.select_related("before", "reorganisation")),
        list(unit.followed_by.select_related("after", "reorganisation")),
    )


def reorganisations(*, scope: Scope) -> QuerySet[Reorganisation]:
    """Reorganisations, newest day first; only whoever sees the whole city, for a step may name any unit."""
    found = Reorganisation.objects.select_related("created_by", "reviewed_by").defer("inverse", "touched")
    return found if scope.everything else found.none()


def waiting_for(user_id: int, *, scope: Scope) -> QuerySet[Reorganisation]:
    """Reorganisations that somebody else has sent for review."""
    sent = reorganisations(scope=scope).filter(status=Reorganisation.Status.SENT)
    return sent.exclude(created_by=user_id).exclude(sent_by=user_id)


def days_of_change() -> list[date]:
    """Days on which the tree changed, newest first."""
    found = Reorganisation.objects.filter(status=Reorganisation.Status.APPLIED).order_by("-day")
    return list(dict.fromkeys(found.values_list("day", flat=True)))
