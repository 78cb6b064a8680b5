"""The figures of `content/outreach/rules.yaml`, and when a document counts as read."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from nanglucso.core.content import read_yaml, root
from nanglucso.develop.learning import timing


@dataclass(frozen=True)
class Rules:
    """Days are calendar days; `words_a_minute` are words of the Vietnamese summary."""

    version: int
    words_a_minute: int
    least_seconds: int
    fewest_checks: int
    most_checks: int
    may_miss: int
    remind_before_days: tuple[int, ...]
    escalate_after_days: int
    days_after_change: int


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules in force. Raises ValueError when one sign of life alone could make a document read."""
    told = cast(dict[str, Any], read_yaml(root() / "outreach" / "rules.yaml"))
    if told["least_seconds"] <= timing.LONGEST:
        raise ValueError("least_seconds must be more than one sign of life is worth")
    return Rules(
        told["version"], told["words_a_minute"], told["least_seconds"], told["checks"]["least"],
        told["checks"]["most"], told["may_miss"], tuple(sorted(told["remind_before_days"], reverse=True)),
        told["escalate_after_days"], told["days_after_change"],
    )  # fmt: skip


def needed_seconds(words: int) -> float:
    """Seconds on the server's clock until a summary of so many words counts as read."""
    return max(float(rules().least_seconds), timing.needed(words / rules().words_a_minute))


def rights_needed(checks: int) -> int:
    """Right answers in one round that show understanding."""
    return max(1, checks - rules().may_miss)
