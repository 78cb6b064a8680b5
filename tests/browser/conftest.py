"""One demo city and one Chromium for all browser tests; they run in one worker."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import needs
from tests.browser.city import CHROMIUM, City, demo_city, launch


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        needs.lacking("Chromium")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def city(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with demo_city(tmp_path_factory.mktemp("city")) as made:
        yield made
