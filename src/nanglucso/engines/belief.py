"""What is believed of a person: a Gaussian over K competences, moved by evidence of every kind.

Scale: logits, reference population mean 0 and variance 1. One answer on competence k moves the belief by exact
one-dimensional moment matching and a rank-1 step that carries the news to the correlated competences
(assumed-density filtering, Opper 1998; multidimensional adaptive testing, Segall 1996):

    m1, v1 = moments of N(m_k, V_kk) x P(answer | theta_k)          g = V[:, k] / V_kk
    m += g (m1 - m_k)                                               V += g g' (v1 - V_kk)

A whole log is folded by expectation propagation (Minka 2001): every answer becomes a Gaussian site, sites are
refined in parallel, so that the result does not depend on the order in which answers arrived.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nanglucso.engines import irt, levels
from nanglucso.engines.irt import Floats, Ints

_Z, _W = np.polynomial.hermite_e.hermegauss(31)
_W = _W / _W.sum()
SWEEPS = 12


@dataclass(frozen=True, eq=False)
class Belief:
    """mean (K,) in logits and cov (K, K) of one person."""

    mean: Floats
    cov: Floats

    @property
    def var(self) -> Floats:
        return np.diagonal(self.cov).copy()

    @property
    def sd(self) -> Floats:
        return np.sqrt(self.var)


# ---------------------------------------------------------------- evidence: one frozen row each, `at` in days
@dataclass(frozen=True)
class ItemAnswer:
    """Answer to a test item, or the result of a practice task: score 0 .. len(b) under the item's own parameters."""

    at: float
    competence: int
    a: float
    b: tuple[float, ...]
    c: float
    score: int


@dataclass(frozen=True)
class SelfRating:
    """A person's ratings of themself, (competence, level 0 .. L) pairs that share one bias."""

    at: float
    ratings: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ManagerRating:
    """One rater's ratings of the person, (competence, level 0 .. L) pairs that share the rater's bias."""

    at: float
    rater: str
    ratings: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ClassEffect:
    """A completed class: share `effect` of the missing way in the covered (competence, from_level, to_level) bands."""

    at: float
    effect: float
    covers: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Certificate:
    """A certificate from outside: (competence, level 1 .. L) pairs found reached, sharing one strictness."""

    at: float
    issuer: str
    reached: tuple[tuple[int, int], ...]


Evidence = ItemAnswer | SelfRating | ManagerRating | ClassEffect | Certificate


@dataclass(frozen=True)
class RatingRule:
    """Ratings are graded responses on theta + u with u ~ N(bias_mean, bias_sd^2) and low discrimination a."""

    a: float = 0.7
    bias_mean: float = 0.0
    bias_sd: float = 0.4


@dataclass(frozen=True, eq=False)
class Rules:
    """How evidence counts. cuts (K, L) are the rating thresholds; fade is variance gained in a year.

    A certificate is one passed step at the cut of its level: P = 1 / (1 + exp(-a (theta + u - cut))).
    """

    cuts: Floats
    self_rating: RatingRule = field(default_factory=lambda: RatingRule(0.7, 0.3, 0.5))
    manager_rating: RatingRule = field(default_factory=RatingRule)
    certificate: RatingRule = field(default_factory=lambda: RatingRule(1.5, 0.0, 0.4))
    fade: float = 0.04


# ---------------------------------------------------------------- where a belief starts
def prior_mean_cov(domains: Sequence[object], within: float = 0.85, between: float = 0.65) -> tuple[Floats, Floats]:
    """Mean 0, variance 1, correlation `within` a domain and `between` domains; domains has one entry a competence."""
    codes = np.unique([str(d) for d in domains], return_inverse=True)[1]
    cov = np.where(codes[:, None] == codes[None], within, between).astype(float)
    np.fill_diagonal(cov, 1.0)
    if np.linalg.eigvalsh(cov).min() <= 0:
        raise ValueError(f"correlations {within} within and {between} between domains do not make a covariance")
    return np.zeros(len(codes)), cov


def family_mean(start: Floats, means: Floats, weight: float = 100.0, at_least: int = 100) -> Floats:
    """Mean of a position family from the means (n, K) of its measured persons, `start` counting as `weight` persons.

    `start` itself while fewer than `at_least` are measured.
    """
    n = len(means)
    return start if n < at_least else np.asarray((weight * start + means.sum(0)) / (weight + n))


# ---------------------------------------------------------------- one answer
def tilted(mean: ArrayLike, var: ArrayLike, a: Floats, b: Floats, c: Floats, score: Ints) -> tuple[Floats, Floats]:
    """Mean and variance of N(mean, var) x P(score | theta) by 31-point Gauss-Hermite quadrature.

    mean, var, a, c, score share one shape; b has one more axis of steps. An answer whose probability underflows
    changes nothing; no answer takes more than 99 % of a variance, which is what 31 points can resolve.
    """
    m, v = np.asarray(mean, float), np.asarray(var, float)
    sd = np.sqrt(v)
    x = m[..., None] + sd[..., None] * _Z
    like = irt.likelihood(x, a[..., None], b[..., None, :], c[..., None], np.asarray(score)[..., None]) * _W
    total = like.sum(-1)
    seen = total > 1e-280
    safe = np.where(seen, total, 1.0)
    shift = np.where(seen, like @ _Z / safe, 0.0)
    spread = np.where(seen, like @ (_Z * _Z) / safe - shift * shift, 1.0)
    return m + sd * shift, v * np.maximum(spread, 0.01)


def update_batch(
    mean: Floats, cov: Floats, competence: Ints, a: Floats, b: Floats, c: Floats, score: Ints
) -> tuple[Floats, Floats]:
    """One answer for each of N persons: mean (N, K), cov (N, K, K), b (N, S), all else (N,). Returns new arrays."""
    n = np.arange(len(mean))
    column = cov[n, :, competence]
    v = column[n, competence]
    m1, v1 = tilted(mean[n, competence], v, a, b, c, score)
    gain = column / v[:, None]
    moved = mean + gain * (m1 - mean[n, competence])[:, None]
    return moved, cov + gain[:, :, None] * (gain * (v1 - v)[:, None])[:, None, :]


def update(belief: Belief, answer: ItemAnswer) -> Belief:
    """The belief after one answer. Raises ValueError for a score or competence outside its range."""
    check(answer, len(belief.mean))
    one = np.array([answer.competence]), np.array([answer.a]), np.array([answer.b]), np.array([answer.c])
    mean, cov = update_batch(belief.mean[None], belief.cov[None], *one, np.array([answer.score]))
    return Belief(mean[0], cov[0])


# ---------------------------------------------------------------- many answers at once, in no order
@dataclass(frozen=True, eq=False)
class Sites:
    """T answers of each of N persons: direction (N, T, D) of theta that is asked, b (N, T, S), others (N, T)."""

    direction: Floats
    a: Floats
    b: Floats
    c: Floats
    score: Ints
    live: NDArray[np.bool_]


def refine(mean: Floats, cov: Floats, sites: Sites, sweeps: int = SWEEPS) -> tuple[Floats, Floats]:
    """Expectation propagation from priors mean (N, D), cov (N, D, D). Returns the beliefs after all answers.

    Each sweep: cavity = belief without the site, match moments with the answer, set the site; then add all sites to
    the prior. A fixed number of sweeps keeps every person's result independent of who else is in the batch.
    """
    settled = settle(mean, cov, sites, sweeps)
    return settled.mean, settled.cov


@dataclass(frozen=True, eq=False)
class Settled:
    """Beliefs mean (N, D), cov (N, D, D) and what every answer contributed: precision tau, tau x place nu, (N, T)."""

    mean: Floats
    cov: Floats
    tau: Floats
    nu: Floats


def settle(mean: Floats, cov: Floats, sites: Sites, sweeps: int = SWEEPS, begin: Settled | None = None) -> Settled:
    """As `refine`, with the sites; `begin` continues from sites found earlier. Sites that are not live stay 0."""
    h, live = sites.direction, sites.live
    p0 = np.linalg.inv(cov).astype(np.float64)
    r0 = (p0 @ mean[..., None])[..., 0]
    tau: Floats = np.zeros(live.shape)
    nu: Floats = np.zeros(live.shape)
    m, v = mean, np.broadcast_to(cov, (len(mean), *cov.shape[-2:]))
    if begin is not None:
        tau, nu = np.where(live, begin.tau, 0.0), np.where(live, begin.nu, 0.0)
        m, v, tau = _collect(p0, r0, h, tau, nu)
    for sweep in range(sweeps):
        var = np.where(live, ((h @ v) * h).sum(-1), 1.0)
        precision = 1 / var - tau
        ok = live & (precision > 1e-6)
        cav = 1 / np.where(ok, precision, 1.0)
        cav_mean = cav * ((h @ m[..., None])[..., 0] / var - nu)
        m1, v1 = tilted(cav_mean, cav, sites.a, sites.b, sites.c, sites.score)
        step: Floats = np.where(ok, 1.0 if sweep == 0 and begin is None else 0.9, 0.0)
        tau = tau + step * (1 / v1 - 1 / cav - tau)
        nu = nu + step * (m1 / v1 - cav_mean / cav - nu)
        m, v, tau = _collect(p0, r0, h, tau, nu)
    return Settled(m, v, tau, nu)


def _collect(p0: Floats, r0: Floats, h: Floats, tau: Floats, nu: Floats) -> tuple[Floats, Floats, Floats]:
    """Prior plus sites. A lucky guess has negative precision; should those make a person improper, they are dropped."""
    ht = np.swapaxes(h, 1, 2)
    precision = p0 + (ht * tau[:, None]) @ h
    if (tau < 0).any():
        improper = np.linalg.eigvalsh(precision)[:, 0] <= 0
        if improper.any():
            tau = np.where(improper[:, None], np.maximum(tau, 0), tau)
            precision = p0 + (ht * tau[:, None]) @ h
    v = np.linalg.inv(precision)
    v = (v + np.swapaxes(v, 1, 2)) / 2
    return (v @ (r0[..., None] + ht @ nu[..., None]))[..., 0], v, tau


# ---------------------------------------------------------------- rows of a person's ledger
def apply(belief: Belief, rows: Sequence[Evidence], rules: Rules) -> Belief:
    """The belief after rows of one moment: class effects first and one by one, then all measurements together."""
    for row in rows:
        check(row, len(belief.mean), rules.cuts.shape[1])
        if isinstance(row, ClassEffect):
            belief = _learned(belief, row, rules.cuts)
    seen = [row for row in sorted(rows, key=content) if not isinstance(row, ClassEffect)]
    return _measured(belief, seen, rules) if seen else belief


def fade(belief: Belief, prior: Belief, years: float, rate: float = 0.04) -> Belief:
    """Skills fade: V += rate x years x prior correlation, no variance beyond the prior's; the mean stays."""
    if years <= 0:
        return belief
    cov = belief.cov + rate * years * prior.cov / np.outer(prior.sd, prior.sd)
    shrink = np.sqrt(np.minimum(1.0, np.maximum(belief.var, prior.var) / np.diagonal(cov)))
    return Belief(belief.mean, cov * np.outer(shrink, shrink))


def check(row: Evidence, competences: int, top: int | None = None) -> None:
    """Raise ValueError with a sentence when a row names a competence, score or level that does not exist."""
    if isinstance(row, ItemAnswer):
        irt.check_item(0, row.a, row.b, row.c)
        asked, limit = [(row.competence, row.score)], len(row.b)
    else:
        asked = [(x[0], x[-1]) for x in _told(row)]
        limit = max((x[1] for x in asked), default=0) if top is None else top
    for k, score in asked:
        if not 0 <= k < competences:
            raise ValueError(f"competence {k} does not exist; there are {competences}, counted from 0")
        if not 0 <= score <= limit:
            raise ValueError(f"score or level {score} on competence {k} is outside 0 .. {limit}")
        if isinstance(row, Certificate) and score < 1:
            raise ValueError(f"a certificate on competence {k} must name a level from 1 up")


def _told(row: SelfRating | ManagerRating | ClassEffect | Certificate) -> tuple[tuple[int, ...], ...]:
    return row.covers if isinstance(row, ClassEffect) else row.reached if isinstance(row, Certificate) else row.ratings


def content(row: Evidence) -> tuple[str, str]:
    """Sort key of what a row says, whenever it was said: puts equal logs in equal order."""
    return type(row).__name__, repr(astuple(row)[1:])


def _learned(belief: Belief, row: ClassEffect, cuts: Floats) -> Belief:
    """Shift by effect x expected missing logits, variance widened by (half the shift)^2."""
    mean, cov = belief.mean.copy(), belief.cov.copy()
    for k, low, high in row.covers:
        shift = row.effect * levels.missing_logits(belief.mean[k], belief.cov[k, k], cuts[k], low, high)
        mean[k] += shift
        cov[k, k] += (shift / 2) ** 2
    return Belief(mean, cov)


def _rater(row: SelfRating | ManagerRating | Certificate) -> str:
    """Whose bias a row shares: one's own, a manager's or an issuer's."""
    if isinstance(row, Certificate):
        return f"issuer:{row.issuer}"
    return "self" if isinstance(row, SelfRating) else f"manager:{row.rater}"


def _measured(belief: Belief, rows: Sequence[Evidence], rules: Rules) -> Belief:
    """All answers and ratings together; each rater brings one bias dimension that is integrated out at the end."""
    k_n = len(belief.mean)
    biased = [row for row in rows if isinstance(row, SelfRating | ManagerRating | Certificate)]
    biases = {who: u for u, who in enumerate(dict.fromkeys(_rater(row) for row in biased), k_n)}
    d = k_n + len(biases)
    mean, cov = np.zeros(d), np.zeros((d, d))
    mean[:k_n], cov[:k_n, :k_n] = belief.mean, belief.cov
    asked = [(r.competence, -1, r.a, r.b, r.c, r.score) for r in rows if isinstance(r, ItemAnswer)]
    for row in biased:
        u = biases[_rater(row)]
        rule = _rating_rule(row, rules)
        mean[u], cov[u, u] = rule.bias_mean, rule.bias_sd**2
        if isinstance(row, Certificate):
            asked += [(k, u, rule.a, (float(rules.cuts[k, level - 1]),), 0.0, 1) for k, level in sorted(row.reached)]
        else:
            asked += [(k, u, rule.a, tuple(rules.cuts[k]), 0.0, level) for k, level in sorted(row.ratings)]
    h, b = np.zeros((1, len(asked), d)), np.full((1, len(asked), max(len(x[3]) for x in asked)), np.inf)
    for t, (k, u, _, steps, _, _) in enumerate(asked):
        h[0, t, [k, u] if u >= 0 else k] = 1.0
        b[0, t, : len(steps)] = steps
    a, c = np.array([[x[2] for x in asked]]), np.array([[x[4] for x in asked]])
    score = np.array([[x[5] for x in asked]])
    m, v = refine(mean[None], cov[None], Sites(h, a, b, c, score, np.ones(a.shape, bool)))
    return Belief(m[0, :k_n], v[0, :k_n, :k_n])


def _rating_rule(row: SelfRating | ManagerRating | Certificate, rules: Rules) -> RatingRule:
    if isinstance(row, Certificate):
        return rules.certificate
    return rules.self_rating if isinstance(row, SelfRating) else rules.manager_rating
