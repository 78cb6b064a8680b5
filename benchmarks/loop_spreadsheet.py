"""From a messy staff spreadsheet to a plan in one command: wall time, accounting, proven gap.

    python benchmarks/loop_spreadsheet.py [--rows 2000] [--budget 1200000000] [--time-limit 15] [--runs 1] [--seed 3]

Makes the file with the tests' generator (every person in it is made up), runs `nanglucso loop` as a user does, in a
fresh process with a fresh database, and prints one JSON line a run. Ends with 1 when a run takes over 60 s or when
rows_read is not people + duplicates + skipped.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "src"))
MOST_SECONDS = 60.0


def one(folder: Path, args: argparse.Namespace, seed: int) -> dict[str, object]:
    """One run: figures of report.json and of the generator's truth."""
    from tests.messy import write_messy_staff

    staff, out = folder / f"staff-{seed}.xlsx", folder / f"out-{seed}"
    truth = write_messy_staff(staff, args.rows, seed=seed)
    words = [
        "--staff",
        str(staff),
        "--budget",
        str(args.budget),
        "--out",
        str(out),
        "--time-limit",
        str(args.time_limit),
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "nanglucso", "loop", *words], check=True, env=env, stderr=subprocess.DEVNULL)
    wall = time.monotonic() - began
    told = json.loads((out / "report.json").read_text(encoding="utf-8"))
    counted = told["people"] + told["duplicates"] + len(told["skipped"])
    return {
        "wall_seconds": round(wall, 1),
        "rows_read": told["rows_read"],
        "rows_in_file": truth.rows_read,
        "rows_accounted": counted,
        "people": told["people"],
        "people_in_file": len(truth.people),
        "duplicates": told["duplicates"],
        "duplicates_in_file": len(truth.duplicates),
        "positions": told["positions"],
        "classes": told["classes"],
        "people_in_plan": told["people_in_plan"],
        "gap": told["gap"],
        "solver_seconds": told["seconds"],
        "sizes_kb": {path.name: round(path.stat().st_size / 1024) for path in sorted(out.iterdir())},
        "ok": wall <= MOST_SECONDS and counted == told["rows_read"] == truth.rows_read,
    }


def main() -> int:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2000, help="people in the file (default %(default)s)")
    parser.add_argument("--budget", type=int, default=1_200_000_000, help="đồng (default %(default)s)")
    parser.add_argument("--time-limit", type=float, default=15.0, help="seconds for the planner (default %(default)s)")
    parser.add_argument("--runs", type=int, default=1, help="runs, each with another file (default %(default)s)")
    parser.add_argument("--seed", type=int, default=3, help="seed of the first file (default %(default)s)")
    args = parser.parse_args()
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(args.seed, args.seed + args.runs):
            told = one(Path(folder), args, seed)
            fine = fine and bool(told["ok"])
            print(json.dumps(told, ensure_ascii=False), flush=True)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
