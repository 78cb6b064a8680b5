"""Ten minutes of random faults under forty sitters, on each database: `make faults`.

python -m tests.faults.ordeal.run [--database sqlite|postgres|both] [--seconds S] [--answers N] [--seed N]

Prints what was done, how long the site was away after each death, and the verdict; ends with 1 on any loss. On
PostgreSQL a receiver keeps the log; at the end the server's files are destroyed and brought back from it.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import postgres, serving
from tests.faults.home import Home
from tests.faults.ordeal import disk as disks
from tests.faults.ordeal.server import Receiver, Server, hand_over
from tests.faults.ordeal.site import Crowd, Faults
from tests.faults.prepare import prepared
from tests.faults.sitters import Ledger, Verdict, compare

SITTERS = 40
AWAY = 3.0  # seconds after a death until the next acknowledgement
LIMIT = 2  # times the asked length, where the answers asked for take longer
ANSWERS_A_SITTING = 30
DEATHS = ("kill web worker", "kill web server", "kill whole site", "kill database")


@contextmanager
def made(database: str, count: int) -> Iterator[tuple[Home, disks.Disk | None, Server | None, Receiver | None, Path]]:
    """A prepared home with the database on a small disk where root may mount one; a receiver and a base copy."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="nlsordeal"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        disk = stack.enter_context(disks.Disk(1500)) if disks.available() else None
        if database == "sqlite":
            place = disk.top / "home" if disk else folder / "home"
            place.mkdir(mode=0o700)
            env = serving.environment(place)
            yield Home(place, "", env, prepared(env, place, count)), disk, None, None, folder
            return
        if disk:
            hand_over(disk.top)
        cluster = stack.enter_context(postgres.Cluster(data=disk.top / "data" if disk else None))
        env = serving.environment(folder / "home", cluster.url)
        (folder / "home").mkdir(mode=0o700)
        home = Home(folder / "home", cluster.url, env, prepared(env, folder / "home", count))
        serving.command(env, "backup", "--base", str(folder / "base"))
        server, receiver = Server(cluster), Receiver(cluster)
        receiver.start()
        stack.callback(receiver.stop)
        server.wait_for(receiver.name)
        yield home, disk, server, receiver, folder


def suffer(crowd: Crowd, faults: Faults, seconds: float, answers: int, dice: random.Random) -> dict[str, list[float]]:
    """Fault after fault in random order, each kind as often as the others; returns by kind the seconds away."""
    away: dict[str, list[float]] = {name: [] for name in faults.all()}
    began, bag = time.monotonic(), list[str]()
    while crowd.busy and time.monotonic() - began < LIMIT * seconds:
        if time.monotonic() - began >= seconds and crowd.ledger.acknowledged >= answers:
            break
        if not bag:
            bag = sorted(away)
            dice.shuffle(bag)
        if not crowd.grows(SITTERS, 60) and crowd.busy:
            raise AssertionError("nothing is acknowledged any more")
        time.sleep(dice.uniform(0.1, 2.0))
        name = bag.pop()
        gone = faults.all()[name]()
        away[name].append(crowd.back(gone))
        print(f"{time.monotonic() - began:6.0f} s  {name}: {away[name][-1]:.1f} s away", file=sys.stderr, flush=True)
    return away


def after_the_disk_is_gone(home: Home, server: Server, receiver: Receiver, folder: Path) -> Home:
    """The files of the primary deleted under load; another server out of the base copy and the received log."""
    server.kill()
    receiver.stop()
    shutil.rmtree(server.cluster.data)
    data = server.cluster.folder / "again"
    words = ["restore", str(folder / "base"), "--wal", str(receiver.log), "--data", str(data)]
    serving.command(home.env, *words)
    hand_over(data)
    server.cluster.data = data
    server.cluster.start()
    with server.line() as line:
        while line.execute("SELECT pg_is_in_recovery()").fetchone()[0]:
            time.sleep(0.1)
    return home


def ordeal(database: str, seconds: float, answers: int, seed: int, pause: float) -> bool:
    """One database; returns whether everything held."""
    began = time.monotonic()
    with made(database, int(1.5 * answers / ANSWERS_A_SITTING) + SITTERS) as (home, disk, server, receiver, folder):
        with serving.Served(home.env) as site:
            crowd = Crowd(home, site, count=SITTERS, pause=pause)
            faults = Faults(site, crowd, disk, server, receiver, seed)
            start = time.monotonic()
            away = suffer(crowd, faults, seconds, answers, random.Random(seed))
            spent = time.monotonic() - start
            destroyed = 0
            if server and receiver:
                server.kill()  # in the midst of answers
                destroyed = crowd.ledger.acknowledged
            ledger = crowd.stop()
            site.kill_everything()
        if server and receiver:
            after_the_disk_is_gone(home, server, receiver, folder)
        verdict = compare(ledger, home.answers(), home.steps())
    _tell(database, away, ledger, verdict, spent, time.monotonic() - began, seed)
    if destroyed:
        print(
            f"the primary's files were destroyed; everything above was read from the receiver's log ({destroyed} kept)"
        )
    if not disk:
        print("NOTE: no disk was filled: it takes root and a loop device.")
    return verdict == Verdict(0, 0, 0, 0) and not ledger.strange and ledger.acknowledged >= answers


def _tell(
    database: str, away: dict[str, list[float]], ledger: Ledger, verdict: Verdict, spent: float, whole: float, seed: int
) -> None:
    print(f"\n{database}, seed {seed}, {SITTERS} sitters, {spent:.0f} s of faults ({whole:.0f} s with all)")
    print(f"{'fault':<28}{'times':>6}{'median s away':>15}{'longest':>9}")
    for name, found in away.items():
        if found:
            print(f"{name:<28}{len(found):>6}{sorted(found)[len(found) // 2]:>15.1f}{max(found):>9.1f}")
    deaths = [one for name in DEATHS for one in away.get(name, [])]
    late = sum(one > AWAY for one in deaths)
    print(
        f"back after a death: {len(deaths) - late} of {len(deaths)} within {AWAY:.0f} s, longest {max(deaths, default=0):.1f} s"
    )
    print(f"{ledger.acknowledged} acknowledged, {ledger.replays} replays, {ledger.broken} broken connections")
    print(f"p99 of one answer {ledger.p99_ms():.0f} ms; strange replies: {ledger.strange[:3]}")
    print(f"lost {verdict.lost}, doubled {verdict.doubled}, gaps {verdict.gaps}, unknown {verdict.unknown}", flush=True)


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    ask.add_argument("--seconds", type=float, default=600)
    ask.add_argument("--answers", type=int, default=20_000, help="at least so many acknowledged")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--pause", type=float, default=0.25, help="seconds a sitter thinks, in the middle")
    told = ask.parse_args()
    names = ("sqlite", "postgres") if told.database == "both" else (told.database,)
    held = [ordeal(name, told.seconds, told.answers, told.seed, told.pause) for name in names]
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main())
