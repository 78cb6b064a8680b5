"""A password that somebody else chose opens only the page to change it."""

import pytest
from django.urls import reverse

from nanglucso.core.models import User
from tests import make

pytestmark = pytest.mark.django_db
NEW = "mot-mat-khau-khac-han-2"


def _must(role: str = "admin") -> User:
    user = make.user(role)
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])
    return user


@pytest.mark.parametrize("name", ["ui:home", "core:status", "core:own", "core:roles", "mfa_index", "ui:help"])
def test_every_other_page_leads_to_the_change(as_user, name):
    answer = as_user(_must()).get(reverse(name))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_change_password"))


def test_nothing_is_written_by_post_either(as_user):
    user, other = _must(), make.user("official")
    answer = as_user(user).post(reverse("core:role_user", args=[other.pk]), {"role": "auditor"})
    assert answer.headers["Location"] == reverse("account_change_password")
    assert not other.grants.filter(role="auditor").exists()


def test_a_fragment_sends_the_whole_page(as_user):
    answer = as_user(_must()).get(reverse("ui:search"), {"q": "a"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("account_change_password")
    assert answer.content == b""


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_change_opens_in_both_languages(as_user, lang):
    answer = as_user(_must()).get(reverse("account_change_password"), {"lang": lang})
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, lang)


def test_signing_out_stays_open(as_user):
    client = as_user(_must())
    assert client.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_new_password_opens_the_rest(as_user):
    user = _must()
    client = as_user(user)
    asked = {"oldpassword": make.PASSWORD, "password1": NEW, "password2": NEW}
    client.post(reverse("account_change_password"), asked)
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password(NEW)
    assert client.get(reverse("core:status")).status_code == 200


def test_a_wrong_old_password_opens_nothing(as_user):
    user = _must()
    client = as_user(user)
    client.post(reverse("account_change_password"), {"oldpassword": "sai", "password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.must_change_password
    assert client.get(reverse("core:status")).status_code == 302


def test_the_log_ins_of_the_demonstration_are_not_asked(client, settings):
    settings.DEMO = True
    person = make.person(login=True)
    assert not person.user.must_change_password
    client.post(reverse("ui:demo_login"), {"user": make.user("admin").pk})
    assert client.get(reverse("core:status")).status_code == 200
