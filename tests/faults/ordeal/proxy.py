"""A network between sitters and site that loses replies, refuses, or is slow when told to."""

import selectors
import socket
import threading
import time
from contextlib import suppress

BLOCK = 65_536


class Proxy(threading.Thread):
    """`port` leads to `target`. `mode`: pass; lose (the site gets the request, nobody the reply); refuse; slow."""

    def __init__(self, target: int) -> None:
        super().__init__(daemon=True)
        self.target, self.mode, self.hurt = target, "pass", 0
        self.door = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self.door.getsockname()[1])
        self.eyes = selectors.DefaultSelector()
        self.eyes.register(self.door, selectors.EVENT_READ)
        self.ending = threading.Event()
        # Each end of a line and its other end; requests come from those that are in `askers`.
        self.other: dict[socket.socket, socket.socket] = {}
        self.askers: set[socket.socket] = set()

    def run(self) -> None:
        while not self.ending.is_set():
            for key, _events in self.eyes.select(0.1):
                if key.fileobj is self.door:
                    self._opened()
                elif key.fileobj in self.other:
                    self._passed(key.fileobj)  # type: ignore[arg-type]

    def _opened(self) -> None:
        asker, _address = self.door.accept()
        try:
            if self.mode == "refuse":
                raise ConnectionRefusedError
            site = socket.create_connection(("127.0.0.1", self.target), timeout=2)
        except OSError:
            self.hurt += self.mode == "refuse"
            asker.close()
            return
        site.settimeout(2)
        asker.settimeout(2)
        self.askers.add(asker)
        for one, two in ((asker, site), (site, asker)):
            self.other[one] = two
            self.eyes.register(one, selectors.EVENT_READ)

    def _passed(self, one: socket.socket) -> None:
        two = self.other[one]
        try:
            data = one.recv(BLOCK)
            if not data or self.mode == "refuse" or (self.mode == "lose" and one not in self.askers):
                self.hurt += bool(data)
                raise ConnectionResetError
            if self.mode == "slow":
                self.hurt += 1
                time.sleep(0.02)
            two.sendall(data)
        except OSError:
            self._closed(one, two)

    def _closed(self, *ends: socket.socket) -> None:
        for end in ends:
            self.askers.discard(end)
            if self.other.pop(end, None):
                self.eyes.unregister(end)
            with suppress(OSError):
                end.close()
