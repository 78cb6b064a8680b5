"""kill -9 while a staff import is applied and while it is undone, on both databases: all of it or nothing."""

import json
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from tests import serving
from tests.faults.home import Home, kills, size

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.thorough]
PEOPLE = size(1000, 3000)
# A commit that the killed process had sent is still carried out by the database server.
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)
STEPS = str(Path(__file__).with_name("import_steps.py"))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("sqlite", marks=pytest.mark.xdist_group("faults-sqlite")),
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("faults-postgres")]),
    ],
)
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A city with half of the people held and a list read that moves them and adds as many."""
    folder, url = tmp_path_factory.mktemp("imported"), ""
    if request.param == "postgres":
        url = request.getfixturevalue("cluster").database(f"imports_{uuid.uuid4().hex[:8]}")
    env = serving.environment(folder, url)
    serving.command(env, STEPS, "prepare", str(folder / "list.xlsx"), str(PEOPLE))
    return Home(folder, url, env, {})


def killed_at(home: Home, step: str, share: float) -> bool:
    """Start the step and kill it when it tells that this share is done; False when it had ended before."""
    with subprocess.Popen(
        [sys.executable, STEPS, step], env=home.env, cwd=serving.ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        for line in child.stdout or ():
            if float(line) >= share:
                child.send_signal(signal.SIGKILL)
                break
        died = child.wait() == -signal.SIGKILL
    until = time.monotonic() + 30
    while home.url and home.rows(OTHERS) != [(0,)]:
        assert time.monotonic() < until, "the connection of the killed process stays open"
        time.sleep(0.05)
    return died


def sums(home: Home) -> dict[str, str]:
    return json.loads(serving.command(home.env, STEPS, "sums"))


def shares(number: int, seed: int) -> list[float]:
    """Where to strike: the last word before the end among them."""
    dice = random.Random(seed)
    return [0.5, *(dice.uniform(0.5, 1.0) for _ in range(number - 2)), 1.0]


def test_killed_apply_leaves_nothing_or_all_and_undo_brings_the_same_tables_back(city: Home) -> None:
    before, status = sums(city), "SELECT status FROM people_staffimport WHERE file_id IS NOT NULL"
    deaths = 0
    for share in shares(max(4, kills() // 3), 1):
        deaths += killed_at(city, "apply", share)
        if city.rows(status) == [("applied",)]:
            break
        assert sums(city) == before
        assert city.rows("SELECT count(*) FROM people_person") == [(PEOPLE // 2,)]
    assert deaths >= 3
    if city.rows(status) != [("applied",)]:
        serving.command(city.env, STEPS, "apply")
    assert city.rows("SELECT count(*) FROM people_person") == [(PEOPLE,)]
    assert city.rows("SELECT count(*) FROM people_appointment WHERE until IS NULL") == [(PEOPLE,)]
    applied = sums(city)
    for share in shares(max(4, kills() // 3), 2):
        killed_at(city, "undo", share)
        if city.rows(status) == [("undone",)]:
            break
        assert sums(city) == applied
    if city.rows(status) != [("undone",)]:
        serving.command(city.env, STEPS, "undo")
    assert sums(city) == before
    assert "the chain holds" in serving.command(city.env, "audit", "verify")
