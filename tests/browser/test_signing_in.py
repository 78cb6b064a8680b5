"""Passkeys with a key that Chromium plays, the second step, and the page of a locked account."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import words
from tests.browser.city import City, faults_of
from tests.browser.looking import axe, overflow, settled
from tests.browser.pages import LOCKED
from tests.browser.test_pages import WITHOUT_EN

PASSWORD = "nang-luc-so-2026"
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@contextmanager
def window(chromium: Browser, city: City, width: int = 1280) -> Iterator[Page]:
    """Nobody is logged in. By its name: an address of numbers has no passkeys."""
    url = f"http://localhost:{city.site.port}"
    context: BrowserContext = chromium.new_context(base_url=url, viewport={"width": width, "height": 844})
    try:
        yield context.new_page()
    finally:
        context.close()


def with_key(tab: Page) -> None:
    session = tab.context.new_cdp_session(tab)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def enter(tab: Page, city: City, role: str) -> str:
    """Through the form, with name and password; the account's name."""
    tab.goto("/tai-khoan/login/")
    door = tab.locator(f"button[name=user][value='{city.told['doors'][role]}'] small").inner_text()
    name = door.rpartition(" · ")[2].strip()
    fill(tab, name)
    return name


def fill(tab: Page, name: str) -> None:
    tab.goto("/tai-khoan/login/")
    tab.get_by_label("Tên tài khoản").fill(name)
    tab.get_by_label("Mật khẩu").fill(PASSWORD)
    tab.get_by_role("button", name="Đăng nhập", exact=True).click()


def prove(tab: Page) -> None:
    """Whoever adds or removes a key gives the password once more."""
    tab.get_by_label("Mật khẩu").fill(PASSWORD)
    tab.locator("main form button").first.click()


def add_page(tab: Page) -> None:
    tab.goto("/tai-khoan/2fa/webauthn/add/")
    prove(tab)
    expect(tab.locator("[data-go]")).to_be_visible()


def log_out(tab: Page) -> None:
    tab.goto("/tai-khoan/logout/")
    tab.locator("main form button").click()


def looked_at(tab: Page, city: City) -> None:
    settled(tab)
    assert axe(tab) == []
    assert words.english_in(tab.evaluate(WITHOUT_EN), city.told["data"]) == []
    before = tab.viewport_size
    tab.set_viewport_size({"width": 360, "height": 740})
    assert overflow(tab) <= 0
    tab.set_viewport_size(before)


def test_a_passkey_is_added_signs_in_alone_and_is_removed(city: City, chromium: Browser):
    with window(chromium, city) as tab:
        noise = faults_of(tab)
        with_key(tab)
        enter(tab, city, "auditor")
        add_page(tab)
        looked_at(tab, city)
        tab.get_by_label("Tên khóa truy cập").fill("Khóa thử nghiệm")
        tab.locator("[data-go]").click()
        expect(tab).to_have_url(re.compile("recovery-codes"))
        looked_at(tab, city)
        tab.goto("/tai-khoan/2fa/webauthn/")
        expect(tab.locator("main")).to_contain_text("Khóa thử nghiệm")
        expect(tab.locator("main")).to_contain_text("đăng nhập không cần mật khẩu")
        looked_at(tab, city)
        log_out(tab)
        tab.goto("/tai-khoan/login/")
        tab.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
        expect(tab.locator("button.who")).to_be_visible()
        assert "/login/" not in tab.url
        log_out(tab)
        enter(tab, city, "auditor")
        expect(tab).to_have_url(re.compile("2fa/authenticate"))
        looked_at(tab, city)
        tab.locator("form[data-passkey=get] [data-go]").click()
        expect(tab.locator("button.who")).to_be_visible()
        tab.goto("/tai-khoan/2fa/webauthn/")
        tab.get_by_role("link", name=re.compile("^Bỏ")).click()
        prove(tab)
        looked_at(tab, city)
        tab.locator("main form button.danger").click()
        expect(tab.locator("main")).to_contain_text("Chưa có khóa truy cập")
        assert noise == []


def test_a_key_that_does_not_answer_leaves_the_form_usable(city: City, chromium: Browser):
    with window(chromium, city) as tab:
        enter(tab, city, "official")
        add_page(tab)
        tab.evaluate(
            "() => { navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
        )
        tab.locator("[data-go]").click()
        expect(tab.locator("[data-wrong]")).to_be_visible()
        expect(tab.locator("[data-go]")).to_be_enabled()
        looked_at(tab, city)


def test_without_scripts_the_login_offers_no_button_that_does_nothing(city: City, chromium: Browser):
    context = chromium.new_context(base_url=city.site.url, java_script_enabled=False)
    try:
        tab = context.new_page()
        tab.goto("/tai-khoan/login/")
        expect(tab.locator("form[data-passkey]")).to_be_hidden()
    finally:
        context.close()


def test_who_meets_a_locked_account_reads_why_and_whom_to_ask(city: City, chromium: Browser):
    for width in (1280, 390):
        with window(chromium, city, width) as tab:
            fill(tab, LOCKED)
            expect(tab.locator("h1")).to_have_text("Tài khoản đang bị khóa")
            expect(tab.locator("main li").first).to_be_visible()
            looked_at(tab, city)
