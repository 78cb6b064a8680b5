"""Exam day at a fixed rate: open loop, three times overload, reports beside a sitting, and everybody's start at once.

    python benchmarks/rehearsal.py [--database postgres|sqlite] [--takers 600] [--seconds 8] [--parts open,over,reports]
    python benchmarks/rehearsal.py --parts starts --takers 10000 --window 60 [--patience 180]

The driver is that of `nanglucso rehearsal`, in this process, beside the server on the same machine: PostgreSQL
(durable) with two web processes, or SQLite FULL with one. Capacity is measured first, with 16 answers always under
way; the rates are two thirds of it, 222 and 350 a second. Overload is three times the capacity; refused answers are
sent again under the same key for 60 s. Reports: 8 clients who always have a map of the city under way. Starts: people
already logged in press the button within `--window` seconds. At the end every acknowledgement is looked for in the
database. The pace is that of ten million additions in Python.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "src")]

from tests import postgres, serving  # noqa: E402

from nanglucso.project.rehearsal import load  # noqa: E402
from nanglucso.project.rehearsal.ledger import Ledger  # noqa: E402
from nanglucso.project.rehearsal.sitters import Crowd, Sitter, Tally, read_file  # noqa: E402
from nanglucso.project.rehearsal.wire import Wire  # noqa: E402

AT_ONCE, READERS = 16, 8


def prepare(out: Path) -> None:
    """Run in a process of the home: tables, shipped content, people for the map and somebody who may see it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.urls import reverse

    call_command("migrate", verbosity=0, interactive=False)
    from tests import make
    from tests.faults.prepare import log_in

    from nanglucso.core.acts import act
    from nanglucso.core.clock import now

    make.everything_shipped()
    with act(None, "test.hire", at=now()):
        people = [make.person() for _ in range(300)]
        session = log_in(people[0])
        people[0].user.grants.update(role="leader", unit=None)
    out.write_text(json.dumps({"session": session, "map": reverse("gaps:city")}), encoding="utf-8")


async def always(crowd: Crowd, sitters: list[Sitter], seconds: float) -> tuple[float, float]:
    """Closed loop: acknowledged answers a second, and p99 in ms."""
    tally = crowd.tally = Tally()
    began = time.monotonic()

    async def one(mine: list[Sitter]) -> None:
        while time.monotonic() - began < seconds and mine:
            sitter = mine.pop(0)
            if await crowd.answer(sitter, time.monotonic(), began + seconds) and sitter.item:
                mine.append(sitter)

    await asyncio.gather(*(one(sitters[n::AT_ONCE]) for n in range(AT_ONCE)))
    spent = time.monotonic() - began
    return len(tally.times) / spent, load.percentile(tally.times, 0.99)


async def reading(wire: Wire, told: dict, work: Callable[[], Awaitable[load.Step]]) -> tuple[load.Step, int, int]:
    """`work` while READERS clients always ask for the map; (its step, maps seen, maps refused)."""
    seen = [0, 0]

    async def one() -> None:
        while True:
            reply = await wire.ask("GET", told["map"], {"Cookie": f"nls={told['session']}"})
            seen[reply.status != 200] += 1
            await asyncio.sleep(0.2 if reply.status == 200 else 1)

    tasks = [asyncio.create_task(one()) for _ in range(READERS)]
    step = await work()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return step, *seen


def said(name: str, step: load.Step, capacity: float) -> None:
    print(
        f"{name:24} due {step.rate:6.1f}/s = {step.rate / capacity:4.2f} of capacity; in time {step.per_second:6.1f}/s"
        f" = {step.per_second / capacity:4.2f}; p50 {step.p50:6.0f} p99 {step.p99:6.0f} ms; refused {step.refused},"
        f" broken {step.broken}, starved {step.starved}; delivered {step.delivered}/{step.sent}; driver late"
        f" {step.driver_late:.0f} ms",
        flush=True,
    )


async def measured(o: argparse.Namespace, url: str, file: Path, told: dict, ledger: Ledger) -> None:
    sitters, kept = read_file(file)
    wire = Wire(url)
    crowd = Crowd(wire, kept["choices"], ledger)
    patience = o.patience if "starts" in o.parts else 600
    begun = await load.start(crowd, sitters, o.window if "starts" in o.parts else 1, patience)
    if "starts" in o.parts:
        print(
            f"starts: {begun.people} people in {o.window:g} s, began {begun.began} ({begun.per_second:.1f}/s in"
            f" {begun.seconds:.0f} s), in line {begun.waited}, error pages {len(begun.errors)} {begun.errors[:3]},"
            f" refused for now {crowd.tally.refused}",
            flush=True,
        )
        wire.close()
        return
    await always(crowd, sitters, 2)
    live = [one for one in sitters if one.item]
    capacity, p99 = await always(crowd, live, o.seconds)
    print(f"capacity, {AT_ONCE} at once: {capacity:.1f} answers/s, p99 {p99:.0f} ms", flush=True)
    fits = min(222.0, capacity * 2 / 3)
    for rate in dict.fromkeys((fits, 222.0, 350.0)) if "open" in o.parts else ():
        said("open loop", await load.at_rate(crowd, live, rate, o.seconds), capacity)
    if "reports" in o.parts:
        step, seen, refused = await reading(wire, told, lambda: load.at_rate(crowd, live, fits / 2, o.seconds))
        said(f"{seen} maps, {refused} refused", step, capacity)
    if "over" in o.parts:
        said("three times", await load.at_rate(crowd, live, 3 * capacity, o.seconds), capacity)
        print(f"p99 of those admitted at the first try {load.percentile(crowd.tally.times, 0.99):.0f} ms")
    wire.close()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--database", choices=("postgres", "sqlite"), default="postgres")
    asked.add_argument("--takers", type=int, default=600)
    asked.add_argument("--parts", default="open,reports,over")
    for name, value in {"seconds": 8, "window": 60, "patience": 180}.items():
        asked.add_argument(f"--{name}", type=float, default=value)
    asked.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    o = asked.parse_args()
    if o.prepare:
        prepare(o.prepare)
        return
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(postgres.Cluster()).url if o.database == "postgres" else ""
        env = serving.environment(folder, url, NLS_MFA_REQUIRED="0")
        serving.command(env, str(Path(__file__)), "--prepare", str(folder / "told.json"))
        begun = [] if "starts" in o.parts else ["--begun"]
        file, words = folder / "takers", ("--processes", "2" if url else "1", "--no-worker")
        serving.command(env, "rehearsal", "create", "--takers", str(o.takers), "--out", str(file), *begun)
        ledger = Ledger()
        print(
            f"{o.database}, {words[1]} web, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, pace"
            f" {load.pace():.2f} s",
            flush=True,
        )
        with serving.Served(env, words=words) as site:
            asyncio.run(measured(o, site.url, file, json.loads((folder / "told.json").read_text()), ledger))
        (folder / "ledger.json").write_text(json.dumps({"kept": ledger.kept, "unsure": ledger.unsure}))
        print(serving.command(env, "rehearsal", "dump", "--ledger", str(folder / "ledger.json")).strip())


if __name__ == "__main__":
    main()
