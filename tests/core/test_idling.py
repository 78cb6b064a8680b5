"""Accounts without use are locked, and opened again."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.urls import reverse

from nanglucso.core import idling
from nanglucso.core.access import open_grants
from nanglucso.core.access_rules import access_rules
from nanglucso.core.models import AuditEntry, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.workforce.people.services import end_appointment, settle_due
from tests import make

pytestmark = pytest.mark.django_db
DAYS = access_rules().idle_days
LATER = make.at(DAYS + 1)


def _account(*, made: float = -400, seen: float | None = 0, unit=None) -> User:
    user = make.person(unit=unit, login=True).user
    User.objects.filter(pk=user.pk).update(
        date_joined=make.at(made), last_login=None if seen is None else make.at(seen)
    )
    user.refresh_from_db()
    return user


def _idle(at) -> set[int]:
    return set(idling.idle_accounts(at=at).values_list("pk", flat=True))


def test_the_figure_is_the_one_of_the_file():
    assert DAYS == 45


def test_an_account_is_idle_one_moment_after_its_days_and_not_before():
    user = _account()
    assert user.pk not in _idle(make.at(DAYS))
    assert user.pk in _idle(make.at(DAYS) + timedelta(seconds=1))


def test_an_account_never_used_counts_from_the_day_it_was_made():
    old, fresh = _account(made=0, seen=None), _account(made=2, seen=None)
    assert _idle(LATER) & {old.pk, fresh.pk} == {old.pk}


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
    assert client.get(reverse("core:jobs")).status_code == 200
    User.objects.filter(pk=user.pk).update(last_login=make.at(0))
    idling.lock_idle(at=LATER)
    assert client.get(reverse("core:jobs")).status_code == 302


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
