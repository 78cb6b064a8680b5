"""A person at Chromium with a profile that outlives the browser, against a server that really runs."""

import sqlite3
from typing import Any
from urllib.parse import urlparse

from playwright.sync_api import BrowserContext, Page, Playwright

from tests import serving
from tests.browser.city import CHROMIUM
from tests.faults.home import Home
from tests.flow.hands import chooses

WAIT = 20_000


class Sitter:
    """One person with a browser profile that outlives the browser."""

    def __init__(self, playwright: Playwright, home: Home, site: serving.Served, number: int, **options: Any) -> None:
        self.playwright, self.home, self.site = playwright, home, site
        self.sitting = home.told["sittings"][number]
        self.profile = home.folder / f"profile-{number}"
        self.options = options
        self.context: BrowserContext = self.open()

    def open(self) -> BrowserContext:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=["--no-sandbox"],
            base_url=self.site.url,
            **self.options,
        )
        return self.context

    def signs_in(self) -> None:
        """With the session that was made with the sitting."""
        self.cookie = self.sitting["log_in"]
        host = urlparse(self.site.url).hostname
        self.context.add_cookies(
            [{"name": "nls", "value": self.cookie, "domain": host, "path": "/", "expires": 2_000_000_000}]
        )

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

    def browser(self) -> str:
        return CHROMIUM

    def signed_in(self) -> list[dict[str, Any]]:
        """The cookie of the log-in alone, for another device of the same person."""
        host = urlparse(self.site.url).hostname
        return [{
            "name": "nls", "value": self.cookie, "domain": host, "path": "/", "expires": 2_000_000_000,
            "httpOnly": True, "secure": False, "sameSite": "Lax",
        }]  # fmt: skip

    def shows(self, kind: str) -> int:
        """Put an item of this type before the person at the first step; returns its version."""
        plain = self.sitting["id"].replace("-", "")
        with sqlite3.connect(self.home.folder / "nanglucso.sqlite3", timeout=20) as line:
            sql = "SELECT v.id FROM bank_itemversion v JOIN bank_item i ON i.id = v.item_id WHERE i.type = ? AND NOT i.practice ORDER BY 1"
            found = line.execute(sql, (kind,)).fetchone()[0]
            line.execute("UPDATE assessments_sitting SET served_item_id = ? WHERE id = ?", (found, plain))
        return found


def answer(page: Page) -> None:
    """Choose something and press send, without waiting."""
    chooses(page)
    page.locator("#send").click()


def wait_for_step(page: Page, step: int) -> None:
    page.wait_for_function("n => document.querySelector('#f')?.dataset.seq == n", arg=str(step), timeout=WAIT)
