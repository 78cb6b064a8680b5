"""``nanglucso plan``: files, exit status, progress, interruption."""

import argparse
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from plan_bench import BENCH, shipped

from nanglucso.project.cli.plan import register

TINY, SMALL = str(BENCH / "tiny20.json"), str(BENCH / "small300.json")
PROGRAM = """
import argparse, sys
from nanglucso.project.cli.plan import register
parser = argparse.ArgumentParser(prog="nanglucso")
register(parser.add_subparsers(required=True))
args = parser.parse_args()
sys.exit(args.func(args))
"""


def call(*words: str) -> int:
    """Run the command in this process."""
    parser = argparse.ArgumentParser(prog="nanglucso")
    register(parser.add_subparsers(required=True))
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        args = parser.parse_args(["plan", *words])
        return int(args.func(args))
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def last(capsys: pytest.CaptureFixture[str]) -> dict:
    return dict(json.loads(capsys.readouterr().out.strip().splitlines()[-1]))


def test_solve_check_and_whatif_follow_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, second = str(tmp_path / "plan.json.gz"), str(tmp_path / "second.json")
    assert call("solve", TINY, "--out", plan, "--time-limit", "10", "--progress") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.strip().splitlines()]
    assert all(set(line) == {"seconds", "objective", "bound"} for line in lines[:-1])
    keys = {"status", "objective", "bound", "gap", "seconds", "peak_mb", "shadow_price", "reasons"}
    assert set(lines[-1]) == keys
    assert lines[-1]["status"] == "ok"
    assert json.loads(gzip.decompress(Path(plan).read_bytes()))["instance"] == "tiny20"
    assert call("check", TINY, plan) == 0
    verdict = last(capsys)
    assert verdict["valid"]
    assert verdict["objective"] == lines[-1]["objective"]
    assert call("whatif", TINY, plan, "--budget", "+50%", "--out", second) == 0
    answer = last(capsys)
    assert answer["change"] >= 0
    assert {"objective", "bound", "change", "classes_added", "classes_removed", "people_moved", "seconds"} <= set(
        answer
    )
    assert Path(second).exists()
    assert call("whatif", TINY, plan, "--budget", "-50%") in (0, 1)
    assert last(capsys)["budget"] == 5.5


def test_budget_scales_every_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = str(tmp_path / "plan.json")
    assert call("solve", TINY, "--out", plan, "--budget", "5.5", "--time-limit", "5") in (0, 1)
    bound = last(capsys)["bound"]
    call("check", TINY, plan)
    verdict = last(capsys)
    assert verdict["cost"] <= 5.501
    assert verdict["cost_by_source"][0] <= 3.501
    assert verdict["objective"] <= bound + 1e-3


def test_infeasible_coverage_says_no_but_writes_a_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(json.dumps(shipped("tiny20.json")))
    data["mandatory"] = [{"course": 0, "groups": list(range(60)), "deadline": -1, "share": 1.0}]
    path, plan = tmp_path / "late.json", str(tmp_path / "plan.json")
    path.write_text(json.dumps(data))
    assert call("solve", str(path), "--out", plan, "--time-limit", "5") == 1
    answer = last(capsys)
    assert answer["status"] == "infeasible"
    assert answer["reasons"][0]["rule"] == "R16"
    assert call("check", str(path), plan) == 1
    assert last(capsys)["valid_placing"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"format": "other"}, "format"),
        ({"format": "nanglucso-plan-result/1", "classes": {}, "seats": {}}, "classes.course"),
        ({"format": "nanglucso-plan-result/1", "classes": {"course": ["x"]}, "seats": {}}, "classes.course"),
    ],
)
def test_bad_plans_name_the_key(content: dict, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(content))
    assert call("check", TINY, str(path)) == 2
    assert named in capsys.readouterr().err


@pytest.mark.parametrize("budget", ["much", "-5", "nan", "-200%"])
def test_bad_budgets_are_refused(budget: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("whatif", TINY, str(BENCH / "tiny20.best.json"), "--budget", budget) == 2
    assert "--budget" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_refused_before_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("solve", TINY, "--out", "/nowhere/at/all/plan.json") == 2
    assert "/nowhere" in capsys.readouterr().err


def test_an_interrupt_ends_the_run_with_the_best_plan(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    words = ["plan", "solve", SMALL, "--out", str(plan), "--time-limit", "100"]
    with subprocess.Popen([sys.executable, "-c", PROGRAM, *words], stdout=subprocess.PIPE, env=environment) as process:
        end = time.monotonic() + 20
        while not plan.exists() and time.monotonic() < end:
            time.sleep(0.05)
        assert plan.exists()
        json.loads(plan.read_text())
        process.send_signal(signal.SIGINT)
        begin = time.monotonic()
        out, _ = process.communicate(timeout=10)
        assert time.monotonic() - begin < 2.0  # a second, and what a loaded machine takes to end a process
    answer = json.loads(out.decode().strip().splitlines()[-1])
    assert (process.returncode, answer["status"]) == (0, "stopped")
    assert len(out.decode().strip().splitlines()) == 1
    assert answer["objective"] > 0
    assert call("check", SMALL, str(plan)) in (0, 1)
    assert not list(tmp_path.glob(".plan.json.*"))
