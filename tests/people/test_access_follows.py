"""Joiner, mover, leaver: what each may open follows from the appointments, all of it through HTTP and real log-ins."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nanglucso.core.models import AuditEntry, RoleGrant
from nanglucso.workforce.people.models import Person, Position
from nanglucso.workforce.people.services import settle_due
from tests import make

pytestmark = pytest.mark.django_db
LOGIN = "/tai-khoan/login/"
NEW = "thuyen-xuoi-dong-99"
TODAY = "02/03/2026"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(make.AT, tick=False):
        yield


@pytest.fixture
def officer() -> Client:
    return entered(make.user("training"))


def entered(user, password: str = make.PASSWORD) -> Client:
    """A browser that has logged in through the form."""
    client = Client()
    client.post(LOGIN, {"login": user.username, "password": password})
    return client


def inside(client: Client) -> bool:
    return client.get(reverse("profiles:mine")).status_code == 200


def heads() -> Position:
    return Position.objects.filter(family__is_head=True, is_generic=False).first()


def sees(client: Client, person: Person) -> bool:
    return client.get(reverse("people:person", args=[person.pk])).status_code == 200


def test_a_joiner_sets_a_password_through_the_link_and_is_in(officer, mailoutbox):
    unit = make.unit("Sở Nội vụ")
    joiner = make.person("Hồ Thị Mới", unit=unit, position=heads(), email="moi.ht@vidu.gov.vn")
    colleague = make.person(unit=unit)
    officer.post(reverse("people:account", args=[joiner.pk]))
    joiner.refresh_from_db()
    assert not inside(entered(joiner.user, ""))
    client = Client()
    client.post(reverse("account_reset_password"), {"email": "moi.ht@vidu.gov.vn"})
    link = re.search(r"http://testserver(/\S+)", mailoutbox[0].body).group(1)
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    client = entered(joiner.user, NEW)
    assert inside(client)
    assert sees(client, colleague)
    assert {grant.role for grant in joiner.user.grants.filter(ended_at=None)} == {"official", "head"}


def test_an_appointment_that_lies_ahead_brings_nothing_before_its_day(officer):
    old, new = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    there = make.person(unit=new)
    mover = make.person(unit=old, position=heads(), login=True)
    RoleGrant.objects.create(user=mover.user, role="head", unit=old, granted_at=make.at(-9))
    told = {"unit": new.name, "position": heads().pk, "since": "03/03/2026", "title": ""}
    assert officer.post(reverse("people:appoint", args=[mover.pk]), told).status_code == 302
    client = entered(mover.user)
    assert not sees(client, there)
    with time_machine.travel(make.at(1), tick=False):
        settle_due(at=make.at(1))
        assert sees(entered(mover.user), there)


def test_a_mover_sees_the_new_unit_and_no_longer_the_old_in_the_same_session(officer):
    old, new = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    here, there = make.person(unit=old), make.person(unit=new)
    mover = make.person("Võ Thị Chuyển", unit=old, position=heads(), login=True)
    RoleGrant.objects.create(user=mover.user, role="head", unit=old, granted_at=make.at(-9))
    client = entered(mover.user)
    assert (sees(client, here), sees(client, there)) == (True, False)
    told = {"unit": new.name, "position": heads().pk, "since": TODAY, "title": ""}
    assert officer.post(reverse("people:appoint", args=[mover.pk]), told).status_code == 302
    assert (sees(client, here), sees(client, there)) == (False, True)
    listed = client.get(reverse("people:list"), {"q": here.full_name}).content.decode()
    assert reverse("people:person", args=[here.pk]) not in listed


def test_a_leaver_is_out_in_the_same_minute_and_learns_why(officer):
    leaver = make.person("Đặng Văn Nghỉ", unit=make.unit("Sở Nội vụ"), login=True)
    RoleGrant.objects.create(user=leaver.user, role="training", granted_at=make.at(-9))
    first, second = entered(leaver.user), entered(leaver.user)
    assert inside(first)
    assert inside(second)
    held = leaver.appointments.get()
    officer.post(reverse("people:end_appointment", args=[held.pk]), {"until": TODAY})
    for client in (first, second):
        assert client.get(reverse("profiles:mine")).headers["Location"].startswith(LOGIN)
        assert client.post(reverse("people:account", args=[leaver.pk])).headers["Location"].startswith(LOGIN)
    page = Client().post(LOGIN, {"login": leaver.user.username, "password": make.PASSWORD}, follow=True)
    assert "đã ngừng sử dụng" in page.content.decode()
    assert not leaver.user.grants.filter(ended_at=None).exists()
    row = AuditEntry.objects.get(verb="people.end_appointment", person_id=leaver.pk)
    assert row.at == make.AT


def test_who_comes_back_has_an_officials_role_and_no_more(officer):
    leaver = make.person(unit=make.unit("Sở Nội vụ"), login=True)
    RoleGrant.objects.create(user=leaver.user, role="training", granted_at=make.at(-9))
    officer.post(reverse("people:end_appointment", args=[leaver.appointments.get().pk]), {"until": TODAY})
    plain = Position.objects.filter(family__is_head=False, is_generic=False).first()
    told = {"unit": "Sở Tài chính", "position": plain.pk, "since": TODAY, "title": ""}
    officer.post(reverse("people:appoint", args=[leaver.pk]), told)
    client = entered(leaver.user)
    assert inside(client)
    assert client.get(reverse("people:list")).status_code == 403
