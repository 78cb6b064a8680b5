"""Which item to ask next, and when to stop.

The worth of item j on competence k is the expected fall of the weighted posterior variance over all competences,

    worth = red x sum_l w_l V_lk^2 / V_kk^2        red: expected fall of V_kk, tabulated in `pool`

Rule `precision`: w_l = 1. Rule `decision`: w_l = phi(h_l)^p / V_ll with h = (m - cut) / sd over the required levels.
p = 2 is the expected fall of sum P(1 - P) by one answer (Brier weights), used where sureness ends the sitting. Where
the number of items is fixed, what counts is the side of the cut at the END: a share r^2 of the variance will still be
resolved, the final mean is N(m, r^2 V), and the derivative of P(wrong side) is proportional to phi(h)^(1 / r^2) / V.
Exposure: argmax of log worth - price + noise under a hard limit (shadow prices by dual ascent; the restricted and
noisy rules go back to Revuelta & Ponsoda 1998 and van der Linden & Veldkamp 2004).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nanglucso.engines import levels
from nanglucso.engines.irt import Floats, Ints
from nanglucso.engines.pool import M_GRID, S_GRID, Pool, Singles

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class SittingRule:
    """What a sitting is.

    domain_min (D,): fewest items of each domain; noise: sd on log worth under exposure control; time_power: worth is
    divided by minutes^time_power when minutes are limited; halving: items that halve a typical variance.
    """

    rule: Literal["precision", "decision"] = "decision"
    max_items: int = 36
    min_items: int = 0
    max_minutes: float | None = None
    stop_decided: bool = False
    domain_min: tuple[int, ...] = ()
    noise: float = 0.12
    time_power: float = 0.75
    halving: float = 11.0
    sure: float = levels.SURE


@dataclass(frozen=True, eq=False)
class Exposure:
    """How often each item was served: counts (J,), limit (None = no hard limit), prices (J,) or None."""

    counts: Ints
    limit: int | None = None
    prices: Floats | None = None


@dataclass(eq=False)
class Seats:
    """Where N sittings stand: open (N, K W + 1) slots, items used (N, D) and in all (N,), minutes spent (N,)."""

    open: Bools
    used: Ints
    count: Ints
    spent: Floats

    def take(self, pool: Pool, rows: Ints, items: Ints) -> None:
        """Note that `rows` were asked `items`; closes the item and its family."""
        self.open[rows[:, None], pool.mates[items]] = False
        self.used[rows, pool.domain[pool.bank.competence[items]]] += 1
        self.count[rows] += 1
        self.spent[rows] += pool.bank.minutes[items]


def domain_quota(domain: Sequence[int], items: int, share: float = 0.5) -> tuple[int, ...]:
    """Fewest items of each domain: `share` of its part of the competences, at least one when there is room for all."""
    size = np.bincount(np.asarray(domain, np.int64))
    least = 1 if items >= len(size) else 0
    return tuple(np.maximum(least, np.floor(share * items * size / size.sum()).astype(int)).tolist())


# ---------------------------------------------------------------- worth of every item
def left_items(pool: Pool, rule: SittingRule, count: ArrayLike, spent: ArrayLike) -> Floats:
    """Items that a sitting can still ask, by number and by a typical item's time, (N,)."""
    left = rule.max_items - np.asarray(count, float)
    if rule.max_minutes is not None:
        left = np.minimum(left, np.floor((rule.max_minutes - np.asarray(spent)) / pool.typical))
    return np.maximum(left, 0.0)


def decision_power(rule: SittingRule, left: Floats, count: ArrayLike) -> Floats:
    """The exponent p of phi(h), (N,): 2 where sureness ends the sitting, else 1 / r^2 within 1 .. 6.

    With variance falling as 1 / (1 + items / halving), r^2 = left / (asked + left + halving).
    """
    if rule.stop_decided:
        return np.full(left.shape, 2.0)
    return np.clip((np.asarray(count) + left + rule.halving) / np.maximum(left, 1.0), 1.0, 6.0)


def competence_weight(
    pool: Pool, rule: SittingRule, mean: Floats, cov: Floats, required: Ints, power: Floats
) -> Floats:
    """sum_l w_l V_lk^2 / V_kk for every competence k, (N, K), scaled to at most 1 a person. required (N, K) 0 .. L."""
    var = np.diagonal(cov, axis1=1, axis2=2)
    total = np.square(cov).sum(1) / var
    total = total / total.max(1, keepdims=True)
    if rule.rule == "precision":
        return total
    need = required > 0
    cut = np.where(need, levels.required_cut(pool.cuts, required), 0.0)
    w = np.where(need, np.exp(-0.5 * power[:, None] * np.square(mean - cut) / var), 0.0) / var
    risk = np.einsum("nlk,nl->nk", np.square(cov), w) / var
    top = risk.max(1, keepdims=True)
    return np.asarray(np.where(top > 1e-12, risk / np.maximum(top, 1e-12), 0.0) + 1e-6 * total)


def worth(
    pool: Pool, rule: SittingRule, mean: Floats, cov: Floats, required: Ints, seats: Seats, rows: Ints
) -> Singles:
    """Worth of every slot for `rows`, (n, K W), comparable within a person; mean, cov, required belong to the rows."""
    count = seats.count[rows]
    power = decision_power(rule, left_items(pool, rule, count, seats.spent[rows]), count)
    weight = competence_weight(pool, rule, mean, cov, required, power).astype(np.float32)
    sd = 0.5 * np.log(np.diagonal(cov, axis1=1, axis2=2))
    x, y = _cell(mean, M_GRID), _cell(sd, S_GRID)
    i, j = x.astype(np.int64), y.astype(np.int64)
    f, g = (x - i).astype(np.float32), (y - j).astype(np.float32)
    n_s = len(S_GRID)
    base = np.arange(mean.shape[1]) * (len(M_GRID) * n_s) + i * n_s + j
    corners = ((0, (1 - f) * (1 - g)), (1, (1 - f) * g), (n_s, f * (1 - g)), (n_s + 1, f * g))
    parts = [pool.table[base + step] * (part * weight)[..., None] for step, part in corners]
    value = (parts[0] + parts[1] + parts[2] + parts[3]).reshape(len(mean), -1)
    if rule.max_minutes is not None:
        value = value * (pool.minutes**-rule.time_power).astype(np.float32)
    return np.maximum(value, np.float32(1e-30))


def _cell(value: Floats, grid: Floats) -> Floats:
    return np.clip((value - grid[0]) / (grid[1] - grid[0]), 0.0, len(grid) - 1.001)


# ---------------------------------------------------------------- what may be asked
def start(pool: Pool, n: int, forbidden: Sequence[int] = ()) -> Seats:
    """N sittings before their first item; `forbidden` items (J indices) are closed to all of them."""
    slots, domains = len(pool.item_of), int(pool.domain.max()) + 1
    seats = Seats(np.ones((n, slots + 1), bool), np.zeros((n, domains), np.int64), np.zeros(n, np.int64), np.zeros(n))
    seats.open[:, :-1] = pool.item_of >= 0
    seats.open[:, pool.slot_of[np.asarray(forbidden, np.int64)]] = False
    return seats


def seated(pool: Pool, asked: Sequence[int], forbidden: Sequence[int] = ()) -> Seats:
    """One sitting after the items `asked`, as `start` and a `take` for each of them leave it."""
    seats, items = start(pool, 1, forbidden), np.asarray(asked, np.int64)
    seats.open[0, pool.mates[items].ravel()] = False
    seats.used += np.bincount(pool.domain[pool.bank.competence[items]], minlength=seats.used.shape[1])
    seats.count += len(items)
    seats.spent += sum(pool.bank.minutes[items].tolist())
    return seats


def candidates(pool: Pool, rule: SittingRule, seats: Seats, rows: Ints, required: Ints) -> Bools:
    """Slots that each of `rows` may be asked now, (n, K W): not closed, inside the time, room for every domain.

    An item must leave room for what the domains still lack. A domain without any required competence lacks nothing
    under the rule `decision`. Where the least cannot be met any more, it is waived.
    """
    allowed, time = seats.open[rows, :-1], np.full(len(rows), np.inf)
    if rule.max_minutes is not None:
        time = rule.max_minutes - seats.spent[rows] + 1e-9
        allowed &= pool.minutes <= time[:, None]
    if not rule.domain_min:
        return allowed
    lack = np.maximum(rule.domain_min - seats.used[rows], 0)
    if rule.rule == "decision":
        lack = lack * ((required > 0).astype(float) @ np.eye(lack.shape[1])[pool.domain] > 0)
    owed = lack.sum(1)[:, None] - (lack[:, pool.domain] > 0)
    tight = (rule.max_items - seats.count[rows, None] <= owed) | (time[:, None] - pool.longest < owed * pool.typical)
    if not tight.any():
        return allowed
    owed, left = np.repeat(owed, pool.width, 1), rule.max_items - seats.count[rows, None]
    roomy = allowed & (left > owed) & (time[:, None] - pool.minutes >= owed * pool.typical)
    return np.where(roomy.any(1, keepdims=True), roomy, allowed)


def pick(value: Singles, allowed: Bools) -> Ints:
    """Best allowed slot of each person, (N,), -1 where nothing is allowed."""
    best = np.where(allowed, value, np.float32(0)).argmax(1)
    return np.where(allowed[np.arange(len(best)), best], best, -1)


def boost_of(pool: Pool, rule: SittingRule, prices: Floats | None, n: int, rng: np.random.Generator) -> Singles:
    """exp(noise - price) of every slot, (n, K W): the exposure part of log worth - price + noise."""
    slots = len(pool.item_of)
    price = np.zeros(slots) if prices is None else np.where(pool.item_of >= 0, prices[pool.item_of], 0.0)
    noise = rng.standard_normal((n, slots), np.float32) * np.float32(rule.noise)
    return np.exp(noise - price.astype(np.float32))


# ---------------------------------------------------------------- one person at the answer door
def choose_next(
    pool: Pool,
    rule: SittingRule,
    mean: Floats,
    cov: Floats,
    required: Sequence[int],
    asked: Sequence[int],
    seed: int,
    exposure: Exposure | None = None,
    forbidden: Sequence[int] = (),
) -> int | None:
    """The item (index into the bank) to ask one person next, None when no item may be asked.

    mean (K,), cov (K, K) now; required (K,) levels 0 .. L; asked: items of this sitting in order; forbidden: items
    seen within 12 months, wrong language and so on. The same arguments give the same item.
    """
    need = np.asarray(required, np.int64)[None]
    seats, row = seated(pool, asked, forbidden), np.zeros(1, np.int64)
    allowed = candidates(pool, rule, seats, row, need)
    value = worth(pool, rule, mean[None], cov[None], need, seats, row)
    if exposure is not None:
        value = value * boost_of(pool, rule, exposure.prices, 1, np.random.default_rng([seed, len(asked)]))
        if exposure.limit is not None:
            allowed = allowed & (exposure.counts[pool.item_of] < exposure.limit)
    slot = int(pick(value, allowed)[0])
    return None if slot < 0 else int(pool.item_of[slot])


def done(
    pool: Pool, rule: SittingRule, mean: Floats, var: Floats, required: Sequence[int], asked: Sequence[int]
) -> Literal["", "decided", "items", "minutes"]:
    """Why the sitting ends now, "" when it goes on. mean, var (K,); required (K,) 0 .. L."""
    if len(asked) >= rule.max_items:
        return "items"
    spent = float(pool.bank.minutes[np.asarray(asked, np.int64)].sum())
    if rule.max_minutes is not None and spent + pool.bank.minutes.min() > rule.max_minutes + 1e-9:
        return "minutes"
    need = np.asarray(required, np.int64)
    if rule.stop_decided and len(asked) >= rule.min_items and (need > 0).any():
        p = levels.p_met(mean, var, pool.cuts, need)
        if levels.decided(p, need, rule.sure).all():
            return "decided"
    return ""
