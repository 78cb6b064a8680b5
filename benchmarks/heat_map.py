"""The heat map of a city of 60,000: server time, SQL statements, export; against one query a unit in the same run.

    python benchmarks/heat_map.py [--people 60000] [--runs 7] [--seed 1]

Makes a temporary database with the shipped units, positions and framework, and people with beliefs written in bulk
(everyone made up and marked so), and the worker's counts of units; then, each in a fresh process: the map's page the
first time, again, and after a belief has changed; the same map the naive
way (beliefs of one unit after the other through the ORM), and the workbook of everybody. Prints one JSON line a part.
Ends with 1 when the page takes more than 300 ms (the first time, or the median of the others) or 12 statements, or the
export more than 20 s or 300 MB. Judged is the CPU time of the server's process, which on a machine
with nothing else to do is the wall time; both are printed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
MOST_MS, MOST_STATEMENTS, MOST_SECONDS, MOST_MB = 300.0, 12, 20.0, 300.0
MEASURED = 0.85
PARTS = ("build", "training", "leader", "naive", "export")


@contextmanager
def home(kept: str | None) -> Iterator[str]:
    """Where the database lies: a folder that is kept, or one that is gone afterwards."""
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield kept
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield folder


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work gives, wall seconds, CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, time.perf_counter() - wall, time.process_time() - cpu


class Memory(threading.Thread):
    """Watches the memory of this process that is its own; the database file that it maps is the system's cache."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.done = 0.0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.02):
            lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
            self.most = max(self.most, *(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")))

    def __enter__(self) -> "Memory":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.done.set()
        self.join()


def build(people: int, seed: int) -> dict[str, Any]:
    """Fill the database."""
    from django.core.management import call_command

    from nanglucso.core.clock import now
    from nanglucso.core.models import RoleGrant, User
    from nanglucso.measure.gaps.services import keep_sums
    from nanglucso.workforce.framework.services import load_framework
    from nanglucso.workforce.people.services import load_positions, load_units

    call_command("migrate", verbosity=0)
    at = now()
    framework = load_framework(at=at)
    load_units(at=at)
    load_positions(at=at)
    for role in ("training", "leader"):
        user = User.objects.create(username=role, full_name=f"Made up {role}", made_up=True)
        RoleGrant.objects.create(user=user, role=role, granted_at=at)
    staff(people, seed)
    believe(framework, seed, at)
    keep_sums(at=at)  # as the worker does every few minutes
    return {"part": "build", "people": people, "database_mb": round(database().stat().st_size / 1e6)}


def database() -> Path:
    from django.db import connection

    return Path(str(connection.settings_dict["NAME"]))


def staff(people: int, seed: int) -> None:
    """People spread over all units below the city, in all positions."""
    import numpy as np

    from nanglucso.kit.text import fold
    from nanglucso.workforce.people.models import Person, Position, Unit

    rng = np.random.default_rng(seed)
    units = list(Unit.objects.filter(depth__gte=2).values_list("pk", flat=True))
    positions = list(Position.objects.values_list("pk", flat=True))
    share = rng.dirichlet(np.full(len(units), 2.0))
    where, what = rng.choice(units, people, p=share), rng.choice(positions, people)
    for start in range(0, people, 5000):
        rows = []
        for n in range(start, min(people, start + 5000)):
            name = f"Người Thử {n:05d}"
            rows.append(
                Person(
                    staff_code=f"B{n:06d}", ho_dem="Người Thử", ten=f"{n:05d}", sort_key=f"{n:05d}", fold=fold(name),
                    unit_id=int(where[n]), position_id=int(what[n]), made_up=True,
                )
            )  # fmt: skip
        Person.objects.bulk_create(rows)


def believe(framework: Any, seed: int, at: Any) -> None:
    """Beliefs of most of them, as a test of about 30 questions leaves them."""
    import numpy as np

    from nanglucso.measure.profiles import folding
    from nanglucso.measure.profiles.models import Belief
    from nanglucso.workforce.people.models import Person

    rng, frame = np.random.default_rng(seed + 1), folding.frame(framework)
    ids = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    chosen = [pk for pk, kept in zip(ids, rng.random(len(ids)) < MEASURED, strict=True) if kept]
    prior = folding.pack(np.zeros(frame.size))
    for start in range(0, len(chosen), 2000):
        rows = []
        for pk in chosen[start : start + 2000]:
            mean = rng.normal(0.2, 0.7) + rng.normal(0, 0.5, frame.size)
            var = rng.uniform(0.03, 0.25, frame.size)
            rows.append(
                Belief(
                    person_id=pk, framework=framework, measured=True, as_of=at, prior_mean=prior,
                    mean=folding.pack(mean), variance=folding.pack(var), covariance=folding.pack(np.diag(var)),
                )
            )  # fmt: skip
        Belief.objects.bulk_create(rows)


def client(role: str) -> Any:
    from django.test import Client

    from nanglucso.core.models import User

    made = Client()
    made.force_login(User.objects.get(username=role), backend="django.contrib.auth.backends.ModelBackend")
    return made


def page(role: str, runs: int) -> dict[str, Any]:
    """The page as a role gets it: the first time of a process, then again and again."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    asked, address = client(role), reverse("gaps:city")
    asked.get(reverse("gaps:views"))  # templates, translations and URLs of a server that has been up for a while
    reply, cold_wall, cold_cpu = timed(lambda: asked.get(address))
    assert reply.status_code == 200, reply.status_code
    taken = [timed(lambda: asked.get(address))[1:] for _ in range(runs)]
    with CaptureQueriesContext(connection) as seen:
        asked.get(address)
    touched = after_changes(asked, address, runs)
    walls, cpus = zip(*taken, strict=True)
    return {
        "part": f"map, {role}", "rows": reply.content.count(b"<tr>"), "bytes": len(reply.content),
        "cold_ms": round(1000 * cold_wall), "cold_cpu_ms": round(1000 * cold_cpu),
        "ms": round(1000 * statistics.median(walls)), "cpu_ms": round(1000 * statistics.median(cpus)),
        "statements": len(seen), **touched,
    }  # fmt: skip


def after_changes(asked: Any, address: str, runs: int) -> dict[str, Any]:
    """The page after a belief was folded anew, each time another one: CPU time and statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from nanglucso.measure.profiles.models import Belief, new_revision

    taken = []
    for pk in list(Belief.objects.order_by("revision").values_list("pk", flat=True)[: runs + 1]):
        Belief.objects.filter(pk=pk).update(revision=new_revision(), measured=True)
        with CaptureQueriesContext(connection) as seen:
            taken.append(timed(lambda: asked.get(address))[2])
    return {"changed_cpu_ms": round(1000 * statistics.median(taken[1:])), "changed_statements": len(seen)}


def naive_counts() -> int:
    """Not met by top unit and competence, one unit after the other through the ORM."""
    import numpy as np

    from nanglucso.core.scope import EVERYTHING
    from nanglucso.engines import levels
    from nanglucso.measure.gaps.queries import top_units
    from nanglucso.measure.profiles import folding
    from nanglucso.measure.profiles.models import Belief
    from nanglucso.workforce.framework.queries import current_framework
    from nanglucso.workforce.people.models import Person

    frame, total = folding.frame(current_framework()), 0
    for unit in top_units(EVERYTHING):
        staff = Person.objects.filter(unit__path__startswith=unit.path, active=True).select_related("position")
        for person in staff.prefetch_related("position__requirements__competence", "belief"):
            need = np.zeros(frame.size, np.int64)
            for row in person.position.requirements.all():
                need[row.competence.index] = row.level
            try:
                mean, var = (
                    folding.unpack(part, (frame.size,)) for part in (person.belief.mean, person.belief.variance)
                )
            except Belief.DoesNotExist:
                mean, var = np.zeros(frame.size), np.diagonal(frame.prior_cov)
            total += int((levels.words(levels.p_met(mean, var, frame.cuts, need), need) == levels.NOT_MET).sum())
    return total


def naive() -> dict[str, Any]:
    """The naive way, and the same number from the map, so that both are known to count the same."""
    from nanglucso.core.clock import now
    from nanglucso.core.scope import EVERYTHING
    from nanglucso.measure.gaps.queries import active_people, gap_table, whole
    from nanglucso.workforce.framework.queries import current_framework

    not_met, wall, cpu = timed(naive_counts)
    told = int(whole(gap_table(current_framework(), active_people(EVERYTHING), at=now())).not_met.sum())
    assert not_met == told, (not_met, told)
    return {"part": "naive", "ms": round(1000 * wall), "cpu_ms": round(1000 * cpu), "not_met": not_met}


def export() -> dict[str, Any]:
    """The workbook of everybody as the training officer downloads it."""
    from django.urls import reverse

    asked = client("training")
    with Memory() as memory:
        reply, wall, cpu = timed(lambda: asked.get(reverse("gaps:export", args=["people"])))
    assert reply.status_code == 200, reply.status_code
    return {
        "part": "export", "seconds": round(wall, 1), "cpu_seconds": round(cpu, 1),
        "file_mb": round(len(reply.content) / 1e6, 1),
        "own_memory_mb": round(memory.most),
    }  # fmt: skip


def part(name: str, args: argparse.Namespace) -> dict[str, Any]:
    """One part, in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["*"]
    settings.MFA_REQUIRED = False
    parts = {
        "build": lambda: build(args.people, args.seed), "training": lambda: page("training", args.runs),
        "leader": lambda: page("leader", args.runs), "naive": naive, "export": export,
    }  # fmt: skip
    return parts[name]()


def main() -> int:
    """Parse the command line, run the parts, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=60_000, help="default %(default)s")
    parser.add_argument("--runs", type=int, default=7, help="warm runs of the page (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--home", help="a folder that keeps the database for the next run (default: none is kept)")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part:
        print(json.dumps(part(args.part, args)))
        return 0
    told = {}
    with home(args.home) as place:
        env = {**os.environ, "NLS_HOME": place}
        ready = Path(place, "nanglucso.sqlite3").exists()
        for name in ("training", "leader", "naive", "export") if ready else PARTS:
            words = [sys.executable, __file__, *sys.argv[1:], "--part", name]
            out = subprocess.run(words, check=True, env=env, stdout=subprocess.PIPE).stdout.decode().splitlines()[-1]
            told[name] = json.loads(out)
            print(out, flush=True)
    ratio = told["naive"]["cpu_ms"] / max(1, told["training"]["cpu_ms"])
    fine = all(
        told[role][name] <= most
        for role in ("training", "leader")
        for name, most in (("cold_cpu_ms", MOST_MS), ("cpu_ms", MOST_MS), ("changed_cpu_ms", MOST_MS),
                           ("statements", MOST_STATEMENTS), ("changed_statements", MOST_STATEMENTS))
    )  # fmt: skip
    fine = fine and told["export"]["cpu_seconds"] <= MOST_SECONDS and told["export"]["own_memory_mb"] <= MOST_MB
    print(json.dumps({"part": "verdict", "naive_to_map": round(ratio, 1), "ok": fine}))
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
