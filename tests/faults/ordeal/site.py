"""A served home on a small disk of its own, its sitters behind the proxy, and every fault that can be done to it."""

import os
import queue
import random
import signal
import time
from collections.abc import Callable

from tests.faults.home import Home
from tests.faults.ordeal.disk import Disk
from tests.faults.ordeal.proxy import Proxy
from tests.faults.ordeal.server import Receiver, Server
from tests.faults.sitters import Ledger, Sitter
from tests.serving import Served

FROZEN, DARK = 2.0, 1.5  # seconds


class Crowd:
    """Sitters at work behind the proxy, and what was acknowledged to them."""

    def __init__(self, home: Home, site: Served, *, count: int, pause: float) -> None:
        self.ledger, self.proxy = Ledger(), Proxy(site.port)
        todo: queue.Queue[dict] = queue.Queue()
        for sitting in home.told["sittings"]:
            todo.put(sitting)
        self.proxy.start()
        choices = home.told["choices"]
        self.sitters = [Sitter(self.proxy.port, todo, choices, self.ledger, pause) for _ in range(count)]
        for one in self.sitters:
            one.start()

    @property
    def busy(self) -> bool:
        return any(one.is_alive() for one in self.sitters)

    def grows(self, more: int, wait: float) -> bool:
        """Whether so many more answers are acknowledged within the time."""
        before, until = self.ledger.acknowledged, time.monotonic() + wait
        while time.monotonic() < until and self.busy:
            if self.ledger.acknowledged >= before + more:
                return True
            time.sleep(0.05)
        return False

    def back(self, since: float, wait: float = 60) -> float:
        """Seconds from `since` until an answer sent after it is acknowledged; 0 when nobody is left to be answered."""
        while self.ledger.last < since and self.busy:
            if time.monotonic() - since > wait:
                return float("inf")
            time.sleep(0.02)
        return time.monotonic() - since if self.busy else 0.0

    def stop(self) -> Ledger:
        for one in self.sitters:
            one.ending.set()
        for one in self.sitters:
            one.join(20)
        self.proxy.ending.set()
        self.proxy.join(5)
        return self.ledger


class Faults:
    """By name: what is done; each returns the moment from which the site has to come back."""

    def __init__(
        self, site: Served, crowd: Crowd, disk: Disk | None, server: Server | None, receiver: Receiver | None, seed: int
    ) -> None:
        self.site, self.crowd, self.disk, self.server, self.receiver = site, crowd, disk, server, receiver
        self.dice = random.Random(seed)

    def all(self) -> dict[str, Callable[[], float]]:
        """Those that this set-up allows."""
        found = {
            "kill web worker": self.kill_worker, "kill web server": self.kill_web, "kill whole site": self.kill_site,
            "kill task worker": self.kill_task_worker, "freeze web worker": self.freeze_worker,
            "replies lost": lambda: self.network("lose"), "connections refused": lambda: self.network("refuse"),
            "slow network": lambda: self.network("slow"),
        }  # fmt: skip
        if self.disk:
            found["disk full"] = self.fill_disk
        if self.server:
            found |= {
                "kill database": self.kill_database, "freeze database": self.freeze_database,
                "database lines cut": self.cut_lines,
            }  # fmt: skip
        if self.receiver:
            found |= {"kill receiver": self.kill_receiver, "freeze receiver, waits cut": self.freeze_receiver}
        return found

    def kill_worker(self) -> float:
        return self._shot(self.site.web()[-1])

    def kill_web(self) -> float:
        return self._shot(self.site.web()[0])

    def kill_task_worker(self) -> float:
        return self._shot(self.site.background())

    def _shot(self, pid: int) -> float:
        os.kill(pid, signal.SIGKILL)
        return time.monotonic()

    def kill_site(self) -> float:
        self.site.kill_everything()
        at = time.monotonic()
        self.site.start()
        return at

    def freeze_worker(self) -> float:
        pid = self.site.web()[-1]
        os.kill(pid, signal.SIGSTOP)
        time.sleep(FROZEN)
        os.kill(pid, signal.SIGCONT)
        return time.monotonic()

    def network(self, mode: str) -> float:
        self.crowd.proxy.mode = mode
        time.sleep(DARK)
        self.crowd.proxy.mode = "pass"
        return time.monotonic()

    def fill_disk(self) -> float:
        assert self.disk
        self.disk.fill()
        time.sleep(FROZEN)
        self.disk.empty()
        at = time.monotonic()
        if self.server and not self.server.family():
            self.server.start()
        return at

    def kill_database(self) -> float:
        assert self.server
        self.server.kill()
        at = time.monotonic()
        self.server.start()
        return at

    def freeze_database(self) -> float:
        assert self.server
        self.server.signal(signal.SIGSTOP)
        time.sleep(FROZEN)
        self.server.signal(signal.SIGCONT)
        return time.monotonic()

    def cut_lines(self) -> float:
        assert self.server
        self.server.cut_lines()
        return time.monotonic()

    def kill_receiver(self) -> float:
        assert self.receiver
        self.receiver.stop()
        time.sleep(self.dice.uniform(0.2, 1.5))
        self.receiver.again()
        return time.monotonic()

    def freeze_receiver(self) -> float:
        """Nobody confirms, and every commit that waits is interrupted: nothing of it may be acknowledged."""
        assert self.receiver
        assert self.server
        self.receiver.send(signal.SIGSTOP)
        time.sleep(FROZEN / 2)
        self.server.cut_lines("pg_cancel_backend")
        time.sleep(FROZEN / 2)
        self.receiver.send(signal.SIGCONT)
        return time.monotonic()
