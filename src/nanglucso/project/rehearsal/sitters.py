"""One simulated sitter: begins through the door, waits in line as the page does, answers as the outbox does."""

import asyncio
import json
import random
import re
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nanglucso.project.rehearsal.ledger import Ledger
from nanglucso.project.rehearsal.wire import Reply, Wire

WAIT = (0.3, 0.6, 1.2, 2.4, 4.8, 8.0)  # seconds between tries, as in ui/static/js/outbox.js
BUSY = (0, 502, 503, 504)
DICE = random.Random()  # noqa: S311 # nosec B311 -- spread of waiting times, no secret
_STEP, _ITEM = re.compile(r'data-seq="(\d+)"'), re.compile(r'name="item" value="(\d+)"')
_TICKET = re.compile(r"nls-sitting=[^;]+")


@dataclass
class Sitter:
    """`cookie` as in the file of `create`; `item` 0 = not begun yet here, None = the test is over."""

    sitting: str
    cookie: str
    token: str
    seq: int = 0
    item: int | None = 0

    def path(self, word: str = "") -> str:
        return f"/danh-gia/bai/{self.sitting}/{word}"

    def headers(self, kind: str) -> dict[str, str]:
        return {"Cookie": self.cookie, "X-CSRFToken": self.token, "Accept": "application/json", "Content-Type": kind}


@dataclass
class Tally:
    """What happened since the tally was begun. `times`: seconds from when an answer was due to its acknowledgement at
    the first try; `retried`: the last try alone, of answers that needed more; `late`: how late this driver was."""

    times: list[float] = field(default_factory=list)
    retried: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    sent: int = 0
    in_time: int = 0
    refused: int = 0
    broken: int = 0
    given_up: int = 0
    starved: int = 0
    began: int = 0
    waited: int = 0
    errors: list[str] = field(default_factory=list)


def read_file(path: Path) -> tuple[list[Sitter], dict[str, Any]]:
    """The sitters of a file of `rehearsal create`, and what stands beside it. Raises OSError or ValueError."""
    rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if row]
    told = json.loads(path.with_name(path.name + ".json").read_text(encoding="utf-8"))
    return [Sitter(sitting, cookie, token) for sitting, cookie, token in rows], told


class Crowd:
    """All sitters of one run on one wire."""

    def __init__(self, wire: Wire, choices: dict[str, Any], ledger: Ledger) -> None:
        self.wire, self.choices, self.ledger, self.tally = wire, choices, ledger, Tally()

    async def begin(self, one: Sitter, until: float) -> bool:
        """Press the button, wait in line, open the first question; False when `until` (monotonic) came first."""
        waited = False
        while time.monotonic() < until:
            reply = await self.wire.ask("POST", one.path("bat-dau/"), one.headers("application/x-www-form-urlencoded"))
            if reply.status in (302, 303) and await self._open(one):
                self.tally.began += 1
                self.tally.waited += waited
                return True
            if reply.status not in (302, 303, *BUSY):
                self._strange("start", reply)
                return False
            if "place" in reply.body:
                waited = True
                await self._line(one, reply, until)
            else:
                self.tally.refused += reply.status == 503
                await asyncio.sleep((reply.retry_after() or 1.0) * DICE.uniform(0.7, 1.3))
        return False

    async def _line(self, one: Sitter, reply: Reply, until: float) -> None:
        """Look as the waiting page looks, with the ticket it was given, until the turn comes."""
        self._take_ticket(one, reply)
        while time.monotonic() < until:
            await asyncio.sleep(min(reply.retry_after() or 3.0, max(0.1, until - time.monotonic())))
            reply = await self.wire.ask("GET", one.path("cho/"), one.headers("text/plain"))
            if reply.status in (200, 409):
                return
            if reply.status not in BUSY:
                self._strange("line", reply)
                return

    async def _open(self, one: Sitter) -> bool:
        reply = await self.wire.ask("GET", one.path(), one.headers("text/plain"))
        step, item = _STEP.search(reply.body), _ITEM.search(reply.body)
        if reply.status == 200 and step and item:
            self._take_ticket(one, reply)
            one.seq, one.item = int(step[1]), int(item[1])
            return True
        if reply.status not in BUSY:
            self._strange("first question", reply)
        return False

    def _take_ticket(self, one: Sitter, reply: Reply) -> None:
        found = _TICKET.search(reply.headers.get("set-cookie", ""))
        if found:
            one.cookie = _TICKET.sub("", one.cookie).rstrip("; ") + f"; {found[0]}"

    def _strange(self, where: str, reply: Reply) -> None:
        self.tally.errors.append(f"{where}: {reply.status}")

    async def answer(self, one: Sitter, due: float, until: float) -> bool:
        """Send the next answer under one key until it is acknowledged or `until` comes; whether it was."""
        key, tally = str(uuid.uuid4()), self.tally
        told = {"seq": one.seq, "key": key, "item": one.item, "choice": self.choices[str(one.item)], "shown_ms": 9000}
        body = json.dumps(told)
        self.ledger.unsure[one.sitting] = key
        tally.sent += 1
        for tries in range(10_000):
            began = time.monotonic()
            reply = await self.wire.ask("POST", one.path("tra-loi/"), one.headers("application/json"), body)
            now = time.monotonic()
            if reply.status == 200:
                (tally.retried if tries else tally.times).append(now - (began if tries else due))
                self._step(one, key, json.loads(reply.body), now - began)
                return True
            if reply.status not in (500, *BUSY):
                self._strange("answer", reply)
                return False
            tally.refused += reply.status == 503
            tally.broken += reply.status != 503
            wait = reply.retry_after() or WAIT[min(tries, len(WAIT) - 1)]
            if now + wait > until:
                break
            await asyncio.sleep(wait * DICE.uniform(0.7, 1.3))
        tally.given_up += 1
        return False

    def _step(self, one: Sitter, key: str, told: dict[str, Any], took: float) -> None:
        self.ledger.note(one.sitting, one.seq, key, took, replay=told["replay"])
        one.seq, one.item = told["seq"], told["next"]["item"] if told["next"] else None
