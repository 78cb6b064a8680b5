"""Sittings where the model is wrong: what it costs, and what re-estimating the correlations afterwards mends.

    python benchmarks/wrong_model.py [--seed 11] [--persons 1000] [--items 30]

600 choice items, 20 competences, rule `precision`, through `nanglucso measure simulate`, judged by the bench's scorer.
Every case has the same people's luck, so rows compare in pairs:
  right        the bench's `sitting_mc`
  wrong cov    true correlations by competence (a general ability with loadings .55 to .95 and a share of the domain),
               modelled .85 within and .65 between; `learned` = the same with --estimate-cov; `known` = the true model
  skewed       abilities of a skewed population (shifted lognormal, mean 0, variance 1 on each competence)
  misfit       every fifth item follows another curve than its parameters say: a slip of .1 at the top and half the
               discrimination
  all three    at once, and `learned`
Prints RMSE, right decisions at the required level, right among the sure ones, and the coverage of the 90% interval.
"""

import argparse
import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from nanglucso.project.cli import measure

BENCH = Path(__file__).parent / "bench" / "measure"
sys.path.insert(0, str(BENCH))
import score  # noqa: E402

import make  # noqa: E402


def uneven(seed: int) -> Any:
    """Correlations (K, K) that differ from pair to pair."""
    rng = np.random.default_rng([seed, 4])
    domain = np.repeat(np.arange(len(make.SIZES)), make.SIZES)
    general = rng.uniform(0.55, 0.95, len(domain))
    own = rng.uniform(0.2, 0.9, len(domain)) * np.sqrt(1 - general**2)
    out = np.outer(general, general) + np.outer(own, own) * (domain[:, None] == domain)
    np.fill_diagonal(out, 1.0)
    return out


def skewed(theta: Any) -> Any:
    """The same people on a skewed scale: a shifted lognormal of each ability, mean 0, variance 1 (skewness 1.0)."""
    s = 0.3142
    return (np.exp(s * theta) - np.exp(s * s / 2)) / np.sqrt((np.exp(s * s) - 1) * np.exp(s * s))


def misfitting(bank: Any) -> Any:
    """Curves of the bank with every fifth item flattened and capped at .9."""

    def curve(j: int, theta: Any) -> Any:
        p = make.steps(bank, theta, j)
        if j % 5:
            return p
        a, b, c = bank["a"][j] / 2, bank["b"][j][0], bank["c"][j]
        return [c + (0.9 - c) * make.sigmoid(a * (theta - b))]

    return curve


def simulated(data: Path, items: int, learn: bool) -> dict[str, Any]:
    """The command as a user would run it, then the scorer."""
    parser = argparse.ArgumentParser()
    measure.register(parser.add_subparsers(required=True))
    files = {"bank": "bank.csv", "model": "model.json", "answers": "answers.npz", "required": "required.npz"}
    words = [x for name, file in files.items() for x in (f"--{name}", str(data / file))]
    words += ["--items", str(items), "--rule", "precision", "--seed", "1", "--out", str(data / "result.npz")]
    args = parser.parse_args(["measure", "simulate", *words, *(["--estimate-cov"] if learn else [])])
    with contextlib.redirect_stdout(io.StringIO()):
        status = args.func(args)
    if status:
        raise SystemExit(status)
    told: dict[str, Any] = score.sitting(argparse.Namespace(data=str(data), result=str(data / "result.npz"), cap=1.0))
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--persons", type=int, default=1000)
    parser.add_argument("--items", type=int, default=30)
    o = parser.parse_args()
    print(f"wrong_model: seed {o.seed}, persons {o.persons}, items {o.items}, cores {os.cpu_count()}")
    plain, odd = make.structured_cov(0.85, 0.65), uneven(o.seed)
    bank = make.make_bank(o.seed, practice=0)
    even, other = (make.draw_theta(o.seed, o.persons, c) for c in (plain, odd))
    curve = misfitting(bank)
    cases = [
        ("right", plain, even, None, plain, False),
        ("wrong cov", odd, other, None, plain, False),
        ("wrong cov, learned", odd, other, None, plain, True),
        ("wrong cov, known", odd, other, None, odd, False),
        ("skewed", plain, skewed(even), None, plain, False),
        ("misfit", plain, even, curve, plain, False),
        ("all three", odd, skewed(other), curve, plain, False),
        ("all three, learned", odd, skewed(other), curve, plain, True),
    ]
    for name, cov, theta, irf, model, learn in cases:
        with tempfile.TemporaryDirectory() as folder:
            make.sitting(folder, o.seed, o.persons, 0, cov, model, bank, theta, irf)
            told = simulated(Path(folder), o.items, learn)
        figures = ", ".join(f"{key} {told[key]:.3f}" for key in ("right", "sure_right", "cover90"))
        print(f"{name:19} rmse {told['rmse']:.4f} +-{told['rmse_se']:.4f}, {figures}", flush=True)


if __name__ == "__main__":
    main()
