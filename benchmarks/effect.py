"""Does the effect of a class hold under selection of the weak, regression to the mean and a trend?

    python benchmarks/effect.py [--years 200] [--seed 7]

Each made-up year (`effect_world.py`) has six courses of four to seven classes of 4 to 40 people. The weak by a noisy
test go to class, everybody moves with the time, the prior of the people is wrong in mean and spread. Printed from one
run: coverage of the 90% interval of single classes, of classes after pooling and of courses; bias of ours, of the
plain difference in differences and of a naive before-after; how often a class of fewer than eight heads the year's
ranking.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import effect_world as world

from nanglucso.engines.effect_pooling import Expected, programme
from nanglucso.engines.effect_regression import class_effect

EXPECTED = Expected(0.2**2, 20.0)


def one_year(setting: world.Setting, seed: list[int]) -> dict[str, np.ndarray]:
    """Hits, errors and heads of the ranking of one year."""
    made = world.year(setting, np.random.default_rng(seed))
    found = [class_effect(one.trained, one.others) for one in made.classes]
    plain = [class_effect(one.trained, one.others, slope_sd=1e-3) for one in made.classes]
    truth = np.array([one.truth for one in made.classes])
    size = np.array([len(one.trained) for one in made.classes])
    course = np.array([one.course for one in made.classes])
    y = np.array([one.net.shift for one in found])
    naive = np.array([one.naive for one in found])
    told = programme(course, y, [one.net.standard_error for one in found], expected=EXPECTED)
    inside = [(one.net.low <= t <= one.net.high) for one, t in zip(found, truth, strict=True)]
    pooled = np.empty(len(y), bool)
    for c, one in enumerate(told.courses):
        at = np.flatnonzero(course == c)
        pooled[at] = (one.lows <= truth[at]) & (truth[at] <= one.highs)
    covered = [one.low <= t <= one.high for one, t in zip(told.courses, made.courses, strict=True)]
    small = size < world.SMALL
    head = [float(small[int(np.argmax(rank))]) for rank in (told.shrunk, y, naive)]
    ends = (y, np.array([one.net.shift for one in plain]), naive, told.shrunk)
    return {
        "class": np.array(inside), "small": np.array(inside)[small], "pooled": pooled, "course": np.array(covered),
        "course_error": np.array([one.mean for one in told.courses]) - made.courses,
        "width": np.array([one.high - one.low for one in told.courses]),
        "head": np.array([[*head, float(small.mean())]]), "error": np.array([end - truth for end in ends]).T,
    }  # fmt: skip


def many_years(years: int, seed: int, setting: world.Setting | None = None) -> dict[str, np.ndarray]:
    """Years laid end to end."""
    made = [one_year(setting or world.Setting(), [seed, i]) for i in range(years)]
    return {key: np.concatenate([one[key] for one in made]) for key in made[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    o = parser.parse_args()
    begun = time.process_time()
    told = many_years(o.years, o.seed)
    bias, rmse = told["error"].mean(0), np.sqrt((told["error"] ** 2).mean(0))
    head = told["head"].mean(0)
    print(f"effect: seed {o.seed}, {o.years} years, {len(told['class'])} classes, {len(told['course'])} courses")
    for key, name in (
        ("class", "class alone"),
        ("small", "class of fewer than 8"),
        ("pooled", "class, pooled"),
        ("course", "course"),
    ):
        print(f"coverage of the 90% interval, {name:22} {told[key].mean():.3f}")
    print(f"course: bias {told['course_error'].mean():+.3f}, interval {told['width'].mean():.2f} logits wide")
    for i, name in enumerate(("ours, class alone", "difference in differences", "naive before-after", "ours, pooled")):
        print(f"{name:26} bias {bias[i]:+.3f}, rmse {rmse[i]:.3f}")
    print(f"bias naive / ours: {abs(bias[2] / bias[0]):.1f}; rmse naive / pooled: {rmse[2] / rmse[3]:.1f}")
    names = ("ours", "not pooled", "naive")
    shares = ", ".join(f"{name} {one:.3f}" for name, one in zip(names, head, strict=False))
    ratios = ", ".join(f"{name} {one / head[3]:.2f}" for name, one in zip(names, head, strict=False))
    print(f"a class of fewer than 8 heads the ranking: expected {head[3]:.3f}, {shares}")
    print(f"ratio to expected: {ratios}")
    print(f"{time.process_time() - begun:.0f} s of processor")


if __name__ == "__main__":
    main()
