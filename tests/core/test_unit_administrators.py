"""An administrator of some units grants and ends roles over those units, and sees no others."""

import pytest
from django.urls import reverse

from nanglucso.core import queries, services
from nanglucso.core.models import RoleGrant
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return make.unit("Sở Nội vụ")


@pytest.fixture
def other():
    return make.unit("Sở Tài chính")


def _grant(own, **told):
    told = {"role": "training", "unit": own} | told
    return services.grant_role(actor=None, scope=Scope(paths=(own.path,)), at=make.AT, **told)


def test_a_role_over_the_own_unit_is_granted_to_its_staff(own):
    user = make.person(unit=own, login=True).user
    grant = _grant(own, user=user)
    assert (grant.user, grant.unit) == (user, own)


def test_a_role_over_another_unit_or_the_city_is_refused(own, other):
    user = make.person(unit=own, login=True).user
    for unit in (other, make.city(), None):
        with pytest.raises(Refused) as refused:
            _grant(own, user=user, unit=unit)
        assert refused.value.field == "unit"
    assert user.grants.count() == 1


@pytest.mark.parametrize("role", ["author", "auditor"])
def test_a_role_whose_pages_know_no_unit_is_refused(own, role):
    with pytest.raises(Refused) as refused:
        _grant(own, user=make.person(unit=own, login=True).user, role=role)
    assert refused.value.field == "role"


def test_an_account_of_another_unit_or_of_no_staff_is_refused(own, other):
    for user in (make.person(unit=other, login=True).user, make.user("official")):
        with pytest.raises(Refused):
            _grant(own, user=user)
        assert user.grants.count() == 1


def test_a_role_over_the_city_is_not_ended_by_an_administrator_of_a_unit(own):
    user = make.person(unit=own, login=True).user
    grant = RoleGrant.objects.create(user=user, role="training", granted_at=make.AT)
    with pytest.raises(Refused):
        services.end_role(actor=None, grant=grant, scope=Scope(paths=(own.path,)), at=make.at(1))
    grant.refresh_from_db()
    assert grant.ended_at is None


def test_an_administrator_of_a_unit_does_not_take_the_place_of_the_last_of_the_city(own):
    chief = make.user("admin")
    make.user("admin", own)
    with pytest.raises(Refused):
        services.end_role(actor=chief, grant=chief.grants.get(), scope=EVERYTHING, at=make.AT)


def test_the_list_shows_own_staff_and_who_holds_a_role_over_an_own_unit(own, other):
    mine = make.person(unit=own, login=True).user
    guest = make.person(unit=other, login=True).user
    foreign = make.person(unit=other, login=True).user
    RoleGrant.objects.create(user=guest, role="training", unit=own, granted_at=make.AT)
    RoleGrant.objects.create(user=guest, role="leader", unit=other, granted_at=make.AT)
    shown = {user.pk: user for user in queries.accounts(scope=Scope(paths=(own.path,)))}
    assert mine.pk in shown
    assert foreign.pk not in shown
    assert [grant.role for grant in shown[guest.pk].open_grants] == ["training"]


def test_the_pages_are_cut_to_the_own_units(as_user, own, other):
    client = as_user(make.user("admin", own))
    mine, foreign = make.person(unit=own, login=True).user, make.person(unit=other, login=True).user
    assert client.get(reverse("core:role_user", args=[foreign.pk])).status_code == 404
    posted = client.post(reverse("core:role_user", args=[foreign.pk]), {"role": "head", "unit": other.code})
    assert posted.status_code == 404
    ended = client.post(reverse("core:role_end", args=[foreign.pk, foreign.grants.get().pk]))
    assert ended.status_code == 404
    page = client.get(reverse("core:role_user", args=[mine.pk])).content.decode()
    assert other.name not in page
    assert 'value="auditor"' not in page


def test_another_unit_or_none_typed_into_the_form_is_named_at_the_field(as_user, own, other):
    client, user = as_user(make.user("admin", own)), make.person(unit=own, login=True).user
    for typed in (other.name, ""):
        answer = client.post(reverse("core:role_user", args=[user.pk]), {"role": "training", "unit": typed})
        assert answer.status_code == 422
        assert answer.context["form"].errors["unit"]
    answer = client.post(reverse("core:role_user", args=[user.pk]), {"role": "training", "unit": own.name})
    assert answer.status_code == 302
    assert user.grants.filter(role="training", unit=own).exists()
