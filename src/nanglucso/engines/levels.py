"""From a belief on the logit scale to levels, the three words, and the shortfall that a plan counts.

cuts (K, L): lower bound of level l at cuts[k, l - 1]; level 0 lies below the first cut. A required level is a whole
number 0 .. L, 0 = nothing required. mean, var (N, K) or (K,): marginal belief of each competence in logits, logits^2.
Closed forms for theta ~ N(m, s^2), z = (x - m) / s:  P(theta >= x) = Phi(-z),  E[(x - theta)+] = s (z Phi(z) + phi(z)).
"""

from statistics import NormalDist
from typing import Final

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from nanglucso.engines.irt import Floats, Ints

MET: Final = "met"
NOT_MET: Final = "not_met"
NOT_YET_KNOWN: Final = "not_yet_known"
CODES: Final = ("", MET, NOT_MET, NOT_YET_KNOWN)
SURE: Final = 0.9
SURE_Z: Final = NormalDist().inv_cdf(SURE)
FIRST_WIDTH: Final = 1.0  # logits from "below the first level" up to the first cut: the band has no lower bound


def check_cuts(cuts: ArrayLike) -> Floats:
    """Cut points as (K, L) floats. Raises ValueError naming the competence whose cuts do not ascend."""
    table = np.asarray(cuts, float)
    if table.ndim != 2 or table.shape[1] < 1 or not np.isfinite(table).all():
        raise ValueError("cut points must be a table of numbers, one row a competence, one column a level")
    bad = np.flatnonzero((np.diff(table, axis=1) <= 0).any(1))
    if len(bad):
        raise ValueError(f"the cut points of competence {int(bad[0]) + 1} do not ascend")
    return table


def required_cut(cuts: ArrayLike, required: ArrayLike) -> Floats:
    """Lower bound of the required level, shape of `required` (..., K); -inf where nothing is required."""
    table = np.asarray(cuts, float)
    padded = np.concatenate([np.full((len(table), 1), -np.inf), table], 1)
    level = np.asarray(required, np.int64)
    if level.size and (level.min() < 0 or level.max() > table.shape[1]):
        raise ValueError(f"a required level must be 0 .. {table.shape[1]}, 0 = nothing required")
    return np.asarray(padded[np.arange(len(table)), level])


def p_met(mean: ArrayLike, var: ArrayLike, cuts: ArrayLike, required: ArrayLike) -> Floats:
    """P(theta >= cut of the required level), (..., K); 1 where nothing is required."""
    sd = np.sqrt(np.asarray(var, float))
    return np.asarray(scipy.special.ndtr((np.asarray(mean, float) - required_cut(cuts, required)) / sd))


def word(p: float, sure: float = SURE) -> str:
    """The word for one probability: met (>= sure), not_met (<= 1 - sure) or not_yet_known."""
    return MET if p >= sure else NOT_MET if 1 - p >= sure else NOT_YET_KNOWN


def words(p: ArrayLike, required: ArrayLike, sure: float = SURE) -> NDArray[np.str_]:
    """The word for every probability, shape of p; "" where nothing is required."""
    q = np.asarray(p, float)
    told = np.where(q >= sure, MET, np.where(1 - q >= sure, NOT_MET, NOT_YET_KNOWN))
    return np.asarray(np.where(np.asarray(required) > 0, told, ""))


def codes(mean: ArrayLike, var: ArrayLike, cuts: ArrayLike, required: ArrayLike) -> NDArray[np.uint8]:
    """The word for every requirement as its place in `CODES`, shape (..., K): what `words` says, 25 times faster."""
    z = np.asarray(mean, float) - required_cut(cuts, required)
    z /= np.sqrt(np.asarray(var, float))
    told = np.full(z.shape, CODES.index(NOT_YET_KNOWN), np.uint8)
    told[z >= SURE_Z] = CODES.index(MET)
    told[z <= -SURE_Z] = CODES.index(NOT_MET)
    told[np.asarray(required) <= 0] = 0
    return told


def decided(p: ArrayLike, required: ArrayLike, sure: float = SURE) -> NDArray[np.bool_]:
    """Whether each requirement is met or not met for sure; True where nothing is required."""
    q = np.asarray(p, float)
    return np.asarray((q >= sure) | (1 - q >= sure) | (np.asarray(required) <= 0))


def level_of(mean: ArrayLike, cuts: ArrayLike) -> Ints:
    """Level 0 .. L in which the mean lies, shape of mean (..., K)."""
    return np.asarray((np.asarray(mean, float)[..., None] >= np.asarray(cuts, float)).sum(-1))


def level_chances(mean: ArrayLike, var: ArrayLike, cuts: ArrayLike) -> Floats:
    """P(level = l), l = 0 .. L, shape (..., K, L + 1); each row sums to 1."""
    m, sd = np.asarray(mean, float)[..., None], np.sqrt(np.asarray(var, float))[..., None]
    below = scipy.special.ndtr((np.asarray(cuts, float) - m) / sd)
    edge = np.zeros((*below.shape[:-1], 1))
    return np.diff(np.concatenate([edge, below, edge + 1], -1))


def shortfall(cut: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Floats:
    """E[max(0, cut - theta)] in logits, all arguments broadcast; 0 at cut = -inf."""
    c, m, s = np.asarray(cut, float), np.asarray(mean, float), np.asarray(sd, float)
    z = np.where(np.isfinite(c), (c - m) / s, 0.0)
    gap = s * (z * scipy.special.ndtr(z) + np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi))
    return np.asarray(np.where(np.isfinite(c), np.maximum(gap, 0.0), 0.0))


def expected_gap(mean: ArrayLike, var: ArrayLike, cuts: ArrayLike, required: ArrayLike) -> Floats:
    """E[max(0, cut_r - theta)] in logits for every requirement, (..., K); 0 where nothing is required."""
    return shortfall(required_cut(cuts, required), mean, np.sqrt(np.asarray(var, float)))


def open_share(mean: ArrayLike, var: ArrayLike, cuts: ArrayLike) -> Floats:
    """E[clamp((cut_{b+1} - theta) / width_b, 0, 1)] for every band b = 0 .. L-1, shape (..., K, L).

    width_b = cut_{b+1} - cut_b, and 1.0 logit for b = 0.
    """
    top = np.asarray(cuts, float)
    width = np.concatenate([np.full((len(top), 1), FIRST_WIDTH), np.diff(top, axis=1)], 1)
    m, sd = np.asarray(mean, float)[..., None], np.sqrt(np.asarray(var, float))[..., None]
    share = (shortfall(top, m, sd) - shortfall(top - width, m, sd)) / width
    return np.clip(share, 0.0, 1.0)


def open_points(mean: ArrayLike, var: ArrayLike, cuts: ArrayLike, required: ArrayLike) -> Ints:
    """Hundredths of each band that is still open, (..., K, L) integers 0 .. 100; 0 in bands b >= required level."""
    level = np.asarray(required, np.int64)[..., None]
    share = np.rint(100 * open_share(mean, var, cuts)).astype(np.int64)
    return np.where(np.arange(share.shape[-1]) < level, share, 0)


def missing_levels(
    mean: ArrayLike, var: ArrayLike, cuts: ArrayLike, required: ArrayLike, block: int = 1 << 15
) -> Floats:
    """Levels still open up to the required one, (N, K): `open_points` summed over the bands, in levels.

    Only requirements are visited, and neighbouring bands share their edge; in blocks that stay in the cache.
    """
    level, ladder = np.asarray(required, np.int64), np.asarray(cuts, float)
    edges = np.concatenate([ladder[:, :1] - FIRST_WIDTH, ladder], 1)
    m, s = np.asarray(mean, float), np.sqrt(np.asarray(var, float))
    found = np.zeros(level.shape)
    place, k = np.nonzero(level > 0)
    for start in range(0, len(place), block):
        at = (place[start : start + block], k[start : start + block])
        found[at] = _open_levels(edges[at[1]], m[at], s[at], level[at])
    return found


def _open_levels(edges: Floats, mean: Floats, sd: Floats, level: Ints) -> Floats:
    """One row a requirement: edges (E, L + 1), the others (E,)."""
    total, low = np.zeros(len(mean)), shortfall(edges[:, 0], mean, sd)
    for band in range(int(level.max(initial=0))):
        high = shortfall(edges[:, band + 1], mean, sd)
        share = np.clip((high - low) / (edges[:, band + 1] - edges[:, band]), 0.0, 1.0)
        total += np.where(band < level, np.rint(100 * share), 0.0)
        low = high
    return total / 100


def missing_logits(mean: float, var: float, cuts: ArrayLike, from_level: int, to_level: int) -> float:
    """E[clamp(cut_to - theta, 0, cut_to - cut_from)] of one competence in logits; cuts (L,), 0 <= from < to <= L.

    The way that a class covering the bands from_level .. to_level could still carry the person.
    """
    ladder = np.asarray(cuts, float)
    if not 0 <= from_level < to_level <= len(ladder):
        raise ValueError(
            f"bands from level {from_level} to level {to_level} do not exist; levels are 0 .. {len(ladder)}"
        )
    low = ladder[0] - FIRST_WIDTH if from_level == 0 else ladder[from_level - 1]
    sd = float(np.sqrt(var))
    return float(shortfall(ladder[to_level - 1], mean, sd) - shortfall(low, mean, sd))
