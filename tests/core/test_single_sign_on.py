"""Single sign-on by settings: a served installation, a provider beside it, and a browser's cookies between them."""

import json
import sqlite3
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, reverse

from nanglucso.project import sso
from tests import serving
from tests.core import provider as providers

MAKE = """
from django.utils.timezone import now
from allauth.mfa.totp.internal.auth import TOTP
from nanglucso.core.models import RoleGrant, User
for name in ("ns0001", "ns0002", "ns0003", "ns0004", "ns0005"):
    user = User.objects.create(username=name, full_name=name, email=name + "@vidu.gov.vn", must_change_password=True)
    user.set_unusable_password()
    user.is_active = name != "ns0003"
    user.save()
    RoleGrant.objects.create(user=user, role="official", granted_at=now())
TOTP.activate(User.objects.get(username="ns0004"), "JBSWY3DPEHPK3PXP")
"""
# One worker: the site it is served by takes longer to start than all of its tests.
pytestmark = pytest.mark.xdist_group("sso")
TIED = """
SELECT u.username, s.provider, s.uid, s.extra_data FROM socialaccount_socialaccount s
JOIN core_user u ON u.id = s.user_id ORDER BY s.id
"""
LOGGED = """
SELECT u.username FROM core_auditentry e JOIN core_user u ON u.id = e.actor_id
WHERE e.verb = 'core.tie_identity' ORDER BY e.seq
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """(provider, url of the site, environment) of an installation with five accounts."""
    home: Path = tmp_path_factory.mktemp("sso")
    with providers.running(serving.free_port()) as provider:
        told = {"ISSUER": provider.issuer, "CLIENT_ID": providers.CLIENT, "CLIENT_SECRET": providers.SECRET}
        env = serving.environment(home, NLS_OIDC_NAME="Cổng thử", **{f"NLS_OIDC_{k}": v for k, v in told.items()})
        serving.command(env, "manage", "migrate", "-v", "0")
        serving.command(env, "manage", "shell", "-v", "0", "-c", MAKE)
        with serving.Served(env) as served:
            yield provider, served.url, env


class Browser:
    """Follows redirects between site and provider and keeps cookies."""

    def __init__(self, url: str) -> None:
        self.url, self.opener = url, build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, address at the end, page."""
        try:
            answer = self.opener.open(self.url + path, timeout=60)
        except HTTPError as error:
            answer = error
        return answer.status, answer.geturl().removeprefix(self.url), answer.read().decode()


def _enter(site, sub: str, name: str, userinfo: dict[str, str] | None = None) -> tuple[Browser, int, str, str]:
    provider, url, _env = site
    provider.person = {"sub": sub, "preferred_username": name, "email": "ai-do@noi-khac.vn", "citizen": "092100001234"}
    provider.userinfo = userinfo or {}
    browser = Browser(url)
    return browser, *browser.get("/tai-khoan/oidc/sso/login/")


def _told(site) -> dict:
    """What the installation's database holds: identities tied, who tied them, number of accounts."""
    with closing(sqlite3.connect(Path(site[2]["NLS_HOME"]) / "nanglucso.sqlite3")) as line:
        tied = [[*row[:3], json.loads(row[3])] for row in line.execute(TIED)]
        log = [name for (name,) in line.execute(LOGGED)]
        return {"tied": tied, "log": log, "users": line.execute("SELECT COUNT(*) FROM core_user").fetchone()[0]}


def _name(page: str, name: str) -> bool:
    return f"{name}<small>" in page


def test_the_log_in_page_offers_it_by_its_name(site):
    assert "Đăng nhập qua Cổng thử" in Browser(site[1]).get("/tai-khoan/login/")[2]


def test_the_claim_ties_once_and_afterwards_the_number_alone_counts(site):
    browser, status, _at, _page = _enter(site, "so-1", "NS0001")
    assert status == 200
    assert _name(browser.get("/ho-so/")[2], "ns0001")
    again, _status, _at, _page = _enter(site, "so-1", "ns0002")  # renamed there to somebody else's name here
    assert _name(again.get("/ho-so/")[2], "ns0001")
    _browser, status, _at, page = _enter(site, "so-khac", "ns0001")  # the name was given to another person there
    assert status == 403
    assert "danh tính khác" in page
    told = _told(site)
    assert told["tied"][0] == ["ns0001", "sso", "so-1", {}]
    assert told["log"].count("ns0001") == 1


def test_an_unknown_name_makes_no_account(site):
    before = _told(site)["users"]
    browser, status, _at, page = _enter(site, "so-9", "ns9999")
    assert (status, "không tự tạo khi đăng nhập" in page) == (403, True)
    assert browser.get("/ho-so/")[1].startswith("/tai-khoan/login/")
    assert _told(site)["users"] == before


def test_an_e_mail_address_is_no_ground(site):
    provider, url, _env = site
    provider.person, provider.userinfo = {"sub": "so-8", "email": "ns0002@vidu.gov.vn", "email_verified": True}, {}
    assert Browser(url).get("/tai-khoan/oidc/sso/login/")[0] == 403
    assert "ns0002" not in [row[0] for row in _told(site)["tied"]]


def test_user_information_about_somebody_else_is_turned_away(site):
    assert _enter(site, "so-2", "ns0002", {"sub": "so-1-gia"})[1] == 403
    assert "ns0002" not in [row[0] for row in _told(site)["tied"]]


def test_an_open_session_ties_no_other_identity(site):
    browser, *_rest = _enter(site, "so-5", "ns0005")
    site[0].person = {"sub": "so-ke-khac", "preferred_username": "ns0002"}
    assert browser.get("/tai-khoan/oidc/sso/login/?process=connect")[0] == 403
    assert {row[2] for row in _told(site)["tied"]}.isdisjoint({"so-ke-khac"})


def test_an_account_that_is_switched_off_stays_closed(site):
    browser, _status, at, _page = _enter(site, "so-3", "ns0003")
    assert at == "/he-thong/tai-khoan-dong/"
    assert browser.get("/ho-so/")[1].startswith("/tai-khoan/login/")


def test_the_second_step_is_asked_all_the_same(site):
    browser, _status, at, _page = _enter(site, "so-4", "ns0004")
    assert at == "/tai-khoan/2fa/authenticate/"
    assert browser.get("/ho-so/")[1] == "/tai-khoan/2fa/authenticate/"


def test_without_the_setting_there_is_no_such_address():
    with pytest.raises(NoReverseMatch):
        reverse("openid_connect_login", args=["sso"])


@pytest.mark.parametrize(
    ("issuer", "secret"),
    [("http://sso.vidu.gov.vn", "x"), ("http://localhost.vidu.vn", "x"), ("https://sso.vidu.gov.vn", "")],
)
def test_a_provider_without_tls_or_a_client_without_secret_is_no_start(issuer, secret):
    with pytest.raises(ImproperlyConfigured, match="NLS_OIDC_"):
        sso.provider(issuer=issuer, key="sso", name="SSO", client_id="nls", secret=secret)
