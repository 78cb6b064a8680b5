"""What a solving run gives. Apart from the solver, so that who only reads a plan does not load it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np

from nanglucso.engines.instance import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Proven:
    """What proves the bound at a result's `prices`, for every budget of the same year: of the Lagrangian only the
    worth of what is on offer depends on money.
    """

    year: str  # `Instance.year`
    prices: Floats  # (all prices,) as `bound.as_row`
    funded: Bools  # (S,) sources that had money: with others open, people could have answered otherwise
    people: float  # what everybody gains at these prices
    unit: Floats  # (U,) what R17 pays for a person of each unit
    demand: Floats  # (O, R × kinds) seats asked

    def to_json(self) -> dict[str, Any]:
        """As a plain object without the prices, which stand beside it; only seats that are asked are named."""
        at = np.nonzero(self.demand.ravel())[0]
        told = {
            "year": self.year, "funded": self.funded.astype(int).tolist(), "people": self.people,
            "unit": self.unit.tolist(), "shape": list(self.demand.shape), "at": at.tolist(),
            "seats": self.demand.ravel()[at].tolist(),
        }  # fmt: skip
        return told | {"sum": _check_sum(told, self.prices.tolist())}

    @classmethod
    def from_json(cls, told: Any, prices: Sequence[float]) -> Proven | None:
        """Read it back with the prices; None when either was changed, so that the bound is proven anew."""
        try:
            if told["sum"] != _check_sum({key: value for key, value in told.items() if key != "sum"}, list(prices)):
                return None
            demand = np.zeros(tuple(told["shape"]))
            demand.ravel()[np.array(told["at"], np.int64)] = told["seats"]
            funded, unit = np.array(told["funded"], bool), np.array(told["unit"], np.float64)
            return cls(told["year"], np.array(prices, np.float64), funded, float(told["people"]), unit, demand)
        except (AttributeError, KeyError, TypeError, ValueError, IndexError):
            return None


def _check_sum(told: dict[str, Any], prices: list[float]) -> str:
    return blake2b(json.dumps([told, prices], sort_keys=True).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, eq=False)
class Result:
    """A plan: classes (m, 6) course, form, venue, start, lecturer, source; seats (k, 2) person, class.

    ``status`` is "ok", "infeasible" (some coverage entry is short, see ``reasons``) or "stopped" (should_stop said so).
    """

    classes: Ints
    seats: Ints
    objective: float
    bound: float
    gap: float
    seconds: float
    shadow_price: float
    reasons: list[dict[str, Any]]
    status: str
    prices: list[float] = field(default_factory=list)  # those that prove the bound: from them a what-if starts
    proven: Proven | None = None
