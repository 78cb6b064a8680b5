"""One joint profile against twenty separate tests, on the same simulated persons and the same 30 items a sitting.

    python benchmarks/measure_sitting.py [--persons 600] [--seed 11] [--items 30]

Makes the set `sitting_mc` (600 made-up persons, 20 competences, 600 choice items), holds the sittings twice through
`nanglucso measure simulate`: with the correlations of the competences, and with the identity in their place, which is
twenty tests that learn nothing from each other. Prints one line; `ratio` is RMSE separate / RMSE joint.
"""

import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from nanglucso.project.cli import measure

BENCH = Path(__file__).parent / "bench" / "measure"


def simulate(data: Path, model: Path, out: Path, items: int) -> dict[str, float]:
    """Run the command as a user would; returns its JSON line."""
    parser = argparse.ArgumentParser()
    measure.register(parser.add_subparsers(required=True))
    files = {"bank": data / "bank.csv", "answers": data / "answers.npz", "required": data / "required.npz"}
    words = [x for name, path in files.items() for x in (f"--{name}", str(path))]
    words += ["--model", str(model), "--items", str(items), "--out", str(out)]
    args = parser.parse_args(["measure", "simulate", *words])
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        status = args.func(args)
    if status:
        raise SystemExit(status)
    figures: dict[str, float] = json.loads(told.getvalue().splitlines()[-1])
    return figures


def scored(data: Path, result: Path) -> dict[str, float]:
    """The bench's own scorer, in a process of its own."""
    command = [sys.executable, str(BENCH / "score.py"), "sitting", "--data", str(data), "--result", str(result)]
    figures: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in {"persons": 600, "seed": 11, "items": 30}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    o = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        words = ["sitting_mc", "--out", folder, "--persons", str(o.persons), "--seed", str(o.seed)]
        subprocess.run([sys.executable, str(BENCH / "make.py"), *words], check=True, capture_output=True)
        model = json.loads((data / "model.json").read_text())
        k = len(model["competences"])
        model["cov"] = [[float(i == j) for j in range(k)] for i in range(k)]
        (data / "separate.json").write_text(json.dumps(model))
        ran, told = {}, {}
        for name, file in {"joint": "model.json", "separate": "separate.json"}.items():
            ran[name] = simulate(data, data / file, data / f"{name}.npz", o.items)
            told[name] = scored(data, data / f"{name}.npz")
    joint, apart = told["joint"], told["separate"]
    print(
        f"measure_sitting: persons {o.persons}, items {o.items}, rmse {joint['rmse']:.4f} (se {joint['rmse_se']:.4f}), "
        f"cover90 {joint['cover90']:.3f}, selection_us {ran['joint']['selection_us']:.1f}, "
        f"seconds {ran['joint']['seconds']:.2f}; 20 separate tests: rmse {apart['rmse']:.4f}, "
        f"cover90 {apart['cover90']:.3f}; ratio {apart['rmse'] / joint['rmse']:.2f}, cores {os.cpu_count()}"
    )


if __name__ == "__main__":
    main()
