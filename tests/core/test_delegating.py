"""A head delegates the role for an absence: from day to day, shown, withdrawn, logged, never passed on."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core import delegating
from nanglucso.core.access import open_grants
from nanglucso.core.access_rules import access_rules
from nanglucso.core.days import midnight
from nanglucso.core.models import AuditEntry, RoleGrant
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.services import appoint, end_appointment
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
FIRST, LAST = date(2026, 3, 9), date(2026, 3, 13)


@pytest.fixture
def unit():
    return make.unit("Sở Nội vụ")


@pytest.fixture
def held(unit):
    head = make.person("Phạm Thị Trưởng", unit=unit, login=True).user
    return RoleGrant.objects.create(user=head, role="head", unit=unit, granted_at=make.at(-100))


@pytest.fixture
def deputy(unit):
    return make.person("Vũ Văn Phó", unit=unit, login=True).user


def _delegate(held, user, *, since=FIRST, until=LAST, at=make.AT) -> RoleGrant:
    return delegating.delegate_role(actor=held.user, grant=held, user=user, since=since, until=until, at=at)


def _acts_as_head(user, moment) -> bool:
    return any(grant.role == "head" for grant in open_grants(user, moment))


def test_it_begins_and_ends_by_itself_at_midnight_of_the_city(held, deputy):
    _delegate(held, deputy)
    first, end = midnight(FIRST), midnight(LAST + timedelta(days=1))
    second = timedelta(seconds=1)
    seen = [_acts_as_head(deputy, moment) for moment in (first - second, first, end - second, end)]
    assert seen == [False, True, True, False]


def test_from_today_it_begins_now(held, deputy):
    _delegate(held, deputy, since=TODAY, until=TODAY)
    assert _acts_as_head(deputy, make.at(seconds=1))


def test_the_log_names_who_delegated_to_whom_and_the_days(held, deputy):
    _delegate(held, deputy)
    row = AuditEntry.objects.get(verb="core.delegate_role")
    assert (row.actor, row.person_id) == (held.user, deputy.person.pk)
    assert (row.details["since"], row.details["until"]) == ("2026-03-09", "2026-03-13")


def test_it_ends_with_the_role_that_it_comes_from(held, deputy):
    _delegate(held, deputy, since=TODAY)
    RoleGrant.objects.filter(pk=held.pk).update(ended_at=make.at(1))
    assert _acts_as_head(deputy, make.at(0.9))
    assert not _acts_as_head(deputy, make.at(1.1))


def test_it_is_never_delegated_further(held, deputy, unit):
    given = _delegate(held, deputy, since=TODAY)
    third = make.person(unit=unit, login=True).user
    with pytest.raises(Refused, match="lại"):
        delegating.delegate_role(actor=deputy, grant=given, user=third, since=FIRST, until=LAST, at=make.at(1))
    assert not third.grants.filter(role="head").exists()


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (TODAY - timedelta(days=1), LAST, "since"),
        (LAST, FIRST, "until"),
        (FIRST, FIRST + timedelta(days=access_rules().delegation_days), "until"),
    ],
)
def test_days_past_reversed_or_too_many_are_refused(held, deputy, since, until, field):
    with pytest.raises(Refused) as refused:
        _delegate(held, deputy, since=since, until=until)
    assert refused.value.field == field
    assert not held.delegations.exists()


def test_the_longest_delegation_is_taken(held, deputy):
    _delegate(held, deputy, until=FIRST + timedelta(days=access_rules().delegation_days - 1))
    assert held.delegations.count() == 1


def test_only_staff_of_the_own_unit_in_use_and_not_oneself(held, deputy):
    foreign = make.person(unit=make.unit("Sở Tài chính"), login=True).user
    off = make.person(unit=held.unit, login=True).user
    off.is_active = False
    off.save()
    for user in (foreign, off, held.user, make.user("official")):
        with pytest.raises(Refused):
            _delegate(held, user)
    assert not held.delegations.exists()


def test_only_the_holder_and_only_the_role_of_a_head(held, deputy, unit):
    with pytest.raises(Refused):
        delegating.delegate_role(actor=deputy, grant=held, user=deputy, since=FIRST, until=LAST, at=make.AT)
    other = RoleGrant.objects.create(user=held.user, role="training", unit=unit, granted_at=make.AT)
    with pytest.raises(Refused):
        _delegate(other, deputy)


def test_one_person_at_a_time(held, deputy, unit):
    _delegate(held, deputy)
    second = make.person(unit=unit, login=True).user
    with pytest.raises(Refused):
        _delegate(held, second, since=LAST, until=LAST + timedelta(days=3))
    _delegate(held, second, since=LAST + timedelta(days=1), until=LAST + timedelta(days=3))
    assert held.delegations.count() == 2


def test_withdrawn_it_ends_at_once_and_the_days_are_free_again(held, deputy):
    given = _delegate(held, deputy, since=TODAY)
    with pytest.raises(Refused):
        delegating.withdraw_delegation(actor=deputy, delegation=given, at=make.at(1))
    delegating.withdraw_delegation(actor=held.user, delegation=given, at=make.at(1))
    assert not _acts_as_head(deputy, make.at(1, seconds=1))
    with pytest.raises(Refused):
        delegating.withdraw_delegation(actor=held.user, delegation=given, at=make.at(2))
    _delegate(held, deputy, at=make.at(2))


def test_a_deputy_who_moves_or_leaves_acts_no_more(held, deputy, unit):
    _delegate(held, deputy, since=TODAY)
    with time_machine.travel(make.at(1), tick=False):
        elsewhere = {"unit": make.unit("Sở Tài chính"), "position": deputy.person.position}
        appoint(actor=None, person=deputy.person, since=TODAY + timedelta(days=1), at=make.at(1), **elsewhere)
    assert not _acts_as_head(deputy, make.at(1, seconds=1))
    leaver = make.person(unit=unit, login=True).user
    _delegate(held, leaver, since=FIRST, at=make.at(2))
    job = leaver.person.appointments.get(until=None)
    end_appointment(actor=None, appointment=job, until=TODAY + timedelta(days=2), at=make.at(2))
    assert not _acts_as_head(leaver, midnight(FIRST))


def test_through_the_pages(as_user, held, deputy):
    with time_machine.travel(make.AT, tick=False):
        client = as_user(held.user, "head")
        address = reverse("core:delegations")
        typed = {"user": "vu van pho", "since": "02/03/2026", "until": "06/03/2026"}
        page = client.post(address, typed, follow=True).content.decode()
        assert "Đã ủy quyền vai trò" in page
        assert deputy.username in page
        given = held.delegations.get()
        wrong = client.post(address, typed | {"user": "Không Ai Cả"})
        assert wrong.status_code == 422
        assert "Không Ai Cả" in wrong.content.decode()
        client.post(reverse("core:delegation_withdraw", args=[given.pk]))
    given.refresh_from_db()
    assert given.ended_at == make.AT


def test_the_deputy_acts_in_the_unit_and_the_log_names_the_holder(as_user, held, deputy):
    _delegate(held, deputy, since=TODAY)
    with time_machine.travel(make.at(1), tick=False):
        client = as_user(deputy)
        assert client.get(reverse("assessments:ratings")).status_code == 200
        page = client.get(reverse("core:delegations")).content.decode()
        assert "không được ủy quyền lại" in page
        typed = {"user": held.user.username, "since": "10/03/2026", "until": "11/03/2026"}
        assert client.post(reverse("core:delegations"), typed).status_code == 422
        asked = client.post(reverse("people:export"))
    assert asked.status_code == 200
    row = AuditEntry.objects.filter(actor=deputy).order_by("-seq").first()
    assert (row.role, row.details["acting_for"]) == ("head", str(held.user))
    with time_machine.travel(make.at(20), tick=False):
        assert as_user(deputy).get(reverse("assessments:ratings")).status_code == 403


def test_both_pages_name_the_last_day_included(held, deputy, as_user):
    """An administrator and the head read one day for one delegation, though it ends at the midnight after it."""
    row = _delegate(held, deputy, since=TODAY, until=LAST)
    assert row.last_day == LAST
    head = as_user(held.user).get(reverse("core:delegations")).text
    admin = as_user(make.user("admin")).get(reverse("core:role_user", args=[deputy.pk])).text
    for page in (head, admin):
        assert "13/03/2026" in page
        assert "14/03/2026" not in page


def test_the_list_of_accounts_shows_a_running_delegation_and_for_whom(held, deputy, as_user):
    _delegate(held, deputy, since=TODAY)
    address = reverse("core:roles")
    with time_machine.travel(make.at(1), tick=False):
        page = as_user(make.user("admin")).get(address, {"q": deputy.username}).text
    assert f"thay mặt {held.user}" in page
    with time_machine.travel(make.at(20), tick=False):
        page = as_user(make.user("admin")).get(address, {"q": deputy.username}).text
    assert "thay mặt" not in page
