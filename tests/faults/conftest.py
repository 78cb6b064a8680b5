"""One prepared home on each database; every test of this folder runs real processes."""

import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests import postgres, serving
from tests.browser.city import CHROMIUM
from tests.faults.chromium import Sitter
from tests.faults.home import Home, kills


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    if not postgres.available():
        pytest.skip("no PostgreSQL server programs on this machine")
    with postgres.Cluster() as made:
        yield made


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("sqlite", marks=pytest.mark.xdist_group("faults-sqlite")),
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("faults-postgres")]),
    ],
)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Sittings under way and a draft plan, on SQLite and on PostgreSQL."""
    folder, url = tmp_path_factory.mktemp("home"), ""
    if request.param == "postgres":
        made = request.getfixturevalue("cluster")
        url = made.database(f"faults_{uuid.uuid4().hex[:8]}")
    env = serving.environment(folder, url, NLS_STALE_SECONDS="6", NLS_SWEEP_SECONDS="1")
    serving.command(env, str(Path(__file__).with_name("prepare.py")), str(folder / "told.json"), str(40 + 6 * kills()))
    yield Home(folder, url, env, json.loads((folder / "told.json").read_text()))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    """A served home with as many sittings under way as the module's SITTERS."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    folder = tmp_path_factory.mktemp("outbox")
    env = serving.environment(folder)
    script = str(Path(__file__).with_name("prepare.py"))
    serving.command(env, script, str(folder / "told.json"), str(request.module.SITTERS))
    made = Home(folder, "", env, json.loads((folder / "told.json").read_text()))
    with serving.Served(env) as served:
        yield made, served
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture
def sitter(request: pytest.FixtureRequest, playwright: Playwright, site: tuple) -> Iterator[Sitter]:
    """The person whose number is given, or (number, options of the browser)."""
    home, served = site
    number, options = request.param if isinstance(request.param, tuple) else (request.param, {})
    made = Sitter(playwright, home, served, number, **options)
    made.signs_in()
    yield made
    made.context.close()
