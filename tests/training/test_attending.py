"""Checking in: the code lives as long as it is on the screen and no longer."""

from datetime import timedelta

import pytest

from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.training import queries, services
from nanglucso.develop.training.models import Attendance, TrainingClass
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    person = make.person(login=True)
    row = plan.opened([person])
    session = row.sessions.first()
    start = session.starts_at
    return row, services.open_check_in(actor=None, session=session, at=start), person, start


def check_in(session, person, at, nonce=None):
    told = session.nonce if nonce is None else nonce
    return services.check_in(actor=person.user, session=session, nonce=told, person=person, at=at)


def test_the_code_checks_in_once_and_starts_the_class(room):
    row, session, person, start = room
    first = check_in(session, person, start + timedelta(minutes=5))
    again = check_in(session, person, start + timedelta(minutes=6))
    assert (first.pk, first.how, first.at) == (again.pk, Attendance.How.QR, start + timedelta(minutes=5))
    row.refresh_from_db()
    assert row.status == TrainingClass.Status.RUNNING
    assert first.recorded_by == person.user


def test_a_wrong_or_empty_code_is_refused(room):
    _row, session, person, start = room
    for nonce in ("", "sai", session.nonce[:-1], session.nonce + "x", "mã-có-dấu"):
        with pytest.raises(Refused):
            check_in(session, person, start, nonce)
    assert Attendance.objects.count() == 0


def test_the_code_dies_after_half_an_hour_and_with_the_session(room):
    _row, session, person, start = room
    with pytest.raises(Refused):
        check_in(session, person, start + timedelta(minutes=30, seconds=1))
    late = services.open_check_in(actor=None, session=session, at=session.ends_at - timedelta(minutes=10))
    assert late.check_in_until == session.ends_at
    with pytest.raises(Refused):
        check_in(late, person, session.ends_at + timedelta(seconds=1))


def test_a_new_code_kills_the_old_one(room):
    _row, session, person, start = room
    old = session.nonce
    services.open_check_in(actor=None, session=session, at=start + timedelta(minutes=1))
    assert session.nonce != old
    with pytest.raises(Refused):
        check_in(session, person, start + timedelta(minutes=2), old)


def test_closing_kills_the_code_at_once_and_the_empty_code_never_works(room):
    _row, session, person, start = room
    old = session.nonce
    services.close_check_in(actor=None, session=session, at=start)
    for nonce in (old, ""):
        with pytest.raises(Refused):
            check_in(session, person, start, nonce)


def test_opening_another_session_closes_this_one(room):
    row, session, person, start = room
    other = row.sessions.last()
    services.open_check_in(actor=None, session=other, at=start)
    session.refresh_from_db()
    assert not session.nonce
    with pytest.raises(Refused):
        check_in(session, person, start, other.nonce)


def test_somebody_who_is_not_on_the_list_is_turned_away(room):
    row, session, _person, start = room
    stranger, waiting = make.person(login=True), make.person(login=True)
    row.enrolments.create(person=waiting, status="waitlisted", at=make.AT)
    for person in (stranger, waiting):
        with pytest.raises(Refused):
            check_in(session, person, start)
    assert Attendance.objects.count() == 0


def test_ticks_by_hand_can_be_taken_back_but_scanned_codes_stay(room):
    row, session, scanned, start = room
    ticked = make.person()
    row.enrolments.create(person=ticked, status="booked", at=make.AT)
    check_in(session, scanned, start)
    services.mark_attendance(actor=None, session=session, present=[ticked], at=start)
    assert session.attendances.count() == 2
    services.mark_attendance(actor=None, session=session, present=[], at=start)
    assert [one.person for one in session.attendances.all()] == [scanned]


def test_ticking_a_stranger_or_in_a_finished_class_is_refused(room):
    row, session, person, start = room
    with pytest.raises(Refused):
        services.mark_attendance(actor=None, session=session, present=[make.person()], at=start)
    services.mark_attendance(actor=None, session=session, present=[person], at=start)
    services.finish_class(actor=None, framework=make.framework(), training_class=row, at=start + timedelta(days=4))
    session.refresh_from_db()
    with pytest.raises(Refused):
        services.mark_attendance(actor=None, session=session, present=[], at=start)
    assert session.attendances.count() == 1


def test_the_attendance_table_follows_the_sessions(room):
    row, session, person, start = room
    check_in(session, person, start)
    shown = queries.sessions(row, start + timedelta(hours=5))
    [line] = queries.attendance_rows(row, EVERYTHING, shown)
    assert [bool(mark) for mark in line.marks] == [True] + [False] * (len(shown) - 1)
    assert line.tiet == session.tiet
    assert shown[0].phase == "past"


def test_sessions_today_are_the_own_ones_of_live_classes(room):
    row, _session, person, start = room
    local = start.astimezone(services.timetable.LOCAL).date()
    assert {one.training_class for one in queries.sessions_today(person, local)} == {row}
    services.cancel_class(actor=None, training_class=row, reason="Bão", at=start)
    assert not queries.sessions_today(person, local)
