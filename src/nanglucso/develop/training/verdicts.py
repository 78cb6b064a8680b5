"""What may be said of a course: works, too weak, does harm, or cannot tell yet; thresholds from `effects.yaml`."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nanglucso.core.content import read_yaml, root
from nanglucso.engines.effect_pooling import Expected

WORKS, WEAK, HARM, UNCLEAR = "works", "weak", "harm", "unclear"
FLAGGED = (WEAK, HARM)


@dataclass(frozen=True)
class Thresholds:
    """In levels of the framework, held against the 90% interval of all classes of a course together."""

    works_above: float
    weak_below: float
    harm_below: float
    least_people: int

    def verdict(self, low: float, high: float, people: int) -> str:
        """One of the four words for an interval; fewer than `least_people` never suffice."""
        if people < self.least_people:
            return UNCLEAR
        if high < self.harm_below:
            return HARM
        if high < self.weak_below:
            return WEAK
        return WORKS if low > self.works_above else UNCLEAR


@lru_cache(maxsize=1)
def _told() -> Any:
    return read_yaml(root() / "effects.yaml")


@lru_cache(maxsize=1)
def thresholds() -> Thresholds:
    """The shipped thresholds."""
    told = _told()["verdicts"]
    return Thresholds(
        float(told["works_above"]), float(told["weak_below"]), float(told["harm_below"]), int(told["least_people"])
    )


def expected_spread() -> Expected:
    """How far classes of a course are taken to differ (levels) before they are measured."""
    told = _told()
    return Expected(float(told["class_sd"]) ** 2, float(told["class_weight"]))
