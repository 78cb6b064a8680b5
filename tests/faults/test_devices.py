"""Sitting in Chromium when things go wrong: cut in mid-item, second device, double click, wrong clock, no script,
no storage; and every type of item answered by keyboard alone."""

import json
import sqlite3
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, Route

from tests.browser.test_pages import axe
from tests.faults.chromium import Sitter, answer, wait_for_step
from tests.flow.hands import chooses

pytestmark = [pytest.mark.faults, pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("devices")]
KINDS = ("single", "sjt", "multiple", "order", "match", "numeric", "cloze", "hotspot")
WAIT = 20_000
SITTERS = 10 + len(KINDS)


def send_without_script(page: Page) -> None:
    """What `answer` does where no script tells that something was chosen."""
    answer(page)
    page.wait_for_load_state()


@pytest.mark.parametrize("sitter", [0], indirect=True)
def test_a_network_that_is_cut_again_and_again_in_mid_item_loses_and_doubles_nothing(sitter: Sitter):
    page, seen = sitter.sees_question(), []

    def cut(route: Route) -> None:
        """Two of three requests die: one before the server hears it, one after the server has stored it."""
        seen.append(route.request.post_data)
        if len(seen) % 3 == 1:
            route.abort("internetdisconnected")
        elif len(seen) % 3 == 2:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/tra-loi/", cut)
    for step in range(1, 4):
        answer(page)
        wait_for_step(page, step)
        assert f"{step}" in page.locator("#saved").inner_text()
    assert [step for step, _key in sitter.stored()] == [0, 1, 2]
    assert len(seen) == 9


@pytest.mark.parametrize("sitter", [1], indirect=True)
def test_the_choice_on_the_screen_outlives_a_network_that_goes_before_sending(sitter: Sitter):
    page = sitter.sees_question()
    sitter.shows("single")
    page = sitter.sees_question(page)
    page.locator("label.choice").nth(1).click()
    wanted = page.locator("input[name=a]:checked").get_attribute("value")
    sitter.context.set_offline(True)
    page.locator("#send").click()
    page.wait_for_selector("#unsent:not([hidden])", timeout=WAIT)
    assert page.locator("input[name=a]:checked").get_attribute("value") == wanted
    page.close()
    sitter.context.set_offline(False)
    wait_for_step(sitter.sees_question(), 1)
    plain = sitter.sitting["id"].replace("-", "")
    rows = sitter.home.rows(f"SELECT choice FROM assessments_answer WHERE sitting_id = '{plain}'")
    assert [json.loads(row[0]) for row in rows] == [wanted]


@pytest.mark.parametrize("sitter", [2], indirect=True)
def test_the_second_device_takes_over_and_the_first_keeps_what_it_could_not_send(
    playwright: Playwright, sitter: Sitter
):
    first = sitter.sees_question()
    other = playwright.chromium.launch(executable_path=sitter.browser(), args=["--no-sandbox"])
    context = other.new_context(base_url=sitter.site.url, storage_state={"cookies": sitter.signed_in(), "origins": []})
    second = context.new_page()
    sitter.sees_question(second)
    assert [step for step, _ in sitter.stored()] == []
    second.evaluate(
        """async url => { const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
        await fetch(url, {method: "POST", headers: {"X-CSRFToken": token}}); }""",
        f"/danh-gia/bai/{sitter.sitting['id']}/take_over/",
    )
    second = sitter.sees_question(second)
    answer(first)
    first.wait_for_selector("#elsewhere:not([hidden])", timeout=WAIT)
    assert first.locator("#elsewhere strong").inner_text()
    assert sitter.stored() == []
    answer(second)
    wait_for_step(second, 1)
    assert [step for step, _ in sitter.stored()] == [0]
    first.locator("#elsewhere a").click()
    first.wait_for_selector("form[action$='/take_over/'] button")
    first.locator("form[action$='/take_over/'] button").click()
    first.wait_for_selector(".note.info:not(#newer)", timeout=WAIT)
    assert [step for step, _ in sitter.stored()] == [0]
    other.close()


@pytest.mark.parametrize("sitter", [3], indirect=True)
def test_a_double_click_is_one_answer(sitter: Sitter):
    page, sent = sitter.sees_question(), []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    answer_keys = page.locator("#f [name=key]").input_value()
    chooses(page)
    page.locator("#send").dblclick()
    wait_for_step(page, 1)
    page.wait_for_timeout(500)
    assert [(step, key.replace("-", "")) for step, key in sitter.stored()] == [(0, answer_keys.replace("-", ""))]
    assert len(sent) == 1


@pytest.mark.parametrize("sitter", [4], indirect=True)
@pytest.mark.parametrize("hours", [-26, 31])
def test_a_wrong_clock_of_the_device_changes_neither_time_left_nor_answers(sitter: Sitter, hours: int):
    page = sitter.context.new_page()
    page.add_init_script(
        f"const Real = Date, off = {hours} * 3600e3; window.Date = class extends Real "
        "{ constructor(...a) { if (a.length) super(...a); else super(Real.now() + off); } "
        "static now() { return Real.now() + off; } };"
    )
    sitter.sees_question(page)
    away = page.evaluate("Date.now()") / 1000 - time.time()
    assert abs(away - hours * 3600) < 60
    before = len(sitter.stored())
    minutes, seconds = map(int, page.locator("[role=timer]").inner_text().split(":"))
    assert 590 * 60 < minutes * 60 + seconds <= 600 * 60
    answer(page)
    wait_for_step(page, before + 1)
    assert [step for step, _ in sitter.stored()] == list(range(before + 1))
    assert page.locator("#over").is_hidden()


@pytest.mark.parametrize("sitter", [(5, {"java_script_enabled": False})], indirect=True)
def test_without_script_the_test_goes_on_question_by_question(sitter: Sitter):
    page = sitter.context.new_page()
    for step in range(3):
        page.goto(f"/danh-gia/bai/{sitter.sitting['id']}/")
        assert page.locator("#f").get_attribute("data-seq") == str(step)
        send_without_script(page)
        assert f" {step + 1} " in f" {page.locator('#saved').inner_text()} "
    assert [step for step, _ in sitter.stored()] == [0, 1, 2]
    page.go_back()
    send_without_script(page)
    assert [step for step, _ in sitter.stored()][:3] == [0, 1, 2]
    assert len({key for _, key in sitter.stored()}) == len(sitter.stored())


NO_STORE = "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } });"
FULL = (
    "IDBObjectStore.prototype.put = function () { this.transaction.abort(); "
    "throw new DOMException('full', 'QuotaExceededError'); };"
)


@pytest.mark.parametrize(("sitter", "script"), [(6, NO_STORE), (7, FULL)], indirect=["sitter"])
def test_without_storage_it_is_said_and_the_answer_goes_out_at_once(sitter: Sitter, script: str):
    page = sitter.context.new_page()
    page.add_init_script(script)
    sitter.sees_question(page)
    if script is NO_STORE:
        page.wait_for_selector("#nostore:not([hidden])", timeout=WAIT)
    answer(page)
    wait_for_step(page, 1)
    assert page.locator("#nostore").is_visible()
    assert [step for step, _ in sitter.stored()] == [0]
    sitter.context.set_offline(True)
    answer(page)
    page.wait_for_selector("#unsent:not([hidden])", timeout=WAIT)
    asked = []
    page.on("dialog", lambda box: (asked.append(box.type), box.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    sitter.context.set_offline(False)
    wait_for_step(page, 2)
    assert [step for step, _ in sitter.stored()] == [0, 1]


@pytest.mark.parametrize("sitter", [8], indirect=True)
def test_a_pause_in_another_tab_keeps_the_answer_for_afterwards(sitter: Sitter):
    page, other = sitter.sees_question(), sitter.sees_question()
    other.locator(".exambar button[popovertarget=tool]").click()
    other.locator("form[action$='/pause/'] button").click()
    other.wait_for_selector("form[action$='/resume/']")
    answer(page)
    page.wait_for_selector("form[action$='/resume/']", timeout=WAIT)
    assert sitter.stored() == []
    page.locator("form[action$='/resume/'] button").click()
    wait_for_step(page, 1)
    assert [step for step, _ in sitter.stored()] == [0]


@pytest.mark.parametrize("sitter", [9], indirect=True)
def test_a_page_left_open_over_a_new_sign_in_still_delivers(sitter: Sitter):
    """A stale tab: the token of its form is an old one, as after a deploy with a new sign-in."""
    page = sitter.sees_question()
    page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    answer(page)
    wait_for_step(page, 1)
    assert [step for step, _ in sitter.stored()] == [0]


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the keyboard")


def by_keyboard(page: Page, kind: str) -> None:
    """Answer with the keyboard alone."""
    if kind in ("single", "sjt", "hotspot", "multiple"):
        tab_to(page, "#f input[name=a]")
        page.keyboard.press("Space")
        bound = page.locator("fieldset[data-choose]")
        for _ in range(int(bound.get_attribute("data-choose")) - 1 if bound.count() else 0):
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
    elif kind == "order":
        first = page.locator(".order li span[lang=vi]").first.inner_text()
        tab_to(page, ".order button")
        page.keyboard.press("Enter")
        assert page.locator(".order li span[lang=vi]").nth(1).inner_text() == first
        assert page.locator("#say").inner_text()
    elif kind == "match":
        for i in range(page.locator("#f select").count()):
            tab_to(page, f"#m{i + 1}")
            page.keyboard.press("ArrowDown")
    else:
        tab_to(page, "#f input[name=a]")
        page.keyboard.type("12,5" if kind == "numeric" else "một chữ")
    tab_to(page, "#send")
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("sitter", "kind"), [(10 + i, kind) for i, kind in enumerate(KINDS)], indirect=["sitter"])
def test_every_type_is_answered_by_keyboard_and_says_what_it_is(sitter: Sitter, kind: str):
    version = sitter.shows(kind)
    page = sitter.context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    sitter.sees_question(page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    names = page.locator("#f :is(input:not([type=hidden]), select, button)").evaluate_all(
        "all => all.map(x => x.labels?.[0]?.innerText || x.getAttribute('aria-label') || x.innerText || "
        "document.getElementById(x.getAttribute('aria-labelledby'))?.innerText || '')"
    )
    assert all(name.strip() for name in names)
    small = page.locator("#f :is(.choice, .spot, select, button, .unit input, .blank input)").evaluate_all(
        "all => all.filter(x => x.offsetHeight < 44).map(x => x.outerHTML.slice(0, 80))"
    )
    assert small == []
    page.wait_for_timeout(300)
    by_keyboard(page, kind)
    wait_for_step(page, 1)
    plain = sitter.sitting["id"].replace("-", "")
    sql = f"SELECT item_version_id, shown_ms FROM assessments_answer WHERE sitting_id = '{plain}'"
    ((kept, shown),) = sitter.home.rows(sql)
    assert (kept, 300 <= shown < 60_000) == (version, True)
    if kind == "hotspot":
        _places(sitter, page)


def _places(sitter: Sitter, page: Page) -> None:
    """A finger's place: 44 px, 8 px from the next; pointing and the list are the same answer."""
    plain = sitter.sitting["id"].replace("-", "")
    folder: Path = sitter.home.folder
    assert folder.exists()
    boxes_of = "all => all.map(x => { const r = x.getBoundingClientRect(); return [r.x, r.y, r.right, r.bottom]; })"
    with sqlite3.connect(folder / "nanglucso.sqlite3", timeout=20) as line:
        sql = "SELECT v.id FROM bank_itemversion v JOIN bank_item i ON i.id = v.item_id WHERE i.type = 'hotspot'"
        versions = [row[0] for row in line.execute(sql)]
    assert len(versions) >= 6
    for version in versions:
        with sqlite3.connect(folder / "nanglucso.sqlite3", timeout=20) as line:
            line.execute("UPDATE assessments_sitting SET served_item_id = ? WHERE id = ?", (version, plain))
        sitter.sees_question(page)
        boxes = page.locator(".spot").evaluate_all(boxes_of)
        assert all(right - x >= 44 and bottom - y >= 44 for x, y, right, bottom in boxes)
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                apart = max(b[0] - a[2], a[0] - b[2], b[1] - a[3], a[1] - b[3])
                assert apart >= 8, (version, a, b)
        for i in range(len(boxes)):
            page.locator(".spot").nth(i).click()
            assert page.locator("input[name=a]:checked").get_attribute("value") == f"r{i + 1}"
