"""The annual plan of a made-up city: how much more a plan by the product closes than the way an office does it today.

    python benchmarks/plan_city.py [--people 2000] [--seed 1] [--time-limit 28]

Makes the city, runs the by-hand rule, the greedy rule (value per cost) and the product's solver, has all judged by the
bench's own checker (which shares no code with the product), and prints one JSON object.  ``ratio`` is the objective of
the product over that of the hand, ``ratio_greedy`` over that of the greedy rule; ``check_seconds``: what the product's
own `plan check` takes, of processor.  Exit status 1 when the product's plan breaks a rule or misses the claim: gap at
most 15% and at least 2.2 times by hand; from 60,000 people on gap at most 2.2%, 2.8 times by hand, 1.15 times the
greedy rule.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BENCH = Path(__file__).resolve().parent / "bench" / "plan"
SOURCE = Path(__file__).resolve().parent.parent / "src"
SMALL, LARGE = (0.15, 2.2, 1.0), (0.022, 2.8, 1.15)  # claims: most gap, least ratio to the hand, to the greedy rule
SOLVE = """
import argparse, sys
from nanglucso.project.cli.plan import register
parser = argparse.ArgumentParser(prog="nanglucso")
register(parser.add_subparsers(required=True))
args = parser.parse_args()
sys.exit(args.func(args))
"""


def processor() -> float:
    """Seconds of processor that the programs started so far took."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


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
    parser.add_argument("--time-limit", type=float, default=28.0, help="seconds for the product's solver")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        names = ("city.json.gz", "hand.json", "greedy.json", "plan.json")
        city, hand, greedy, plan = (str(Path(folder) / name) for name in names)
        make = [str(BENCH / "make_city.py"), str(args.people), "--seed", str(args.seed), "--out", city]
        subprocess.run([sys.executable, *make], check=True)
        run(str(BENCH / "byhand.py"), city, "--out", hand)
        run(str(BENCH / "greedy.py"), city, "--out", greedy)
        limits = ["--time-limit", str(args.time_limit), "--threads", str(args.threads)]
        begin, before = time.monotonic(), processor()
        solved = run("-c", SOLVE, "plan", "solve", city, "--out", plan, *limits)
        seconds, spent = time.monotonic() - begin, processor() - before
        by_hand, by_greed, product = (run(str(BENCH / "check.py"), city, made) for made in (hand, greedy, plan))
        before = processor()
        run("-c", SOLVE, "plan", "check", city, plan)
        checked = processor() - before
    bound, objective = float(str(solved["bound"])), float(str(product["objective"]))
    line = {
        "people": args.people,
        "seed": args.seed,
        "objective": objective,
        "bound": bound,
        "gap": round((bound - objective) / bound, 4),
        "seconds": round(seconds, 1),
        "processor": round(spent, 1),
        "peak_mb": solved["peak_mb"],
        "valid": product["valid"],
        "violations": product["violations"],
        "by_hand": by_hand["objective"],
        "ratio": round(objective / float(str(by_hand["objective"])), 3),
        "greedy": by_greed["objective"],
        "ratio_greedy": round(objective / float(str(by_greed["objective"])), 3),
        "check_seconds": round(checked, 2),
    }
    print(json.dumps(line, ensure_ascii=False))
    gap, ratio, ratio_greedy = LARGE if args.people >= 60_000 else SMALL
    good = product["valid_placing"] and line["gap"] <= gap
    good = good and line["ratio"] >= ratio and line["ratio_greedy"] >= ratio_greedy
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
