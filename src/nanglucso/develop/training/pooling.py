"""Several classes of one course taken together: a random-effects mean (DerSimonian & Laird 1986)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z90 = 1.6449


@dataclass(frozen=True)
class Pooled:
    """Mean effect over `n` classes with its standard error; `tau`: spread between classes beyond their errors."""

    n: int
    mean: float
    standard_error: float
    tau: float

    @property
    def low(self) -> float:
        """Lower end of the 90% interval."""
        return self.mean - Z90 * self.standard_error

    @property
    def high(self) -> float:
        return self.mean + Z90 * self.standard_error

    @property
    def alike(self) -> bool:
        """The classes differ no more than their errors let them."""
        return self.tau == 0.0


def pooled(effects: Sequence[float], errors: Sequence[float]) -> Pooled:
    """Effects (n,) with standard errors (n,), all above 0.

    With w = 1 / se^2 and Q = sum w (y - mean)^2, tau^2 = max(0, (Q - (n - 1)) / (sum w - sum w^2 / sum w)); the mean
    weighs each class by 1 / (se^2 + tau^2). Raises ValueError when there is nothing to pool.
    """
    y, w = np.asarray(effects, float), 1 / np.asarray(errors, float) ** 2
    if not len(y):
        raise ValueError("there is no effect to pool")
    mean = (w * y).sum() / w.sum()
    spare = w.sum() - (w**2).sum() / w.sum()
    tau2 = max(0.0, ((w * (y - mean) ** 2).sum() - (len(y) - 1)) / spare) if len(y) > 1 else 0.0
    v = 1 / (1 / w + tau2)
    return Pooled(len(y), float((v * y).sum() / v.sum()), float(v.sum() ** -0.5), float(tau2**0.5))
