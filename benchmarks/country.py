"""The largest step on one machine: a country of 2,000,000 people on PostgreSQL, and a tenth of it in the same run.

    python benchmarks/country.py [--people 2000000] [--small 200000] [--seed 1] [--only PART …]

Makes a throw-away PostgreSQL cluster (`tests/postgres.py`) and in it two databases with the product's own tables,
filled as `benchmarks/country_people.py` says (everyone made up and marked so). Then, each part in a fresh process: the
staff list, search, maps, the worker's rounds, the leader's page, one person, a province's input of a plan, the log.

Prints a JSON line for each question: for both sizes seconds on the wall, seconds of processor (the process and the
database's together), statements and MB of own memory, and how many times as much processor the larger one took:
"flat" under twice, "linear" up to a sixth more than the people grew, else "worse". Medians of three where the first
took under two seconds. Ends with 1 when something grows worse than the people, a page takes over 3 s of processor, or
a process over 2 GB. Needs about 6 kB of disk a person. The database does not wait for the disk here (`fsync=off`):
nothing of it is to be kept.
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
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "benchmarks")]
PAGE_SECONDS, MOST_MB, SLACK, FLAT = 3.0, 2048, 7 / 6, 2.0
TICK = os.sysconf("SC_CLK_TCK")
Question = tuple[str, Callable[[], Any]]


def _postmaster() -> int:
    return int(os.environ["COUNTRY_POSTMASTER"])


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _spent(pid: int) -> float:
    """Processor seconds of a process, and of its children that have ended."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, told[11:15])) / TICK


def _own_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


def database_spent() -> float:
    """Processor seconds of the whole database server so far."""
    return _spent(_postmaster()) + sum(map(_spent, _children(_postmaster())))


class Memory(threading.Thread):
    """The most memory of its own that this process, and the database's processes together, held meanwhile."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.here = self.database = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.05):
            self.here = max(self.here, _own_mb(os.getpid()))
            self.database = max(self.database, sum(map(_own_mb, _children(_postmaster()))))

    def __enter__(self) -> "Memory":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.done.set()
        self.join()


def once(work: Callable[[], Any]) -> dict[str, Any]:
    """What one call costs."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    began, own, db = time.perf_counter(), time.process_time(), database_spent()
    with CaptureQueriesContext(connection) as seen:
        told = work()
    wall, spent = time.perf_counter() - began, time.process_time() - own
    time.sleep(0.02)  # the database's clock ticks every 10 ms
    return {"wall": wall, "cpu": spent + database_spent() - db, "own_cpu": spent, "statements": len(seen), "told": told}


def asked(work: Callable[[], Any], runs_at_most: int = 3) -> dict[str, Any]:
    """A question: the first time, and where it is short twice more; medians."""
    with Memory() as memory:
        runs = [once(work)]
        while len(runs) < runs_at_most and runs[0]["wall"] < 2:
            runs.append(once(work))
    found = {key: round(statistics.median(run[key] for run in runs), 3) for key in ("wall", "cpu", "own_cpu")}
    more = {"first_cpu": round(runs[0]["cpu"], 3), "mb": round(memory.here), "database_mb": round(memory.database)}
    told = {"told": runs[-1]["told"]} if runs[-1]["told"] and isinstance(runs[-1]["told"], int | str) else {}
    return {**found, **more, "statements": runs[-1]["statements"], **told}


def page(role: str, name: str, *args: Any, **query: str) -> Callable[[], Any]:
    """A page as a role asks for it."""
    from django.test import Client
    from django.urls import reverse

    from nanglucso.core.models import User

    browser = Client()
    browser.force_login(User.objects.get(username=role), backend="django.contrib.auth.backends.ModelBackend")
    browser.get(reverse("people:person", args=[1]))  # templates and translations of a server that is up
    address = reverse(name, args=args)

    def ask() -> str:
        reply = browser.get(address, query)
        return "" if reply.status_code == 200 else f"answers {reply.status_code}"

    return ask


def lists() -> Iterator[Question]:
    yield "list, first page", page("country", "people:list")
    yield "list, last page", page("country", "people:list", page="last")
    yield "list by unit", page("country", "people:list", sort="don-vi")
    yield "list by position", page("country", "people:list", sort="vi-tri")
    yield "list of a province, last page", page("province", "people:list", page="last")
    yield "head's list", page("head", "people:list")
    for words in ("hoa", "le thi kim ngan", "LTKN", "Q0012345", "ngan xa dung 01.01", "xyzw"):
        yield f"search “{words}”", page("country", "people:list", q=words)
    yield "head's search “hoa”", page("head", "people:list", q="hoa")
    yield "search box", page("country", "ui:search", q="le thi kim ngan")
    yield "units", page("country", "people:units")
    yield "doubles", page("country", "people:doubles")


def night() -> Iterator[Question]:
    """What the worker does as the day begins, every five minutes, and every ten seconds."""
    from nanglucso.core import idling, jobs
    from nanglucso.core.clock import now
    from nanglucso.govern.outreach import reminding as spreading
    from nanglucso.govern.reports.services import keep_sheet
    from nanglucso.measure.assessments import conducting, labexam, reminding
    from nanglucso.measure.gaps.services import keep_sums
    from nanglucso.measure.profiles.models import Belief, new_revision
    from nanglucso.workforce.framework.queries import current_framework
    from nanglucso.workforce.people.services import apply_due, find_due, settle_due

    def day() -> None:
        for one in (apply_due, settle_due, idling.lock_idle, find_due, spreading.remind_due):
            one(at=now())

    def touched() -> int:
        Belief.objects.filter(person__lte=20).update(revision=new_revision())
        return keep_sums(at=now())

    def sweep() -> None:
        for one in (jobs.sweep, reminding.remind_due, labexam.end_overdue, conducting.close_ended):
            one(at=now())

    yield "counts of all units", lambda: keep_sums(at=now())
    yield "counts after a change", touched
    yield "the day begins", day
    yield "every ten seconds", sweep
    yield "leader's roll-up", lambda: keep_sheet(framework=current_framework(), at=now())


def maps() -> Iterator[Question]:
    for role in ("country", "leader", "province", "head"):
        yield f"map, {role}", page(role, "gaps:city")
    yield "positions of a province", page("province", "gaps:positions")
    yield "people of a province", page("province", "gaps:people")
    yield "people of a commune", page("head", "gaps:people")


def bare() -> Iterator[Question]:
    from nanglucso.govern.reports.models import LeaderSheet

    LeaderSheet.objects.all().delete()
    yield "leader's page, no roll-up", page("leader", "reports:leader")


def rolled() -> Iterator[Question]:
    yield "leader's page", page("leader", "reports:leader")


def person() -> Iterator[Question]:
    from nanglucso.workforce.people.models import Person

    one = Person.objects.get(pk=1)
    yield "a person's page", page("country", "people:person", one.pk)
    yield "a person's profile", page("country", "profiles:person", one.uuid)
    yield "why, one's own", page(one.user.username, "profiles:why")
    yield "one's own profile", page(one.user.username, "profiles:mine")
    yield "campaigns", page("country", "assessments:campaigns")
    yield "progress of a campaign", page("country", "assessments:campaign_progress", "ca-nuoc")
    yield "hours of a province", page("province", "hours:unit")


def plan() -> Iterator[Question]:
    """People and their open pieces, as `plans.building` hands them to the engine."""
    from nanglucso.core.clock import now
    from nanglucso.core.scope import Scope
    from nanglucso.engines import levels
    from nanglucso.measure.gaps.queries import active_people, gap_table
    from nanglucso.workforce.framework.queries import current_framework
    from nanglucso.workforce.people.models import Unit

    scope = Scope(paths=(Unit.objects.get(code="t1").path,))

    def work() -> int:
        table = gap_table(current_framework(), active_people(scope).order_by("pk"), at=now())
        return int(levels.open_points(table.mean, table.var, table.frame.cuts, table.required).shape[0])

    yield "plan input of a province", work


def log() -> Iterator[Question]:
    from nanglucso.core import audit

    yield "audit log, page", page("auditor", "core:audit")
    yield "audit log, verify", lambda: audit.verify().entries


def answers() -> Iterator[Question]:
    import country_people

    yield "answers of 2% written", lambda: country_people.answers(0.02)


PARTS = {
    "lists": lists,
    "night": night,
    "maps": maps,
    "rolled": rolled,
    "bare": bare,
    "person": person,
    "plan": plan,
    "log": log,
    "answers": answers,
}
ONCE = (
    "counts of all units",
    "counts after a change",
    "answers of 2% written",
)  # a second time there is nothing left to do
PAGES = ("lists", "maps", "bare", "rolled", "person")


def inside(args: argparse.Namespace) -> None:
    """One part, in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    django.setup()
    settings.ALLOWED_HOSTS, settings.MFA_REQUIRED = ["*"], False
    if args.part == "build":
        import country_people

        print(json.dumps({"question": "build", **asked(lambda: country_people.build(args.size, args.seed)), **disk()}))
        return
    for name, work in PARTS[args.part]():
        print(
            json.dumps({"question": name, "page": args.part in PAGES, **asked(work, 1 if name in ONCE else 3)}),
            flush=True,
        )


def disk() -> dict[str, Any]:
    """MB of the database and of its largest tables with their indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()) / 1000000")
        whole = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) / 1000000 FROM pg_class WHERE relkind = 'r' "
            "ORDER BY 2 DESC LIMIT 8"
        )
        return {"disk_mb": whole, "tables_mb": {name: int(size) for name, size in cursor.fetchall()}}


def run(part: str, size: int, url: str, pid: int, place: str, seed: int) -> list[dict[str, Any]]:
    """One part at one size, in a fresh process."""
    env = {
        **os.environ,
        "NLS_HOME": place,
        "NLS_DATABASE_URL": url,
        "NLS_SECRET_KEY": "x" * 50,
        "COUNTRY_POSTMASTER": str(pid),
    }
    words = [sys.executable, __file__, "--part", part, "--size", str(size), "--seed", str(seed)]
    out = subprocess.run(words, check=True, env=env, stdout=subprocess.PIPE).stdout.decode()
    return [json.loads(line) for line in out.splitlines()]


def judged(small: dict[str, Any], large: dict[str, Any], times: float) -> dict[str, Any]:
    """A question at both sizes, and how it grew."""
    growth = large["cpu"] / max(0.005, small["cpu"])
    kind = "flat" if growth < FLAT else "linear" if growth <= times * SLACK else "worse"
    heavy = large.get("page") and large["cpu"] > PAGE_SECONDS
    fine = (
        kind != "worse"
        and not heavy
        and not str(large.get("told", "")).startswith("answers")
        and large["mb"] <= MOST_MB
    )
    name = large.pop("question")
    small.pop("question"), small.pop("page", None), large.pop("page", None)
    return {"question": name, "growth": round(growth, 1), "kind": kind, "ok": fine, "small": small, "large": large}


def main() -> int:
    """Parse the command line, build, ask, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2_000_000, help="default %(default)s")
    parser.add_argument("--small", type=int, default=200_000, help="the smaller country (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--only", nargs="*", choices=PARTS, help="parts to ask (default: all)")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part:
        inside(args)
        return 0
    from tests.postgres import Cluster

    bad, times = [], args.people / args.small
    with Cluster(durable=False) as cluster, tempfile.TemporaryDirectory() as place:
        Path(place, "static").mkdir()
        pid = tuned(cluster)
        sizes = {args.small: cluster.database("small"), args.people: cluster.database("large")}
        for part in ("build", *(args.only or PARTS)):
            small, large = (run(part, size, url, pid, place, args.seed) for size, url in sizes.items())
            for one, other in zip(small, large, strict=True):
                told = judged(one, other, times)
                print(json.dumps(told, ensure_ascii=False), flush=True)
                bad += [told["question"]] * (not told["ok"] and part != "build")
    print(json.dumps({"question": "verdict", "times": times, "bad": bad, "ok": not bad}, ensure_ascii=False))
    return 1 if bad else 0


def tuned(cluster: Any) -> int:
    """Memory as `deploy write` gives it on a small server, and no waiting of loads; returns the postmaster's number."""
    told = {
        "shared_buffers": "2GB", "work_mem": "64MB", "max_wal_size": "4GB", "wal_level": "minimal",
        "max_wal_senders": "0", "autovacuum": "off", "default_toast_compression": "lz4",
    }  # fmt: skip
    for name, value in told.items():
        set_ = f"ALTER SYSTEM SET {name} = '{value}'"
        cluster.run("psql", "-h", str(cluster.folder), "-U", "postgres", "-c", set_)
    cluster.run("pg_ctl", "-D", str(cluster.data), "-w", "stop")
    cluster.start()
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


if __name__ == "__main__":
    sys.exit(main())
