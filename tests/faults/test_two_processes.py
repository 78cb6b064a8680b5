"""Two processes on one PostgreSQL sign people up at once: never over capacity, in order, each change with its actor."""

import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests import postgres, serving
from tests.faults.home import Home
from tests.faults.signup_steps import CLASSES, SEATS

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
STEPS = str(Path(__file__).with_name("signup_steps.py"))
ROUNDS = 150
# Held places after each step of a class, from the steps alone: whoever came in before is counted, whoever left is not.
MOST = """
    SELECT max(held) FROM (
        SELECT sum(CASE WHEN s.after = 'booked' THEN 1 WHEN s.before = 'booked' THEN -1 ELSE 0 END)
        OVER (PARTITION BY e.training_class_id ORDER BY s.id) AS held
        FROM training_enrolmentstep s JOIN training_enrolment e ON e.id = s.enrolment_id) AS t
"""
STEPS_OF_CLASS = """
    SELECT e.id, s.before, s.after FROM training_enrolmentstep s JOIN training_enrolment e ON e.id = s.enrolment_id
    WHERE e.training_class_id = {} ORDER BY s.id
"""
# Classes that meet while no other does: nobody in their line can be passed over for sitting elsewhere.
ALONE = """
    SELECT c.id FROM training_trainingclass c WHERE NOT EXISTS (
        SELECT 1 FROM training_classsession x JOIN training_classsession y
        ON x.starts_at < y.ends_at AND y.starts_at < x.ends_at
        WHERE x.training_class_id = c.id AND y.training_class_id <> c.id)
"""
TWICE = """
    SELECT count(*) FROM training_enrolment a JOIN training_enrolment b ON a.person_id = b.person_id AND a.id < b.id
    JOIN training_classsession x ON x.training_class_id = a.training_class_id
    JOIN training_classsession y ON y.training_class_id = b.training_class_id
    WHERE a.status = 'booked' AND b.status = 'booked' AND x.starts_at < y.ends_at AND y.starts_at < x.ends_at
"""


@pytest.fixture(scope="module")
def home(cluster: postgres.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder, url = tmp_path_factory.mktemp("signup"), cluster.database(f"signup_{uuid.uuid4().hex[:8]}")
    env = serving.environment(folder, url)
    serving.command(env, STEPS, "prepare")
    made = Home(folder, url, env, {})
    made.told["refused"] = fight(made, (1, 2))
    return made


def fight(home: Home, seeds: tuple[int, int]) -> int:
    """Both processes work at the same time; returns how often they were refused."""
    asked = [sys.executable, STEPS, "work"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    both = [subprocess.Popen([*asked, str(n), str(ROUNDS)], env=home.env, cwd=serving.ROOT, **pipes) for n in seeds]
    for one in both:
        assert one.stdout.readline().strip() == "ready", one.stderr.read()
    for one in both:
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate(timeout=300) for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    return sum(int(out.split()[-1]) for out, _err in told)


def waited_in_order(rows: list[tuple]) -> tuple[list[int], int]:
    """Who still waits, and how many moved up; everybody who moved up stood first in the line kept here."""
    line: list[int] = []
    moved = 0
    for place, before, after in rows:
        if before == "waitlisted":
            if after == "booked":
                moved += 1
                assert line[0] == place, "somebody was passed over"
            line.remove(place)
        if after == "waitlisted":
            line.append(place)
    return line, moved


def test_two_processes_at_once_keep_seats_order_and_record(home: Home) -> None:
    assert home.told["refused"] > 20, "nothing was ever refused: the rules were never reached"
    assert home.rows(MOST)[0][0] == SEATS, "the seats were never all taken, or more than all"
    assert home.rows(TWICE)[0][0] == 0, "somebody sits in two classes at the same hours"
    assert home.rows("SELECT count(*) FROM training_enrolmentstep WHERE actor_id IS NULL OR at IS NULL")[0][0] == 0
    both = home.rows("SELECT count(DISTINCT actor_id) FROM training_enrolmentstep")
    assert both == [(2,)], "only one process came to act"
    assert home.rows("SELECT count(*) FROM training_trainingclass") == [(CLASSES,)]


def test_the_line_moves_up_from_its_front_and_the_record_is_whole(home: Home) -> None:
    moved, alone = 0, home.rows(ALONE)
    assert len(alone) == CLASSES - 2
    for (pk,) in alone:
        line, ups = waited_in_order(home.rows(STEPS_OF_CLASS.format(pk)))
        moved += ups
        turns = f"SELECT id FROM training_enrolment WHERE training_class_id = {pk} AND turn IS NOT NULL ORDER BY turn"
        assert [one for (one,) in home.rows(turns)] == line
    assert moved > 5, "hardly anybody ever moved up"
    broken = """
        SELECT count(*) FROM training_enrolment e WHERE e.status <> (
            SELECT s.after FROM training_enrolmentstep s WHERE s.enrolment_id = e.id ORDER BY s.id DESC LIMIT 1)
    """
    assert home.rows(broken) == [(0,)]
    assert "the chain holds" in serving.command(home.env, "audit", "verify")
