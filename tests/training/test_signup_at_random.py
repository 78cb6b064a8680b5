"""Random sequences of sign-ups, approvals, leavings, terms and cancellations against a plain list in memory."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import services, signup
from nanglucso.develop.training.models import Enrolment, EnrolmentStep
from nanglucso.develop.training.signup import Side, State
from tests import make
from tests.training import planned as plan

PEOPLE, SEATS = 7, 2
WHO = st.integers(0, PEOPLE - 1)
SIDE = st.sampled_from([Side.UNIT, Side.CITY])
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking would take minutes; the seed is printed


class Places(RuleBasedStateMachine):
    """`model` {person: state}, `line` the waiting list, kept here by the words of the rules and nothing of the program."""

    @initialize(two=st.booleans())
    def begin(self, two: bool) -> None:
        self.before = transaction.atomic()
        self.before.__enter__()
        self.minutes, self.two, self.seats = 0, two, SEATS
        self.model: dict[int, str] = {}
        self.line: list[int] = []
        self.approver: dict[int, int] = {}
        self.row = plan.opened(seats=30)
        self.people = [make.person() for _ in range(PEOPLE)]
        self.users = {Side.UNIT: make.user("head"), Side.CITY: make.user("training")}
        self.terms(SEATS)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.before.__exit__(None, None, None)

    def told(self, side: str) -> dict:
        self.minutes += 1
        return {"actor": self.users.get(side), "at": make.at(minutes=self.minutes)}

    def held(self) -> int:
        return sum(state == State.BOOKED for state in self.model.values())

    def move_up(self) -> None:
        while self.line and self.held() < self.seats:
            self.model[self.line.pop(0)] = State.BOOKED

    def tries(self, allowed: bool, work) -> None:
        """The rules allow it, or the service refuses and nothing has changed."""
        if allowed:
            work()
        else:
            with pytest.raises(Refused):
                work()

    def place(self, who: int) -> Enrolment:
        return self.row.enrolments.select_related("training_class").get(person=self.people[who])

    def terms(self, seats: int) -> None:
        told = {"seats": seats, "minimum": 1, "decide_by": None, "stages": 1 + self.two}
        self.tries(
            seats >= self.held(),
            lambda: services.set_terms(training_class=self.row, **told, **self.told(Side.CITY)),
        )
        if seats >= self.held():
            self.seats = seats
            self.move_up()

    @rule(seats=st.integers(1, 4))
    def change_seats(self, seats: int) -> None:
        self.terms(seats)

    @rule(who=WHO)
    def ask(self, who: int) -> None:
        fresh = self.model.get(who, "") in ("", *signup.OVER)
        person = self.people[who]
        told = {"training_class": self.row, "person": person}
        self.users[Side.OWN] = self.users.get(Side.OWN) or make.user()
        self.tries(fresh, lambda: services.ask_place(**told, **self.told(Side.OWN)))
        if fresh:
            self.model[who] = State.REQUESTED

    @rule(who=WHO, side=SIDE)
    def admit(self, who: int, side: str) -> None:
        state = self.model.get(who, "")
        fresh = state in ("", *signup.OVER)
        first_only = self.two and (state == State.REQUESTED or (fresh and side == Side.UNIT))
        second = self.two and state in (State.NOMINATED, State.APPROVED)
        own_approval = second and self.approver.get(who) == self.users[side].pk
        allowed = (
            state not in (State.BOOKED, State.WAITLISTED) and not (second and side == Side.UNIT) and not own_approval
        )
        told = {"training_class": self.row, "person": self.people[who], "side": side}
        self.tries(allowed, lambda: services.enrol(**told, **self.told(side)))
        if allowed and first_only:
            self.model[who] = State.APPROVED if state == State.REQUESTED else State.NOMINATED
            self.approver[who] = self.users[side].pk
        elif allowed and self.held() < self.seats:
            self.model[who] = State.BOOKED
        elif allowed:
            self.model[who] = State.WAITLISTED
            self.line.append(who)

    @rule(who=WHO, side=SIDE, reason=st.sampled_from(["", "Trùng lịch trực"]))
    def decline(self, who: int, side: str, reason: str) -> None:
        if who in self.model:
            allowed = self.model[who] in signup.PENDING and bool(reason)
            told = {"enrolment": self.place(who), "reason": reason, "side": side}
            self.tries(allowed, lambda: services.decline(**told, **self.told(side)))
            if allowed:
                self.model[who] = State.DECLINED

    @rule(who=WHO, side=st.sampled_from(list(Side)[:3]))
    def leave(self, who: int, side: str) -> None:
        if who in self.model:
            allowed = self.model[who] in signup.STANDING
            self.users[Side.OWN] = self.users.get(Side.OWN) or make.user()
            told = {"enrolment": self.place(who), "side": side}
            self.tries(allowed, lambda: services.cancel_place(**told, **self.told(side)))
            if allowed:
                self.model[who] = State.WITHDRAWN if side == Side.OWN else State.CANCELLED
                self.line = [one for one in self.line if one != who]
                self.move_up()

    @invariant()
    def as_the_model_says(self) -> None:
        rows = list(Enrolment.objects.filter(training_class=self.row))
        number = {person.pk: who for who, person in enumerate(self.people)}
        assert {number[row.person_id]: row.status for row in rows} == self.model
        assert sum(row.status == State.BOOKED for row in rows) <= self.seats
        waiting = sorted((row for row in rows if row.status == State.WAITLISTED), key=lambda row: row.turn)
        assert [number[row.person_id] for row in waiting] == self.line
        assert all((row.turn is not None) == (row.status == State.WAITLISTED) for row in rows)

    @invariant()
    def every_change_has_actor_and_time(self) -> None:
        steps = list(EnrolmentStep.objects.filter(enrolment__training_class=self.row))
        assert all(one.actor_id and one.at for one in steps)
        for row in Enrolment.objects.filter(training_class=self.row):
            own = [one for one in steps if one.enrolment_id == row.pk]
            assert [one.before for one in own] == ["", *(one.after for one in own[:-1])]
            assert (own[-1].after, own[-1].at) == (row.status, row.at)
        logged = AuditEntry.objects.filter(verb="training.change_place", subject_id=str(self.row.pk))
        assert sum(len(one.details["way"]) - 1 for one in logged) == len(steps)


@pytest.mark.django_db
def test_places_follow_the_rules_whatever_is_done_in_whatever_order():
    chosen = settings(
        max_examples=12, stateful_step_count=25, deadline=None, phases=PHASES,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    run_state_machine_as_test(Places, settings=chosen)


def test_the_table_leads_nowhere_that_it_does_not_say():
    for before in ("", *State.values):
        for verb, move in signup.MOVES.items():
            for side in Side.values:
                if before in move.before and side in move.sides:
                    assert signup.step(before, verb, side, "x") is move
                else:
                    with pytest.raises(Refused):
                        signup.step(before, verb, side, "x")


def test_every_state_is_reached_and_only_results_are_final():
    reached = {move.after for move in signup.TABLE}
    left = {before for move in signup.TABLE for before in move.before}
    assert reached == set(State.values)
    assert set(State.values) - left == {State.COMPLETED, State.PARTLY, State.NO_SHOW}
