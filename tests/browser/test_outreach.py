"""A document's way from empty to done: sent by the officer, read by the head on a phone, in English and Vietnamese."""

import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.city import City, faults_of, visitor
from tests.browser.looking import axe, overflow

NUMBER = "14/CT-TTg"


def sent(officer: Page) -> None:
    """Refused without a last day, with nothing lost; then prepared and sent."""
    officer.goto("/pho-bien/dot/moi/")
    wanted = officer.locator("select[name=document] option", has_text=NUMBER)
    officer.locator("select[name=document]").select_option(wanted.get_attribute("value"))
    officer.locator("textarea[name=units]").fill("Sở Nội vụ")
    officer.locator(".actions .btn.main").click()
    expect(officer.locator("[name=due]")).to_have_attribute("aria-invalid", "true")
    expect(officer.locator("textarea[name=units]")).to_have_value("Sở Nội vụ")
    officer.locator("[name=due]").fill("31/12/2036")
    officer.locator(".actions .btn.main").click()
    officer.locator("form[action$='/gui/'] button").click()
    expect(officer.locator("h1")).to_have_text(NUMBER)
    for _ in range(40):
        if officer.locator("form[action$='/nhac/']").count():
            return
        officer.wait_for_timeout(500)
        officer.reload()
    raise AssertionError("never sent")


def read(tab: Page, base: Path) -> None:
    """The checks open only after signs of life; the database is told that the first of them lie in the past."""
    tab.goto("/pho-bien/")
    tab.locator("li", has_text=NUMBER).locator("form .btn").click()
    expect(tab.locator("#beat")).to_be_attached()
    assert axe(tab) == []
    assert overflow(tab) <= 0
    expect(tab.locator("fieldset")).to_have_count(0)
    for _ in range(8):
        if tab.locator("fieldset").count():
            break
        with closing(sqlite3.connect(base, timeout=20)) as rows, rows:
            for name, column in (("outreach_reading", "seen_at"), ("learning_study", "seen_at")):
                if rows.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [name]).fetchone():
                    rows.execute(f"UPDATE {name} SET {column} = datetime({column}, '-40 seconds')")
        with tab.expect_response(lambda got: got.url.endswith("/nhip/")):
            tab.evaluate("document.getElementById('beat').requestSubmit()")
        tab.wait_for_timeout(200)
    questions = tab.locator("fieldset")
    expect(questions.first).to_be_visible()
    for n in range(questions.count()):
        questions.nth(n).locator("input").first.check(force=True)
    tab.locator("section.check form .btn.main").click()
    expect(tab.locator(".check .note[role=status]")).to_be_visible()


def test_a_document_is_sent_read_and_answered_and_the_map_shows_it(city: City, chromium: Browser):
    officer, head = (
        visitor(chromium, city, "training"), visitor(chromium, city, "head", width=390, theme="dark", language="en"),
    )  # fmt: skip
    try:
        desk, phone = officer.new_page(), head.new_page()
        noise = faults_of(phone) + faults_of(desk)
        sent(desk)
        read(phone, Path(city.site.env["NLS_HOME"]) / "nanglucso.sqlite3")
        desk.reload()
        expect(desk.locator("dl.stages dd").nth(2)).to_contain_text("1")
        phone.goto("/pho-bien/dot/")
        phone.get_by_role("link", name=NUMBER).click()
        expect(phone.locator("dl.stages").first).to_be_visible()
        assert overflow(phone) <= 0
        assert noise == []
    finally:
        officer.close()
        head.close()
