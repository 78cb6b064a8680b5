"""How well and how fast overlapping duties are found: F1 by cross-validation and on pairs never used, time of 10,000.

    python benchmarks/overlap.py [--fit] [--many 10000]

Labels: tests/fixtures/duties (RULES.md says how). `labelled.csv` was labelled before the finder existed; `fresh.csv`
was written after it and showed where the vocabulary was thin, which was then widened, so it is no test any more;
`held_out.csv` was written after that; it was looked at when one feature was added, and no word was changed for it.
`second.csv`, by another hand, showed again what was missing and was then used; `last.csv`, by the same hand before the
words were widened, was scored once, after the last change.
"""

import argparse
import csv
import random
import sys
import time
from pathlib import Path

import numpy as np
import yaml
from scipy.optimize import minimize
from scipy.special import expit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from nanglucso.engines.duty_words import Words, rarity, read  # noqa: E402
from nanglucso.engines.overlap import FEATURES, Model, Table, hint, overlaps, score  # noqa: E402

PAIRS, CONTENT = ROOT / "tests" / "fixtures" / "duties", ROOT / "content" / "duties"
RIDGE, THRESHOLD, FOLDS, REPEATS = 0.5, 0.5, 5, 10


def words() -> Words:
    with (CONTENT / "syllables.csv").open(encoding="utf-8", newline="") as file:
        lines = {row["syllable"]: int(row["lines"]) for row in csv.DictReader(file)}
    total = lines.pop("*")
    return Words.of(yaml.safe_load((CONTENT / "words.yaml").read_text(encoding="utf-8")), rarity(lines, total))


def labelled(*names: str) -> list[dict[str, str]]:
    found = []
    for name in names:
        with (PAIRS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found += list(csv.DictReader(file))
    return found


def measured(rows: list[dict[str, str]], vocabulary: Words) -> tuple[np.ndarray, np.ndarray]:
    """Features (P, F) and whether each pair is an overlap (P,)."""
    duties = [read(row[side], vocabulary) for row in rows for side in ("duty_a", "duty_b")]
    i = 2 * np.arange(len(rows))
    return Table(duties, vocabulary).features(i, i + 1), np.array([row["label"] != "different" for row in rows])


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Bias and weights (1 + F,) of the ridge-penalised logistic regression; the bias is free."""
    sign = np.where(y, 1.0, -1.0)

    def loss(b: np.ndarray) -> float:
        return float(np.logaddexp(0, -sign * (x @ b[1:] + b[0])).sum() + RIDGE / 2 * (b[1:] ** 2).sum())

    return np.asarray(minimize(loss, np.zeros(x.shape[1] + 1)).x)


def quality(said: np.ndarray, true: np.ndarray) -> tuple[float, float, float]:
    """F1, precision, recall."""
    hit = float((said & true).sum())
    return 2 * hit / max(1.0, said.sum() + true.sum()), hit / max(1, said.sum()), hit / max(1, true.sum())


def cross_validated(x: np.ndarray, y: np.ndarray) -> list[float]:
    """F1 of each repeat of a five-fold cross-validation at the shipped threshold; every fold fits its own weights."""
    rng, found = np.random.default_rng(7), []
    for _ in range(REPEATS):
        order, said = rng.permutation(len(y)), np.zeros(len(y), bool)
        for fold in range(FOLDS):
            test = order[fold::FOLDS]
            b = fit(np.delete(x, test, 0), np.delete(y, test))
            said[test] = expit(x[test] @ b[1:] + b[0]) >= THRESHOLD
        found.append(quality(said, y)[0])
    return found


def many(number: int, vocabulary: Words) -> tuple[list[str], list[str]]:
    """Made-up duties from the vocabulary's own words and free syllables, as varied as a register of a city."""
    rng = random.Random(3)
    told = yaml.safe_load((CONTENT / "words.yaml").read_text(encoding="utf-8"))
    acts = [verb for row in told["acts"].values() for verb in row]
    things = [word for row in told["things"].values() for word in row["words"]]
    free = [syllable for syllable in vocabulary.rarity if len(syllable) > 2]
    texts = []
    for _ in range(number):
        what = ", ".join(rng.choice(things) for _ in range(rng.randint(1, 3)))
        tail = f"{rng.choice(told['carriers'])} {' '.join(rng.sample(free, rng.randint(0, 4)))}"
        texts.append(
            f"{rng.choice(acts)}, {rng.choice(acts)} {what} {tail} trên địa bàn {rng.choice(['xã', 'thành phố'])}"
        )
    return texts, [rng.choice(["city", "commune"]) for _ in texts]


def hints_right(rows: list[dict[str, str]], vocabulary: Words, model: Model) -> float:
    """Share of the overlaps found whose proposed outcome is the label's."""
    x, y = measured(rows, vocabulary)
    shown = (score(x, model) >= model.threshold) & y
    right = [
        hint(
            read(row["duty_a"], vocabulary),
            read(row["duty_b"], vocabulary),
            told[0],
            told[1],
            row["level_a"] != row["level_b"],
        )
        == row["label"]
        for row, told, use in zip(rows, x, shown, strict=True)
        if use
    ]
    return sum(right) / len(right)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument(
        "--fit", action="store_true", help="print the weights fitted on labelled.csv, fresh.csv and second.csv"
    )
    ask.add_argument("--many", type=int, default=10_000, help="number of duties, all against all")
    asked = ask.parse_args()
    vocabulary, model = words(), Model.of(yaml.safe_load((CONTENT / "model.yaml").read_text(encoding="utf-8")))
    x, y = measured(labelled("labelled"), vocabulary)
    found = cross_validated(x, y)
    print(
        f"labelled.csv, {len(y)} pairs: F1 {np.mean(found):.3f} cross-validated (lowest of {REPEATS}: {min(found):.3f})"
    )
    used = measured(labelled("labelled", "fresh", "second"), vocabulary)
    if asked.fit:
        b = fit(*used)
        print("bias", round(b[0], 4), dict(zip(FEATURES, b[1:].round(4).tolist(), strict=True)))
    every = labelled("labelled", "fresh", "held_out", "second", "last")
    for name, told in (("held_out", "no word changed for them"), ("last", "scored after the last change")):
        x, y = measured(labelled(name), vocabulary)
        f1, precision, recall = quality(score(x, model) >= model.threshold, y)
        print(f"{name}.csv, {len(y)} pairs, {told}: F1 {f1:.3f}, precision {precision:.3f}, recall {recall:.3f}")
    print(f"proposed outcome right on {hints_right(every, vocabulary, model):.0%} of the overlaps found")
    texts, levels = many(asked.many, vocabulary)
    start = time.process_time()
    pairs = overlaps(texts, levels, vocabulary, model)
    seconds = time.process_time() - start
    print(f"{asked.many} duties all against all: {len(pairs)} pairs in {seconds:.1f} s of CPU (limit 30)")


if __name__ == "__main__":
    main()
