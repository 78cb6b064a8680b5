"""Places: capacity, waiting list, requests, clashes."""

from datetime import timedelta

import pytest

from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.develop.training import queries, services
from nanglucso.develop.training.models import Enrolment
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db
State = Enrolment.Status


def enrol(row, person, at=make.AT):
    return services.enrol(actor=None, training_class=row, person=person, at=at)


def test_a_full_class_has_a_waiting_list_and_the_longest_waiting_moves_up():
    row = plan.opened(seats=2)
    a, b, c, d = (make.person() for _ in range(4))
    got = [enrol(row, p, make.at(i)).status for i, p in enumerate((a, b, c, d))]
    assert got == [State.BOOKED, State.BOOKED, State.WAITLISTED, State.WAITLISTED]
    services.cancel_place(actor=None, enrolment=row.enrolments.get(person=a), at=make.at(5))
    assert row.enrolments.get(person=c).status == State.BOOKED
    assert row.enrolments.get(person=d).status == State.WAITLISTED


def test_giving_up_a_waiting_place_lets_nobody_in_over_the_limit():
    row = plan.opened(seats=1)
    a, b, c = (make.person() for _ in range(3))
    for i, person in enumerate((a, b, c)):
        enrol(row, person, make.at(i))
    services.cancel_place(actor=None, enrolment=row.enrolments.get(person=b), at=make.at(5))
    assert queries.booked(row).count() == 1
    assert row.enrolments.get(person=c).status == State.WAITLISTED


def test_nobody_is_enrolled_twice_but_may_come_back():
    row, person = plan.opened(), make.person()
    enrol(row, person)
    with pytest.raises(Refused):
        enrol(row, person)
    place = row.enrolments.get(person=person)
    services.cancel_place(actor=None, enrolment=place, at=make.AT)
    with pytest.raises(Refused):
        services.cancel_place(actor=None, enrolment=place, at=make.AT)
    assert enrol(row, person).status == State.BOOKED


def test_a_request_waits_for_a_decision():
    row, yes, no = plan.opened(), make.person(), make.person()
    asked = [services.ask_place(actor=None, training_class=row, person=p, at=make.AT) for p in (yes, no)]
    assert queries.booked(row).count() == 0
    assert list(queries.requests(EVERYTHING)) == asked
    assert enrol(row, yes).status == State.BOOKED
    with pytest.raises(Refused):
        services.decline(actor=None, enrolment=asked[1], reason="", at=make.AT)
    services.decline(actor=None, enrolment=asked[1], reason="Trùng lịch trực", at=make.AT)
    asked[1].refresh_from_db()
    assert asked[1].status == State.DECLINED
    with pytest.raises(Refused):
        services.decline(actor=None, enrolment=asked[1], reason="x", at=make.AT)
    with pytest.raises(Refused):
        services.ask_place(actor=None, training_class=row, person=yes, at=make.AT)


def test_requests_show_only_the_own_units():
    here, there = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    row = plan.opened()
    for unit in (here, there):
        services.ask_place(actor=None, training_class=row, person=make.person(unit=unit), at=make.AT)
    found = queries.requests(Scope(paths=(here.path,)))
    assert [one.person.unit for one in found] == [here]


def test_two_classes_at_the_same_hours_clash_and_at_others_do_not():
    person = make.person()
    plan.opened([person], course="S3-CB-01")
    same = plan.opened(course="S5-CB-01", seats=25, lecturer="gv-hai")
    with pytest.raises(Refused) as no:
        enrol(same, person)
    assert "S3-CB-01-2026-001" in str(no.value)
    assert enrol(plan.opened(course="S5-CB-01", start=3), person).status == State.BOOKED


def test_whoever_left_is_not_enrolled():
    row, person = plan.opened(), make.person()
    person.active = False
    with pytest.raises(Refused):
        enrol(row, person)


def test_a_class_that_has_begun_takes_nobody_and_lets_nobody_go():
    inside, outside = make.person(), make.person()
    row = plan.opened([inside])
    session = row.sessions.first()
    services.mark_attendance(actor=None, session=session, present=[inside], at=session.starts_at)
    row.refresh_from_db()
    with pytest.raises(Refused):
        enrol(row, outside)
    with pytest.raises(Refused):
        services.cancel_place(actor=None, enrolment=row.enrolments.get(), at=make.at(8))


def test_nominating_several_is_all_or_nothing():
    row, good, bad = plan.opened(), make.person(), make.person()
    bad.active = False
    with pytest.raises(Refused):
        services.nominate(actor=None, training_class=row, people=[good, bad], at=make.AT)
    assert row.enrolments.count() == 0
    with pytest.raises(Refused):
        services.nominate(actor=None, training_class=row, people=[], at=make.AT)
    assert len(services.nominate(actor=None, training_class=row, people=[good], at=make.AT)) == 1


def test_absences_count_everybody_of_the_unit_who_learns_that_week():
    unit = make.unit("Sở Nội vụ")
    people = [make.person(unit=unit) for _ in range(25)]
    plan.opened(people[:1], course="S3-CB-01")
    row = plan.opened(course="S5-CB-01")
    [found] = queries.absences(row, people)
    assert (found.unit, found.size, found.away, found.most, found.room) == (unit, 25, 1, 2, 1)
    later = plan.opened(course="S5-CB-01", start=5)
    assert queries.absences(later, people)[0].away == 0


def test_nominees_are_those_who_miss_most_first_and_never_who_is_in():
    unit = make.unit("Sở Nội vụ")
    people = [make.person(unit=unit) for _ in range(3)]
    other = make.person(unit=make.unit("Sở Tài chính"))
    row = plan.opened(people[:1])
    found = queries.nominees(make.framework(), row, Scope(paths=(unit.path,)))
    assert {one.person for one in found} == set(people[1:])
    assert other not in {one.person for one in found}
    assert all(one.unit_path == unit.path for one in found)


def test_suggestions_cover_own_gaps_and_leave_out_what_one_has():
    from nanglucso.measure.assessments.services import rate

    person = make.person(position=make.position())
    levels = dict.fromkeys(make.framework().competences.values_list("code", flat=True), 0)
    for i in range(3):
        rate(
            actor=make.user("head"), person=person, kind="manager", levels=levels, framework=make.framework(),
            at=make.at(i / 10),
        )  # fmt: skip
    row = plan.opened(course="S1-CB-01", start=2)
    found = queries.suggestions(make.framework(), person, make.at(1).date())
    assert [one.training_class for one in found] == [row]
    assert found[0].levels > 0
    assert found[0].free == row.seats
    assert {c.code for c in found[0].closes} <= {"1.1", "1.2"}
    enrol(row, person)
    assert queries.suggestions(make.framework(), person, make.at(1).date()) == []


def test_a_class_that_has_begun_is_not_suggested():
    person = make.person()
    row = plan.opened(course="S1-CB-01")
    assert queries.suggestions(make.framework(), person, row.starts_on + timedelta(days=1)) == []
