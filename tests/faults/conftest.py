"""One prepared home on each database; every test of this folder runs real processes."""

import json
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests import needs, postgres, serving
from tests.browser.city import CHROMIUM
from tests.faults.chromium import Sitter
from tests.faults.home import Home, kills
from tests.faults.prepare import prepared

# Sittings for the tests with a browser: the SITTERS of their modules together.
AT_BROWSERS = 40


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    yield from needs.cluster()


@pytest.fixture(scope="session")
def sqlite_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepared once; every home on SQLite is a copy of this one."""
    folder = tmp_path_factory.mktemp("prepared")
    prepared(serving.environment(folder), folder, max(40 + 6 * kills(), AT_BROWSERS))
    return folder


def copied(model: Path, folder: Path, **more: str) -> Home:
    """A home of its own, as the prepared one was."""
    shutil.copytree(model, folder, dirs_exist_ok=True)
    return Home(folder, "", serving.environment(folder, **more), json.loads((folder / "told.json").read_text()))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("sqlite", marks=pytest.mark.xdist_group("faults-sqlite")),
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("faults-postgres")]),
    ],
)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Sittings under way and a draft plan, on SQLite and on PostgreSQL."""
    folder, quick = tmp_path_factory.mktemp("home"), {"NLS_STALE_SECONDS": "6", "NLS_SWEEP_SECONDS": "1"}
    if request.param == "postgres":
        made = request.getfixturevalue("cluster")
        url = made.database(f"faults_{uuid.uuid4().hex[:8]}")
        env = serving.environment(folder, url, **quick)
        yield Home(folder, url, env, prepared(env, folder, 40 + 6 * kills()))
    else:
        yield copied(request.getfixturevalue("sqlite_home"), folder, **quick)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def site(sqlite_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    """A served home with sittings under way, for all people at browsers."""
    if not CHROMIUM:
        needs.lacking("Chromium")
    made = copied(sqlite_home, tmp_path_factory.mktemp("browsers"))
    with serving.Served(made.env) as served:
        yield made, served
    shutil.rmtree(made.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def firsts() -> dict[str, int]:
    """Module → its first sitting; each module has as many as its SITTERS."""
    return {}


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture
def sitter(
    request: pytest.FixtureRequest, playwright: Playwright, site: tuple, firsts: dict[str, int]
) -> Iterator[Sitter]:
    """The person of the module whose number is given, or (number, options of the browser)."""
    home, served = site
    module = request.module
    if module.__name__ not in firsts:
        firsts[module.__name__] = sum(sys.modules[name].SITTERS for name in firsts)
    number, options = request.param if isinstance(request.param, tuple) else (request.param, {})
    made = Sitter(playwright, home, served, firsts[module.__name__] + number, **options)
    made.signs_in()
    yield made
    made.context.close()
