"""The course of a run: everybody begins within a window, then answers come at a fixed rate that climbs step by step."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nanglucso.project.rehearsal.ledger import Ledger
from nanglucso.project.rehearsal.sitters import DICE, Crowd, Sitter, Tally, read_file
from nanglucso.project.rehearsal.wire import Wire

FIRST, GROWS = 10.0, 1.4
HELD_MS, HELD_SHARE = 500.0, 0.97
DELIVERY = 60.0


@dataclass(frozen=True)
class Step:
    """One rate for some seconds. Times in ms; `driver_late`: p99 of how late this program itself sent; `busy`: share of
    this machine's processors in use; `delivered`: answers acknowledged in the end, retries included."""

    rate: float
    seconds: float
    sent: int
    delivered: int
    per_second: float
    p50: float
    p95: float
    p99: float
    refused: int
    broken: int
    starved: int
    driver_late: float
    busy: float

    @property
    def held(self) -> bool:
        """p99 under half a second, hardly anything refused, and as many acknowledged as were meant to be sent."""
        due = self.rate * self.seconds
        return self.p99 < HELD_MS and self.refused + self.broken < due / 100 and self.delivered >= HELD_SHARE * due


@dataclass(frozen=True)
class Begun:
    """How the start went: people, those who began, those who stood in line, seconds, starts a second, error pages."""

    people: int
    began: int
    waited: int
    seconds: float
    per_second: float
    errors: list[str]


def percentile(times: list[float], share: float) -> float:
    """In ms; 0 without times."""
    found = sorted(times)
    return 1000 * found[int(share * (len(found) - 1))] if found else 0.0


def processor() -> tuple[int, int]:
    """(busy, all) ticks of this machine; (0, 0) where /proc is not."""
    path = Path("/proc/stat")
    if not path.exists():
        return 0, 0
    told = [int(word) for word in path.read_text().splitlines()[0].split()[1:9]]
    return sum(told) - told[3] - told[4], sum(told)


async def start(crowd: Crowd, sitters: list[Sitter], window: float, patience: float) -> Begun:
    """Everybody presses the button at some moment of the window and waits as long as `patience` seconds in all."""
    crowd.tally, began = Tally(), time.monotonic()
    last = [began]

    async def one(sitter: Sitter) -> None:
        await asyncio.sleep(DICE.uniform(0, window))
        if await crowd.begin(sitter, began + patience):
            last[0] = time.monotonic()

    await asyncio.gather(*(one(sitter) for sitter in sitters))
    spent, tally = max(0.001, last[0] - began), crowd.tally
    return Begun(len(sitters), tally.began, tally.waited, spent, tally.began / spent, tally.errors)


async def at_rate(crowd: Crowd, sitters: list[Sitter], rate: float, seconds: float) -> Step:
    """Open loop: an answer is due every 1/rate s whatever became of the ones before; then retries get a minute."""
    tally = crowd.tally = Tally()
    free, tasks = [one for one in sitters if one.item], []
    busy, began = processor(), time.monotonic()

    async def send(one: Sitter, due: float) -> None:
        done = await crowd.answer(one, due, due + DELIVERY)
        tally.in_time += done and time.monotonic() - began <= seconds
        if done and one.item:
            free.append(one)

    for n in range(round(rate * seconds)):
        due = began + n / rate
        if due > time.monotonic():
            await asyncio.sleep(due - time.monotonic())
        if not free:
            tally.starved += 1
            continue
        tally.late.append(max(0.0, time.monotonic() - due))
        place = DICE.randrange(len(free))
        free[place], free[-1] = free[-1], free[place]
        tasks.append(asyncio.create_task(send(free.pop(), due)))
    after = processor()
    await asyncio.gather(*tasks)
    return _step(tally, rate, seconds, (after[0] - busy[0]) / max(1, after[1] - busy[1]))


def _step(tally: Tally, rate: float, seconds: float, busy: float) -> Step:
    times = tally.times + tally.retried
    p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
    return Step(
        rate, seconds, tally.sent, len(times), tally.in_time / seconds, p50, p95, p99, tally.refused, tally.broken,
        tally.starved, percentile(tally.late, 0.99), busy,
    )  # fmt: skip


def rates(asked: float) -> Iterator[float]:
    """The rate that was asked for alone, or a ladder from 10 a second, each step 1.4 times the one before."""
    rate = asked or FIRST
    while True:
        yield rate
        if asked:
            return
        rate *= GROWS


async def climb(crowd: Crowd, sitters: list[Sitter], asked: float, seconds: float) -> list[Step]:
    """Steps until one is not held or the sitters have no questions left."""
    steps: list[Step] = []
    for rate in rates(asked):
        steps.append(await at_rate(crowd, sitters, rate, seconds))
        if not steps[-1].held or steps[-1].starved:
            break
    return steps


def pace() -> float:
    """Seconds that ten million additions take in this interpreter: how quick the machine is just now."""
    began, total = time.perf_counter(), 0
    for n in range(10_000_000):
        total += n
    return time.perf_counter() - began


def figures(url: str, begun: Begun | None, steps: list[Step]) -> dict[str, Any]:
    """JSON-able, as the report's file holds it."""
    held = [one for one in steps if one.held]
    best = max((one.per_second for one in held), default=0.0)
    return {
        "url": url, "starts": asdict(begun) if begun else None, "steps": [asdict(one) for one in steps],
        "held_per_second": round(best, 1), "bound": bound(steps), "pace_seconds": round(pace(), 2),
        "cores": os.cpu_count(),
    }  # fmt: skip


def bound(steps: list[Step]) -> str:
    """What stopped the last step: none, sitters, driver, network, processor, waiting."""
    last = steps[-1] if steps else None
    if last is None or (last.held and not last.starved):
        return "none"
    if last.starved:
        return "sitters"
    if last.driver_late > HELD_MS / 4:
        return "driver"
    if last.broken > last.sent / 100:
        return "network"
    return "processor" if last.busy > 0.85 else "waiting"


async def play(asked: Any) -> tuple[dict[str, Any], Ledger]:
    """A whole run; `asked`: file, url, window, patience, rate, seconds. Raises OSError or ValueError for a bad file."""
    sitters, told = read_file(asked.file)
    ledger, wire = Ledger(), Wire(asked.url)
    crowd = Crowd(wire, told["choices"], ledger)
    try:
        begun = await start(crowd, sitters, asked.window, asked.patience)
        steps = await climb(crowd, sitters, asked.rate, asked.seconds)
    finally:
        wire.close()
    return figures(asked.url, begun, steps), ledger
