"""The annual plan of a made-up city: how much more a plan by the product closes than the way an office does it today.

    python benchmarks/plan_city.py [--people 2000] [--seed 1] [--time-limit 30]

Makes the city, runs the by-hand rule and the product's solver, has both judged by the bench's own checker (which shares
no code with the product), and prints one JSON object.  ``ratio`` is the objective of the product over that of the hand.
Exit status 1 when the product's plan breaks a rule, or misses the claim: gap at most 15%, at least 2.2 times by hand.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BENCH = Path(__file__).resolve().parent / "bench" / "plan"
SOURCE = Path(__file__).resolve().parent.parent / "src"
MOST_GAP, LEAST_RATIO = 0.15, 2.2
SOLVE = """
import argparse, sys
from nanglucso.project.cli.plan import register
parser = argparse.ArgumentParser(prog="nanglucso")
register(parser.add_subparsers(required=True))
args = parser.parse_args()
sys.exit(args.func(args))
"""


def run(*words: str) -> dict[str, object]:
    """Run a Python script or -c program; its last line is one JSON object."""
    before = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment = {"OMP_NUM_THREADS": "1", **before, "PYTHONPATH": str(SOURCE)}
    out = subprocess.run([sys.executable, *words], capture_output=True, text=True, env=environment, check=False)
    if not out.stdout.strip():
        raise SystemExit(f"{words[0]} failed: {out.stderr.strip()}")
    return dict(json.loads(out.stdout.strip().splitlines()[-1]))


def main() -> int:
    """Make, solve twice, check twice, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time-limit", type=float, default=30.0, help="seconds for the product's solver")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        city, hand, plan = (str(Path(folder) / name) for name in ("city.json.gz", "hand.json", "plan.json"))
        make = [str(BENCH / "make_city.py"), str(args.people), "--seed", str(args.seed), "--out", city]
        subprocess.run([sys.executable, *make], check=True)
        run(str(BENCH / "byhand.py"), city, "--out", hand)
        begin = time.monotonic()
        solved = run("-c", SOLVE, "plan", "solve", city, "--out", plan, "--time-limit", str(args.time_limit))
        seconds = time.monotonic() - begin
        by_hand, product = run(str(BENCH / "check.py"), city, hand), run(str(BENCH / "check.py"), city, plan)
    bound, objective = float(str(solved["bound"])), float(str(product["objective"]))
    line = {
        "people": args.people,
        "seed": args.seed,
        "objective": objective,
        "bound": bound,
        "gap": round((bound - objective) / bound, 4),
        "seconds": round(seconds, 1),
        "valid": product["valid"],
        "violations": product["violations"],
        "by_hand": by_hand["objective"],
        "ratio": round(objective / float(str(by_hand["objective"])), 3),
    }
    print(json.dumps(line, ensure_ascii=False))
    good = product["valid_placing"] and line["gap"] <= MOST_GAP and line["ratio"] >= LEAST_RATIO
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
