"""What drivers hold as acknowledged, and its comparison with the database."""

import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """What the server has acknowledged: {sitting: {seq: key}}; and what the clients met on the way.

    `unsure`: {sitting: key} sent and never answered: it may be stored or not. `last`: when the newest acknowledged
    answer was sent (time.monotonic).
    """

    kept: dict[str, dict[int, str]] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)
    replays: int = 0
    broken: int = 0
    strange: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    last: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def acknowledged(self) -> int:
        with self.lock:
            return sum(len(steps) for steps in self.kept.values())

    def note(self, sitting: str, seq: int, key: str, seconds: float, *, replay: bool) -> None:
        with self.lock:
            self.kept.setdefault(sitting, {})[seq] = key
            self.unsure.pop(sitting, None)
            self.replays += replay
            self.times.append(seconds)
            self.last = max(self.last, time.monotonic() - seconds)

    def p99_ms(self) -> float:
        """99th percentile of the time from sending to acknowledgement, retries left out."""
        found = sorted(self.times)
        return 1000 * found[int(0.99 * (len(found) - 1))] if found else 0.0


@dataclass(frozen=True)
class Verdict:
    """lost: acknowledged but not in the database as acknowledged; doubled: one step or one key in two rows; gaps:
    sittings whose steps are not 0..n-1 with n on the sitting's own row; unknown: rows that nobody sent."""

    lost: int
    doubled: int
    gaps: int
    unknown: int


def compare(ledger: Ledger, answers: list[tuple], seqs: dict[str, int]) -> Verdict:
    """`answers`: (sitting, seq, key) of every row; `seqs`: the step that each sitting's own row names."""
    rows = [(str(uuid.UUID(str(s))), int(seq), str(uuid.UUID(str(key)))) for s, seq, key in answers]
    stored = {(s, seq): key for s, seq, key in rows}
    lost = sum(stored.get((s, seq)) != key for s, steps in ledger.kept.items() for seq, key in steps.items())
    steps, keys = Counter((s, seq) for s, seq, _ in rows), Counter((s, key) for s, _, key in rows)
    doubled = sum(n - 1 for n in steps.values()) + sum(n - 1 for n in keys.values())
    by_sitting: dict[str, list[int]] = {}
    for s, seq, _key in rows:
        by_sitting.setdefault(s, []).append(seq)
    gaps = sum(sorted(have) != list(range(seqs[s])) for s, have in by_sitting.items())
    known = {(s, key) for s, sent in ledger.kept.items() for key in sent.values()} | set(ledger.unsure.items())
    return Verdict(lost, doubled, gaps, sum((s, key) not in known for s, _, key in rows))
