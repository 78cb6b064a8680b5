"""Items under calibration: packed parameters, response curves on a grid with their derivatives, and the M-step.

Parameters of J items with at most S steps are packed as x (J, D), D = S + 2: [log a, b_1 .. b_S, logit c]; what an
item does not have, or holds fixed, is not free. Curves of the steps family (2PL, 3PL, graded; `irt`) and of the
generalized partial credit model (Muraki 1992), P(s) proportional to exp(sum_{t <= s} a (theta - b_t)).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy
from numpy.typing import NDArray

from nanglucso.engines.irt import Floats, Ints

if TYPE_CHECKING:
    from nanglucso.engines.calibration import ItemSpec

Flags = NDArray[np.bool_]
TINY = 1e-12
LONGEST_STEP = 0.7
# Two steps of an item whose category between them nobody reaches would meet: data say nothing against it.
LEAST_GAP = 0.02


@dataclass(frozen=True, eq=False)
class Packed:
    """J items: start (J, D) = prior mean, precision (J, D) of the prior, free (J, D), live (J, S) steps that exist.

    has_c, partial_credit (J,): which curve; competence (J,).
    """

    start: Floats
    precision: Floats
    free: Flags
    live: Flags
    has_c: Flags
    partial_credit: Flags
    competence: Ints

    @property
    def categories(self) -> int:
        return self.live.shape[1] + 1


def pack(items: Sequence["ItemSpec"]) -> Packed:
    """Item descriptions as arrays; missing steps have b = 0 and are not free."""
    j_n, s_n = len(items), max(len(i.b) for i in items)
    start, precision = np.zeros((j_n, s_n + 2)), np.ones((j_n, s_n + 2))
    free = np.zeros((j_n, s_n + 2), bool)
    live = np.array([[s < len(i.b) for s in range(s_n)] for i in items])
    for j, item in enumerate(items):
        n = len(item.b)
        start[j, 0], start[j, 1 : n + 1] = np.log(item.a), item.b
        guess = item.c if item.fixed or item.model == "3pl" else 0.0
        start[j, -1] = scipy.special.logit(max(guess, 1e-9))
        precision[j, 0], precision[j, 1 : n + 1] = item.sd_log_a**-2, item.sd_b**-2
        precision[j, -1] = item.sd_logit_c**-2
        free[j, : n + 1] = not item.fixed
        free[j, 0] &= item.model != "1pl"
        free[j, -1] = item.model == "3pl" and not item.fixed
    has_c = np.array([i.c > 0 if i.fixed else i.model == "3pl" for i in items])
    partial = np.array([i.model == "gpcm" for i in items])
    return Packed(start, precision, free, live, has_c, partial, np.array([i.competence for i in items], np.int64))


def curves(packed: Packed, x: Floats, grid: Floats, slopes: bool = True) -> tuple[Floats, Floats]:
    """P (J, C, Q) of every score on the grid, and its derivatives by x (J, D, C, Q) (empty without `slopes`)."""
    p, dp = _steps_curves(packed, x, grid, slopes)
    pc = packed.partial_credit
    if pc.any():
        p[pc], part = _credit_curves(packed.live[pc], x[pc], grid, slopes)
        if slopes:
            dp[pc] = part
    return p, dp


def _steps_curves(packed: Packed, x: Floats, grid: Floats, slopes: bool) -> tuple[Floats, Floats]:
    a, b = np.exp(x[:, :1, None]), x[:, 1:-1, None]
    c = np.where(packed.has_c, scipy.special.expit(x[:, -1]), 0.0)[:, None, None]
    live = packed.live[..., None]
    z = a * (grid - b)
    sig = scipy.special.expit(z)
    j_n, s_n, q_n = sig.shape
    up = np.zeros((j_n, s_n + 2, q_n))
    up[:, 0] = 1.0
    up[:, 1:-1] = np.where(live, c + (1 - c) * sig, 0.0)
    p = up[:, :-1] - up[:, 1:]
    if not slopes:
        return p, np.empty(0)
    g = np.where(live, (1 - c) * sig * (1 - sig), 0.0)
    d = np.zeros((j_n, s_n + 2, s_n + 2, q_n))
    d[:, 0, 1:-1] = g * z
    for s in range(s_n):
        d[:, s + 1, s + 1] = -g[:, s] * a[:, 0]
    d[:, -1, 1:-1] = np.where(live, c * (1 - c) * (1 - sig), 0.0)
    return p, d[:, :, :-1] - d[:, :, 1:]


def _credit_curves(live: Flags, x: Floats, grid: Floats, slopes: bool) -> tuple[Floats, Floats]:
    a, b = np.exp(x[:, :1, None]), x[:, 1:-1, None]
    step = a * (grid - b)
    z = np.concatenate([np.zeros((len(x), 1, len(grid))), np.cumsum(step, 1)], 1)
    z[:, 1:][~live] = -np.inf
    e = np.exp(z - z.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    if not slopes:
        return p, np.empty(0)
    j_n, c_n, q_n = p.shape
    dz = np.zeros((j_n, c_n + 1, c_n, q_n))
    dz[:, 0] = np.where(np.isfinite(z), z, 0.0)
    for s in range(1, c_n):
        dz[:, s, s:] = -a
    return p, p[:, None] * (dz - (p[:, None] * dz).sum(2, keepdims=True))


def log_table(packed: Packed, x: Floats, grid: Floats) -> Floats:
    """log P as a table (J C, Q): row j C + s is score s of item j."""
    p, _ = curves(packed, x, grid, slopes=False)
    return np.log(np.maximum(p, TINY)).reshape(-1, len(grid))


def maximise(packed: Packed, x: Floats, counts: Floats, grid: Floats, rounds: int = 2) -> tuple[Floats, Floats]:
    """M-step: Fisher scoring, item by item, on expected counts (J, C, Q) plus the log prior.

    Returns the new x and the complete-data information with the prior (J, D, D). The graded steps stay ascending, at
    least LEAST_GAP apart: no gap loses more than half of what it has above that in a round.
    """
    total = counts.sum(1)
    info: Floats = np.empty(0)
    for _ in range(rounds):
        p, dp = curves(packed, x, grid)
        p = np.maximum(p, TINY)
        gradient = np.einsum("jcq,jdcq->jd", counts / p, dp, optimize=True)
        weight = total[:, None] / p
        flat = dp.reshape(*dp.shape[:2], -1)
        info = (flat * weight.reshape(len(x), 1, -1)) @ flat.swapaxes(1, 2)
        gradient -= packed.precision * (x - packed.start)
        info = with_prior(packed, info)
        gradient = np.where(packed.free, gradient, 0.0)
        step: Floats = np.asarray(np.linalg.solve(info, gradient[..., None])[..., 0], float)
        x = x + shortened(packed, x, step)
    return x, info


def with_prior(packed: Packed, info: Floats) -> Floats:
    """Information plus the prior's curvature; what is not free has a row of the unit matrix."""
    d = info.shape[1]
    both = packed.free[:, :, None] & packed.free[:, None]
    out = np.where(both, info, 0.0)
    out[:, range(d), range(d)] += np.where(packed.free, packed.precision, 1.0)
    return out


def shortened(packed: Packed, x: Floats, step: Floats) -> Floats:
    """The step cut to LONGEST_STEP, and so that ascending steps stay ascending, LEAST_GAP apart."""
    step = step.copy()
    scale = np.minimum(1.0, LONGEST_STEP / np.maximum(np.abs(step).max(1), TINY))
    if packed.live.shape[1] > 1:
        graded = packed.live[:, 1:] & ~packed.partial_credit[:, None]
        room = np.maximum(np.diff(x[:, 1:-1], axis=1) - LEAST_GAP, 0.0)
        together(step[:, 1:-1], graded & (room <= LEAST_GAP))
        change = np.diff(step[:, 1:-1], axis=1)
        cut = np.where(graded & (change < 0), -0.5 * room / np.minimum(change, -TINY), 1.0)
        scale = np.minimum(scale, cut.min(1))
    return step * scale[:, None]


def together(step: Floats, near: Flags) -> None:
    """Neighbours (J, S - 1) that are near and would come nearer move as one, in place: else they would hold a back."""
    for s in [*range(near.shape[1])] * near.shape[1]:
        meet = near[:, s] & (step[:, s + 1] < step[:, s])
        mean = 0.5 * (step[:, s] + step[:, s + 1])
        step[:, s] = np.where(meet, mean, step[:, s])
        step[:, s + 1] = np.where(meet, mean, step[:, s + 1])


def unpack(packed: Packed, x: Floats) -> tuple[Floats, Floats, Floats]:
    """a (J,), b (J, S) with +inf for missing steps, c (J,)."""
    c = np.where(packed.has_c, scipy.special.expit(x[:, -1]), 0.0)
    return np.exp(x[:, 0]), np.where(packed.live, x[:, 1:-1], np.inf), c


def facility_start(packed: Packed, counts: Floats) -> Floats:
    """Start values: prior a and c, b from the share that reached each step, counting the prior as 20 answers.

    counts (J, C): answers by score. b = -logit((p - c) / (1 - c)) sqrt(1 + .346 a^2) / a, the logistic-normal mean
    by its usual approximation (Zeger, Liang & Albert 1988).
    """
    x = packed.start.copy()
    a, _, c = unpack(packed, x)
    n = counts.sum(1)
    reached = counts[:, ::-1].cumsum(1)[:, ::-1][:, 1:]
    share = (reached + 0.5) / (n[:, None] + 1.0)
    own = np.clip((share - c[:, None]) / (1 - c[:, None]), 0.02, 0.98)
    b = -scipy.special.logit(own) * np.sqrt(1 + 0.346 * a[:, None] ** 2) / a[:, None]
    mixed = (n[:, None] * b + 20 * x[:, 1:-1]) / (n[:, None] + 20)
    usable = packed.free[:, 1:-1] & ~packed.partial_credit[:, None]
    x[:, 1:-1] = np.where(usable, mixed, x[:, 1:-1])
    for s in range(1, packed.live.shape[1]):
        low = x[:, s] + 0.05
        x[:, s + 1] = np.where(usable[:, s], np.maximum(x[:, s + 1], low), x[:, s + 1])
    return x
