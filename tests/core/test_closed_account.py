"""Who logs in rightly to a closed account learns why, since when and whom to ask; a wrong password learns nothing."""

import re

import pytest
from django.urls import reverse

from nanglucso.core import idling
from nanglucso.core.models import RoleGrant, User
from nanglucso.core.scope import EVERYTHING
from tests import make

pytestmark = pytest.mark.django_db
LOGIN, CLOSED = "/tai-khoan/login/", "core:account_closed"


def _locked(unit=None) -> User:
    person = make.person("Đỗ Văn Lâu", unit=unit, login=True)
    RoleGrant.objects.create(user=person.user, role="head", unit=person.unit, granted_at=make.at(-400))
    User.objects.filter(pk=person.user.pk).update(is_active=False, locked_at=make.at(9))
    person.user.refresh_from_db()
    return person.user


def _enter(client, user, password=make.PASSWORD, **more):
    return client.post(LOGIN, {"login": user.username, "password": password}, follow=True, **more)


def _administrator(name: str, unit=None, **fields) -> User:
    admin = make.user("admin", unit)
    User.objects.filter(pk=admin.pk).update(full_name=name, **fields)
    return admin


def test_a_locked_person_reads_why_since_when_and_whom_to_ask(client):
    user = _locked()
    _administrator("Trần Thị Quản", user.person.unit, email="quan.tt@vidu.gov.vn")
    page = _enter(client, user).content.decode()
    assert "Tài khoản đang bị khóa" in page
    assert "45 ngày liền không có ai đăng nhập" in page
    assert "11/03/2026" in page
    assert "Trần Thị Quản" in page
    assert "mailto:quan.tt@vidu.gov.vn" in page
    assert "_auth_user_id" not in client.session


def test_the_nearest_administrator_is_named_first_and_none_who_is_locked_or_elsewhere(client):
    user = _locked(make.unit("Sở Nội vụ"))
    _administrator("Quản Toàn Thành")
    _administrator("Quản Tại Sở", user.person.unit)
    _administrator("Quản Nơi Khác", make.unit("Sở Tài chính"))
    _administrator("Quản Bị Khóa", user.person.unit, is_active=False)
    page = _enter(client, user).content.decode()
    named = re.findall("Quản (?:Toàn Thành|Tại Sở|Nơi Khác|Bị Khóa)", page)
    assert named[0] == "Quản Tại Sở"
    assert set(named) == {"Quản Tại Sở", "Quản Toàn Thành"}


def test_a_wrong_password_learns_nothing(client):
    user = _locked()
    page = _enter(client, user, "sai-mat-khau-roi").content.decode()
    assert "bị khóa" not in page
    assert user.username not in client.get(reverse(CLOSED)).content.decode()


def test_without_a_log_in_the_page_names_nobody(client):
    user = _locked()
    page = client.get(reverse(CLOSED)).content.decode()
    assert "Đề nghị liên hệ" in page
    assert user.username not in page


def test_an_account_that_was_switched_off_is_told_otherwise(client):
    user = make.person(login=True).user
    User.objects.filter(pk=user.pk).update(is_active=False)
    page = _enter(client, user).content.decode()
    assert "đã ngừng sử dụng" in page
    assert "bị khóa" not in page


def test_once_opened_again_the_same_password_lets_in(client):
    user = _locked()
    _enter(client, user)
    idling.unlock_account(actor=None, user=user, scope=EVERYTHING, at=make.at(10))
    assert user.username not in client.get(reverse(CLOSED)).content.decode()
    _enter(client, user)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_in_english_too(client):
    _enter(client, _locked())
    client.cookies["nls-lang"] = "en"
    page = client.get(reverse(CLOSED)).content.decode()
    assert "nobody had signed in with it for 45 days" in page
