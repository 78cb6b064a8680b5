"""Run the suite: once on SQLite, then the parts that touch a database on PostgreSQL; say by name what is skipped.

`make test` is what must hold at each commit, in a quarter of an hour. With `NLS_WHOLE_SUITE=1` the tests marked
`thorough` and the rest of PostgreSQL run too (docs/adr/0028). With `NLS_NO_SKIPS=1`, as `.ci/run` sets it, a program that
is missing is a failure.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import Cluster, available  # noqa: E402

WHOLE = "NLS_WHOLE_SUITE" in os.environ
# Where the two databases could differ: locks, queries by path, times. `flow` and `faults` take both by themselves.
ON_POSTGRES = [
    "tests/core", "tests/assessments", "tests/budget", "tests/gaps/test_sums.py", "tests/people/test_import.py",
    "tests/people/test_reorganising.py",
]  # fmt: skip
ON_POSTGRES_WHOLE = [
    "tests/core",
    "tests/people",
    "tests/assessments",
    "tests/training",
    "tests/budget",
    "tests/gaps/test_sums.py",
]
# They serve homes of their own, walk through practice tasks whose state is one JSON value, or simulate and estimate.
LEFT_OUT = [
    "tests/core/test_single_sign_on.py",
    "tests/assessments/test_lab_pages.py",
    "tests/assessments/test_lab_rubrics.py",
    "tests/assessments/test_exposure.py",
    "tests/training/test_effect.py",
]
APART = ["tests/browser", "tests/faults", "tests/flow"]


def run(words: list[str], **env: str) -> int:
    """One pytest process; what it prints comes whole, when it has ended, with the processor's time of all it started."""
    print(f"begun: {' '.join(words)}", flush=True)
    chosen = [] if WHOLE else ["-m", "not thorough"]
    command, settings = [sys.executable, "-m", "pytest", *chosen, *words], {**os.environ, "OMP_NUM_THREADS": "1", **env}
    with subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        printed = process.stdout.read() if process.stdout else ""
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    processor = f"{used.ru_utime + used.ru_stime:.0f} s of processor"
    print(f"== {' '.join(words)} {' '.join(env)}== {processor}\n{printed}", flush=True)
    return process.returncode


def in_turn(*parts: list[str], **env: str) -> int:
    """One pytest process after another; returns the worst status."""
    return max(run(words, **env) for words in parts)


def alone(path: str) -> list[str]:
    """One process for a browser's driver, which keeps an event loop in it."""
    return [path, "-p", "no:xdist"]


def shared_out(workers: int, *paths: str, without: list[str]) -> list[str]:
    """So many workers, and what they leave alone."""
    return ["-n", str(workers), "--dist", "loadgroup", *paths, *(f"--ignore={path}" for path in without)]


def on_postgres() -> int:
    """What touches a database, on PostgreSQL."""
    if not available():
        return int("NLS_NO_SKIPS" in os.environ)
    parts = ON_POSTGRES_WHOLE if WHOLE else ON_POSTGRES
    with Cluster(durable=False) as cluster:
        return in_turn(shared_out(2, *parts, without=LEFT_OUT), NLS_TEST_DATABASE_URL=cluster.url)


def main() -> int:
    for name, *tools in (
        ("browser", "chromium-headless-shell", "chromium"),
        ("office", "soffice"),
        ("office", "pdftoppm"),
    ):
        if not any(map(shutil.which, tools)):
            print(f"NOTE: tests marked `{name}` are skipped: {tools[0]} is not installed.")
    if not available():
        print("NOTE: the PostgreSQL part is skipped: no PostgreSQL server programs on this machine.")
    # A browser, a killed server and a wait leave half of a processor free; the tests of databases fill it.
    with ThreadPoolExecutor(3) as side_by_side:
        lanes = [
            side_by_side.submit(
                lambda: max(in_turn(alone("tests/faults")), on_postgres(), in_turn(alone("tests/flow")))
            ),
            side_by_side.submit(in_turn, alone("tests/browser")),
            side_by_side.submit(in_turn, shared_out(2, "tests", without=APART)),
        ]
        return max(lane.result() for lane in lanes)


if __name__ == "__main__":
    sys.exit(main())
