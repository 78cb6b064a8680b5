"""`make shots`: every page at two widths, light and dark, in both languages, into shots/; axe on each of them."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser.city import CHROMIUM, demo_city, faults_of, launch, visitor  # noqa: E402
from tests.browser.looking import axe, overflow  # noqa: E402
from tests.browser.pages import GONE, PAGES  # noqa: E402

LOOKS = [(w, theme, lang) for w in (1280, 390) for theme in ("light", "dark") for lang in ("vi", "en")]


def main() -> int:
    if not CHROMIUM:
        print("NOTE: no pictures: Chromium is not installed.")
        return 1
    out, bad, taken = ROOT / "shots", 0, 0
    out.mkdir(exist_ok=True)
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, demo_city(Path(folder)) as city:
        browser = launch(playwright)
        for page in PAGES:
            path = city.path(page.id)
            if not path or (wanted and page.name not in wanted):
                continue
            for width, theme, language in LOOKS:
                context = visitor(browser, city, page.role, width=width, theme=theme, language=language)
                tab = context.new_page()
                noise = faults_of(tab)
                tab.goto(path, wait_until="networkidle")
                heard = [one for one in noise if f"status of {GONE.get(page.name, 0)}" not in one]
                faults = axe(tab) + heard + ([f"{overflow(tab)} px too wide"] if overflow(tab) > 0 else [])
                tab.screenshot(path=out / f"{page.id.replace(':', '_')}-{width}-{theme}-{language}.png", full_page=True)
                context.close()
                taken, bad = taken + 1, bad + bool(faults)
                for one in faults:
                    print(f"{page.id} {width} {theme} {language}: {one}", flush=True)
        browser.close()
    print(f"{taken} pictures in {out.name}/, {bad} with faults.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
