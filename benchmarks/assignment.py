"""How fast people are assigned to vacancies, and whether the result is the optimum.

    python benchmarks/assignment.py [--people 2000] [--vacancies 300]

Beliefs and requirements are drawn: 20 competences, 60 positions, every vacancy in one of them. The optimum is that of
`scipy.optimize.linear_sum_assignment` on the whole table, and that of the linear problem solved by HiGHS, which knows
nothing of either; both without a floor.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment, linprog

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from nanglucso.engines import matching

COMPETENCES, POSITIONS = 20, 60


def drawn(people: int, vacancies: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Fit and who may take what, both (people, vacancies)."""
    rng = np.random.default_rng(seed)
    cuts = np.sort(rng.normal(size=(COMPETENCES, 4)), 1)
    mean = rng.normal(size=(people, 1)) + 0.7 * rng.normal(size=(people, COMPETENCES))
    required, weight = rng.integers(0, 5, (POSITIONS, COMPETENCES)), rng.uniform(1, 10, (POSITIONS, COMPETENCES))
    must = rng.random((POSITIONS, COMPETENCES)) < 0.3
    fit = matching.fits(mean, rng.uniform(0.1, 1.0, mean.shape), cuts, required, weight, must)
    return fit[:, rng.integers(0, POSITIONS, vacancies)], rng.random((people, vacancies)) < 0.8


def highs(fit: np.ndarray, allowed: np.ndarray) -> float:
    """The optimum as a linear problem: each person and each seat at most once."""
    n, s = np.nonzero(allowed)
    rows = np.concatenate([n, len(fit) + s])
    columns = np.tile(np.arange(len(n)), 2)
    once = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(sum(fit.shape), len(n)))
    return -float(linprog(-fit[n, s], A_ub=once, b_ub=np.ones(sum(fit.shape)), bounds=(0, 1), method="highs").fun)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--people", type=int, default=2000)
    ask.add_argument("--vacancies", type=int, default=300)
    ask.add_argument("--seed", type=int, default=1)
    asked = ask.parse_args()
    start = time.process_time()
    fit, allowed = drawn(asked.people, asked.vacancies, asked.seed)
    drawing = time.process_time()
    found = matching.assign(fit, allowed, 0.0)
    done = time.process_time()
    print(
        f"{asked.people} people, {asked.vacancies} vacancies: drawing and fit {drawing - start:.2f} s, "
        f"assignment {done - drawing:.2f} s of CPU (limit 5)"
    )
    person, seat = linear_sum_assignment(np.where(allowed, fit, -9.0), maximize=True)
    best = float(fit[person, seat].sum())
    print(f"total {found.total:.6f}, SciPy's optimum {best:.6f}, difference {found.total - best:.1e}")
    if asked.people <= 3000:
        print(f"HiGHS {highs(fit, allowed):.6f}")
    start, ten = time.process_time(), matching.nearest(fit, allowed, 0, 10)
    few = matching.enough(fit, allowed, spare=1, also=ten)
    prices = [
        found.total - matching.with_choice(fit[few], allowed[few], 0.0, 0, int(at)) for at in np.searchsorted(few, ten)
    ]
    print(
        f"ten alternatives for one post, {len(few)} people matter: {time.process_time() - start:.2f} s, "
        f"prices {min(prices):.4f} to {max(prices):.4f}"
    )


if __name__ == "__main__":
    main()
