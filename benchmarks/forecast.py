"""Does the 90% interval of a forecast hold 90% of what comes? Series of eight made-up shapes, cut off and continued.

Each series is cut after 6 to 30 months; the figure 3, 6 and 12 months later is compared with the interval that
`nanglucso.engines.forecast` gave. Prints the share held by shape and by distance, the mean width, and the same for the
straight line of least squares with its textbook interval. Ends with 1 when a shape lies outside .85 to .95.
"""

import argparse
import sys
import time

import numpy as np
from scipy import stats

from nanglucso.engines.forecast import forecast

AHEAD = (3, 6, 12)
LONGEST = 30
Rows = np.ndarray


def flat(rng: np.random.Generator, n: int, t: Rows) -> Rows:
    return rng.uniform(20, 90, (n, 1)) + 0 * t


def climbing(rng: np.random.Generator, n: int, t: Rows) -> Rows:
    return rng.uniform(10, 40, (n, 1)) + rng.uniform(0.2, 1.2, (n, 1)) * t


def saturating(rng: np.random.Generator, n: int, t: Rows) -> Rows:
    top, start = rng.uniform(70, 100, (n, 1)), rng.uniform(5, 50, (n, 1))
    return top - (top - start) * np.exp(-t / rng.uniform(8, 30, (n, 1)))


def s_shaped(rng: np.random.Generator, n: int, t: Rows) -> Rows:
    top, middle = rng.uniform(80, 100, (n, 1)), rng.uniform(6, 30, (n, 1))
    return top / (1 + np.exp(-(t - middle) / rng.uniform(3, 8, (n, 1))))


def wandering(rng: np.random.Generator, n: int, t: Rows) -> Rows:
    steps = rng.normal(rng.uniform(-0.2, 0.8, (n, 1)), rng.uniform(0.5, 2, (n, 1)), (n, t.shape[1]))
    return rng.uniform(30, 60, (n, 1)) + np.cumsum(steps, 1)


def jumping(rng: np.random.Generator, n: int, t: Rows) -> Rows:
    """Jumps of 2 to 10 points, one a year, before the cut and after it."""
    jumps = rng.uniform(2, 10, (n, t.shape[1])) * (rng.random((n, t.shape[1])) < 1 / 12)
    return rng.uniform(10, 40, (n, 1)) + rng.uniform(0, 0.5, (n, 1)) * t + np.cumsum(jumps, 1)


def bending(rng: np.random.Generator, n: int, t: Rows) -> Rows:
    late = np.maximum(0, t - rng.uniform(0, t.shape[1], (n, 1)))
    return rng.uniform(20, 50, (n, 1)) + rng.uniform(0, 0.8, (n, 1)) * t + rng.uniform(-0.8, 0.8, (n, 1)) * late


def seasonal(rng: np.random.Generator, n: int, t: Rows) -> Rows:
    wave = rng.uniform(1, 5, (n, 1)) * np.sin(2 * np.pi * (t / 12 + rng.uniform(0, 1, (n, 1))))
    return rng.uniform(20, 60, (n, 1)) + rng.uniform(0, 0.8, (n, 1)) * t + wave


SHAPES = (flat, climbing, saturating, s_shaped, wandering, jumping, bending, seasonal)


def draw(shape: object, rng: np.random.Generator, n: int) -> tuple[Rows, Rows]:
    """Series (n, LONGEST) ending at the cut, NaN before their beginning, and what came later (n, 3)."""
    t = np.arange(LONGEST + max(AHEAD), dtype=float)[None, :]
    true = shape(rng, n, t)  # type: ignore[operator]
    seen = np.clip(true + rng.normal(0, rng.uniform(0.3, 3, (n, 1)), true.shape), 0, 100)
    seen = seen.round(1)
    past = seen[:, :LONGEST].copy()
    past[np.arange(LONGEST)[None, :] < LONGEST - rng.integers(6, LONGEST + 1, (n, 1))] = np.nan
    return past, seen[:, [LONGEST + h - 1 for h in AHEAD]]


def line(past: Rows) -> tuple[Rows, Rows, Rows]:
    """Least squares, each (n, 3): middle and ends of the textbook's 90% interval of a new figure."""
    made = np.empty((3, len(past), len(AHEAD)))
    for i, row in enumerate(past):
        x = np.flatnonzero(~np.isnan(row)).astype(float)
        y, new = row[x.astype(int)], LONGEST - 1 + np.array(AHEAD, float)
        slope, start = np.polyfit(x, y, 1)
        left = y - start - slope * x
        spread = np.sqrt(left @ left / (len(x) - 2))
        wide = np.sqrt(1 + 1 / len(x) + (new - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum())
        half = stats.t.ppf(0.95, len(x) - 2) * spread * wide
        made[:, i] = start + slope * new, start + slope * new - half, start + slope * new + half
    return made[0], made[1], made[2]


def told(low: Rows, high: Rows, later: Rows) -> tuple[list[float], float]:
    held = (low <= later) & (later <= high)
    return [float(one) for one in held.mean(0)], float((high - low).mean())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=1000, help="series of each shape")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng, outside, spent = np.random.default_rng(asked.seed), [], 0.0
    print(f"{'shape':<12}{'3 m':>7}{'6 m':>7}{'12 m':>7}{'all':>7}{'width':>8}   least squares: all, width")
    whole: list[float] = []
    for shape in SHAPES:
        past, later = draw(shape, rng, asked.series)
        began = time.process_time()
        found = forecast(past, AHEAD, share=True)
        spent += time.process_time() - began
        held, width = told(found.low, found.high, later)
        _middle, low, high = line(past)
        plain, plain_width = told(low, high, later)
        mean = float(np.mean(held))
        whole.append(mean)
        outside += [] if 0.85 <= mean <= 0.95 else [shape.__name__]
        figures = "".join(f"{one:7.3f}" for one in (*held, mean))
        print(f"{shape.__name__:<12}{figures}{width:8.1f}{np.mean(plain):16.3f}{plain_width:8.1f}")
    print(f"all shapes: {np.mean(whole):.3f} held; {1000 * spent / asked.series / len(SHAPES):.2f} ms a series")
    if outside:
        print(f"outside .85 to .95: {', '.join(outside)}")
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main())
