"""Every role is confirmed or withdrawn every six months."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core import reviewing
from nanglucso.core.access_rules import access_rules
from nanglucso.core.days import last_day_due, midnight, months_after
from nanglucso.core.models import AuditEntry, RoleGrant
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return make.unit("Sở Nội vụ")


def _held(unit=None, role="training", since=make.AT) -> RoleGrant:
    user = make.person(unit=unit, login=True).user
    return RoleGrant.objects.create(user=user, role=role, unit=unit, granted_at=since)


def _due(at, scope=EVERYTHING) -> set[int]:
    return set(reviewing.due(scope=scope, at=at).values_list("pk", flat=True))


def test_the_figure_is_the_one_of_the_file():
    assert access_rules().review_months == 6


def test_the_last_day_due_agrees_with_the_day_due_on_every_day_of_five_years():
    for months in (1, 6, 12):
        day = date(2023, 1, 1)
        while day < date(2028, 1, 1):
            last = last_day_due(day, months)
            assert months_after(last, months) <= day < months_after(last + timedelta(days=1), months), (day, months)
            day += timedelta(days=1)


def test_a_role_is_due_six_months_after_it_was_given_and_again_after_it_was_confirmed(own):
    grant = _held(own)
    day = date(2026, 9, 2)
    assert reviewing.due_on(grant) == day
    before, on = midnight(day) - timedelta(seconds=1), midnight(day)
    assert grant.pk not in _due(before)
    assert grant.pk in _due(on)
    admin = make.user("admin")
    reviewing.confirm_grants(actor=admin, grants=[grant], scope=EVERYTHING, at=on)
    assert grant.pk not in _due(on)
    assert reviewing.due_on(grant) == date(2027, 3, 2)
    assert grant.pk in _due(midnight(date(2027, 3, 2)))
    row = AuditEntry.objects.get(verb="core.confirm_grant")
    assert (row.actor, row.person_id, row.details["role"]) == (admin, grant.user.person.pk, "training")


def test_ended_own_and_delegated_roles_are_not_reviewed(own):
    ended, head = _held(own), _held(own, "head")
    RoleGrant.objects.filter(pk=ended.pk).update(ended_at=make.at(1))
    told = {"role": "head", "unit": own, "granted_at": make.AT, "ended_at": make.at(900)}
    given = RoleGrant.objects.create(user=ended.user, delegated_from=head, **told)
    found = _due(make.at(400))
    assert head.pk in found
    assert not found & {ended.pk, given.pk, head.user.grants.get(role="official").pk}


def test_an_administrator_of_units_reviews_what_lies_in_them(own):
    mine, foreign, city = _held(own), _held(make.unit("Sở Tài chính")), make.user("leader").grants.get()
    scope = Scope(paths=(own.path,))
    assert _due(make.at(400), scope) & {mine.pk, foreign.pk, city.pk} == {mine.pk}
    for grant in (foreign, city):
        with pytest.raises(Refused):
            reviewing.confirm_grants(actor=None, grants=[mine, grant], scope=scope, at=make.at(400))
    mine.refresh_from_db()
    assert mine.reviewed_at is None


def test_nobody_confirms_their_own_role_unless_nobody_else_can(own):
    RoleGrant.objects.filter(role="admin").delete()
    first = make.user("admin")
    grant = first.grants.get()
    over_unit = make.user("admin", own)
    reviewing.confirm_grants(actor=first, grants=[grant], scope=EVERYTHING, at=make.at(1))
    own_grant, scope = over_unit.grants.get(), Scope(paths=(own.path,))
    with pytest.raises(Refused):
        reviewing.confirm_grants(actor=over_unit, grants=[own_grant], scope=scope, at=make.at(1))
    make.user("admin")
    with pytest.raises(Refused):
        reviewing.confirm_grants(actor=first, grants=[grant], scope=EVERYTHING, at=make.at(2))


def test_nothing_chosen_or_a_role_that_ended_meanwhile_is_refused(own):
    grant = _held(own)
    grant.ended_at = make.at(1)
    grant.save()
    for grants in ([], [grant]):
        with pytest.raises(Refused):
            reviewing.confirm_grants(actor=None, grants=grants, scope=EVERYTHING, at=make.at(2))


def test_through_the_pages(as_user, own):
    first, second, late = _held(own), _held(own, "leader"), _held(own, since=make.at(100))
    client = as_user(make.user("admin", own))
    with time_machine.travel(make.at(200), tick=False):
        page = client.get(reverse("core:review"))
        shown = {line["grant"].pk for line in page.context["lines"]}
        assert {first.pk, second.pk} <= shown
        assert late.pk not in shown
        everything = client.get(reverse("core:review"), {"show": "all"})
        assert late.pk in {line["grant"].pk for line in everything.context["lines"]}
        said = client.post(reverse("core:review_confirm"), {"grant": [first.pk]}, follow=True)
        assert "Đã xác nhận 1 vai trò" in said.content.decode()
        nothing = client.post(reverse("core:review_confirm"), {"grant": ["x"]}, follow=True)
        assert "Chưa chọn vai trò nào" in nothing.content.decode()
        client.post(reverse("core:review_end", args=[second.pk]))
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.reviewed_at == make.at(200)
    assert second.ended_at == make.at(200)


def test_a_role_of_another_unit_is_neither_shown_nor_confirmed_nor_ended(as_user, own):
    foreign = _held(make.unit("Sở Tài chính"))
    client = as_user(make.user("admin", own))
    with time_machine.travel(make.at(200), tick=False):
        page = client.get(reverse("core:review"), {"show": "all"})
        assert foreign.pk not in {line["grant"].pk for line in page.context["lines"]}
        client.post(reverse("core:review_confirm"), {"grant": [foreign.pk]})
        assert client.post(reverse("core:review_end", args=[foreign.pk])).status_code == 404
    foreign.refresh_from_db()
    assert (foreign.reviewed_at, foreign.ended_at) == (None, None)


def test_the_list_asks_a_fixed_number_of_questions(as_user, own, django_assert_max_num_queries):
    for _number in range(25):
        _held(own)
    client = as_user(make.user("admin", own))
    with time_machine.travel(make.at(200), tick=False), django_assert_max_num_queries(12):
        assert len(client.get(reverse("core:review")).context["lines"]) >= 25
