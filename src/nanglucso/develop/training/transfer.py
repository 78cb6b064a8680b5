"""Three to six months after a class: window, statements and words, as `content/transfer.yaml` says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from nanglucso.core.content import read_yaml, root
from nanglucso.develop.training.questionnaires import Said
from nanglucso.engines.effect_lasting import Left, share_left

KEPT, REDUCED, UNCLEAR = "kept", "reduced", "unclear"
UNSEEN = 0
LEAST = 5


@dataclass(frozen=True)
class Statement:
    """One sentence about a learner at work; `use`: the one that says whether the class is used."""

    id: str
    text: Said
    use: bool


@dataclass(frozen=True)
class TransferRules:
    """`first`, `last`: after a class was finished, the window; `items`, `minutes`, `open_for`: the re-check."""

    first: timedelta
    last: timedelta
    least_people: int
    items: int
    minutes: int
    open_for: timedelta
    reduced_below: float
    kept_above: float
    used_from: int
    scale: tuple[Said, ...]
    unseen: Said
    statements: tuple[Statement, ...]

    def is_open(self, closed_at: datetime | None, at: datetime) -> bool:
        """Whether a class that was finished then is in its window."""
        return closed_at is not None and closed_at + self.first <= at <= closed_at + self.last

    @property
    def use(self) -> str:
        """The statement that says whether the class is used."""
        return next(one.id for one in self.statements if one.use)

    def word(self, left: Left | None) -> str:
        """Reduced where the whole interval of what is left lies below `reduced_below`, kept where above `kept_above`.

        Both may hold (most of it, but not all of it): then it is reduced. None, or a wide interval: unclear.
        """
        if left is None:
            return UNCLEAR
        if left.high < self.reduced_below:
            return REDUCED
        return KEPT if left.low > self.kept_above else UNCLEAR


def left_of(effect: Any, transfer: Any) -> Left | None:
    """What is left of an effect (`ClassEffect`) by the re-check (`ClassTransfer`); see `engines.effect_lasting`.

    The two are taken as independent although they share the beliefs before the class: that makes the interval wider
    than it need be, so that a word is said too rarely rather than wrongly. It also takes those who sat the re-check as
    a fair part of those who were measured right after the class.
    """
    return share_left(effect.shift, effect.high - effect.shift, transfer.shift, transfer.high - transfer.shift)


@lru_cache(maxsize=4)
def transfer_rules(path: Path | None = None) -> TransferRules:
    """Read `content/transfer.yaml`.

    Raises KeyError or ValueError when it lacks something, for a least number of people below 5, a window that ends
    before it begins, thresholds out of order, or statements of which not exactly one says whether the class is used.
    """
    raw: Any = read_yaml(path or root() / "transfer.yaml")
    views, recheck = raw["views"], raw["recheck"]
    first, last = (timedelta(days=int(n)) for n in raw["window"])
    said = tuple(Statement(str(q["id"]), _said(q["id"], q), bool(q.get("use"))) for q in views["statements"])
    reduced, kept = (float(raw["left"][key]) for key in ("reduced_below", "kept_above"))
    if int(raw["least_people"]) < LEAST or not timedelta() < first < last or not 0 < kept <= reduced <= 1:
        raise ValueError("transfer.yaml: fewer than 5 people, a window turned round, or thresholds out of order")
    if sum(one.use for one in said) != 1 or len({one.id for one in said}) < len(said):
        raise ValueError("transfer.yaml: one statement and no other says that the class is used; none stands twice")
    return TransferRules(
        first, last, int(raw["least_people"]), int(recheck["items"]), int(recheck["minutes"]),
        timedelta(days=int(recheck["open_days"])), reduced, kept, int(views["used_from"]),
        tuple(_said(one["value"], one) for one in views["scale"]), _said(UNSEEN, views["unseen"]), said,
    )  # fmt: skip


def _said(code: object, told: Any) -> Said:
    return Said(str(code), str(told["vi"]), str(told["en"]))
