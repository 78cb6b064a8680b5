"""Accounts without use are locked, and opened again."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.urls import reverse

from nanglucso.core import idling
from nanglucso.core.access import open_grants
from nanglucso.core.access_rules import KINDS, access_rules
from nanglucso.core.models import AuditEntry, RoleGrant, RuleStart, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.workforce.people.services import end_appointment, settle_due
from tests import make

pytestmark = pytest.mark.django_db
DAYS = access_rules().idle_days["powerful"]
PLAIN = access_rules().idle_days["plain"]
LATER = make.at(DAYS + 1)
LONG_AGO = make.at(-2000)


@pytest.fixture(autouse=True)
def _the_rule_is_old():
    for kind in KINDS:
        RuleStart.objects.create(rule=f"idle.{kind}", since=LONG_AGO, days=access_rules().idle_days[kind])


def _account(*, role: str = "head", made: float = -400, seen: float | None = 0, unit=None) -> User:
    """A staff member's account made and last used so many days from the anchor, with `role` beside the official's own."""
    person = make.person(unit=unit, login=True)
    user = person.user
    if role != "official":
        RoleGrant.objects.create(user=user, role=role, unit=person.unit, granted_at=make.at(-400))
    User.objects.filter(pk=user.pk).update(
        date_joined=make.at(made), last_login=None if seen is None else make.at(seen)
    )
    user.refresh_from_db()
    return user


def _idle(at, kind: str = "powerful", since=LONG_AGO) -> set[int]:
    return set(idling.idle_accounts(kind, since=since, at=at).values_list("pk", flat=True))


def _locked(user: User) -> bool:
    user.refresh_from_db()
    return user.locked_at is not None


def test_the_figures_are_those_of_the_file():
    assert (DAYS, PLAIN) == (45, 400)
    assert access_rules().powerful == {"head", "training", "author", "leader", "auditor", "admin"}


def test_an_account_is_idle_one_moment_after_its_days_and_not_before():
    user = _account()
    assert user.pk not in _idle(make.at(DAYS))
    assert user.pk in _idle(make.at(DAYS) + timedelta(seconds=1))


def test_an_account_never_used_counts_from_the_day_it_was_made():
    old, fresh = _account(made=0, seen=None), _account(made=2, seen=None)
    assert _idle(LATER) & {old.pk, fresh.pk} == {old.pk}


def test_a_plain_official_is_not_locked_with_the_powerful_but_long_after():
    plain, strong = _account(role="official"), _account()
    idling.lock_idle(at=LATER)
    assert (_locked(plain), _locked(strong)) == (False, True)
    idling.lock_idle(at=make.at(PLAIN))
    assert not _locked(plain)
    idling.lock_idle(at=make.at(PLAIN, seconds=1))
    assert _locked(plain)


def test_a_role_that_has_ended_makes_no_account_powerful():
    user = _account()
    user.grants.filter(role="head").update(ended_at=make.at(1))
    idling.lock_idle(at=LATER)
    assert not _locked(user)


def test_who_is_given_a_powerful_role_after_long_idleness_has_the_days_from_then():
    user = _account(role="official")
    RoleGrant.objects.create(user=user, role="training", granted_at=LATER)
    assert not (idling.lock_idle(at=LATER) and _locked(user))
    assert user.pk not in _idle(LATER + timedelta(days=DAYS))
    assert user.pk in _idle(LATER + timedelta(days=DAYS, seconds=1))


def test_nobody_is_locked_before_the_rule_has_stood_for_its_days():
    RuleStart.objects.all().delete()
    user = _account(seen=-300)
    idling.lock_idle(at=make.at(0))
    idling.lock_idle(at=make.at(DAYS))
    assert not _locked(user)
    idling.lock_idle(at=make.at(DAYS, seconds=1))
    assert _locked(user)
    assert RuleStart.objects.get(rule="idle.powerful").since == make.at(0)


@pytest.mark.parametrize(("before", "begins_anew"), [(60, True), (0, True), (30, False)])
def test_a_stricter_figure_begins_anew_and_a_milder_one_goes_on(before, begins_anew):
    RuleStart.objects.filter(rule="idle.powerful").update(days=before)
    user = _account()
    idling.lock_idle(at=LATER)
    assert _locked(user) is not begins_anew
    kept = RuleStart.objects.get(rule="idle.powerful")
    assert (kept.days, kept.since) == (DAYS, LATER if begins_anew else LONG_AGO)


def test_no_days_lock_nobody(monkeypatch):
    none = replace(access_rules(), idle_days={"powerful": 0, "plain": 0})
    monkeypatch.setattr(idling, "access_rules", lambda: none)
    user = _account(seen=-1500)
    assert idling.lock_idle(at=LATER) == 0
    assert not _locked(user)


def test_a_locked_account_gets_in_no_more_and_keeps_its_roles():
    user, used = _account(), _account(seen=DAYS)
    idling.lock_idle(at=LATER)
    user.refresh_from_db()
    used.refresh_from_db()
    assert (user.is_active, user.locked_at) == (False, LATER)
    assert used.is_active
    assert used.locked_at is None
    assert authenticate(username=user.username, password=make.PASSWORD) is None
    assert open_grants(user, LATER)
    row = AuditEntry.objects.get(verb="core.lock_account", subject_id=str(user.pk))
    assert row.person_id == user.person.pk
    assert idling.lock_idle(at=LATER) == 0


def test_an_open_session_ends_with_the_lock(as_user):
    user = _account()
    client = as_user(user)
    assert client.get(reverse("profiles:mine")).status_code == 200
    User.objects.filter(pk=user.pk).update(last_login=make.at(0))
    idling.lock_idle(at=LATER)
    assert client.get(reverse("profiles:mine")).status_code == 302


def test_more_accounts_than_a_batch_are_all_locked(monkeypatch):
    monkeypatch.setattr(idling, "BATCH", 2)
    users = [_account() for _number in range(5)]
    assert idling.lock_idle(at=LATER) >= len(users)
    assert not User.objects.filter(pk__in=[user.pk for user in users], is_active=True).exists()


def test_the_last_administrator_of_the_city_is_never_locked():
    User.objects.filter(grants__role="admin").update(is_active=False)
    first, second = make.user("admin"), make.user("admin")
    User.objects.filter(pk__in=[first.pk, second.pk]).update(date_joined=make.at(-400))
    idling.lock_idle(at=LATER)
    assert User.objects.filter(pk__in=[first.pk, second.pk], is_active=True).count() == 1


def test_unlocking_begins_the_days_anew():
    user = _account()
    idling.lock_idle(at=LATER)
    user.refresh_from_db()
    idling.unlock_account(actor=None, user=user, scope=EVERYTHING, at=LATER)
    assert authenticate(username=user.username, password=make.PASSWORD) == user
    assert user.pk not in _idle(LATER + timedelta(days=DAYS))
    assert user.pk in _idle(LATER + timedelta(days=DAYS, seconds=1))
    with pytest.raises(Refused):
        idling.unlock_account(actor=None, user=user, scope=EVERYTHING, at=LATER)


def test_an_account_of_another_unit_is_not_unlocked():
    user = _account(unit=make.unit("Sở Tài chính"))
    idling.lock_idle(at=LATER)
    user.refresh_from_db()
    with pytest.raises(Refused):
        idling.unlock_account(actor=None, user=user, scope=Scope(paths=(make.unit("Sở Nội vụ").path,)), at=LATER)
    user.refresh_from_db()
    assert user.locked_at


def test_who_leaves_while_locked_loses_every_role_and_is_not_unlocked():
    user = _account()
    idling.lock_idle(at=LATER)
    with time_machine.travel(LATER, tick=False):
        held = user.person.appointments.get(until=None)
        end_appointment(actor=None, appointment=held, until=LATER.date(), at=LATER)
        settle_due(at=LATER)
    user.refresh_from_db()
    assert (user.is_active, user.locked_at) == (False, None)
    assert not open_grants(user, LATER + timedelta(seconds=1))
    with pytest.raises(Refused):
        idling.unlock_account(actor=None, user=user, scope=EVERYTHING, at=LATER)


def test_the_pages_show_the_lock_and_open_it(as_user):
    user = _account()
    idling.lock_idle(at=LATER)
    client = as_user(make.user("admin"))
    found = client.get(reverse("core:roles"), {"state": "locked"})
    assert user.pk in {row.pk for row in found.context["page"]}
    address = reverse("core:role_user", args=[user.pk])
    assert "Mở khóa tài khoản" in client.get(address).content.decode()
    page = client.post(reverse("core:account_unlock", args=[user.pk]), follow=True).content.decode()
    assert "Đã mở khóa tài khoản" in page
    assert "Mở khóa tài khoản" not in page
    user.refresh_from_db()
    assert user.is_active
