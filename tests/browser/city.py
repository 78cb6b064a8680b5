"""The demo city served by real processes, and Chromium looking at it; shared by the tests and by `make shots`."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests import serving

# The same engine without the window of a browser around it takes a quarter of the processor.
CHROMIUM = next(filter(None, map(which, ("chromium-headless-shell", "chromium", "chromium-browser"))), "")
PEOPLE = 120


@dataclass
class City:
    """`told`: what `pages.py` printed; `states`: role → cookies of a log-in; `windows`: those kept open, by their look."""

    site: serving.Served
    told: dict[str, Any]
    states: dict[str, Any] = field(default_factory=dict)
    windows: dict[tuple[str, int, str, str], BrowserContext] = field(default_factory=dict)

    def path(self, page_id: str) -> str | None:
        return self.told["paths"][page_id]


@contextmanager
def demo_city(folder: Path) -> Iterator[City]:
    """Make the city (or take the one in `NLS_CITY_HOME`, made before) and serve it."""
    ready = os.environ.get("NLS_CITY_HOME")
    home = Path(ready) if ready else folder
    env = serving.environment(home, NLS_DEMO="1")
    if not (home / "nanglucso.sqlite3").exists():
        serving.command(env, "demo", "--people", str(PEOPLE), "--seconds", "1", "--no-serve", timeout=600)
    serving.command(env, str(Path(__file__).with_name("pages.py")), str(folder / "pages.json"))
    with serving.Served(env, log=folder / "serve.log") as site:
        yield City(site, json.loads((folder / "pages.json").read_text(encoding="utf-8")))


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium; nothing is downloaded."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])


def log_in(browser: Browser, city: City, role: str) -> Any:
    """Cookies of a role, taken through the demo's door on the log-in page once."""
    if role and role not in city.states:
        context = browser.new_context(base_url=city.site.url)
        page = context.new_page()
        page.goto("/tai-khoan/login/")
        page.locator(f"form button[name=user][value='{city.told['doors'][role]}']").click()
        page.wait_for_load_state()
        assert "/login/" not in page.url, page.url
        city.states[role] = context.storage_state()
        context.close()
    return city.states.get(role)


def cookies_of(browser: Browser, city: City, role: str) -> dict[str, str]:
    """The same log-in for a reader without a browser."""
    kept = log_in(browser, city, role) or {"cookies": []}
    return {one["name"]: one["value"] for one in kept["cookies"]}


def visitor(
    browser: Browser, city: City, role: str, *, width: int = 1280, theme: str = "light", language: str = "vi", **more: Any
) -> BrowserContext:  # fmt: skip
    """A window of this width, theme and language, logged in as the role."""
    context = browser.new_context(
        base_url=city.site.url, viewport={"width": width, "height": 844 if width < 700 else 900},
        storage_state=log_in(browser, city, role), reduced_motion="reduce", **more,
    )  # fmt: skip
    kept = {"nls-theme": theme, "nls-lang": language}
    context.add_cookies([{"name": name, "value": value, "url": city.site.url} for name, value in kept.items()])
    return context


def window(
    browser: Browser, city: City, role: str, width: int, theme: str, language: str = "vi"
) -> BrowserContext:  # fmt: skip
    """A visitor whose window stays open for the next page: styles, scripts and fonts come out of its cache."""
    look = (role, width, theme, language)
    if look not in city.windows:
        city.windows[look] = visitor(browser, city, role, width=width, theme=theme, language=language)
    return city.windows[look]


def faults_of(page: Page) -> list[str]:
    """Collects what the browser complains of: errors on the console (a CSP violation is one), exceptions, 5xx."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("response", lambda got: found.append(f"{got.status} {got.url}") if got.status >= 500 else None)
    return found
