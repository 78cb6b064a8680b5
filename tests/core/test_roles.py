"""Granting and ending roles."""

import pytest
from django.urls import reverse

from nanglucso.core import services
from nanglucso.core.access import open_grants, scope_of
from nanglucso.core.models import AuditEntry, RoleGrant
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from tests import make

pytestmark = pytest.mark.django_db


def test_a_granted_role_is_open_from_then_on_until_it_ends():
    admin, user = make.user("admin"), make.user("official")
    grant = services.grant_role(actor=admin, user=user, role="training", unit=None, scope=EVERYTHING, at=make.at(1))
    assert grant not in open_grants(user, make.at(0))
    assert grant in open_grants(user, make.at(2))
    services.end_role(actor=admin, grant=grant, scope=EVERYTHING, at=make.at(3))
    assert grant not in open_grants(user, make.at(4))
    rows = AuditEntry.objects.filter(actor=admin).order_by("seq")
    assert [row.verb for row in rows] == ["core.grant_role", "core.end_role"]


def test_a_role_over_a_unit_covers_its_subtree_only():
    user = make.user("official")
    unit = make.unit("Sở Nội vụ")
    scope = scope_of(
        services.grant_role(actor=None, user=user, role="head", unit=unit, scope=EVERYTHING, at=make.AT), None
    )
    assert scope.covers(unit.path)
    assert scope.covers(unit.path + "0001")
    assert not scope.covers(make.unit("Sở Y tế").path)


@pytest.mark.parametrize(("role", "field"), [("head", "unit"), ("official", "role")])
def test_a_head_without_a_unit_and_a_role_held_already_are_refused(role, field):
    user = make.user("official")
    with pytest.raises(Refused) as refused:
        services.grant_role(actor=None, user=user, role=role, unit=None, scope=EVERYTHING, at=make.AT)
    assert refused.value.field == field
    assert user.grants.count() == 1


def test_the_last_administrator_keeps_the_role_and_another_may_go():
    first = make.user("admin")
    with pytest.raises(Refused):
        services.end_role(actor=first, grant=first.grants.get(), scope=EVERYTHING, at=make.AT)
    make.user("admin")
    services.end_role(actor=first, grant=first.grants.get(), scope=EVERYTHING, at=make.AT)
    with pytest.raises(Refused):
        services.end_role(actor=first, grant=first.grants.get(), scope=EVERYTHING, at=make.AT)


def test_an_account_switched_off_gets_no_role():
    user = make.user("official")
    user.is_active = False
    user.save()
    with pytest.raises(Refused):
        services.grant_role(actor=None, user=user, role="training", unit=None, scope=EVERYTHING, at=make.AT)


@pytest.mark.parametrize("role", ["official", "head", "training", "author", "leader", "auditor"])
def test_only_the_administrator_changes_roles(as_user, role):
    user = make.user(role)
    client = as_user(user)
    assert client.get(reverse("core:roles")).status_code == 403
    assert client.post(reverse("core:role_user", args=[user.pk]), {"role": "admin"}).status_code == 403
    assert user.grants.count() == 1


def test_granting_and_ending_through_the_page(as_user):
    unit = make.unit("Sở Nội vụ")
    user = make.user("official")
    client = as_user(make.user("admin"))
    page = client.post(reverse("core:role_user", args=[user.pk]), {"role": "head", "unit": "so noi vu"}, follow=True)
    grant = user.grants.get(role="head")
    assert grant.unit == unit
    assert "Đã giao vai trò" in page.content.decode()
    client.post(reverse("core:role_end", args=[user.pk, grant.pk]))
    grant.refresh_from_db()
    assert grant.ended_at


def test_the_whole_city_is_said_and_not_guessed_from_an_empty_box(as_user):
    unit, user = make.unit("Sở Nội vụ"), make.user("official")
    client, address = as_user(make.user("admin")), reverse("core:role_user", args=[user.pk])
    for told in ({}, {"unit": unit.code, "city": "on"}):
        assert client.post(address, {"role": "leader"} | told).status_code == 422
    assert not user.grants.filter(role="leader").exists()
    assert client.post(address, {"role": "leader", "city": "on"}).status_code == 302
    assert user.grants.get(role="leader").unit is None


def test_a_mistyped_unit_keeps_what_was_typed_and_says_what_to_do(as_user):
    make.city()
    user = make.user("official")
    answer = as_user(make.user("admin")).post(
        reverse("core:role_user", args=[user.pk]), {"role": "head", "unit": "Sở Mây"}
    )
    assert answer.status_code == 422
    assert "Sở Mây" in answer.content.decode()
    assert "chọn trong danh sách" in answer.content.decode()
    assert not user.grants.filter(role="head").exists()


def test_a_grant_of_another_account_is_not_ended_by_a_mixed_address(as_user):
    admin, first, second = make.user("admin"), make.user("official"), make.user("official")
    address = reverse("core:role_end", args=[first.pk, second.grants.get().pk])
    assert as_user(admin).post(address).status_code == 404
    assert second.grants.get().ended_at is None


def test_accounts_are_found_by_name_and_by_staff_name_without_marks(as_user):
    person = make.person("Đặng Thị Hồng Hạnh", login=True)
    client = as_user(make.user("admin"))
    page = client.get(reverse("core:roles"), {"q": "dang hong hanh"}).content.decode()
    assert person.user.username in page
    only = client.get(reverse("core:roles"), {"role": "admin"})
    assert {grant.role for row in only.context["page"] for grant in row.open_grants} == {"admin"}


def test_the_list_asks_a_fixed_number_of_questions(as_user, django_assert_max_num_queries):
    for _ in range(25):
        RoleGrant.objects.create(user=make.user("official"), role="leader", granted_at=make.AT)
    client = as_user(make.user("admin"))
    with django_assert_max_num_queries(12):
        client.get(reverse("core:roles"))
