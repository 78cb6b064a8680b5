"""Random sequences of reorganisations against a plain model of the tree, the people and the roles on every day."""

from collections import Counter
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from nanglucso.core.access import scope_of
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.workforce.people import queries, services
from nanglucso.workforce.people.models import Appointment, Person, Position, Reorganisation, Unit
from nanglucso.workforce.people.queries_units import TreeOn, main_on
from tests import make
from tests.people.reorganising import at, done, sums, tree

FIRST = date(2025, 8, 1)
NAMES = ("Văn phòng", "Phòng Hai", "Phòng Ba", "Sở Mới", "Ban Bốn")
PICK = st.integers(0, 99)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking would take minutes; the seed is printed


class Model:
    """`units` {code: [name, parent]}, `people` {person: code}, `roles` {user: codes}; plain Python, no database."""

    def __init__(self) -> None:
        self.units: dict[str, list[Any]] = {}
        self.people: dict[int, str] = {}
        self.roles: dict[int, set[str]] = {}

    def children(self, code: str) -> list[str]:
        return [one for one, (_name, parent) in self.units.items() if parent == code]

    def send(self, child: str, target: str) -> None:
        twin = [c for c in self.children(target) if self.units[c][0] == self.units[child][0] and c != child]
        if twin:
            self.absorb(child, twin[0])
        else:
            self.units[child][1] = target

    def absorb(self, code: str, target: str) -> None:
        for child in self.children(code):
            self.send(child, target)
        self.people = {one: target if place == code else place for one, place in self.people.items()}
        self.roles = {u: {target if c == code else c for c in held} for u, held in self.roles.items()}
        del self.units[code]

    def divide(self, code: str, parts: list[str], people: dict[int, int], children: dict[str, int], keep: bool) -> None:
        for child in self.children(code):
            if child in children or not keep:
                self.send(child, parts[children.get(child, 0)])
        for one, place in self.people.items():
            if place == code and (one in people or not keep):
                self.people[one] = parts[people.get(one, 0)]
        for held in self.roles.values():
            if code in held:
                held.update(parts)
                if not keep:
                    held.discard(code)
        if not keep:
            del self.units[code]

    def below(self, code: str) -> set[str]:
        found = {code}
        for child in self.children(code):
            found |= self.below(child)
        return found


def sound() -> None:
    """What treebeard's `find_problems` looks for, by one query: parents there, depths and numbers of children right."""
    rows = {path: (depth, number) for path, depth, number in Unit.objects.values_list("path", "depth", "numchild")}
    below = Counter(path[:-4] for path in rows)
    for path, (depth, number) in rows.items():
        assert (depth, number) == (len(path) // 4, below[path])
        assert len(path) == 4 or path[:-4] in rows


class Reorganisations(RuleBasedStateMachine):
    """Every rule does one act; what it refuses must leave no trace."""

    acts = 0

    @initialize()
    def begin(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        units = tree()
        self.now = Model()
        for code, unit in units.items():
            if code in ("R", "A", "A1", "A2", "B", "B1", "W"):
                above = Unit.objects.filter(path=unit.path[:-4]).first()
                self.now.units[code] = [unit.name, above.code if above else None]
        post = Position.objects.filter(family__is_head=False).first()
        for code in ("A", "A1", "A2", "B", "B1", "W"):
            person = make.person(unit=units[code], position=post, since=date(2025, 7, 1))
            self.now.people[person.pk] = code
        for code in ("R", "A", "A1", "B", "W"):
            self.now.roles[make.user("training", units[code]).pk] = {code}
        self.root, self.day, self.number = units["R"], FIRST, 0
        self.days: dict[date, Model] = {FIRST: deepcopy(self.now)}
        self.undo_to: list[tuple[Reorganisation, Model, date]] = []

    def teardown(self) -> None:
        """Every day of the whole run is looked at once more, then all is rolled back."""
        try:
            self.look_at(list(self.days))
        finally:
            self.roll_back()

    def roll_back(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def code(self, pick: int) -> str:
        codes = sorted(set(self.now.units) - {"R"})
        return codes[pick % len(codes)]

    def fresh(self, parent: str, pick: int) -> dict[str, str]:
        self.number += 1
        return {"code": f"N{self.number}", "name": NAMES[pick % len(NAMES)], "kind": "so", "parent": parent}

    def act(self, step: dict[str, Any], then: Any) -> None:
        """Do the step on the next day; `then` does it to the model."""
        before, day = sums(), self.day + timedelta(1)
        try:
            row = done([step], day)
        except Refused:
            told = sums()
            del before["RoleGrant"], told["RoleGrant"]  # the officers that `done` makes the first time
            assert told == before
            return
        Reorganisations.acts += 1
        self.undo_to.append((row, deepcopy(self.now), self.day))
        then(self.now)
        self.day = day
        self.days[day] = deepcopy(self.now)

    def add(self, model: Model, told: dict[str, str]) -> str:
        model.units[told["code"]] = [told["name"], told["parent"]]
        return told["code"]

    @rule(a=PICK, b=PICK)
    def merge(self, a: int, b: int) -> None:
        one, two = self.code(a), self.code(b)
        self.act({"kind": "merge", "units": [one], "into": two}, lambda model: model.absorb(one, two))

    @rule(a=PICK, b=PICK, name=PICK)
    def merge_into_new(self, a: int, b: int, name: int) -> None:
        one, two = self.code(a), self.code(b)
        told = self.fresh("R", name)

        def then(model: Model) -> None:
            new = self.add(model, told)
            for code in dict.fromkeys((one, two)):
                if code in model.units:
                    model.absorb(code, new)

        self.act({"kind": "merge", "units": [one, two], "into": told}, then)

    @rule(a=PICK, name=PICK)
    def rename(self, a: int, name: int) -> None:
        code, new = self.code(a), NAMES[name % len(NAMES)]
        step = {"kind": "rename", "unit": code, "name": new}
        self.act(step, lambda model: model.units[code].__setitem__(0, new))

    @rule(a=PICK, b=PICK)
    def move(self, a: int, b: int) -> None:
        code, parent = self.code(a), self.code(b)
        step = {"kind": "move", "unit": code, "parent": parent}
        self.act(step, lambda model: model.units[code].__setitem__(1, parent))

    @rule(a=PICK, name=PICK, other=PICK, keep=st.booleans(), sent=st.lists(PICK, min_size=9, max_size=9))
    def split(self, a: int, name: int, other: int, keep: bool, sent: list[int]) -> None:
        code = self.code(a)
        told = [self.fresh("R", name), self.fresh("R", other)]
        people = {one: sent[0] % 2 for one, place in self.now.people.items() if place == code and sent[one % 9] % 3}
        children = {one: sent[n] % 2 for n, one in enumerate(self.now.children(code)[:9]) if sent[n] % 3}
        step = {"kind": "split", "unit": code, "parts": told, "keep": keep, "children": children}
        step["people"] = {str(one): part for one, part in people.items()}

        def then(model: Model) -> None:
            model.divide(code, [self.add(model, one) for one in told], people, children, keep)

        self.act(step, then)

    @rule(a=PICK, b=PICK)
    def dissolve(self, a: int, b: int) -> None:
        code, to = self.code(a), self.code(b)
        self.act({"kind": "dissolve", "unit": code, "to": [to]}, lambda model: model.divide(code, [to], {}, {}, False))

    @rule(a=PICK, name=PICK)
    def found(self, a: int, name: int) -> None:
        told = self.fresh(self.code(a), name)
        self.act({"kind": "found", "unit": told}, lambda model: self.add(model, told))

    @rule()
    def undo(self) -> None:
        if self.undo_to:
            row, model, day = self.undo_to.pop()
            services.undo_reorganisation(actor=None, row=row, scope=EVERYTHING, at=make.at(1))
            del self.days[self.day]
            self.now, self.day = model, day

    @invariant()
    def tree_and_places_are_right(self) -> None:
        """Of today, the day before and the first day; all days between are looked at in the end."""
        sound()
        self.look_at(sorted({FIRST, *sorted(self.days)[-2:]}))
        for person in Person.objects.filter(pk__in=self.now.people).select_related("unit"):
            assert (person.unit.code, person.active) == (self.now.people[person.pk], True)

    def look_at(self, days: list[date]) -> None:
        """The tree of each day is as it was then, and everybody has one place on it."""
        codes = dict(Unit.objects.values_list("pk", "code"))
        top = Scope(paths=(at("R").path,))
        for day in days:
            model = self.days[day]
            rows = TreeOn(day).rows(scope=top)
            told = {codes[r.state.unit_id]: [r.state.name, codes.get(r.state.parent_id)] for r in rows}
            assert told == model.units
            here = {codes[row.state.unit_id]: row.here for row in rows}
            assert here == {code: sum(place == code for place in model.people.values()) for code in model.units}
            held = list(main_on(day).filter(person__in=model.people).values_list("person", "unit__code"))
            assert len(held) == len(model.people)
            assert dict(held) == model.people

    @invariant()
    def appointments_of_a_person_join_without_gap(self) -> None:
        spans: dict[int, list[tuple[date, date | None]]] = {}
        rows = Appointment.objects.filter(person__in=self.now.people).order_by("since")
        for person, begin, end in rows.values_list("person", "since", "until"):
            spans.setdefault(person, []).append((begin, end))
        for held in spans.values():
            assert held[0][0] == date(2025, 7, 1)
            assert [end for _begin, end in held] == [*(begin for begin, _end in held[1:]), None]

    @invariant()
    def roles_reach_exactly_the_people_they_should(self) -> None:
        for user, codes in self.now.roles.items():
            grants = make.get_user_model().objects.get(pk=user).grants.filter(ended_at=None).select_related("unit")
            assert {grant.unit.code for grant in grants} == codes
            for grant in grants:
                seen = set(queries.people(scope=scope_of(grant, None)).values_list("pk", flat=True))
                inside = self.now.below(grant.unit.code)
                assert seen == {one for one, place in self.now.people.items() if place in inside}


@pytest.mark.thorough
@pytest.mark.django_db
def test_random_reorganisations_lose_nothing():
    tree()  # framework and positions stay for all examples
    QuerySet(Unit).exclude(path__startswith=at("R").path)._raw_delete("default")  # a thousand others only take time
    chosen = settings(
        max_examples=12, stateful_step_count=9, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Reorganisations, settings=chosen)
    assert Reorganisations.acts > 15
