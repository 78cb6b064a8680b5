"""Health of the items of a bank from a log of answers: fit, discrimination, key, DIF, drift, exposure.

Every answer is compared with what the person's OTHER answers predict (`itemlog`); groups may differ in ability without
an item being at fault. Items under suspicion stop placing people, difficulties are brought up to date, and everything
is done again (purification: Holland & Thayer 1988, Lord 1980). What is said about an item:

  slope         least-squares slope of the score on the predicted score: 1 = as calibrated, below -.1 with certainty =
                a wrong key is suspected, below .6 = hardly tells people apart
  infit, outfit mean square residuals, weighted and unweighted (Wright & Masters 1982), 1 = as the model expects
  DIF, drift    shifts of difficulty with standard errors (`dif`)
  verdicts      "found", "none" or "not_enough_answers": the last where a shift of the size that matters would be missed
                more often than in one case of five
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nanglucso.engines import dif, irt
from nanglucso.engines.dif import Contrast, MantelHaenszel
from nanglucso.engines.irt import Floats, ItemBank
from nanglucso.engines.itemlog import AnswerLog, Bools, Folder, Placed

FOUND: Final = "found"
NONE: Final = "none"
FEW: Final = "not_enough_answers"
POWER_80: Final = 0.84  # normal quantile of .8
FEWEST: Final = 20  # items that tell how well a bank knew its difficulties
SMALLEST_BANK_ERROR: Final = 0.03  # logits
DISAGREE: Final = 3.0  # errors
_Z, _W = np.polynomial.hermite_e.hermegauss(15)
_W = _W / _W.sum()


@dataclass(frozen=True)
class HealthRules:
    """Thresholds; `least` answers before anything is said of an item.

    A shift is reported where the answers are `odds` times likelier under a shift of the size that matters, D, than
    under none (Neyman & Pearson 1933; see `likelier`): |shift| > D / 2 + se^2 log(odds) / D. So nothing under half of D
    is ever reported, however many answers there are, and never less than z = sqrt(2 log odds) (2.04). Drift is one
    question an item; DIF is the largest of about six, so six times the odds.
    """

    max_exposure: float = 0.25
    odds_drift: float = 8.0
    odds_dif: float = 48.0
    key_slope: float = -0.1
    low_slope: float = 0.6
    dif: float = 0.6
    drift: float = 0.5
    least: int = 30
    passes: int = 3


@dataclass(frozen=True)
class ItemHealth:
    """What the answers say of one item. Logits positive = harder; nan where nothing can be said.

    n answers; facility, score_sd: mean and sd of the score as a share of its top; rest_correlation: of the score with
    the ability by the other answers; efficiency: that covariance / its greatest possible for these scores; difficulty
    _shift, shift_se: difficulty now minus the bank's; early_shift, early_se: the same in the first half of the periods;
    detectable: smallest DIF found in four cases of five.
    """

    n: int
    facility: float
    score_sd: float
    rest_correlation: float
    efficiency: float
    slope: float
    slope_se: float
    infit: float
    outfit: float
    difficulty_shift: float
    shift_se: float
    early_shift: float
    early_se: float
    dif: Contrast | None
    dif_class: str
    dif_verdict: str
    detectable: float
    mantel: MantelHaenszel | None
    drift: Contrast | None
    drift_verdict: str
    key_verdict: str
    exposure: float
    flags: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class BankError:
    """How well the bank knew its difficulties when the log began: offset (J,) of its zero point, variance beyond."""

    offset: Floats
    variance: float


@dataclass(frozen=True, eq=False)
class Seen:
    """One pass: the bank as given and brought up to date, the log, what places its answers, later half, exposure,
    and from the second pass on how far the bank's own difficulties can be trusted."""

    bank: ItemBank
    now: ItemBank
    log: AnswerLog
    placed: Placed
    late: Bools
    share: Floats
    error: BankError | None = None


def examine(
    bank: ItemBank, log: AnswerLog, mean: Floats, cov: Floats, rules: HealthRules | None = None
) -> list[ItemHealth]:
    """Health of all J items. mean (K,), cov (K, K): ability of the reference population and within groups."""
    said = rules or HealthRules()
    n = np.bincount(log.item, minlength=bank.size)
    met = np.bincount(np.unique(log.person * bank.size + log.item) % bank.size, minlength=bank.size)
    by_item = np.split(np.argsort(log.item, kind="stable"), np.cumsum(n)[:-1])
    folder, trusted, now = Folder(log, mean, cov), np.ones(bank.size, bool), bank
    late = _later_half(log.period)
    found: list[ItemHealth] = []
    error: BankError | None = None
    for turn in range(said.passes):
        placed = folder.fold(now, trusted, sweeps=5 if turn == 0 else 3)
        seen = Seen(bank, now, log, placed, late, met / max(log.persons, 1), error)
        found = [_item(seen, rows, j, said) for j, rows in enumerate(by_item)]
        trusted = np.array([not set(h.flags) - {"exposure"} for h in found])
        now, error = _moved(bank, found, trusted), _bank_error(bank, found, trusted)
    return found


def _bank_error(bank: ItemBank, found: list[ItemHealth], trusted: Bools) -> BankError | None:
    """Spread of the first half's difficulties around the bank's beyond their own errors, over trusted items.

    Method of moments (DerSimonian & Laird 1986, unweighted; the difficulties of one competence share a zero point).
    None with fewer than `FEWEST` items: the bank then has no say.
    """
    shift, se = np.array([[h.early_shift, h.early_se] for h in found]).T
    use = trusted & (se > 0)
    if use.sum() < FEWEST:
        return None
    k_n = int(bank.competence.max()) + 1
    weight = np.where(use, 1 / (np.where(use, se, 1.0) ** 2 + 0.02), 0.0)
    total = np.bincount(bank.competence, weight, k_n)
    centre = np.bincount(bank.competence, weight * np.where(use, shift, 0.0), k_n) / np.where(total > 0, total, 1.0)
    rest, freedom = (shift - centre[bank.competence])[use], 1 - (total > 0).sum() / use.sum()
    variance = float(np.mean(rest**2) / freedom - np.mean(se[use] ** 2))
    return BankError(centre[bank.competence], max(variance, SMALLEST_BANK_ERROR**2))


def _moved(bank: ItemBank, found: list[ItemHealth], trusted: Bools) -> ItemBank:
    """The bank with difficulties brought up to date; the mean of each competence's trusted items stays the anchor."""
    shift = np.nan_to_num(np.array([h.difficulty_shift for h in found]))
    weight = np.array([0.0 if not h.shift_se > 0 else 1 / (h.shift_se**2 + 0.05) for h in found]) * trusted
    total = np.bincount(bank.competence, weight)
    centre = np.bincount(bank.competence, weight * shift) / np.where(total > 0, total, 1.0)
    return replace(bank, b=bank.b + (shift - centre[bank.competence])[:, None])


# ---------------------------------------------------------------- one item
def predictive(bank: ItemBank, j: int, place: Floats, spread: Floats) -> Floats:
    """P(score = s) of item j for people placed at N(place, spread^2), (n, S + 1)."""
    x = place[:, None] + spread[:, None] * _Z
    steps = bank.b[j][np.isfinite(bank.b[j])]
    chance = irt.categories(x, bank.a[j], steps, bank.c[j])
    return np.asarray(np.einsum("nqs,q->ns", chance, _W))


def _item(seen: Seen, rows: irt.Ints, j: int, rules: HealthRules) -> ItemHealth:
    now, share = seen.now, float(seen.share[j])
    steps = now.b[j][np.isfinite(now.b[j])]
    score, top = seen.log.score[rows], len(steps)
    over = ("exposure",) if share > rules.max_exposure + 1e-9 else ()
    if len(rows) < rules.least or score.std() == 0:
        return _too_few(score, top, share, over)
    answers = dif.ItemAnswers(score, seen.placed.place[rows], seen.placed.spread[rows], now.a[j], steps, now.c[j])
    chance = predictive(now, j, answers.place, answers.spread)
    expected = chance @ np.arange(top + 1)
    variance = np.maximum(chance @ np.arange(top + 1) ** 2 - expected**2, 1e-9)
    squares = np.square(score - expected)
    slope, slope_se = _slope(score, expected)
    key, low = _key(slope, slope_se, rules)
    shift, told = _shifts(answers, seen, rows)
    group = _judge_groups(now.a[j], told, key == FOUND or low, rules)
    early, late = _drift(answers, seen, rows, j, shift, heed=group.verdict != FOUND)
    has_drift = late is not None and likelier(late, rules.drift, rules.odds_drift) > 0 and not (key == FOUND or low)
    flags = [*(["key"] if key == FOUND else []), *(["low_discrimination"] if low else [])]
    flags += [f"dif:{group.strongest.attribute}"] if group.strongest and group.verdict == FOUND else []
    flags += ["drift"] if has_drift else []
    covariance = float(np.cov(score, answers.place)[0, 1])
    most = float(np.cov(np.sort(score), np.sort(answers.place))[0, 1])
    return ItemHealth(
        n=len(rows),
        facility=float(score.mean() / top),
        score_sd=float(score.std(ddof=1) / top),
        rest_correlation=float(np.corrcoef(score, answers.place)[0, 1]),
        efficiency=covariance / most if most > 0 else float("nan"),
        slope=slope,
        slope_se=slope_se,
        infit=float(squares.sum() / variance.sum()),
        outfit=float((squares / variance).mean()),
        difficulty_shift=float(shift.beta[0] + steps[0] - seen.bank.b[j, 0]),
        shift_se=float(np.sqrt(shift.cov[0, 0])),
        early_shift=early[0],
        early_se=early[1],
        dif=group.strongest,
        dif_class=group.ets,
        dif_verdict=group.verdict,
        detectable=group.detectable,
        mantel=_mantel(answers, seen.log, rows, group.strongest, expected, top),
        drift=late,
        drift_verdict=_verdict(late, has_drift, rules),
        key_verdict=key,
        exposure=share,
        flags=(*flags, *over),
    )


def likelier(shift: Contrast, size: float, odds: float) -> float:
    """log of the likelihood ratio of a shift of +-`size` against none, minus log `odds`; above 0 = found."""
    if not shift.se > 0:
        return -np.inf
    return float((abs(shift.logit) * size - size**2 / 2) / shift.se**2 - np.log(odds))


def found_from(se: float, size: float, odds: float) -> float:
    """The smallest shift that is found in four cases of five at this standard error."""
    return float(size / 2 + se**2 * np.log(odds) / size + POWER_80 * se)


@dataclass(frozen=True)
class _Groups:
    """What is said of groups: the strongest contrast, its ETS class, the verdict, the smallest DIF that is found."""

    strongest: Contrast | None
    ets: str
    verdict: str
    detectable: float


def _judge_groups(a: float, told: list[Contrast], bad_curve: bool, rules: HealthRules) -> _Groups:
    """The contrast that speaks most for DIF. An item whose curve is wrong gets no verdict: its answers do not follow
    ability, so groups of equal ability cannot be compared on it."""
    if not told:
        return _Groups(None, "", FEW, float("nan"))
    best = max(told, key=lambda c: likelier(c, rules.dif, rules.odds_dif))
    detectable = max(found_from(c.se, rules.dif, rules.odds_dif) for c in told)
    found = likelier(best, rules.dif, rules.odds_dif) > 0 and not bad_curve
    verdict = FOUND if found else FEW if bad_curve or detectable > rules.dif else NONE
    return _Groups(best, dif.ets_class(a, best.logit, best.se), verdict, detectable)


def _too_few(score: irt.Ints, top: int, share: float, over: tuple[str, ...]) -> ItemHealth:
    no = float("nan")
    return ItemHealth(
        n=len(score),
        facility=float(score.mean() / top) if len(score) else no,
        score_sd=float(score.std(ddof=1) / top) if len(score) > 1 else no,
        rest_correlation=no,
        efficiency=no,
        slope=no,
        slope_se=no,
        infit=no,
        outfit=no,
        difficulty_shift=no,
        shift_se=no,
        early_shift=no,
        early_se=no,
        dif=None,
        dif_class="",
        dif_verdict=FEW,
        detectable=no,
        mantel=None,
        drift=None,
        drift_verdict=FEW,
        key_verdict=FEW,
        exposure=share,
        flags=over,
    )


def _slope(score: irt.Ints, expected: Floats) -> tuple[float, float]:
    """Least-squares slope of the score on the expected score, and its standard error."""
    x = expected - expected.mean()
    square = float(x @ x)
    if square <= 0:
        return float("nan"), float("nan")
    slope = float(x @ score / square)
    rest = score - score.mean() - slope * x
    return slope, float(np.sqrt(rest @ rest / max(len(x) - 2, 1) / square))


def _key(slope: float, se: float, rules: HealthRules) -> tuple[str, bool]:
    """Verdict on the key, and whether discrimination is low: each with certainty of 95% against the next better state.

    A wrong key lies below `key_slope` and surely below half of `low_slope`; low means below `low_slope` and surely
    below .85. Not enough answers where the slope of a wrong key could not be told from 1.
    """
    if not se > 0:
        return FEW, False
    key = slope < rules.key_slope and slope + 1.645 * se < rules.low_slope / 2
    low = slope < rules.low_slope and slope + 1.645 * se < 0.85
    return (FOUND if key else FEW if se > 0.35 else NONE), low


def _verdict(late: Contrast | None, found: bool, rules: HealthRules) -> str:
    if late is None:
        return FEW
    return FOUND if found else FEW if found_from(late.se, rules.drift, rules.odds_drift) > rules.drift else NONE


def _shifts(answers: dif.ItemAnswers, seen: Seen, rows: irt.Ints) -> tuple[dif.Shift, list[Contrast]]:
    """One fit of a common shift, group shifts and, last, the later half where both halves are there; contrasts."""
    who, late = seen.log.person[rows], seen.late[rows]
    columns, blocks, at = [np.ones((len(rows), 1))], [], 1
    for name, levels, codes in seen.log.groups:
        part, present = dif.group_columns(len(levels), codes[who])
        blocks.append((at, name, levels, codes[who], present))
        columns.append(part)
        at += part.shape[1]
    design = np.concatenate([*columns, *([late[:, None]] if 0 < late.sum() < len(late) else [])], 1)
    shift = dif.fit_shift(answers, design - np.r_[0.0, design[:, 1:].mean(0)])
    told = [
        contrast
        for first, name, levels, code, present in blocks
        for contrast in dif.contrasts(shift, first, name, levels, code, present)
    ]
    return shift, told


def _drift(
    answers: dif.ItemAnswers, seen: Seen, rows: irt.Ints, j: int, shift: dif.Shift, heed: bool
) -> tuple[tuple[float, float], Contrast | None]:
    """Shift of the first half against the bank with its error, and the drift. The bank has no say where it is wrong
    for another reason: without `heed` (DIF), or `DISAGREE` errors away from the first half."""
    share = float(seen.late[rows].mean())
    if not 0 < share < 1:
        return (float("nan"), float("nan")), None
    moved = float(answers.b[0] - seen.bank.b[j, 0])
    early, alone = dif.drift(shift, share, moved, None)
    if seen.error is None or not heed:
        return early, alone
    offset, variance = float(seen.error.offset[j]), seen.error.variance
    if abs(early[0] - offset) > DISAGREE * np.sqrt(early[1] ** 2 + variance):
        return early, alone
    return dif.drift(shift, share, moved, (offset, variance))


def _later_half(period: irt.Ints) -> Bools:
    """Answers in the later half of the periods (by number of periods)."""
    periods = np.unique(period)
    return period >= periods[(len(periods) + 1) // 2] if len(periods) > 1 else np.zeros(len(period), bool)


def _mantel(
    answers: dif.ItemAnswers, log: AnswerLog, rows: irt.Ints, about: Contrast | None, expected: Floats, top: int
) -> MantelHaenszel | None:
    """Mantel-Haenszel of the contrast that is reported."""
    if about is None:
        return None
    names, codes = next((levels, codes) for name, levels, codes in log.groups if name == about.attribute)
    code = codes[log.person[rows]]
    known = code >= 0
    focal = code[known] == names.index(about.level)
    return dif.mantel_haenszel(answers.score[known], focal, dif.strata(expected[known]), top)
