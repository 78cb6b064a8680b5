"""One scale, common random numbers: our adaptive sitting against the "flash" rule of Pix's certification.

    python benchmarks/one_scale.py [--persons 1000] [--seeds 7 8 9] [--rules]

Conditions: 1,000 two-parameter items, a = exp(.1 + .3 z), b = 1.3 z; persons N(0, 1); no guessing, no content rules;
one uniform number for every person and item, so that all engines get the same answer to the same item.
The flash rule is written anew from its description (its code is AGPL and is not used): grid -9 .. 9 by .225; all
answers so far times a normal prior of variance 1.5 around the PREVIOUS estimate; estimate = mean; a step is at most .5,
or half the previous estimate's size where that is larger; start at -3; of the five most informative items the first is
taken with probability .51, else the second with .51 of the rest, and so on. `ours, top 5` draws in the same way.
`exact` takes the most informative item at the exact posterior mean (grid of 241 points): nothing greedy does better
(expected posterior variance, log determinant give the same to .001). `exact, its sd` is the root mean
posterior variance of that rule: the RMSE that these items give on average over persons, free of the luck of the 1,000
drawn (+-.007). `floor` is 1 / sqrt(1 + information of the n best items at the TRUE ability), which no test reaches.
`--rules` asks whether any other rule does better at 10 items: information or the exact fall of the variance, both
averaged over the exact posterior, with steep items spared at first (worth / a^g, g falling to 0 at the last item); it
prints the root mean posterior variance over 4,000 persons in mirrored pairs.
Prints RMSE at 5, 10, 15, 20 and 32 items for each seed and over all; ratio = flash / ours. Banks differ: the five best
items near a person decide, so one seed's figure moves by 4%; compare the rows of one seed, or the means.
"""

import argparse
import os

import numpy as np

from nanglucso.engines import score, selection, sittings
from nanglucso.engines.belief import update_batch
from nanglucso.engines.irt import Floats, Ints, ItemBank
from nanglucso.engines.pool import build_pool

LENGTHS = (5, 10, 15, 20, 32)
GRID = np.arange(-9, 9 + 1e-9, 0.225)
DRAW = np.array([0.51 * 0.49**i for i in range(4)] + [0.49**4])


def expit(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))


def flash(a: Floats, b: Floats, right: Ints, rng: np.random.Generator) -> Floats:
    """Estimates after every item, (N, 32), of the flash rule; right (N, J) 0/1."""
    n = len(right)
    rows, now = np.arange(n), np.full(n, -3.0)
    free, log_like, told = np.ones(right.shape, bool), np.zeros((n, len(GRID))), []
    for _ in range(LENGTHS[-1]):
        p = expit(a * (now[:, None] - b))
        info = np.where(free, a**2 * p * (1 - p), -1.0)
        five = np.argsort(-info, axis=1, kind="stable")[:, :5]
        j = five[rows, rng.choice(5, n, p=DRAW)]
        free[rows, j] = False
        p_grid = expit(a[j, None] * (GRID - b[j, None]))
        log_like += np.log(np.where(right[rows, j, None] == 1, p_grid, 1 - p_grid))
        log_post = log_like - (GRID - now[:, None]) ** 2 / (2 * 1.5)
        w = np.exp(log_post - log_post.max(1, keepdims=True))
        mean = (w @ GRID) / w.sum(1)
        most = np.where(np.abs(now) < 0.5, 0.5, np.abs(now) * 0.5)
        now = np.clip(mean, now - most, now + most)
        told.append(now)
    return np.stack(told, 1)


def floor(a: Floats, b: Floats, theta: Floats) -> Floats:
    """Root mean variance (32,) of a normal posterior when the n best items at the true ability are asked."""
    p = expit(a * (theta[:, None] - b))
    best = -np.sort(-(a**2) * p * (1 - p), axis=1)[:, : LENGTHS[-1]]
    return np.asarray(np.sqrt((1 / (1 + best.cumsum(1))).mean(0)))


def exact(a: Floats, b: Floats, right: Ints) -> tuple[Floats, Floats]:
    """Posterior means and variances after every item, (N, 32): greedy Fisher information at the exact mean."""
    rows, grid = np.arange(len(right)), np.linspace(-6, 6, 241)
    now, free, told, spread = np.zeros(len(right)), np.ones(right.shape, bool), [], []
    log_post = np.tile(-(grid**2) / 2, (len(right), 1))
    for _ in range(LENGTHS[-1]):
        p = expit(a * (now[:, None] - b))
        j = np.where(free, a**2 * p * (1 - p), -1.0).argmax(1)
        free[rows, j] = False
        p_grid = expit(a[j, None] * (grid - b[j, None]))
        log_post += np.log(np.where(right[rows, j, None] == 1, p_grid, 1 - p_grid))
        w = np.exp(log_post - log_post.max(1, keepdims=True))
        now = (w @ grid) / w.sum(1)
        told.append(now)
        spread.append((w @ grid**2) / w.sum(1) - now**2)
    return np.stack(told, 1), np.stack(spread, 1)


def sparing(seed: int, worth: str, g: float, length: int = 10) -> float:
    """Root mean posterior variance after `length` items by one of the rules of `--rules`, on the bank of this seed."""
    z = np.random.default_rng(seed).standard_normal((1000, 2))
    a, b, rng = np.exp(0.1 + 0.3 * z[:, 0]), 1.3 * z[:, 1], np.random.default_rng([seed, 5])
    half = rng.standard_normal(2000)
    theta = np.concatenate([half, -half])
    rows, grid = np.arange(len(theta)), np.linspace(-5, 5, 101)
    p = expit(a * (grid[:, None] - b))
    log_post, free = np.tile(-(grid**2) / 2, (len(theta), 1)), np.ones((len(theta), 1000), bool)
    for step in range(length + 1):
        w = np.exp(log_post - log_post.max(1, keepdims=True))
        w /= w.sum(1, keepdims=True)
        mean = w @ grid
        if step == length:
            break
        if worth == "information":
            value = w @ (a**2 * p * (1 - p))
        else:  # cov(theta, y)^2 / var(y)
            chance = w @ p
            value = ((w * grid) @ p - mean[:, None] * chance) ** 2 / (chance * (1 - chance))
        j = np.where(free, value * a ** (-g * (1 - step / (length - 1))), -1.0).argmax(1)
        free[rows, j] = False
        right = rng.random(len(theta)) < expit(a[j] * (theta - b[j]))
        log_post += np.log(np.where(right[:, None], p[:, j].T, 1 - p[:, j].T))
    return float(np.sqrt((w @ grid**2 - mean**2).mean()))


def ours(bank: ItemBank, right: Ints, seed: int) -> Ints:
    """Items in the order asked, (N, 32), by the product's sittings on one competence."""
    rule = selection.SittingRule(rule="precision", max_items=LENGTHS[-1])
    begin = sittings.Start(np.zeros(1), np.eye(1), np.ones((len(right), 1), np.int64))
    pool = build_pool(bank, [0], np.zeros((1, 1)))
    return sittings.run(pool, rule, begin, lambda rows, items: right[rows, items], seed).administered


def ours_top_five(bank: ItemBank, right: Ints, rng: np.random.Generator) -> Ints:
    """The same engine, item by item, with the flash rule's draw among the best five."""
    n = len(right)
    pool, rule = build_pool(bank, [0], np.zeros((1, 1))), selection.SittingRule(rule="precision", max_items=LENGTHS[-1])
    seats, rows, need = selection.start(pool, n), np.arange(n), np.ones((n, 1), np.int64)
    mean, cov, asked = np.zeros((n, 1)), np.ones((n, 1, 1)), []
    for _ in range(LENGTHS[-1]):
        value = np.where(seats.open[:, :-1], selection.worth(pool, rule, mean, cov, need, seats, rows), -1)
        five = np.argsort(-value, axis=1, kind="stable")[:, :5]
        j = pool.item_of[five[rows, rng.choice(5, n, p=DRAW)]]
        seats.take(pool, rows, j)
        mean, cov = update_batch(mean, cov, bank.competence[j], bank.a[j], bank.b[j], bank.c[j], right[rows, j])
        asked.append(j)
    return np.stack(asked, 1)


def folded(bank: ItemBank, items: Ints, right: Ints, length: int) -> Floats:
    """Mean (N,) after the first `length` items."""
    part = items[:, :length]
    given = np.take_along_axis(right, part, 1)
    return score.fold_table(np.zeros(1), np.eye(1), bank, part, given)[0][:, 0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=1000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9])
    parser.add_argument("--rules", action="store_true", help="compare rules of choice at 10 items instead")
    o = parser.parse_args()
    if o.rules:
        return tell_rules(o.seeds)
    print(f"one_scale: persons {o.persons}, items {' '.join(map(str, LENGTHS))}, cores {os.cpu_count()}")
    tables = [one_seed(seed, o.persons) for seed in o.seeds]
    for seed, table in zip(o.seeds, tables, strict=True):
        tell(f"seed {seed}", table)
    tell("mean", {name: np.mean([t[name] for t in tables], axis=0).tolist() for name in tables[0]})


def tell_rules(seeds: list[int]) -> None:
    for worth in ("information", "variance"):
        for g in (0.0, 0.25, 0.5, 1.0):
            found = [sparing(seed, worth, g) for seed in seeds]
            told = " ".join(f"{x:.4f}" for x in found)
            print(
                f"{worth:11} spared by a^{g:.2f}: posterior sd after 10 {told}, mean {np.mean(found):.4f}", flush=True
            )


def one_seed(seed: int, persons: int) -> dict[str, list[float]]:
    """RMSE at every length, by engine."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((1000, 2))
    a, b, theta = np.exp(0.1 + 0.3 * z[:, 0]), 1.3 * z[:, 1], rng.standard_normal(persons)
    right = (rng.random((persons, 1000)) < expit(a * (theta[:, None] - b))).astype(np.int64)
    bank = ItemBank.build([0] * 1000, a.tolist(), b[:, None].tolist(), [0.0] * 1000)
    mean, variance = exact(a, b, right)
    paths = {"flash": flash(a, b, right, np.random.default_rng([seed, 1])), "exact": mean}
    table = {name: [rmse(path[:, n - 1], theta) for n in LENGTHS] for name, path in paths.items()}
    at = np.array(LENGTHS) - 1
    table |= {"exact, its sd": np.sqrt(variance.mean(0))[at].tolist(), "floor": floor(a, b, theta)[at].tolist()}
    draw = np.random.default_rng([seed, 1])
    items = {"ours": ours(bank, right, seed), "ours, top 5": ours_top_five(bank, right, draw)}
    return table | {name: [rmse(folded(bank, x, right, n), theta) for n in LENGTHS] for name, x in items.items()}


def tell(label: str, table: dict[str, list[float]]) -> None:
    for name, row in table.items():
        ratios = [f"{rival / x:.2f}" for rival, x in zip(table["flash"], row, strict=True)]
        told = "" if name == "flash" else "  ratio " + " ".join(ratios)
        print(f"{label:8} {name:13} rmse " + " ".join(f"{x:.3f}" for x in row) + told)


def rmse(guess: Floats, theta: Floats) -> float:
    return float(np.sqrt(np.square(guess - theta).mean()))


if __name__ == "__main__":
    main()
