"""The log-in page, the demo's doors, password and second step, in Vietnamese and in our look."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from nanglucso.core.models import RoleGrant, User
from tests import make

pytestmark = pytest.mark.django_db
LOGIN = "/tai-khoan/login/"


@pytest.fixture(autouse=True)
def _no_rate_memory():
    cache.clear()


def test_the_log_in_page_has_our_look(client):
    page = client.get(LOGIN).content.decode()
    assert 'class="gate"' in page
    assert "Biết mình đang ở đâu." in page
    assert "Vào thành phố mẫu" not in page


def test_a_wrong_password_is_said_in_vietnamese_and_the_name_is_kept(client):
    user = make.user("official")
    page = client.post(LOGIN, {"login": user.username, "password": "sai"}).content.decode()
    assert "mật khẩu chưa đúng" in page
    assert f'value="{user.username}"' in page


def test_the_right_password_lets_in(client):
    user = make.user("admin")
    answer = client.post(LOGIN, {"login": user.username, "password": make.PASSWORD})
    assert answer.headers["Location"] == reverse("ui:home")
    assert client.get(reverse("core:status")).status_code == 200


def test_an_account_switched_off_stays_outside(client):
    user = make.user("admin")
    User.objects.filter(pk=user.pk).update(is_active=False)
    client.post(LOGIN, {"login": user.username, "password": make.PASSWORD})
    assert client.get(reverse("core:status")).status_code == 302


def test_after_ten_wrong_passwords_the_right_one_must_wait(client):
    user = make.user("official")
    for _ in range(10):
        client.post(LOGIN, {"login": user.username, "password": "sai"})
    answer = client.post(LOGIN, {"login": user.username, "password": make.PASSWORD})
    assert answer.status_code == 200
    assert "Sai quá nhiều lần" in answer.content.decode()


def test_nobody_signs_up(client):
    answer = client.post("/tai-khoan/signup/", {"username": "moi", "password1": "x" * 14, "password2": "x" * 14})
    assert not User.objects.filter(username="moi").exists()
    assert "không mở đăng ký" in answer.content.decode()


def test_the_demo_shows_one_door_a_role_with_the_made_up_name(client, settings):
    settings.DEMO = True
    head = make.user("head")
    page = client.get(LOGIN).content.decode()
    assert f'name="user" value="{head.pk}"' in page
    assert head.full_name in page
    assert "nang-luc-so-2026" in page


def test_a_door_of_the_demo_lets_in(client, settings):
    settings.DEMO = True
    client.post(reverse("ui:demo_login"), {"user": make.user("admin").pk})
    assert client.get(reverse("core:status")).status_code == 200


def test_there_are_no_doors_outside_the_demo(client, settings):
    settings.DEMO = False
    assert client.post(reverse("ui:demo_login"), {"user": make.user("admin").pk}).status_code == 404
    assert client.get(reverse("core:status")).status_code == 302


def test_a_real_account_is_never_entered_by_a_door(client, settings):
    settings.DEMO = True
    real = User.objects.create(username="that")
    RoleGrant.objects.create(user=real, role="admin", granted_at=make.AT)
    assert client.post(reverse("ui:demo_login"), {"user": real.pk}).status_code == 404


@pytest.mark.parametrize("door", ["", "abc", "999999999999999999999"])
def test_a_mistyped_door_is_not_found(client, settings, door):
    settings.DEMO = True
    assert client.post(reverse("ui:demo_login"), {"user": door}).status_code == 404


@pytest.mark.parametrize("name", ["account_change_password", "mfa_index", "account_logout"])
def test_account_pages_speak_vietnamese_in_the_shell(as_user, name):
    page = as_user(make.user("official")).get(reverse(name)).content.decode()
    assert 'class="shell"' in page
    assert "Password" not in page
    assert "bạn" not in page


def test_the_second_step_is_asked_of_powerful_roles_when_required(as_user, settings):
    settings.MFA_REQUIRED = True
    client = as_user(make.user("admin"))
    assert client.get(reverse("core:status")).headers["Location"] == reverse("core:second_step")
    assert as_user(make.user("official")).get(reverse("core:jobs")).status_code == 200


def test_signing_out_needs_a_post(as_user):
    client = as_user(make.user("admin"))
    client.get(reverse("account_logout"))
    assert client.get(reverse("core:status")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("core:status")).status_code == 302


def test_a_signed_in_person_is_asked_for_the_password_inside_the_shell_with_one_help(as_user):
    client = as_user(make.user("training"))
    page = client.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    assert "<h1>Xác nhận lại danh tính</h1>" in page
    assert 'class="side"' in page
    for address in (reverse("account_reauthenticate"), reverse("account_change_password")):
        page = client.get(address).content.decode()
        assert page.count("Quên mật khẩu") == 1
        assert reverse("account_reset_password") not in page
