"""Two processes cast everybody's vote at the same time, again and again: each vote is counted once."""

import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import serving
from tests.faults.home import Home

pytestmark = [pytest.mark.slow, pytest.mark.thorough]
STEPS = str(Path(__file__).with_name("vote_steps.py"))
PEOPLE = 40


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def voting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    url = ""
    if request.param == "postgres":
        url = request.getfixturevalue("cluster").database(f"votes_{uuid.uuid4().hex[:8]}")
    yield Home(tmp_path, url, serving.environment(tmp_path, url), {})
    shutil.rmtree(tmp_path, ignore_errors=True)


def _both(home: Home, out: str) -> int:
    """Both processes at once; how many ballots they were told were counted."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    asked = [sys.executable, STEPS, "work", out]
    both = [subprocess.Popen([*asked, str(n)], env=home.env, cwd=serving.ROOT, **pipes) for n in (1, 2)]
    for one in both:
        assert one.stdout.readline().strip() == "ready", one.stderr.read()
    for one in both:
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate(timeout=200) for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    counted = [int(out_.split()[-1]) for out_, _ in told]
    assert min(counted) > 0, "only one process came to act"
    return sum(counted)


def test_each_vote_is_counted_once_by_two_processes(voting: Home) -> None:
    out = str(voting.folder / "told.json")
    serving.command(voting.env, STEPS, "prepare", out, str(PEOPLE), "secret")
    assert _both(voting, out) == PEOPLE
    assert voting.rows("SELECT count(*), count(DISTINCT seat_id) FROM meetings_participation") == [(PEOPLE, PEOPLE)]
    assert voting.rows("SELECT count(*) FROM meetings_choice") == [(0,)]
    told = json.loads(serving.command(voting.env, STEPS, "close", out))
    assert told["status"] == "closed"
    assert (told["took_part"], sum(told["counts"])) == (PEOPLE, PEOPLE)
    acts = voting.rows("SELECT count(*) FROM core_auditentry WHERE verb = 'meetings.take_part'")
    assert acts == [(PEOPLE,)]
    assert not list((voting.folder / "ballots").glob("*"))
    assert "the chain holds" in serving.command(voting.env, "audit", "verify")
