"""A meeting on a phone: it opens without a network after the first visit, and signing out leaves nothing behind."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import serving
from tests.browser.looking import axe, overflow

STEPS = str(Path(__file__).with_name("meeting_steps.py"))
NAMES = "caches.keys().then(names => names.filter(name => name.startsWith('hop-')).length)"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[serving.Served, dict]]:
    folder = tmp_path_factory.mktemp("meetings")
    env, out = serving.environment(folder), folder / "told.json"
    serving.command(env, STEPS, str(out))
    with serving.Served(env) as site:
        yield site, json.loads(out.read_text())


def _phone(browser: Browser, held: tuple, language: str) -> Page:
    site, told = held
    context = browser.new_context(base_url=site.url, locale=language, viewport={"width": 390, "height": 844})
    where = {"domain": "127.0.0.1", "path": "/"}
    cookies = {"nls": told["session"], "nls-lang": language}
    context.add_cookies([{"name": name, "value": value, **where} for name, value in cookies.items()])
    return context.new_page()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_meeting_opens_without_a_network_until_one_signs_out(chromium: Browser, held: tuple, language: str) -> None:
    told, tab = held[1], _phone(chromium, held, language)
    show, paper = f"/hop/{told['meeting']}/", f"/hop/tai-lieu/{told['paper']}/"
    tab.goto(paper)
    if not tab.locator("textarea[name=text]").is_visible():  # a note that stands there already lies open
        tab.locator("summary").nth(1).click()
    tab.locator("textarea[name=text]").fill("Hỏi về kinh phí")
    tab.locator("form[action$='/ghi-chu/'] button").click()
    assert (overflow(tab) <= 0, axe(tab)) == (True, [])
    tab.goto(show)
    expect(tab.locator("#kept[data-kept=yes]")).to_be_attached(timeout=15_000)
    assert (overflow(tab) <= 0, axe(tab)) == (True, [])

    tab.context.set_offline(True)
    tab.goto(show)
    expect(tab.locator("h1")).to_have_text("Họp tháng 3")
    assert tab.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius") != "0px"
    tab.goto(paper)
    expect(tab.locator("textarea[name=text]")).to_have_value("Hỏi về kinh phí")
    tab.wait_for_function("document.querySelector('.papersheet').naturalWidth > 1000")

    tab.context.set_offline(False)
    if language == "vi":
        tab.goto(show)
        assert tab.evaluate(NAMES) == 1
        tab.locator("button.who").click()
        tab.locator("form[action$='/logout/'] button").click()
        tab.wait_for_url(lambda url: "/hop/" not in url)
        tab.wait_for_function(f"({NAMES}).then(n => n === 0)")
        tab.context.set_offline(True)
        with pytest.raises(Exception, match="ERR_"):
            tab.goto(show)
    tab.context.close()
