"""Run the suite: once on SQLite, then the parts that touch a database on PostgreSQL; say by name what is skipped."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import Cluster, available  # noqa: E402

ON_POSTGRES = ["tests/core", "tests/people", "tests/assessments", "tests/training", "tests/flow", "tests/faults"]


def pytest(*args: str, **env: str) -> int:
    """One pytest process over two workers."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *args]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1", **env}, check=False).returncode


def main() -> int:
    for name, tool in (("browser", "chromium"), ("office", "soffice"), ("office", "pdftoppm")):
        if not shutil.which(tool):
            print(f"NOTE: tests marked `{name}` are skipped: {tool} is not installed.")
    print("== SQLite ==", flush=True)
    status = pytest("tests")
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
