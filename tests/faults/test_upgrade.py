"""The server is upgraded under an open question: a reload is offered, nothing chosen or typed is lost, old pages answer."""

import pytest
from playwright.sync_api import Page, Route

from tests.faults.chromium import Sitter, answer, wait_for_step

pytestmark = [pytest.mark.faults, pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("devices")]
KINDS = ("single", "multiple", "match", "cloze", "order")
WAIT = 20_000
SITTERS = 1 + len(KINDS)


def upgraded(route: Route) -> None:
    """The reply of a server of another edition."""
    reply = route.fetch()
    route.fulfill(response=reply, headers={**reply.headers, "nls-version": "0" * 16})


def given(page: Page) -> list:
    """Everything that stands in the form now."""
    return page.evaluate(
        "[...new FormData(document.getElementById('f'))].filter(([n]) => ['a', 'step'].includes(n) || n.startsWith('m_'))"
    )


def choose(page: Page, kind: str) -> None:
    if kind in ("single", "multiple"):
        page.locator("label.choice").last.click()
    elif kind == "match":
        for one in page.locator("ul.pairs select").all():
            one.select_option(index=2)
    elif kind == "cloze":
        page.locator("input[name=a]").fill("đang gõ dở")
    else:
        page.locator("ol.order button[value$=':down']").first.click()


@pytest.mark.parametrize(("sitter", "kind"), list(enumerate(KINDS)), indirect=["sitter"])
def test_what_is_chosen_or_typed_comes_back_after_the_reload_that_is_offered(sitter: Sitter, kind: str):
    page = sitter.sees_question()
    sitter.shows(kind)
    page = sitter.sees_question(page)
    assert page.locator("#newer").is_hidden()
    before = given(page)
    choose(page, kind)
    wanted = given(page)
    assert wanted != before
    page.route("**/trang-thai/", upgraded)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    page.wait_for_selector("#newer:not([hidden])", timeout=WAIT)
    with page.expect_navigation():
        page.locator("#reload").click()
    page.wait_for_selector("#f")
    page.wait_for_function(
        "wanted => JSON.stringify([...new FormData(document.getElementById('f'))].filter(([n]) => ['a', 'step'].includes(n) || n.startsWith('m_'))) === wanted",
        arg=page.evaluate("x => JSON.stringify(x)", wanted),
    )
    assert sitter.stored() == []


@pytest.mark.parametrize("sitter", [len(KINDS)], indirect=True)
def test_a_page_older_than_the_server_sends_its_answer_and_then_offers_the_reload(sitter: Sitter):
    page = sitter.sees_question()
    page.route("**/tra-loi/", upgraded)
    answer(page)
    wait_for_step(page, 1)
    page.wait_for_selector("#newer:not([hidden])", timeout=WAIT)
    assert [step for step, _key in sitter.stored()] == [0]
