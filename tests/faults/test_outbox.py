"""The outbox in Chromium: offline, closed and opened again, two tabs, a reply that was lost."""

import sqlite3

import pytest
from playwright.sync_api import Route

from tests.faults.chromium import Sitter, answer, wait_for_step

pytestmark = [pytest.mark.faults, pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("outbox")]
SITTERS = 7
WAIT = 20_000


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


KEPT = """n => new Promise((told) => {
  const asked = indexedDB.open("nls-outbox", 1);
  asked.onsuccess = () => {
    const count = asked.result.transaction("answers").objectStore("answers").count();
    count.onsuccess = () => { asked.result.close(); told(count.result === n); };
  };
})"""


@pytest.mark.parametrize("sitter", [6], indirect=True)
def test_a_tab_whose_answer_another_tab_delivered_goes_on_too(sitter: Sitter):
    one, other = sitter.sees_question(), sitter.sees_question()
    sitter.context.set_offline(True)
    for number, page in enumerate((one, other), 1):
        answer(page)
        page.wait_for_function(KEPT, arg=number, timeout=WAIT)
    sitter.context.set_offline(False)
    wait_for_step(one, 1)
    wait_for_step(other, 1)
    assert [step for step, _key in sitter.stored()] == [0]


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
