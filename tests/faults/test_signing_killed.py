"""kill -9 while badges are signed, on both databases: the work goes on where it stopped, none double, none missing."""

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
CERTIFICATES = 800
STEPS = str(Path(__file__).with_name("sign_steps.py"))
SIGNED = "SELECT count(*) FROM credentials_badge WHERE signed_at IS NOT NULL"
STATUS = "SELECT status FROM core_job WHERE kind = 'credentials.sign_badges' ORDER BY created_at DESC LIMIT 1"
STALE = 1


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("sqlite", marks=pytest.mark.xdist_group("faults-sqlite")),
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("faults-postgres")]),
    ],
)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder, url = tmp_path_factory.mktemp("signed"), ""
    if request.param == "postgres":
        url = request.getfixturevalue("cluster").database(f"signed_{uuid.uuid4().hex[:8]}")
    env = serving.environment(folder, url, NLS_STALE_SECONDS=str(STALE))
    serving.command(env, STEPS, "prepare", str(CERTIFICATES))
    return Home(folder, url, env, {})


def killed_after(home: Home, count: int) -> None:
    """Start the work and kill it once so many badges are signed."""
    with subprocess.Popen([sys.executable, STEPS, "work"], env=home.env, cwd=serving.ROOT) as child:
        until = time.monotonic() + 120
        while home.rows(SIGNED)[0][0] < count:
            assert child.poll() is None, "the work ended before it could be killed"
            assert time.monotonic() < until
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    time.sleep(STALE + 0.2)


def test_killed_three_times_every_certificate_has_its_badge_once(home: Home) -> None:
    for count in (100, 250, 450):
        killed_after(home, count)
        assert count <= home.rows(SIGNED)[0][0] < CERTIFICATES
    serving.command(home.env, STEPS, "work")
    assert home.rows(STATUS) == [("failed",)], "a job that dies three times is not begun a fourth time by itself"
    serving.command(home.env, STEPS, "ask")
    serving.command(home.env, STEPS, "work")
    assert home.rows(STATUS) == [("done",)]
    assert home.rows(SIGNED) == [(CERTIFICATES,)]
    assert home.rows("SELECT count(*) FROM credentials_certificate") == [(CERTIFICATES,)]
    distinct = "SELECT count(*) FROM (SELECT DISTINCT status_list_id, {} FROM credentials_badge) AS t"
    assert home.rows(distinct.format('"index"')) == [(CERTIFICATES,)]
    assert home.rows("SELECT taken FROM credentials_statuslist") == [(CERTIFICATES,)]
    told = home.rows("SELECT details FROM core_auditentry WHERE verb = 'credentials.sign'")
    assert sum(_signed(one) for one in told) == CERTIFICATES, "each was signed in one act"
    assert serving.command(home.env, STEPS, "check").strip() == "200"
    assert "the chain holds" in serving.command(home.env, "audit", "verify")


def _signed(row: tuple) -> int:
    import json

    told = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return int(told["signed"])
