"""Years of a shape that breaks planners: how far the product's plan is from its own proven bound.

    python benchmarks/plan_shapes.py [SHAPE …] [--people 15000] [--seed 3] [--time-limit 100] [--threads 2]

Shapes: few lecturers; communes that cannot reach each other; a tiny budget, most of which coverage asks for; an endless
budget, where rooms bind; a prerequisite that every family asks for; a mandatory course that cannot be met.  Prints one
JSON object a shape; the plan is judged by the bench's own checker, which shares no code with the product.  Exit status
1 when a plan breaks a rule R1-R15, a gap is above its bar, or the impossible entry is not named.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from plan_city import BENCH, SOLVE, processor, run

MAKE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from make_city import city
from planio import write_json
data = city(int(sys.argv[2]), seed=int(sys.argv[3]), **json.loads(sys.argv[4]))
if sys.argv[5] == "impossible":
    data["mandatory"][0]["deadline"] = -1
write_json(sys.argv[6], data)
print("{}")
"""
SHAPES = {  # what differs from the usual city, and the greatest gap
    "scarce": ({"lecturers_per_1000": 0.4}, 0.09),
    "scattered": ({"areas": 60, "reach": 0.05}, 0.18),
    "tiny": ({"budget_per_head": 0.05}, 0.06),
    "endless": ({"budget_per_head": 5.0, "venue_buoi": 5, "lecturers_per_1000": 5}, 0.20),
    "hub": ({"prereq_hub": True}, 0.09),
    "impossible": ({}, 1.0),
}


def solved(shape: str, folder: str, args: argparse.Namespace) -> tuple[dict[str, object], bool]:
    """Make the year, solve, check; the line to print and whether it is good."""
    options, bar = SHAPES[shape]
    city, plan = str(Path(folder) / "city.json.gz"), str(Path(folder) / "plan.json.gz")
    run("-c", MAKE, str(BENCH), str(args.people), str(args.seed), json.dumps(options), shape, city)
    limit = ["--time-limit", str(args.time_limit), "--threads", str(args.threads)]
    before = processor()
    answer = run("-c", SOLVE, "plan", "solve", city, "--out", plan, *limit)
    spent = processor() - before
    verdict = run(str(BENCH / "check.py"), city, plan)
    named = [reason.get("mandatory") for reason in answer["reasons"]]  # type: ignore[attr-defined]
    line = {"shape": shape, **{k: v for k, v in answer.items() if k != "reasons"}, "bar": bar, "named": named}
    line |= {"processor": round(spent, 1), "valid": verdict["valid"], "valid_placing": verdict["valid_placing"]}
    good = bool(verdict["valid_placing"]) and float(str(answer["gap"])) <= bar
    if shape == "impossible":
        good = good and answer["status"] == "infeasible" and 0 in named
    return line, good


def main() -> int:
    """Every shape asked for, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help=", ".join(SHAPES))
    parser.add_argument("--people", type=int, default=15_000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--time-limit", type=float, default=100.0)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    all_good = True
    for shape in args.shapes or SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            line, good = solved(shape, folder, args)
        print(json.dumps(line, ensure_ascii=False), flush=True)
        all_good &= good
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main())
