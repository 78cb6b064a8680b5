"""What a solving run gives. Apart from the solver, so that who only reads a plan does not load it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nanglucso.engines.instance import Ints


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
