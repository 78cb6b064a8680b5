"""The code on the room's screen and the phone that scans it, over HTTP."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from nanglucso.develop.training.models import Attendance
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    person = make.person(login=True)
    row = plan.opened([person])
    return row, row.sessions.first(), person


@pytest.fixture
def clock(room):
    with time_machine.travel(room[1].starts_at, tick=False) as now:
        yield now


def qr_page(session):
    return reverse("training:session_qr", args=[session.pk])


def opened(as_user, session):
    """The officer opens check-in; returns the address that the code carries."""
    client = as_user(make.user("training"))
    assert client.post(qr_page(session)).status_code == 302
    page = client.get(qr_page(session)).content.decode()
    assert "<svg" in page
    session.refresh_from_db()
    return reverse("training:check_in", args=[session.pk, session.nonce])


def test_the_projector_shows_a_code_only_while_it_works(as_user, room, clock):
    _row, session, _person = room
    client = as_user(make.user("training"))
    assert "board-qr" not in client.get(qr_page(session)).content.decode()
    opened(as_user, session)
    page = client.get(qr_page(session)).content.decode()
    assert "board-qr" in page
    assert "style=" not in page
    assert re.search(r'hx-trigger="every \d+s"', page)
    clock.shift(timedelta(minutes=31))
    assert "board-qr" not in client.get(qr_page(session)).content.decode()


def test_the_qr_carries_the_address_with_the_code(as_user, room, clock, monkeypatch):
    from nanglucso.develop.training import drawing

    seen = []
    real = drawing.qr
    monkeypatch.setattr(drawing, "qr", lambda text: seen.append(text) or real(text))
    _row, session, _person = room
    path = opened(as_user, session)
    assert seen == [f"http://testserver{path}"]


def test_the_phone_checks_in_with_one_button_and_says_so(as_user, room, clock):
    row, session, person = room
    path = opened(as_user, session)
    phone = as_user(person.user)
    page = phone.get(path).content.decode()
    assert row.course.name_vi in page
    assert person.full_name in page
    assert Attendance.objects.count() == 0, "looking is not checking in"
    assert phone.post(path).url == path
    again = phone.get(path)
    assert again.status_code == 200
    assert "7 giờ 30" in again.content.decode()
    assert '<form method="post"' not in again.content.decode()
    assert Attendance.objects.get().how == "qr"
    assert phone.post(path).status_code == 200
    assert Attendance.objects.count() == 1


def test_the_count_follows_and_asks_for_a_new_page_when_the_code_is_dead(as_user, room, clock):
    _row, session, person = room
    path = opened(as_user, session)
    as_user(person.user).post(path)
    officer = as_user(make.user("training"))
    live = officer.get(reverse("training:session_count", args=[session.pk]))
    assert "<b>1</b>" in live.content.decode()
    assert "HX-Refresh" not in live.headers
    clock.shift(timedelta(minutes=31))
    dead = officer.get(reverse("training:session_count", args=[session.pk]))
    assert dead.headers["HX-Refresh"] == "true"


def test_without_log_in_the_phone_logs_in_and_comes_back(client, as_user, room, clock):
    _row, session, person = room
    path = opened(as_user, session)
    client.logout()
    reply = client.get(path)
    assert reply.status_code == 302
    assert reply.url == f"{reverse('account_login')}?next={path}"
    back = client.post(reply.url, {"login": person.user.username, "password": make.PASSWORD, "next": path})
    assert back.url == path
    assert client.post(path).url == path
    assert Attendance.objects.get().person == person


def test_a_dead_or_wrong_code_says_so_and_shows_nothing_of_the_class(as_user, room, clock):
    row, session, person = room
    path = opened(as_user, session)
    phone = as_user(person.user)
    wrong = phone.get(reverse("training:check_in", args=[session.pk, "khong-dung"]))
    clock.shift(timedelta(minutes=31))
    for reply in (wrong, phone.get(path), phone.post(path)):
        assert reply.status_code == 410
        assert row.course.name_vi not in reply.content.decode()
    assert Attendance.objects.count() == 0


def test_closing_and_redrawing_kill_the_old_code(as_user, room, clock):
    _row, session, person = room
    first = opened(as_user, session)
    second = opened(as_user, session)
    assert first != second
    phone = as_user(person.user)
    assert phone.post(first).status_code == 410
    as_user(make.user("training")).post(qr_page(session), {"close": "1"})
    assert as_user(person.user).post(second).status_code == 410


def test_a_stranger_is_told_and_somebody_of_another_class_is_shown_where_to_go(as_user, room, clock):
    _row, session, _person = room
    path = opened(as_user, session)
    stranger, elsewhere = make.person(login=True), make.person(login=True)
    other = plan.opened([elsewhere], course="S5-CB-01", seats=25, lecturer="gv-hai")
    reply = as_user(stranger.user).get(path)
    assert reply.status_code == 403
    assert "Không có tên trong danh sách" in reply.content.decode()
    reply = as_user(elsewhere.user).post(path)
    assert reply.status_code == 403
    assert other.course.name_vi in reply.content.decode()
    assert Attendance.objects.count() == 0
    assert as_user(make.user("official")).get(path).status_code == 403


def test_only_the_manager_opens_codes_and_ticks(as_user, room, clock):
    _row, session, person = room
    head = as_user(make.user("head", unit=person.unit))
    for name in ("session_qr", "session_count", "attendance"):
        assert head.get(reverse(f"training:{name}", args=[session.pk])).status_code == 403
    assert head.post(qr_page(session)).status_code == 403
    session.refresh_from_db()
    assert not session.nonce


def test_the_tick_list_saves_and_takes_back(as_user, room, clock):
    row, session, person = room
    officer = as_user(make.user("training"))
    page = reverse("training:attendance", args=[session.pk])
    assert officer.get(page).status_code == 200
    assert officer.post(page, {"present": [person.pk]}).url == reverse("training:show", args=[row.pk])
    assert Attendance.objects.get().how == "manual"
    assert "checked" in officer.get(page).content.decode()
    officer.post(page, {"present": []})
    assert not Attendance.objects.exists()
    stranger = make.person()
    officer.post(page, {"present": [stranger.pk, "x"]})
    assert not Attendance.objects.exists()


def test_the_overview_offers_todays_class_until_checked_in(room, clock):
    from nanglucso.develop.training.steps import class_today

    _row, session, person = room
    step = class_today(person, session.starts_at)
    assert str(session.number) in str(step.text)
    Attendance.objects.create(session=session, person=person, how="qr", at=session.starts_at)
    later = class_today(person, session.starts_at)
    assert later is None or "2" in str(later.text)
    assert class_today(person, session.starts_at + timedelta(days=30)) is None
