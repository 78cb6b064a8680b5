"""kill -9 while a campaign is sent, on both databases: the work goes on where it stopped, nobody twice, nobody missed."""

import json
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from tests import serving
from tests.faults.home import Home

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.thorough]
PEOPLE = 800
STEPS = str(Path(__file__).with_name("send_steps.py"))
SENT = "SELECT count(*) FROM outreach_receipt"
STATUS = "SELECT status FROM core_job WHERE kind = 'outreach.open' ORDER BY created_at DESC LIMIT 1"
STALE = 1


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("sqlite", marks=pytest.mark.xdist_group("faults-sqlite")),
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("faults-postgres")]),
    ],
)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder, url = tmp_path_factory.mktemp("sent"), ""
    if request.param == "postgres":
        url = request.getfixturevalue("cluster").database(f"sent_{uuid.uuid4().hex[:8]}")
    env = serving.environment(folder, url, NLS_STALE_SECONDS=str(STALE))
    serving.command(env, STEPS, "prepare", str(PEOPLE))
    return Home(folder, url, env, {})


def killed_after(home: Home, count: int) -> None:
    """Start the work and kill it once so many people were sent it."""
    with subprocess.Popen([sys.executable, STEPS, "work"], env=home.env, cwd=serving.ROOT) as child:
        until = time.monotonic() + 120
        while home.rows(SENT)[0][0] < count:
            assert child.poll() is None, "the work ended before it could be killed"
            assert time.monotonic() < until
            time.sleep(0.005)
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    time.sleep(STALE + 0.2)


def test_killed_three_times_everybody_is_sent_it_once(home: Home) -> None:
    for count in (40, 200, 400):
        killed_after(home, count)
        assert count <= home.rows(SENT)[0][0] < PEOPLE
    serving.command(home.env, STEPS, "work")
    assert home.rows(STATUS) == [("failed",)], "a job that dies three times is not begun a fourth time by itself"
    serving.command(home.env, STEPS, "ask")
    serving.command(home.env, STEPS, "work")
    assert home.rows(STATUS) == [("done",)]
    assert home.rows(SENT) == [(PEOPLE,)]
    assert home.rows("SELECT count(DISTINCT person_id) FROM outreach_receipt") == [(PEOPLE,)]
    assert home.rows("SELECT count(*) FROM outreach_notice") == [(PEOPLE,)]
    assert home.rows("SELECT status FROM outreach_campaign") == [("open",)]
    told = home.rows("SELECT details FROM core_auditentry WHERE verb = 'outreach.send'")
    assert sum(_people(one) for one in told) == PEOPLE, "each was sent it in one act"
    assert "the chain holds" in serving.command(home.env, "audit", "verify")


def _people(row: tuple) -> int:
    told = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return int(told["people"])
