"""What a browser can measure on a page: accessibility and width. Needs no Django, so that `make shots` may use it."""

from functools import lru_cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page as Tab


@lru_cache
def axe_script() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def axe(tab: Tab) -> list[str]:
    """Violations of WCAG 2.0 to 2.2 A and AA and of best practice, one line each."""
    tab.evaluate(axe_script())
    found = tab.evaluate("() => axe.run({preload: false, elementRef: false, resultTypes: ['violations']})")[
        "violations"
    ]
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']][:4]} {one['nodes'][0]['failureSummary'][:200]}"
        for one in found
    ]


def settled(tab: Tab) -> None:
    """Wait until what a page asks for after it has loaded is there: nothing of HTMX under way, fonts in, two frames drawn.

    Half a second quicker than Playwright's "networkidle", which waits for that long in any case.
    """
    tab.wait_for_load_state("load")
    tab.wait_for_function("() => !document.querySelector('.htmx-request') && document.fonts.status === 'loaded'")
    tab.evaluate("() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))")


def overflow(tab: Tab) -> int:
    """How many pixels the page is wider than its window."""
    return tab.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


def cut_off(tab: Tab) -> list[str]:
    """Tables that reach out of their card, but for those in a region that is meant to be scrolled sideways."""
    return tab.evaluate(
        """() => [...document.querySelectorAll('main .card table')].filter(t => {
          const card = t.closest('.card').getBoundingClientRect();
          return !t.closest('.scroll') && t.offsetParent && t.getBoundingClientRect().right > card.right + 1;
        }).map(t => `${t.className} in ${t.closest('.card').getAttribute('aria-labelledby')}`)"""
    )


def widest(tab: Tab) -> list[str]:
    """What reaches out of the window, for the message."""
    return tab.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 6).map(e => e.tagName + '.' + e.className)"""
    )
