"""The doors that anybody reaches: one answer and one amount of work for known and unknown names, and limits that all processes share."""

import re
from importlib import import_module
from pathlib import Path
from runpy import run_path

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from time_machine import travel

from nanglucso.core.accounts import ClosedAdapter
from nanglucso.core.clock import now
from nanglucso.core.models import AuditEntry, SharedValue, User
from nanglucso.project import settings as ours
from tests import make

pytestmark = pytest.mark.django_db
LOGIN = "account_login"
SLOW = "quá nhiều lần"


def account(**fields) -> User:
    row = make.user("official", username=fields.pop("username", "nguoi.that"))
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def tried(name: str, password: str = "sai-mat-khau-1", address: str = "10.0.0.9", client: Client | None = None):
    return (client or Client()).post(reverse(LOGIN), {"login": name, "password": password}, REMOTE_ADDR=address)


def told(reply, name: str) -> tuple[int, str]:
    """Status and page, without what differs from one request to the next and without the name that was typed."""
    page = re.sub(r"\b\w{64}\b", "", reply.content.decode())
    return reply.status_code, page.replace(name, "")


def opens(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def hashes(monkeypatch) -> list[str]:
    """Every password that is hashed."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        done.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


@pytest.mark.parametrize("kind", ["known", "switched off", "without a password", "by mail"])
def test_an_unknown_name_is_answered_like_a_known_one_and_costs_as_much(kind, hashes):
    row = account(email="nguoi.that@vidu.gov.vn", is_active=kind != "switched off")
    if kind == "without a password":
        row.set_unusable_password()
        row.save()
    known, unknown = ("nguoi.that@vidu.gov.vn", "ai.do@vidu.gov.vn") if kind == "by mail" else ("nguoi.that", "ai.do")
    hashes.clear()
    first, cost = told(tried(known), known), len(hashes)
    hashes.clear()
    second = told(tried(unknown), unknown)
    assert second == first
    assert len(hashes) == cost > 0


def test_a_forgotten_password_is_answered_alike_and_posts_one_letter_either_way():
    account(email="nguoi.that@vidu.gov.vn")
    pages = []
    for address in ("nguoi.that@vidu.gov.vn", "ai.do@vidu.gov.vn"):
        reply = Client().post(reverse("account_reset_password"), {"email": address}, follow=True)
        pages.append((reply.redirect_chain, told(reply, address)))
    assert pages[0] == pages[1]
    assert [one.to for one in mail.outbox] == [["nguoi.that@vidu.gov.vn"], ["ai.do@vidu.gov.vn"]]


def test_nobody_signs_up_or_is_told_who_has_an_account():
    account(email="nguoi.that@vidu.gov.vn")
    pages = [
        told(Client().post(reverse("account_signup"), {"username": name, "email": f"{name}@vidu.gov.vn"}), name)
        for name in ("nguoi.that", "ai.do.khac")
    ]
    assert pages[0] == pages[1]
    assert not User.objects.filter(username="ai.do.khac").exists()


def test_a_certificate_that_never_was_looks_like_one_of_any_other_code():
    pages = [
        told(Client().get(reverse("credentials:check"), {"code": code}), code) for code in ("AAAA-1111", "ZZZZ-9999")
    ]
    assert pages[0] == pages[1]


def test_ten_wrong_tries_shut_the_door_to_that_account_from_that_address_alone():
    account()
    assert not any(SLOW in told(tried("nguoi.that"), "")[1] for _ in range(10))
    assert SLOW in told(tried("nguoi.that", make.PASSWORD), "")[1]
    client = Client()
    tried("nguoi.that", make.PASSWORD, "10.0.0.10", client)
    assert opens(client), "somebody else's tries must not lock the owner out"
    other = Client()
    account(username="dong.nghiep")
    tried("dong.nghiep", make.PASSWORD, client=other)
    assert opens(other), "nor the colleagues at the same address"


def test_the_door_opens_again_after_a_quarter_of_an_hour():
    account()
    with travel(now(), tick=False) as clock:
        for _ in range(11):
            tried("nguoi.that")
        clock.shift(14 * 60)
        assert SLOW in told(tried("nguoi.that", make.PASSWORD), "")[1]
        clock.shift(2 * 60)
        client = Client()
        tried("nguoi.that", make.PASSWORD, client=client)
    assert opens(client)


def test_unknown_names_are_limited_alike():
    for _ in range(10):
        tried("ai.do")
    assert SLOW in told(tried("ai.do"), "")[1]


def test_hundreds_behind_one_address_get_in_and_write_nothing_into_the_store():
    account()
    for _ in range(40):
        client = Client()
        tried("nguoi.that", make.PASSWORD, client=client)
        assert opens(client)
    assert not SharedValue.objects.exists()


def test_an_address_that_guesses_at_many_accounts_is_shut_out(settings):
    assert settings.ACCOUNT_RATE_LIMITS["login_failed"] == "10/15m/key,300/15m/ip"
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/15m/key,30/15m/ip"}  # 300 take four seconds
    for number in range(30):
        tried(f"doan.{number}")
    assert SLOW in told(tried("mot.ten.moi"), "")[1]
    assert SLOW not in told(tried("mot.ten.moi", address="10.0.0.10"), "")[1]


def test_the_tries_lie_in_the_database_where_another_process_meets_them(settings):
    """A second store, as another process would open it, and the database emptied behind the first."""
    assert settings.CACHES == ours.CACHES
    for _ in range(10):
        tried("nguoi.that")
    del caches["default"]
    assert SLOW in told(tried("nguoi.that"), "")[1]
    SharedValue.objects.all().delete()
    assert SLOW not in told(tried("nguoi.that"), "")[1]


def test_behind_a_proxy_the_visitor_s_address_counts_and_cannot_be_claimed_without_one(rf, settings):
    asked = rf.post("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 10.9.8.7"})
    assert ClosedAdapter().get_client_ip(asked) == "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert ClosedAdapter().get_client_ip(asked) == "10.9.8.7"


def test_a_forgotten_password_posts_three_letters_in_a_quarter_of_an_hour():
    account(email="nguoi.that@vidu.gov.vn")
    for _ in range(5):
        Client().post(reverse("account_reset_password"), {"email": "nguoi.that@vidu.gov.vn"})
    assert len(mail.outbox) == 3


def test_no_view_that_knows_people_by_ticket_asks_the_store():
    """The pages of a test never import it."""
    for name in ("answering", "delivery", "admission", "views"):
        module = import_module(f"nanglucso.measure.assessments.{name}")
        folder = Path(module.__file__)
        files = folder.parent.glob("*.py") if folder.name == "__init__.py" else [folder]
        assert not any(re.search(r"core\.cache|core import .*tries|shared_store", one.read_text()) for one in files)


def logged_in() -> tuple[Client, User]:
    row, client = account(), Client()
    client.get(reverse(LOGIN))
    tried("nguoi.that", make.PASSWORD, client=client)
    return client, row


def inside(client: Client) -> bool:
    return client.get(reverse("core:own")).status_code == 200


def test_the_session_has_a_new_key_after_the_log_in_and_the_cookie_is_for_this_site_alone():
    account()
    client = Client()
    client.get(reverse("core:account_closed"))
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    reply = tried("nguoi.that", make.PASSWORD, client=client)
    cookie = reply.cookies["nls"]
    assert cookie.value != before
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")


def test_behind_tls_the_cookies_travel_by_tls_alone_and_belong_to_the_host(monkeypatch):
    monkeypatch.setenv("NLS_HTTPS", "1")
    made = run_path(ours.__file__)
    assert made["SESSION_COOKIE_SECURE"] is made["CSRF_COOKIE_SECURE"] is True
    assert made["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert made["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert made["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert made["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["default-src"] == ["'none'"]


def test_a_session_ends_an_hour_after_its_last_request_and_says_so():
    with travel(now(), tick=False) as clock:
        client, _row = logged_in()
        for _ in range(3):
            clock.shift(50 * 60)
            assert inside(client)
        clock.shift(61 * 60)
        reply = client.get(reverse("core:own"), follow=True)
        assert reply.redirect_chain[0][0].startswith(reverse(LOGIN))
        assert "Phiên làm việc đã kết thúc" in reply.content.decode()
        assert not opens(client)


def test_a_session_ends_twelve_hours_after_the_log_in_whatever_is_done():
    with travel(now(), tick=False) as clock:
        client, _row = logged_in()
        for _ in range(14):
            clock.shift(50 * 60)
            assert inside(client)
        clock.shift(30 * 60)
        assert not inside(client)


def test_pages_in_quick_order_write_the_session_once_in_five_minutes():
    client, _row = logged_in()
    inside(client)
    key = client.session.session_key
    with travel(now(), tick=False) as clock:
        clock.shift(200)
        before = client.session["nls-seen"]
        inside(client)
        assert client.session["nls-seen"] == before
        clock.shift(200)
        inside(client)
        assert client.session["nls-seen"] > before
    assert client.session.session_key == key


def test_a_new_password_ends_every_other_session_and_stands_in_the_log():
    here, row = logged_in()
    there = Client()
    tried("nguoi.that", make.PASSWORD, client=there)
    assert inside(there)
    new = "mot-mat-khau-khac-han-9"
    here.post(reverse("account_change_password"), {"oldpassword": make.PASSWORD, "password1": new, "password2": new})
    assert inside(here)
    assert not inside(there)
    assert AuditEntry.objects.filter(verb="core.change_password", actor=row).exists()


def test_an_account_that_is_switched_off_is_out_with_its_next_request():
    client, row = logged_in()
    User.objects.filter(pk=row.pk).update(is_active=False)
    assert not inside(client)


def test_signing_out_leaves_no_session_behind():
    from django.contrib.sessions.models import Session

    client, _row = logged_in()
    key = client.session.session_key
    client.post(reverse("account_logout"))
    assert not Session.objects.filter(pk=key).exists()


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("CầnThơ-2026!!", False), ("Nang.Luc.So-2027", False), ("congchuccantho1", False),
        ("cantho-trời-trong-xanh", True), ("bốn-con-mèo-ngủ-trưa", True), ("x9" * 60, True),
    ],
)  # fmt: skip
def test_a_password_is_more_than_the_name_of_the_city(password, taken):
    client, row = logged_in()
    asked = {"oldpassword": make.PASSWORD, "password1": password, "password2": password}
    client.post(reverse("account_change_password"), asked)
    row.refresh_from_db()
    assert row.check_password(password) is taken
