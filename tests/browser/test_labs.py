"""A practice task in a real browser: the sheet by keyboard alone, targets of a finger's size, and all of it without script."""

import itertools
import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.city import City, visitor

SHEET = "assessments:lab-official-sheet"
TOO_SMALL = """() => [...document.querySelectorAll(
    'main a, main button, main summary, main input:not([type=hidden]), main select, .labbar a, .labbar button')]
    .filter(e => e.checkVisibility()).map(e => [e.getBoundingClientRect(), e.textContent.trim()])
    .filter(([r]) => r.height && r.height < 43.5).map(([r, text]) => `${text} ${r.height}`)"""
PLACES = ["assessments:lab-official-mail", "assessments:lab-official-account", SHEET]
FRESH = itertools.count(1)


@contextmanager
def window(chromium: Browser, city: City, **more):
    context = visitor(chromium, city, "official", **more)
    try:
        yield context.new_page()
    finally:
        context.close()


def test_a_cell_is_reached_changed_and_left_by_keyboard_alone(city: City, chromium: Browser):
    with window(chromium, city) as tab:
        tab.goto(city.path(SHEET).replace("&c=F5", ""))
        tab.locator("#c-B2").focus()
        for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp"):
            tab.keyboard.press(key)
        expect(tab.locator("#c-B3")).to_be_focused()
        tab.keyboard.press("Enter")
        expect(tab.locator("#fx")).to_be_focused()
        said = f"Trần Thị Út {next(FRESH)}"
        tab.keyboard.press("Control+a")
        tab.keyboard.type(said)
        tab.keyboard.press("Enter")
        expect(tab.locator("#c-B3")).to_contain_text(said)
        expect(tab.locator("#c-B3")).to_be_focused()
        tab.keyboard.press("ArrowDown")
        expect(tab.locator("#c-B4")).to_be_focused()


@pytest.mark.parametrize("place", PLACES)
def test_on_a_phone_every_target_has_a_finger_s_size(city: City, chromium: Browser, place: str):
    with window(chromium, city, width=360) as tab:
        tab.goto(city.path(place))
        assert tab.evaluate(TOO_SMALL) == []


def test_without_script_a_letter_is_opened_and_an_act_is_stored(city: City, chromium: Browser):
    with window(chromium, city, java_script_enabled=False) as tab:
        tab.goto(city.path("assessments:lab-official-mail"))
        before = int(re.search(r"\d+", tab.locator("#saved").inner_text()).group())
        unread = tab.locator("tr.unread button.open")
        left = unread.count()
        unread.first.click()
        expect(tab.locator("#saved")).to_contain_text(str(before + 1))
        expect(tab.locator("tr.unread button.open")).to_have_count(left - 1)
        expect(tab.locator("#doc .mailtext")).to_be_visible()


def test_what_is_written_and_not_sent_survives_a_look_elsewhere(city: City, chromium: Browser):
    with window(chromium, city) as tab:
        tab.goto(city.path("assessments:lab-official-mail"))
        tab.locator("details.act", has_text="Trả lời").locator("summary").click()
        tab.locator("textarea[id^=reply]").fill("Nhất trí, đề nghị bố trí xe")
        tab.goto(city.path("assessments:lab-official-account"))
        tab.goto(city.path("assessments:lab-official-mail"))
        assert tab.locator("textarea[id^=reply]").input_value() == "Nhất trí, đề nghị bố trí xe"
