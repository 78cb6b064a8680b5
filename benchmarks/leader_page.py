"""The leader's page of a city of 60,000: after the nightly roll-up and without it, in one run.

    python benchmarks/leader_page.py [--people 60000] [--runs 5] [--seed 1]

Makes the temporary database of `benchmarks/heat_map.py` (everyone made up and marked so: shipped units, positions and
framework, beliefs of most people written in bulk, the worker's counts of units; no classes, no money), then, each in a
fresh process: the page with no sheet kept, the first time and again; the nightly work; the page after it, the first
time and again. Prints one JSON line a part and the ratio. Ends with 1 when the page takes over 3 s without, or over
300 ms after it (CPU time of the server's process, which on a machine with nothing else to do is the wall time; both
are printed).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import heat_map as city

MOST_WITHOUT_MS, MOST_AFTER_MS = 3_000, 300
PARTS = ("build", "without", "night", "after")


def page(runs: int) -> dict[str, Any]:
    """The page as a leader gets it: the first time of a process, then again and again; milliseconds, statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    asked, address = city.client("leader"), reverse("reports:leader")
    asked.get(reverse("gaps:views"))  # templates, translations and URLs of a server that has been up for a while
    reply, cold_wall, cold_cpu = city.timed(lambda: asked.get(address))
    assert reply.status_code == 200, reply.status_code
    walls, cpus = zip(*(city.timed(lambda: asked.get(address))[1:] for _ in range(runs)), strict=True)
    with CaptureQueriesContext(connection) as seen:
        asked.get(address)
    return {
        "cold_ms": round(1000 * cold_wall), "cold_cpu_ms": round(1000 * cold_cpu),
        "ms": round(1000 * statistics.median(walls)), "cpu_ms": round(1000 * statistics.median(cpus)),
        "statements": len(seen), "tiles": reply.content.count(b'<li class="b'),
    }  # fmt: skip


def night() -> dict[str, Any]:
    """What the worker does once a day."""
    from nanglucso.core.clock import now
    from nanglucso.govern.reports.services import keep_sheet, keep_trend
    from nanglucso.workforce.framework.queries import current_framework

    framework = current_framework()
    _made, wall, cpu = city.timed(lambda: keep_sheet(framework=framework, at=now()))
    trend = keep_trend(framework=framework, at=now())
    return {"ms": round(1000 * wall), "cpu_ms": round(1000 * cpu), "trend": trend is not None}


def part(name: str, args: argparse.Namespace) -> dict[str, Any]:
    """One part, in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["*"]
    settings.MFA_REQUIRED = False
    if name == "build":
        return city.build(args.people, args.seed)
    return {"part": name, **(night() if name == "night" else page(args.runs))}


def main() -> int:
    """Parse the command line, run the parts, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=60_000, help="default %(default)s")
    parser.add_argument("--runs", type=int, default=5, help="warm runs of the page (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part:
        print(json.dumps(part(args.part, args)))
        return 0
    told = {}
    with city.home(None) as place:
        env = {**os.environ, "NLS_HOME": place, "PYTHONPATH": str(Path(city.ROOT, "src"))}
        for name in PARTS:
            words = [sys.executable, __file__, *sys.argv[1:], "--part", name]
            out = subprocess.run(words, check=True, env=env, stdout=subprocess.PIPE).stdout.decode().splitlines()[-1]
            told[name] = json.loads(out)
            print(out, flush=True)
    without, after = (max(told[one]["cold_cpu_ms"], told[one]["cpu_ms"]) for one in ("without", "after"))
    fine = without <= MOST_WITHOUT_MS and after <= MOST_AFTER_MS
    print(json.dumps({"part": "verdict", "without_to_after": round(without / max(1, after), 1), "ok": fine}))
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
