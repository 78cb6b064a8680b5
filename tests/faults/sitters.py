"""Sitters as HTTP clients that keep a ledger of every acknowledgement, and the ledger's comparison with the database."""

import http.client
import json
import queue
import random
import threading
import time
import uuid
from typing import Any

from nanglucso.project.rehearsal.ledger import Ledger, Verdict, compare

__all__ = ["CSRF", "Ledger", "Sitter", "Verdict", "compare"]
CSRF = "a" * 32
TIMEOUT = 8


class Sitter(threading.Thread):
    """Takes one prepared sitting after another and answers it, each answer with one key kept over every retry."""

    def __init__(
        self, port: int, todo: "queue.Queue[dict]", choices: dict[str, Any], ledger: Ledger, pause: float
    ) -> None:
        super().__init__(daemon=True)
        self.port, self.todo, self.choices, self.ledger, self.pause = port, todo, choices, ledger, pause
        self.ending = threading.Event()
        self.line: http.client.HTTPConnection | None = None
        self.random = random.Random(id(self))

    def run(self) -> None:
        while not self.ending.is_set():
            try:
                sitting = self.todo.get_nowait()
            except queue.Empty:
                return
            self._sit(sitting)

    def _sit(self, sitting: dict) -> None:
        seq, item = 0, sitting["item"]
        while not self.ending.is_set():
            time.sleep(self.random.uniform(0, 2 * self.pause))
            told = self._answer(sitting, seq, item)
            if told is None or not told["next"]:
                return
            seq, item = told["seq"], told["next"]["item"]

    def _answer(self, sitting: dict, seq: int, item: int) -> dict | None:
        """Send until the server says something final; None when the test ends first or something strange came."""
        key, tries = str(uuid.uuid4()), 0
        sent = {"seq": seq, "key": key, "item": item, "choice": self.choices[str(item)], "shown_ms": 1000}
        with self.ledger.lock:
            self.ledger.unsure[sitting["id"]] = key
        while not self.ending.is_set():
            began = time.monotonic()
            status, told = self._send(sitting, sent)
            if status == 200:
                self.ledger.note(sitting["id"], seq, key, time.monotonic() - began, replay=told["replay"])
                return told
            if status not in (0, 500, 502, 503):
                with self.ledger.lock:
                    self.ledger.strange.append(f"{status} for step {seq}: {told}")
                return None
            tries += 1
            time.sleep(min(2.0, 0.1 * 2**tries) * self.random.uniform(0.7, 1.3))
        return None

    def _send(self, sitting: dict, sent: dict) -> tuple[int, dict]:
        """Status 0 = the connection broke or nobody answered."""
        headers = {
            "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": CSRF,
            "Cookie": f"nls-csrf={CSRF}; nls-sitting={sitting['ticket']}",
        }  # fmt: skip
        try:
            self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            self.line.request("POST", f"/danh-gia/bai/{sitting['id']}/tra-loi/", json.dumps(sent), headers)
            reply = self.line.getresponse()
            body = reply.read()
            return reply.status, json.loads(body) if reply.status == 200 else {"body": body[:300]}
        except (OSError, http.client.HTTPException, ValueError):
            if self.line:
                self.line.close()
            self.line = None
            with self.ledger.lock:
                self.ledger.broken += 1
            return 0, {}
