"""The outbox in Chromium: offline, closed and opened again, two tabs, a reply that was lost."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route, sync_playwright

from tests import serving
from tests.browser.city import CHROMIUM
from tests.faults.home import Home
from tests.flow.hands import chooses

pytestmark = [pytest.mark.faults, pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("outbox")]
SITTERS = 6
WAIT = 20_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, serving.Served]]:
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    folder = tmp_path_factory.mktemp("outbox")
    env = serving.environment(folder)
    script = str(Path(__file__).with_name("prepare.py"))
    serving.command(env, script, str(folder / "told.json"), str(SITTERS))
    made = Home(folder, "", env, json.loads((folder / "told.json").read_text()))
    with serving.Served(env) as served:
        yield made, served
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


class Sitter:
    """One person with a browser profile that outlives the browser."""

    def __init__(self, playwright: Playwright, home: Home, site: serving.Served, number: int) -> None:
        self.playwright, self.home, self.site = playwright, home, site
        self.sitting = home.told["sittings"][number]
        self.profile = home.folder / f"profile-{number}"
        self.context: BrowserContext = self.open()

    def open(self) -> BrowserContext:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile, executable_path=CHROMIUM, args=["--no-sandbox"], base_url=self.site.url
        )
        return self.context

    def signs_in(self) -> None:
        """A session made beside the database, so that the log-in's own rules do not stand in the way here."""
        script = (
            "from django.contrib.sessions.backends.db import SessionStore as S; from django.contrib.auth import *;"
            "from nanglucso.measure.assessments.models import Sitting; from tests import make;"
            f"p = Sitting.objects.get(pk='{self.sitting['id']}').person; u = p.user or make.user('official', p.unit, '{self.sitting['id'][:12]}');"
            "p.user = u; p.save(); s = S(); s[SESSION_KEY] = str(u.pk);"
            "s[BACKEND_SESSION_KEY] = 'django.contrib.auth.backends.ModelBackend';"
            "s[HASH_SESSION_KEY] = u.get_session_auth_hash(); s.create(); print('key', s.session_key)"
        )
        env = {**self.home.env, "PYTHONPATH": f"{serving.ROOT / 'src'}{os.pathsep}{serving.ROOT}"}
        key = serving.command(env, "manage", "shell", "-v", "0", "-c", script).split("key ")[-1].strip()
        host = urlparse(self.site.url).hostname
        self.context.add_cookies([{"name": "nls", "value": key, "domain": host, "path": "/", "expires": 2_000_000_000}])

    def sees_question(self, page: Page | None = None) -> Page:
        page = page or self.context.new_page()
        page.goto(f"/danh-gia/bai/{self.sitting['id']}/")
        page.wait_for_selector("#f")
        return page

    def stored(self) -> list[tuple[int, str]]:
        """(step, key) of every answer in the database."""
        plain = self.sitting["id"].replace("-", "")
        with sqlite3.connect(self.home.folder / "nanglucso.sqlite3", timeout=20) as line:
            sql = "SELECT seq, key FROM assessments_answer WHERE sitting_id = ? ORDER BY seq"
            return line.execute(sql, (plain,)).fetchall()


def answer(page: Page) -> None:
    """Choose something and press send, without waiting."""
    chooses(page)
    page.locator("#send").click()


def wait_for_step(page: Page, step: int) -> None:
    page.wait_for_function("n => document.querySelector('#f')?.dataset.seq == n", arg=str(step), timeout=WAIT)


@pytest.fixture
def sitter(request: pytest.FixtureRequest, playwright: Playwright, site: tuple) -> Iterator[Sitter]:
    home, served = site
    made = Sitter(playwright, home, served, request.param)
    made.signs_in()
    yield made
    made.context.close()


@pytest.mark.parametrize("sitter", [0], indirect=True)
def test_offline_is_said_and_the_answer_goes_out_when_the_network_is_back(sitter: Sitter):
    page = sitter.sees_question()
    sitter.context.set_offline(True)
    answer(page)
    page.wait_for_selector("#unsent:not([hidden])", timeout=WAIT)
    assert sitter.stored() == []
    sitter.context.set_offline(False)
    wait_for_step(page, 1)
    assert page.locator("#unsent").is_hidden()
    assert [step for step, _key in sitter.stored()] == [0]


@pytest.mark.parametrize("sitter", [1], indirect=True)
def test_an_answer_given_offline_survives_the_browser_and_is_delivered_once(sitter: Sitter):
    page = sitter.sees_question()
    key = page.locator("#f [name=key]").input_value()
    sitter.context.set_offline(True)
    answer(page)
    page.wait_for_selector("#unsent:not([hidden])", timeout=WAIT)
    sitter.context.close()
    sitter.open()
    page = sitter.sees_question()
    wait_for_step(page, 1)
    assert [(step, kept.replace("-", "")) for step, kept in sitter.stored()] == [(0, key.replace("-", ""))]


@pytest.mark.parametrize("sitter", [2], indirect=True)
def test_two_tabs_give_one_answer_a_step(sitter: Sitter):
    one, other = sitter.sees_question(), sitter.sees_question()
    answer(one)
    answer(other)
    wait_for_step(one, 1)
    wait_for_step(other, 1)
    assert [step for step, _key in sitter.stored()] == [0]
    answer(other)
    wait_for_step(other, 2)
    assert [step for step, _key in sitter.stored()] == [0, 1]


@pytest.mark.parametrize("sitter", [3], indirect=True)
def test_a_lost_reply_is_asked_for_again_with_the_same_key(sitter: Sitter):
    page, lost = sitter.sees_question(), []

    def lose(route: Route) -> None:
        """The server hears the first one and answers; the browser never gets it."""
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    page.route("**/tra-loi/", lose)
    answer(page)
    wait_for_step(page, 1)
    assert lost == [200]
    assert [step for step, _key in sitter.stored()] == [0]


@pytest.mark.parametrize("sitter", [4], indirect=True)
def test_a_busy_server_is_asked_again_later(sitter: Sitter):
    page, busy = sitter.sees_question(), []

    def refuse(route: Route) -> None:
        busy.append(route.request.post_data)
        if len(busy) < 3:
            route.fulfill(status=503, headers={"Retry-After": "0"}, body="")
        else:
            route.continue_()

    page.route("**/tra-loi/", refuse)
    answer(page)
    wait_for_step(page, 1)
    assert len(busy) == 3
    assert len(set(busy)) == 1
    assert [step for step, _key in sitter.stored()] == [0]


@pytest.mark.parametrize("sitter", [5], indirect=True)
def test_after_a_kill_between_the_last_answer_and_the_end_the_test_still_ends(sitter: Sitter):
    """The last answer is stored, the process dies before it closes the test: the same key again must close it."""
    page = sitter.sees_question()
    sent = []
    page.route("**/tra-loi/", lambda route: (sent.append(route.request.post_data), route.continue_()))
    answer(page)
    wait_for_step(page, 1)
    plain = sitter.sitting["id"].replace("-", "")
    with sqlite3.connect(sitter.home.folder / "nanglucso.sqlite3", timeout=20) as line:
        line.execute("UPDATE assessments_sitting SET served_item_id = NULL WHERE id = ?", (plain,))
    cookies = {
        one["name"]: one["value"]
        for one in sitter.context.cookies(f"{sitter.site.url}/danh-gia/bai/{sitter.sitting['id']}/")
    }
    got = sitter.context.request.post(
        f"/danh-gia/bai/{sitter.sitting['id']}/tra-loi/", data=sent[0],
        headers={
            "Content-Type": "application/x-www-form-urlencoded", "NLS-Outbox": "1", "X-CSRFToken": cookies["nls-csrf"],
            "Referer": sitter.site.url,
        },
    )  # fmt: skip
    assert got.status == 200
    assert "data-finished" in got.text()
