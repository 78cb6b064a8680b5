"""Run the suite: once on SQLite, then the parts that touch a database on PostgreSQL; say by name what is skipped."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import Cluster, available  # noqa: E402

# Where the two databases could differ: locks, queries by path, times. `flow` and `faults` take both by themselves.
ON_POSTGRES = ["tests/core", "tests/people", "tests/assessments", "tests/training", "tests/access"]


def pytest(*args: str, **env: str) -> int:
    """One pytest process over two workers."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *args]
    began = time.monotonic()
    status = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1", **env}, check=False
    ).returncode
    print(f"({time.monotonic() - began:.0f} s)", flush=True)
    return status


def main() -> int:
    if not shutil.which("chromium"):
        print("NOTE: with Chromium missing, the whole loop (tests/flow) and the outbox (tests/faults) are skipped too.")
    for name, tool in (("browser", "chromium"), ("office", "soffice"), ("office", "pdftoppm")):
        if not shutil.which(tool):
            print(f"NOTE: tests marked `{name}` are skipped: {tool} is not installed.")
    print("== SQLite ==", flush=True)
    status = pytest("tests", "--durations=12")
    if not available():
        print("NOTE: the PostgreSQL part is skipped: no PostgreSQL server programs on this machine.")
        return status
    print("== PostgreSQL ==", flush=True)
    with Cluster() as cluster:
        where = [path for path in ON_POSTGRES if (ROOT / path).exists()]
        status = pytest(*where, NLS_TEST_DATABASE_URL=cluster.url) or status
    return status


if __name__ == "__main__":
    sys.exit(main())
