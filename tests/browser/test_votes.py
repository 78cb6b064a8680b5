"""A secret vote walked by three people: the chair in English, a member on a phone, one on a phone without script."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import serving
from tests.browser.looking import axe, overflow

STEPS = str(Path(__file__).resolve().parents[1] / "faults" / "vote_steps.py")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[serving.Served, dict]]:
    folder = tmp_path_factory.mktemp("votes")
    env, out = serving.environment(folder), folder / "told.json"
    serving.command(env, STEPS, "prepare", str(out), "5", "secret")
    with serving.Served(env) as site:
        yield site, json.loads(out.read_text())


def _window(browser: Browser, held: tuple, number: int, language: str, **more: object) -> Page:
    site, told = held
    context = browser.new_context(base_url=site.url, locale=language, **more)
    where = {"domain": "127.0.0.1", "path": "/"}
    cookies = {"nls": told["sessions"][number], "nls-lang": language}
    context.add_cookies([{"name": name, "value": value, **where} for name, value in cookies.items()])
    return context.new_page()


def _looks_right(tab: Page) -> None:
    assert overflow(tab) <= 0
    assert axe(tab) == []


def test_a_secret_vote_from_ballot_to_result(chromium: Browser, held: tuple) -> None:
    path = f"/hop/bieu-quyet/{held[1]['vote']}/"
    chair = _window(chromium, held, 0, "en", viewport={"width": 1280, "height": 844})
    member = _window(chromium, held, 1, "vi", viewport=PHONE, has_touch=True)
    bare = _window(chromium, held, 2, "vi", viewport=PHONE, java_script_enabled=False)
    member.goto(path)
    _looks_right(member)
    member.get_by_text("Đồng ý", exact=True).tap()
    member.get_by_role("button", name="Gửi phiếu").click()
    expect(member.locator("main")).to_contain_text("Phiếu đã được nhận")
    expect(member.get_by_role("button", name="Gửi phiếu")).to_have_count(0)
    _looks_right(member)

    bare.goto(path)
    bare.get_by_role("button", name="Gửi phiếu").click()  # nothing chosen: said so, nothing lost
    expect(bare.locator("main")).to_contain_text("Chọn một ý kiến")
    bare.get_by_label("Không đồng ý").check()
    bare.get_by_role("button", name="Gửi phiếu").click()
    expect(bare.locator("main")).to_contain_text("Phiếu đã được nhận")

    chair.goto(path)
    chair.get_by_label("Agree", exact=True).check()
    chair.get_by_role("button", name="Send the ballot").click()
    expect(chair.locator("main")).to_contain_text("Your ballot was received")
    expect(chair.locator("#cast")).to_contain_text(re.compile(r"3\s*/\s*5"))
    _looks_right(chair)
    chair.get_by_role("button", name="Close the vote and count").click()
    expect(chair.locator(".bars li").first).to_contain_text(re.compile(r"Agree\s*2"))
    expect(chair.locator("main")).to_contain_text("Not carried")  # 2 of 5 members
    _looks_right(chair)

    expect(member.locator(".bars")).to_have_count(1, timeout=20_000)  # the page left open follows
    expect(member.locator(".bars li").nth(1)).to_contain_text("Không đồng ý")
    _looks_right(member)
