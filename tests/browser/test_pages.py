"""Every page in a real browser: accessible, quiet, narrow enough, and in one language at a time."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.access.table import TABLE
from tests.browser import words
from tests.browser.city import City, cookies_of, faults_of, window
from tests.browser.looking import axe, cut_off, overflow, settled, widest
from tests.browser.pages import GONE, NO_PAGE, PAGES, Page
from tests.browser.reading import Reader

# One look a page; the looks take turns. All of them are looked at by `make shots`.
LOOKS = [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")]
# Each page daily in the first of its roles, in the others before a release.
FIRST = {page.name: page.id for page in reversed(PAGES)}
EACH = [
    pytest.param(number, page, id=page.id, marks=() if FIRST[page.name] == page.id else pytest.mark.thorough)
    for number, page in enumerate(PAGES)
]
# What people typed and what programs call things stands under translate=no: it is shown as it was written.
WITHOUT_EN = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) {
    const text = walk.currentNode.data, on = walk.currentNode.parentElement;
    if (text.trim() && !on.closest('[lang=en], [translate=no], script, style, template, noscript')) found.push(text);
  }
  return found;
}"""
SCRIPTS = Path(__file__).resolve().parents[2] / "src" / "nanglucso" / "ui" / "static" / "js"


def test_every_address_that_is_opened_by_a_link_is_looked_at():
    opened = {row.name for row in TABLE if "GET" in row.verbs}
    looked = {page.name for page in PAGES}
    assert opened - looked - NO_PAGE == set()
    assert looked & NO_PAGE == set()


def test_the_catalogue_is_compiled_and_has_words_of_both_languages():
    assert words.is_compiled()
    assert {"answer", "people"} <= words.english_words()
    assert words.english_in(["Kế hoạch năm: people 12"], []) == ["people"]
    assert words.vietnamese_in(["Ngân sách", "Lê Lợi"], ["Lê Lợi"]) == ["Ngân sách"]


@pytest.mark.parametrize(("number", "place"), EACH)
def test_a_page_is_accessible_quiet_narrow_and_vietnamese(number: int, place: Page, city: City, chromium: Browser):
    path = city.path(place.id)
    assert path, "the demo city has nothing to show here"
    width, theme = LOOKS[number % len(LOOKS)]
    tab = window(chromium, city, place.role, width, theme).new_page()
    try:
        noise = faults_of(tab)
        answer = tab.goto(path)
        gone = GONE.get(place.name)
        assert answer.status == gone if gone else answer.status < 400
        settled(tab)
        heard = [one for one in noise if not (gone and f"status of {gone}" in one)]
        assert axe(tab) == []
        assert words.english_in(tab.evaluate(WITHOUT_EN), city.told["data"]) == []
        tab.set_viewport_size({"width": 1280, "height": 900})
        assert cut_off(tab) == []
        tab.set_viewport_size({"width": 360, "height": 740})
        assert overflow(tab) <= 0, widest(tab)
        assert heard == []
    finally:
        tab.close()


@pytest.mark.parametrize(("_number", "place"), EACH)
def test_a_page_in_english_holds_vietnamese_only_where_it_says_so(
    _number: int, place: Page, city: City, chromium: Browser
):
    """Read over HTTP: every word comes from the server, also those in templates that a script shows later."""
    path = city.path(place.id)
    assert path, "the demo city has nothing to show here"
    reader = Reader(city.site.port, cookies_of(chromium, city, place.role) | {"nls-lang": "en"})
    page = reader.fetch(path)
    assert page.get("lang") == "en"
    texts = list(reader.texts(page.find("body"), path, "vi"))
    assert texts
    assert words.vietnamese_in(texts, city.told["data"]) == []


def test_the_words_of_a_page_come_from_the_server():
    """What scripts show is in templates and data of the page: a sentence in a script would be in one language only."""
    scripts = [*SCRIPTS.rglob("*.js")]
    assert scripts
    code = {one.name: re.sub(r"/\*.*?\*/|^\s*//.*$", "", one.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE) for one in scripts}  # fmt: skip
    assert {name: words.MARKED.findall(text)[:5] for name, text in code.items() if words.MARKED.search(text)} == {}
