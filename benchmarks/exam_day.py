"""Exam day: answers through the product, through bare Django and through a view that does nothing, in one run.

    python benchmarks/exam_day.py [--sitters 16] [--seconds 8] [--rounds 4] [--sittings 220]

On a durable PostgreSQL with two web processes, then on SQLite FULL with one. `bare` reads the same row under lock and
writes the same answer and step, in raw SQL, on the same database and without any middleware (`exam_bare/`). The three
take turns of a few seconds, so that a neighbour on the machine hurts all alike; each sitter always has one answer under
way, sent from this process. Processor time is that of the web processes in /proc, a sitting's end included. Statements
are counted in PostgreSQL's own log, over ten answers a sitter that end no sitting. At the end every acknowledgement is
looked for in the database.
"""

import argparse
import itertools
import json
import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "src")]

from tests import postgres, serving  # noqa: E402
from tests.faults.home import Home, _dsn  # noqa: E402
from tests.faults.sitters import CSRF, Ledger, compare  # noqa: E402

from nanglucso.project.cli.serve import _web  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")
KINDS = ("product", "bare", "null")
AGAIN = (500, 502, 503)


class Bare(serving.Served):
    """granian with the very options of `nanglucso serve`, over bare Django."""

    def start(self, wait: float = 60) -> None:
        args = argparse.Namespace(host="127.0.0.1", port=self.port, processes=int(self.words[1]), threads=4)
        command = [*_web(args)[:-1], "--factory", "django.core.wsgi:get_wsgi_application"]
        paths = os.pathsep.join([str(HERE), str(serving.ROOT), self.env["PYTHONPATH"]])
        env = self.env | {"DJANGO_SETTINGS_MODULE": "exam_bare.settings", "NLS_SERVES": "all", "PYTHONPATH": paths}
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(command, env=env, start_new_session=True, stdout=out, stderr=out)
        self.wait_until_up(wait)

    def web(self) -> list[int]:
        return [self.process.pid, *serving.children(self.process.pid)]


@dataclass
class Seat:
    """One sitter: its sitting, the answer under way, and the connection of this turn."""

    sitting: dict
    seq: int = 0
    item: int = 0
    key: str = ""
    began: float = 0.0
    request: bytes = b""
    line: socket.socket | None = None
    heard: bytes = b""


@dataclass
class Lane:
    """One of the three on its port. `fresh`: sittings to go on with where one has ended."""

    kind: str
    site: serving.Served
    seats: list[Seat]
    fresh: Iterator[dict]
    choices: dict
    ledger: Ledger
    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    refused: int = 0
    statements: float | None = None

    def _send(self, seat: Seat) -> None:
        seat.item, seat.key, seat.began = seat.item or seat.sitting["item"], str(uuid.uuid4()), time.monotonic()
        sent = {"seq": seat.seq, "key": seat.key, "item": seat.item, "shown_ms": 1000}
        body = json.dumps(sent | {"choice": self.choices[str(seat.item)]})
        address = "/null/{}/" if self.kind == "null" else "/danh-gia/bai/{}/tra-loi/"
        head = (
            f"POST {address.format(seat.sitting['id'])} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body.encode())}\r\nX-CSRFToken: {CSRF}\r\n"
            f"Cookie: nls-csrf={CSRF}; nls-sitting={seat.sitting['ticket']}\r\n\r\n"
        )
        seat.request = (head + body).encode()
        seat.line.sendall(seat.request)

    def _heard(self, seat: Seat) -> bool:
        """Read on; whether the answer is acknowledged now."""
        seat.heard += seat.line.recv(65536) or self._fail(seat, "the connection was closed")
        head, found, body = seat.heard.partition(b"\r\n\r\n")
        if found and b"content-length:" not in head.lower():
            self._fail(seat, f"a reply without a length: {seat.heard[:500]!r}")
        if not found or len(body) < int(head.lower().partition(b"content-length:")[2].split()[0]):
            return False
        seat.heard, status = b"", int(head[9:12])
        if status in AGAIN:
            self.refused += 1
            seat.line.sendall(seat.request)
            return False
        if status != 200:
            self._fail(seat, f"{status} {body[:300]!r}")
        took = time.monotonic() - seat.began
        self.times.append(took)
        if self.kind != "null":
            self._note(seat, json.loads(body), took)
        return True

    def _note(self, seat: Seat, told: dict, took: float) -> None:
        self.ledger.note(seat.sitting["id"], seat.seq, seat.key, took, replay=told["replay"])
        seat.seq, seat.item = told["seq"], told["next"]["item"] if told["next"] else 0
        if not told["next"]:
            self.take_fresh(seat)

    def take_fresh(self, seat: Seat) -> None:
        """Go on with a sitting that nobody has begun."""
        seat.sitting, seat.seq, seat.item = next(self.fresh, None), 0, 0
        if seat.sitting is None:
            raise SystemExit("the sittings have run out: give more with --sittings")

    def _fail(self, seat: Seat, why: str) -> bytes:
        raise SystemExit(f"{self.kind}, step {seat.seq} of {seat.sitting['id']}: {why}\n{self.site.log.read_text()}")

    def run(self, seconds: float, each: int = 1_000_000) -> None:
        """Answer for so long, or so many times a sitter; what is under way then is waited for."""
        left, cpu, began = {id(seat): each for seat in self.seats}, cpu_seconds(self.site), time.monotonic()
        with selectors.DefaultSelector() as lines:
            for seat in self.seats:
                seat.line = socket.create_connection(("127.0.0.1", self.site.port), timeout=30)
                lines.register(seat.line, selectors.EVENT_READ, seat)
                self._send(seat)
            while lines.get_map():
                for ready, _ in lines.select(30) or self._fail(self.seats[0], "silence for 30 s"):
                    seat = ready.data
                    if not self._heard(seat):
                        continue
                    left[id(seat)] -= 1
                    if left[id(seat)] and time.monotonic() - began < seconds:
                        self._send(seat)
                    else:
                        lines.unregister(seat.line)
                        seat.line.close()
        self.seconds += time.monotonic() - began
        self.cpu += cpu_seconds(self.site) - cpu

    def forget(self) -> None:
        """Warm from here on: nothing before counts."""
        self.times, self.seconds, self.cpu, self.refused = [], 0.0, 0.0, 0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / len(self.times)


def cpu_seconds(site: serving.Served) -> float:
    """Processor time that the web processes have used so far."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in site.web()]
    return sum(int(one[11]) + int(one[12]) for one in stats) / TICK


def count_statements(lane: Lane, cluster: postgres.Cluster) -> None:
    """Beside BEGIN and COMMIT, as the server's log tells them."""
    for seat in lane.seats if lane.kind == "product" else ():
        lane.take_fresh(seat)
    log, before = cluster.folder / "log", len(lane.times)
    with psycopg.connect(_dsn(cluster.url), autocommit=True) as line:
        line.execute("ALTER SYSTEM SET log_statement = 'all'")
        line.execute("SELECT pg_reload_conf()")
        time.sleep(0.5)
        start = log.stat().st_size
        lane.run(60, each=10)
        told = log.read_bytes()[start:].decode(errors="replace").splitlines()
        line.execute("ALTER SYSTEM RESET log_statement")
        line.execute("SELECT pg_reload_conf()")
    said = [words[1] for words in (row.partition("LOG:  ")[2].split(": ", 1) for row in told) if len(words) == 2]
    counted = [one for one in said if not one.startswith(("BEGIN", "COMMIT"))]
    lane.statements = len(counted) / (len(lane.times) - before)


def prepared(folder: Path, url: str, sittings: int) -> Home:
    """People in the middle of their tests, as the tests of faults make them."""
    env = serving.environment(folder, url)
    serving.command(env, str(HERE.parent / "tests/faults/prepare.py"), str(folder / "told.json"), str(sittings))
    return Home(folder, url, env, json.loads((folder / "told.json").read_text()))


def compared(home: Home, processes: int, o: argparse.Namespace, count: Callable[[Lane], None] | None) -> None:
    """The three on one database, taking turns, and their table."""
    sittings, ledger, words = iter(home.told["sittings"]), Ledger(), ("--processes", str(processes))
    with (
        serving.Served(home.env, words=(*words, "--no-worker")) as product,
        Bare(home.env, words=words, log=home.folder / "bare.log") as bare,
    ):
        lanes = []
        for kind in KINDS:
            seats = [Seat(one) for one in itertools.islice(sittings, o.sitters)]
            site = product if kind == "product" else bare
            lanes.append(Lane(kind, site, seats, sittings, home.told["choices"], ledger))
        for lane in lanes:
            lane.run(2)
            if count:
                count(lane)
            lane.forget()
        for _ in range(o.rounds):
            for lane in lanes:
                lane.run(o.seconds / o.rounds)
    told = f"{'PostgreSQL' if count else 'SQLite FULL'}, web processes {processes}, sitters {o.sitters}, "
    print(f"\n{told}{o.seconds:g} s each in {o.rounds} turns, cores {os.cpu_count()}, load {os.getloadavg()[0]:.1f}")
    table(lanes)
    verdict = compare(ledger, home.answers(), home.steps())
    print(f"{ledger.acknowledged} acknowledged with the warming up: {verdict}", flush=True)


def table(lanes: list[Lane]) -> None:
    print(
        f"{'':8} {'answers/s':>10} {'CPU ms/answer':>14} {'statements':>11} {'p50 ms':>8} {'p99 ms':>8} {'refused':>8}"
    )
    for lane in lanes:
        p50, p99 = (1000 * statistics.quantiles(lane.times, n=100)[at] for at in (49, 98))
        said = "-" if lane.statements is None or lane.kind == "null" else f"{lane.statements:.2f}"
        print(f"{lane.kind:8} {lane.rate:10.1f} {lane.cpu_ms:14.2f} {said:>11} {p50:8.1f} {p99:8.1f} {lane.refused:8}")
    first = lanes[0]
    print("product : bare : null  answers/s " + " : ".join(f"{lane.rate / first.rate:.2f}" for lane in lanes), end="")
    print(", CPU " + " : ".join(f"{lane.cpu_ms / first.cpu_ms:.2f}" for lane in lanes), end="")
    print(f"; product / bare = {first.rate / lanes[1].rate:.2f}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=8, help="of measuring, for each of the three")
    for name, value in {"sitters": 16, "rounds": 4, "sittings": 220}.items():
        asked.add_argument(f"--{name}", type=int, default=value)
    o = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, postgres.Cluster() as cluster:
        home = prepared(Path(folder), cluster.url, o.sittings)
        compared(home, 2, o, lambda lane: count_statements(lane, cluster))
    with tempfile.TemporaryDirectory() as folder:
        compared(prepared(Path(folder), "", o.sittings), 1, o, None)


if __name__ == "__main__":
    main()
