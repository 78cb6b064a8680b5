"""`make shots`: every page at two widths, light and dark, in both languages, into shots/; axe on each of them.

Words behind the command choose pages by name, a word that ends with a colon all pages of a room: `bank: quality:mine`.
"""

import itertools
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page as Tab  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser.city import CHROMIUM, demo_city, faults_of, launch, window  # noqa: E402
from tests.browser.looking import axe, cut_off, overflow, settled  # noqa: E402
from tests.browser.pages import GONE, PAGES  # noqa: E402

LOOKS = [(w, theme, lang) for w in (1280, 390) for theme in ("light", "dark") for lang in ("vi", "en")]


def is_wanted(name: str, words: list[str]) -> bool:
    """Whether this page was asked for; without words every page is."""
    return not words or name in words or any(word.endswith(":") and name.startswith(word) for word in words)


def look_at(tab: Tab, noise: list[str], path: str, gone: int, file: Path) -> list[str]:
    """Open the page, keep its picture, return what is wrong with it."""
    noise.clear()
    tab.goto(path)
    settled(tab)
    heard = [one for one in noise if f"status of {gone}" not in one]
    faults = axe(tab) + heard + ([f"{overflow(tab)} px too wide"] if overflow(tab) > 0 else [])
    faults += [f"cut off: {one}" for one in cut_off(tab)]
    tab.screenshot(path=file, full_page=True)
    return faults


def main() -> int:
    if not CHROMIUM:
        print("NOTE: no pictures: Chromium is not installed.")
        return 1
    out, bad, taken = ROOT / "shots", 0, 0
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, demo_city(Path(folder)) as city:
        browser = launch(playwright)
        wanted = [page for page in PAGES if city.path(page.id) and is_wanted(page.name, sys.argv[1:])]
        # One tab a role and look: a new one costs the browser a process.
        tabs: dict[tuple[str, int, str, str], tuple[Tab, list[str]]] = {}
        for look, page in itertools.product(LOOKS, wanted):
            width, theme, language = look
            if (page.role, *look) not in tabs:
                tab = window(browser, city, page.role, *look).new_page()
                tabs[page.role, *look] = tab, faults_of(tab)
            tab, noise = tabs[page.role, *look]
            name = f"{page.id.replace(':', '_')}-{width}-{theme}-{language}"
            faults = look_at(tab, noise, city.path(page.id), GONE.get(page.name, 0), out / f"{name}.png")
            taken, bad = taken + 1, bad + bool(faults)
            for one in faults:
                print(f"{name}: {one}", flush=True)
        browser.close()
    print(f"{taken} pictures in {out.name}/, {bad} with faults.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
