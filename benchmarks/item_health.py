"""Item health: planted faults found and false alarms, on several seeds of the bench, beside classical statistics.

    python benchmarks/item_health.py [--seeds 11 12 13] [--persons 24000]

Each seed: the set `health` (5 competences, 300 items, 24,000 people, 6 periods, 4 attributes with real differences in
ability; 15 items each with a wrong key, discrimination .25, DIF of .6, drift of .5, over-exposure), examined through
`nanglucso measure health`, judged by the bench's scorer. `classical` needs no model: point-biserial with the share of
points on the other items below 0 = key, below .15 = low; Mantel-Haenszel in ten strata of that share, |z| > 2.9 and
|Delta| >= 1. It looks for neither drift nor exposure.
`drift by chance`: the share of planted drifts that this rule finds on average at the standard errors reported, and the
sd of that share from seed to seed with 15 items; `z`: root mean square of (drift reported - planted) / its error.
"""

import argparse
import contextlib
import csv
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.stats import norm

from nanglucso.engines import dif
from nanglucso.engines.itemhealth import HealthRules
from nanglucso.project.cli import measure

BENCH = Path(__file__).parent / "bench" / "measure"
FAULTS = ("key", "low_discrimination", "dif", "drift", "exposure")


def ours(data: Path) -> tuple[dict[str, float], float]:
    """Run the command as a user would; its JSON line and CPU seconds."""
    parser = argparse.ArgumentParser()
    measure.register(parser.add_subparsers(required=True))
    files = {"items": "items.csv", "params": "params.csv", "responses": "responses.csv.gz", "groups": "groups.csv"}
    words = [x for name, file in (files | {"model": "model.json"}).items() for x in (f"--{name}", str(data / file))]
    args = parser.parse_args(["measure", "health", *words, "--out", str(data / "ours.csv")])
    told, began = io.StringIO(), time.process_time()
    with contextlib.redirect_stdout(told):
        status = args.func(args)
    if status:
        raise SystemExit(status)
    figures: dict[str, float] = json.loads(told.getvalue().splitlines()[-1])
    return figures, time.process_time() - began


def classical(data: Path) -> None:
    """classical.csv with the flags of methods without a model."""
    items = {row["item_id"]: j for j, row in enumerate(table(data / "items.csv"))}
    people = table(data / "groups.csv")
    with gzip.open(data / "responses.csv.gz", "rt") as f:
        rows = [(int(r["person_id"]), items[r["item_id"]], int(r["score"])) for r in csv.DictReader(f)]
    person, item, score = np.array(rows).T
    top = np.array([int(row["categories"]) - 1 for row in table(data / "items.csv")])
    share = score / top[item]
    n = np.bincount(person)
    rest = (np.bincount(person, share)[person] - share) / np.maximum(n[person] - 1, 1)
    with open(data / "classical.csv", "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["item_id", "flags"])
        for name, j in items.items():
            at = np.flatnonzero(item == j)
            tie = np.corrcoef(share[at], rest[at])[0, 1]
            flags = ["key"] if tie < 0 else ["low_discrimination"] if tie < 0.15 else []
            writer.writerow([name, ";".join(flags + groups(people, person[at], score[at], rest[at], int(top[j])))])


def groups(
    people: list[dict[str, str]], who: "np.ndarray", score: "np.ndarray", rest: "np.ndarray", top: int
) -> list[str]:
    stratum = dif.strata(rest, 10)
    found = []
    for attribute in [name for name in people[0] if name != "person_id"]:
        value = np.array([people[i][attribute] for i in who])
        for level in sorted(set(value.tolist())):
            told = dif.mantel_haenszel(score, value == level, stratum, top)
            if abs(told.z) > 2.9 and not abs(told.delta) < 1:
                found.append(f"dif:{attribute}")
                break
    return found


def drift_by_chance(data: Path) -> str:
    rules, found = HealthRules(), {row["item_id"]: row for row in table(data / "ours.csv")}
    planted = [(found[r["item_id"]], float(r["effect"])) for r in table(data / "labels.csv") if r["fault"] == "drift"]
    error = np.array([float(row["drift_se"]) for row, _ in planted])
    least = rules.drift / 2 + error**2 * np.log(rules.odds_drift) / rules.drift
    chance = norm.cdf((np.abs([effect for _, effect in planted]) - least) / error)
    z = (np.array([float(row["drift_logit"]) - effect for row, effect in planted])) / error
    spread = np.sqrt((chance * (1 - chance)).sum()) / len(chance)
    return f"drift by chance {chance.mean():.2f} +-{spread:.2f}, z {np.sqrt((z**2).mean()):.2f}"


def table(path: Path) -> list[dict[str, str]]:
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def scored(data: Path, name: str) -> dict[str, dict[str, float]]:
    command = [sys.executable, str(BENCH / "score.py"), "health", "--data", str(data), "--health", str(data / name)]
    figures: dict[str, dict[str, float]] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
    )
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--persons", type=int, default=24000)
    o = parser.parse_args()
    print(f"item_health: persons {o.persons}, cores {os.cpu_count()}; share found, false alarms on clean items")
    kept: dict[str, list[list[float]]] = {"ours": [], "classical": []}
    for seed in o.seeds:
        with tempfile.TemporaryDirectory() as folder:
            words = ["health", "--out", folder, "--persons", str(o.persons), "--seed", str(seed)]
            subprocess.run([sys.executable, str(BENCH / "make.py"), *words], check=True, capture_output=True)
            ran, cpu = ours(Path(folder))
            classical(Path(folder))
            for name, kept_rows in kept.items():
                told = scored(Path(folder), f"{name}.csv")
                row = [told[f]["true_positive"] for f in FAULTS] + [float(told["any_false_alarm"])]  # type: ignore[arg-type]
                kept_rows.append(row)
                few = f"  {cpu:.1f} s CPU, {ran['not_enough_answers']} items: not enough answers; "
                few += drift_by_chance(Path(folder)) if name == "ours" else ""
                line(f"seed {seed} {name}", row, few if name == "ours" else "")
    for name, rows in kept.items():
        line(f"mean {name}", np.mean(rows, 0).tolist())


def line(name: str, row: list[float], more: str = "") -> None:
    told = ", ".join(f"{fault} {x:.2f}" for fault, x in zip(FAULTS, row, strict=False))
    print(f"{name:18} {told}; any false alarm {row[-1]:.3f}{more}")


if __name__ == "__main__":
    main()
