"""Run the suite: once on SQLite, then the parts that touch a database on PostgreSQL; say by name what is skipped."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import Cluster, available  # noqa: E402

# Where the two databases could differ: locks, queries by path, times. `flow` and `faults` take both by themselves.
ON_POSTGRES = [
    "tests/core", "tests/people", "tests/assessments", "tests/training", "tests/budget", "tests/gaps/test_sums.py",
]  # fmt: skip
APART = ["tests/browser", "tests/faults", "tests/flow"]


def begin(*args: str, **env: str) -> subprocess.Popen[bytes]:
    """Start one pytest process."""
    command = [sys.executable, "-m", "pytest", *args]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1", **env})


def pytest(*args: str, **env: str) -> int:
    """One pytest process over two workers."""
    return begin("-n", "2", "--dist", "loadgroup", *args, **env).wait()


def lane(paths: list[str]) -> int:
    """One process after another, each with an event loop of its own."""
    return max(begin(path, "-p", "no:xdist").wait() for path in paths)


def main() -> int:
    for name, tool in (("browser", "chromium"), ("office", "soffice"), ("office", "pdftoppm")):
        if not shutil.which(tool):
            print(f"NOTE: tests marked `{name}` are skipped: {tool} is not installed.")
    if not available():
        print("NOTE: the PostgreSQL part is skipped: no PostgreSQL server programs on this machine.")
    print("== SQLite ==", flush=True)
    status = pytest("tests", *(word for path in APART for word in ("--ignore", path)))
    # The browser's driver keeps an event loop in its process, so these do not share one with the tests above.
    print("== A real browser; processes killed; the whole loop ==", flush=True)
    lanes = [["tests/browser", "tests/flow"], ["tests/faults"]]
    with ThreadPoolExecutor(len(lanes)) as side_by_side:
        status = max(status, *side_by_side.map(lane, lanes))
    if available():
        print("== PostgreSQL ==", flush=True)
        with Cluster(durable=False) as cluster:
            status = pytest(*ON_POSTGRES, NLS_TEST_DATABASE_URL=cluster.url) or status
    return status


if __name__ == "__main__":
    sys.exit(main())
