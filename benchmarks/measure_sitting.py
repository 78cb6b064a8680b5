"""Adaptive sittings: ours, twenty separate tests and one single capacity, on the same made-up persons in one run.

    python benchmarks/measure_sitting.py [--persons 5000] [--seed 11]

Makes the set `sitting_mc` (20 competences, 600 choice items, true correlation .85 within / .65 between domains) and
holds the sittings through `nanglucso measure simulate`, four times ours (precision at 30 items and decision at 36, each
free and with no item shown to more than 25% of the sitters), and beside it
  separate  the identity in place of the correlations: twenty tests that learn nothing from each other;
  single    all items on one scale, every competence read off the one capacity (how Pix certifies).
Each line: figures of the bench's scorer and the time taken; ratio = RMSE of the rival / ours at the same length. Then
the audit: every answer that was not administered is spoiled, and a second run must give the same result.
"""

import argparse
import contextlib
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from nanglucso.project.cli import measure

BENCH = Path(__file__).parent / "bench" / "measure"
OURS = {
    "precision 30": "--items 30 --rule precision",
    "decision 36": "--items 36 --rule decision",
    "precision 30, cap .25": "--items 30 --rule precision --max-exposure .25",
    "decision 36, cap .25": "--items 36 --rule decision --max-exposure .25",
}
Figures = dict[str, float]


def simulate(data: Path, out: Path, options: str, **instead: str) -> Figures:
    """Run the command as a user would; returns its JSON line and the CPU seconds it took."""
    parser = argparse.ArgumentParser()
    measure.register(parser.add_subparsers(required=True))
    files = {"bank": "bank.csv", "model": "model.json", "answers": "answers.npz", "required": "required.npz"} | instead
    words = [x for name, file in files.items() for x in (f"--{name}", str(data / file))]
    args = parser.parse_args(["measure", "simulate", *words, *options.split(), "--out", str(out)])
    told, began = io.StringIO(), time.process_time()
    with contextlib.redirect_stdout(told):
        status = args.func(args)
    if status:
        raise SystemExit(status)
    figures: Figures = json.loads(told.getvalue().splitlines()[-1])
    return figures | {"cpu": time.process_time() - began}


def bench(*words: str) -> Figures:
    """The bench's own scorer, in a process of its own."""
    run = subprocess.run([sys.executable, str(BENCH / "score.py"), *words], check=True, capture_output=True, text=True)
    figures: Figures = json.loads(run.stdout)
    return figures


def scored(data: Path, result: Path) -> Figures:
    return bench("sitting", "--data", str(data), "--result", str(result))


def by_quarter(data: Path, result: Path) -> list[float]:
    """RMSE by quarter of arrival."""
    error = np.square(np.load(result)["mean"] - np.load(data / "truth.npz")["theta"]).mean(1)
    return [float(np.sqrt(part.mean())) for part in np.array_split(error, 4)]


def make_rivals(data: Path) -> None:
    """separate.json: no correlations. one.json, one.csv, one.npz: all items on one competence."""
    model = json.loads((data / "model.json").read_text())
    first, k = model["competences"][0], len(model["competences"])
    (data / "separate.json").write_text(json.dumps(model | {"cov": np.eye(k).tolist()}))
    one = {"competences": [first], "mean": [0.0], "cov": [[1.0]], "cuts": model["cuts"][:1]}
    (data / "one.json").write_text(json.dumps(model | one))
    with open(data / "bank.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    with open(data / "one.csv", "w", newline="") as f:
        writer = csv.DictWriter(f, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"competence": first["id"]} for row in rows)
    np.savez(data / "one.npz", level=np.load(data / "required.npz")["level"][:, :1])


def spread_single(data: Path, result: Path) -> None:
    """Read every competence off the one capacity."""
    table, k = dict(np.load(result)), len(json.loads((data / "model.json").read_text())["competences"])
    np.savez(result, administered=table["administered"], **{x: np.repeat(table[x], k, 1) for x in ("mean", "sd")})


def line(name: str, told: Figures, ran: Figures, more: str = "") -> None:
    print(
        f"{name:24} rmse {told['rmse']:.4f} ±{told['rmse_se']:.4f}  right {told['right']:.4f} ±{told['right_se']:.4f}  "
        f"sure {told['sure']:.3f} (right {told['sure_right']:.3f})  cover90 {told['cover90']:.3f}  "
        f"items over .25: {told['items_over_cap']:<3} {ran['cpu']:.1f} s CPU  {more}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in {"persons": 5000, "seed": 11}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    o = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        words = ["sitting_mc", "--out", folder, "--persons", str(o.persons), "--seed", str(o.seed)]
        subprocess.run([sys.executable, str(BENCH / "make.py"), *words], check=True, capture_output=True)
        make_rivals(data)
        print(f"measure_sitting: persons {o.persons}, seed {o.seed}, cores {os.cpu_count()}")
        ours = {}
        for name, options in OURS.items():
            out = data / f"{name}.npz"
            ran = simulate(data, out, options)
            ours[name] = scored(data, out)
            parts = by_quarter(data, out)
            line(name, ours[name], ran, "by quarter of arrival " + " ".join(f"{x:.3f}" for x in parts))
        for items in (30, 36):
            base = ours["precision 30" if items == 30 else "decision 36"]
            compare(data, items, base)
        out = data / "audit.npz"
        bench(
            "scramble", "--data", folder, "--result", str(data / "precision 30.npz"), "--out", str(data / "spoiled.npz")
        )
        simulate(data, out, OURS["precision 30"], answers="spoiled.npz")
        print(
            "scramble audit:",
            json.dumps(bench("same", "--result", str(data / "precision 30.npz"), "--other", str(out))),
        )


def compare(data: Path, items: int, ours: Figures) -> None:
    """The two rivals at the same length, with ratios to ours (RMSE; wrong decisions)."""
    for name, instead in {
        "separate": {"model": "separate.json"},
        "single": {"model": "one.json", "bank": "one.csv", "required": "one.npz"},
    }.items():
        out = data / f"{name}.npz"
        ran = simulate(data, out, f"--items {items} --rule {'precision' if items == 30 else 'decision'}", **instead)
        if name == "single":
            spread_single(data, out)
        told = scored(data, out)
        ratio = f"ratio rmse {told['rmse'] / ours['rmse']:.2f}, wrong {(1 - told['right']) / (1 - ours['right']):.2f}"
        line(f"{name} {items}", told, ran, ratio)


if __name__ == "__main__":
    main()
