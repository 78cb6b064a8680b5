"""Opening, moving, settling, finishing and calling off a class."""

from datetime import timedelta

import pytest
from django.db.models import Sum

from nanglucso.core.audit import verify
from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import Course, Scenario
from nanglucso.develop.training import queries, services
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.develop.training.services.timetable import LOCAL, room_numbers
from nanglucso.measure.profiles.models import Belief, Evidence
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db
State = Enrolment.Status


def states(row):
    return dict(row.enrolments.values_list("person_id", "status"))


def test_an_opened_class_books_whom_the_plan_named_and_spreads_its_tiet():
    people = [make.person() for _ in range(3)]
    row = plan.opened(people, course="S3-CB-01")
    assert states(row) == {p.pk: State.BOOKED for p in people}
    assert row.sessions.aggregate(n=Sum("tiet"))["n"] == row.course.tiet
    assert (row.starts_on, row.code) == (plan.MONDAY, "S3-CB-01-2026-001")
    assert row.sessions.first().starts_at.astimezone(LOCAL).date() == plan.MONDAY


def test_more_people_than_seats_wait_in_the_order_of_what_they_gain():
    people = [make.person() for _ in range(4)]
    row = plan.opened(people, seats=2)
    assert row.seats == 2
    assert [states(row)[p.pk] for p in people] == [State.BOOKED, State.BOOKED, State.WAITLISTED, State.WAITLISTED]


def test_somebody_who_left_since_the_plan_gets_no_place():
    stays, left = make.person(), make.person()
    left.active = False
    left.save()
    assert set(states(plan.opened([stays, left]))) == {stays.pk}


def test_only_an_approved_plan_opens_and_only_once():
    draft = plan.planned(plan=plan.scenario(Scenario.Status.SUBMITTED))
    with pytest.raises(Refused):
        services.open_class(actor=None, planned=draft, at=make.AT)
    good = plan.planned()
    services.open_class(actor=None, planned=good, at=make.AT)
    with pytest.raises(Refused):
        services.open_class(actor=None, planned=good, at=make.AT)


def test_a_second_plan_of_the_year_counts_from_one_again_without_a_clash_of_codes():
    codes = [plan.opened().code for _ in range(3)]
    assert codes == ["S3-CB-01-2026-001", "S3-CB-01-2026-001-2", "S3-CB-01-2026-001-3"]


def test_opening_several_is_all_or_nothing():
    good, bad = plan.planned(), plan.planned(plan=plan.scenario(Scenario.Status.SUBMITTED))
    with pytest.raises(Refused):
        services.open_classes(actor=None, planned=[good, bad], at=make.AT)
    assert TrainingClass.objects.count() == 0
    with pytest.raises(Refused):
        services.open_classes(actor=None, planned=[], at=make.AT)


def test_online_work_counts_with_the_last_session():
    course = Course.objects.get(code="S1-TC-01")
    row = plan.opened(course=course.code, form="online")
    assert row.sessions.count() == sum(course.forms["online"]["lect_buoi"])
    assert row.sessions.aggregate(n=Sum("tiet"))["n"] == course.tiet


def test_due_lists_late_and_near_classes_of_approved_plans_only():
    whole = plan.scenario()
    late, near, far = (plan.planned(plan=whole, start=week) for week in (0, 4, 12))
    plan.planned(plan=plan.scenario(Scenario.Status.SUBMITTED))
    services.open_class(actor=None, planned=plan.planned(plan=whole, start=1), at=make.AT)
    found = queries.due(plan.MONDAY + timedelta(days=1))
    assert [(one.planned, one.late) for one in found] == [(late, True), (near, False)]
    assert far not in [one.planned for one in found]


def test_a_class_of_everyone_present_completes_and_counts_once_as_evidence():
    people = [make.person() for _ in range(2)]
    row = plan.finished(people)
    assert set(states(row).values()) == {State.COMPLETED}
    ledger = Evidence.objects.filter(kind=Evidence.Kind.CLASS)
    assert {one.person_id for one in ledger} == {p.pk for p in people}
    assert ledger.first().entries == services.class_entries(row)
    assert Belief.objects.filter(person__in=people).count() == 2
    with pytest.raises(Refused):
        services.finish_class(actor=None, framework=make.framework(), training_class=row, at=make.at(20))
    assert ledger.count() == 2


def test_eighty_percent_of_the_tiet_completes_and_less_does_not():
    whole, most, half, none = (make.person() for _ in range(4))
    row = plan.opened([whole, most, half, none], course="S3-CB-01")
    first, last = row.sessions.all()
    first.tiet, last.tiet = 8, 2
    for session in (first, last):
        session.save()
    services.mark_attendance(actor=None, session=first, present=[whole, most], at=first.starts_at)
    services.mark_attendance(actor=None, session=last, present=[whole, half], at=last.starts_at)
    services.finish_class(actor=None, framework=make.framework(), training_class=row, at=last.ends_at)
    assert states(row) == {
        whole.pk: State.COMPLETED, most.pk: State.COMPLETED, half.pk: State.PARTLY, none.pk: State.NO_SHOW
    }  # fmt: skip
    assert row.enrolments.get(person=half).tiet_attended == last.tiet


def test_just_under_eighty_percent_does_not_complete():
    person = make.person()
    row = plan.opened([person], course="S3-CB-01")
    first, last = row.sessions.all()
    first.tiet, last.tiet = 79, 21
    for session in (first, last):
        session.save()
    services.mark_attendance(actor=None, session=first, present=[person], at=first.starts_at)
    services.finish_class(actor=None, framework=make.framework(), training_class=row, at=last.ends_at)
    assert states(row) == {person.pk: State.PARTLY}
    assert not Evidence.objects.exists()


def test_a_class_without_attendance_cannot_be_finished():
    row = plan.opened([make.person()])
    with pytest.raises(Refused):
        services.finish_class(actor=None, framework=make.framework(), training_class=row, at=make.at(20))
    assert Evidence.objects.count() == 0


def test_finishing_ends_codes_and_waiting():
    people = [make.person() for _ in range(3)]
    row = plan.opened(people, seats=2)
    session = services.open_check_in(actor=None, session=row.sessions.first(), at=row.sessions.first().starts_at)
    plan.attended(row, people[:2])
    services.finish_class(actor=None, framework=make.framework(), training_class=row, at=make.at(20))
    session.refresh_from_db()
    assert not session.nonce
    assert states(row)[people[2].pk] == State.CANCELLED


def test_the_measured_share_replaces_the_prior_in_the_evidence():
    row = plan.opened([make.person()])
    prior = row.course.forms["inperson"]["eff"]
    assert {e["eff"] for e in services.class_entries(row)} == {prior}
    row.course.measured = {"inperson": {"eff": 0.31, "shift": 0.2, "people": 60}}
    assert {e["eff"] for e in services.class_entries(row)} == {0.31}


def test_calling_off_needs_a_reason_and_frees_everybody():
    people = [make.person() for _ in range(3)]
    row = plan.opened(people, seats=2)
    with pytest.raises(Refused):
        services.cancel_class(actor=None, training_class=row, reason="  ", at=make.AT)
    services.cancel_class(actor=None, training_class=row, reason="Bão số 3", at=make.AT)
    assert row.status == TrainingClass.Status.CANCELLED
    assert set(states(row).values()) == {State.CANCELLED}
    assert AuditEntry.objects.get(verb="training.cancel_class").details["reason"] == "Bão số 3"
    for verb in (
        lambda: services.open_check_in(actor=None, session=row.sessions.first(), at=make.AT),
        lambda: services.cancel_class(actor=None, training_class=row, reason="x", at=make.AT),
        lambda: services.enrol(actor=None, training_class=row, person=people[0], at=make.AT),
    ):
        with pytest.raises(Refused):
            verb()


def test_classes_of_one_week_share_no_half_day_of_a_room_or_a_lecturer():
    """The helper gives every class the same lecturer; 30 and 25 seats are two rooms."""
    rows = [plan.opened(seats=seats) for seats in (30, 30, 25, 25)]
    times = [span for row in rows for span in row.sessions.values_list("starts_at", flat=True)]
    assert len(times) == len(set(times)) == 8
    assert {one.astimezone(LOCAL).date() for one in times} == {plan.MONDAY + timedelta(days=n) for n in range(4)}


def test_another_lecturer_in_another_room_teaches_at_the_same_time():
    first, second = plan.opened(), plan.opened(seats=25, lecturer="gv-hai")
    assert [row.starts_at for row in first.sessions.all()] == [row.starts_at for row in second.sessions.all()]


def test_a_called_off_class_gives_its_half_days_back():
    first = plan.opened()
    services.cancel_class(actor=None, training_class=first, reason="Bão số 3", at=make.AT)
    assert plan.opened().sessions.first().starts_at == first.sessions.first().starts_at


def test_a_week_without_a_free_half_day_is_refused_by_name_and_leaves_nothing():
    for _ in range(7):
        plan.opened()
    with pytest.raises(Refused, match="Trần Văn Giảng") as no:
        plan.opened()
    assert "09/03/2026" in str(no.value)
    assert TrainingClass.objects.count() == 7


def test_a_session_is_not_moved_onto_another_class_of_its_lecturer():
    first, second = plan.opened(), plan.opened(seats=25)
    mine, held = second.sessions.first(), first.sessions.first()
    with pytest.raises(Refused, match=first.code) as no:
        services.move_session(actor=None, session=mine, starts_at=held.starts_at + timedelta(hours=1), at=make.AT)
    assert no.value.field == "starts_at"
    services.move_session(actor=None, session=mine, starts_at=mine.starts_at + timedelta(hours=1), at=make.AT)


def test_the_online_part_of_a_blended_class_leaves_the_room_to_others():
    course = Course.objects.get(code="S1-CB-01")
    assert course.forms["blended"]["room_buoi"] == [1, 0]
    row = plan.opened(course=course.code, form="blended")
    assert room_numbers(row) == {1}


def test_a_moved_session_takes_the_class_with_it_and_a_held_one_stays():
    person = make.person()
    row = plan.opened([person])
    first, last = row.sessions.all()
    length = last.ends_at - last.starts_at
    services.move_session(actor=None, session=last, starts_at=last.starts_at + timedelta(days=10), at=make.AT)
    row.refresh_from_db()
    assert row.ends_on == plan.MONDAY + timedelta(days=10)
    assert last.ends_at - last.starts_at == length
    services.mark_attendance(actor=None, session=first, present=[person], at=first.starts_at)
    with pytest.raises(Refused):
        services.move_session(actor=None, session=first, starts_at=first.starts_at + timedelta(days=1), at=make.AT)


def test_spending_is_entered_after_the_end_and_leaves_the_plan_alone():
    person = make.person()
    row = plan.opened([person])
    with pytest.raises(Refused):
        services.settle_cost(actor=None, training_class=row, cost=1, at=make.AT)
    row = plan.finished([person], start=3)
    services.settle_cost(actor=None, training_class=row, cost=31_700_000, at=make.at(40))
    assert (row.cost, row.planned.cost) == (31_700_000, 34_100_000)
    with pytest.raises(Refused):
        services.settle_cost(actor=None, training_class=row, cost=-1, at=make.at(40))


def test_having_attended_before_is_known():
    person = make.person()
    row = plan.opened([person])
    plan.attended(row, [person], (1,))
    assert queries.attended_before(person, make.at(30))
    assert not queries.attended_before(person, make.AT)


def test_every_act_leaves_its_row_and_the_chain_holds():
    plan.finished([make.person()])
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"training.open_class", "training.mark_attendance", "training.finish_class", "profiles.record"} <= verbs
    assert verify().ok
