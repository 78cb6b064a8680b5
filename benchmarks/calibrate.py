"""Calibration against the PyPI package `mirt` on the same answers in one run, and the other calibration sets.

    python benchmarks/calibrate.py [--seed 11] [--sets cal2pl,caljoint,uneven,known,cold,big] [--persons 200000]

Sets come from `bench/measure/make.py`, errors from `bench/measure/score.py`. CPU seconds are those of fitting, reading
and simulating left out. `uneven`: as `caljoint`, with correlations that differ from pair to pair; beside ours, what
greatest likelihood finds about them from the same answers when all items are known exactly. `known`: `caljoint` with
the true correlations and the very priors of a that its items were drawn from, what nobody has. For `big` CPU seconds
are those of the whole command, reading included. `mirt` (Rust back end) comes with `pip install -r
requirements-bench.txt`; a part whose package is missing says so by name.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

# SciPy is loaded before the clock runs, as mirt is.
import scipy.optimize
import scipy.sparse
import scipy.special  # noqa: F401

from nanglucso.engines.calibration import Answers, CalibrationResult, Population, calibrate, reestimate_population
from nanglucso.project.cli import measure_calibrate_files as files

BENCH = Path(__file__).parent / "bench" / "measure"
sys.path.insert(0, str(BENCH))
import score  # noqa: E402
from wrong_model import uneven as uneven_cov  # noqa: E402

import make  # noqa: E402


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    out = work()
    return out, time.process_time() - began


def scored(what: str, data: Path, params: Path, model: Path | None = None) -> dict[str, Any]:
    """The bench's own scorer, as a function."""
    options = argparse.Namespace(data=str(data), params=str(params), model=None if model is None else str(model))
    return getattr(score, what)(options)  # type: ignore[no-any-return]


def read(data: Path) -> tuple[files.CalibrationModel, dict[str, Any], Answers]:
    model = files.read_calibration_model(data / "model.json", data / "items.csv")
    items = files.read_items(data / "items.csv", model)
    return model, items, files.read_long(data / "responses.csv.gz", items)


def written(data: Path, items: dict[str, Any], result: CalibrationResult) -> Path:
    out = data / "ours.csv"
    with out.open("wb") as f:
        files.write_params(f, list(items), result)
    return out


# ---------------------------------------------------------------- one dimension, against mirt
def cal2pl(data: Path, seed: int) -> None:
    make.cal2pl(str(data), seed)
    _, items, answers = read(data)
    ours, cpu = {}, {}
    for errors in (True, False):
        ours[errors], cpu[errors] = timed(lambda errors=errors: calibrate(answers, list(items.values()), errors=errors))
    told = scored("calibrate", data, written(data, items, ours[True]))
    line = f"cal2pl seed {seed}: ours rmse a {told['a_all']['rmse']}, b {told['b_all']['rmse']}"
    print(f"{line}, loglik {ours[True].loglik:.1f}, cpu {cpu[True]:.2f} s with errors, {cpu[False]:.2f} s without")
    if importlib.util.find_spec("mirt") is None:
        print("cal2pl: mirt is not installed (pip install -r requirements-bench.txt); no comparison made")
        return
    against_mirt(data, list(items), answers, ours[True].loglik, cpu)


def against_mirt(data: Path, names: list[str], answers: Answers, loglik: float, cpu: dict[bool, float]) -> None:
    from importlib.metadata import version

    import mirt

    person, item = np.asarray(answers.person), np.asarray(answers.item)
    table = np.full((int(person.max()) + 1, len(names)), -1)
    table[person, item] = answers.score
    for errors in (True, False):
        fit, spent = timed(lambda errors=errors: mirt.fit_mirt(table, model="2PL", compute_standard_errors=errors))
        a, b = (np.asarray(fit.model.parameters[key]) for key in ("discrimination", "difficulty"))
        out = data / "theirs.csv"
        rows = [f"{n},{x:.6f},{y:.6f},0" for n, x, y in zip(names, a, b, strict=True)]
        out.write_text("\n".join(["item_id,a,b,c", *rows]) + "\n")
        told = scored("calibrate", data, out)
        print(
            f"  {'with' if errors else 'without'} errors: mirt {version('mirt')} rmse a {told['a_all']['rmse']}, "
            f"b {told['b_all']['rmse']}, loglik {fit.log_likelihood:.1f}, cpu {spent:.2f} s; ours {cpu[errors]:.2f} s; "
            f"ratio {spent / cpu[errors]:.1f}; loglik differs by {abs(loglik / fit.log_likelihood - 1):.1e} relative"
        )


# ---------------------------------------------------------------- many competences, cold start, a country
def caljoint(data: Path, seed: int) -> None:
    make.caljoint(str(data), seed)
    model, items, answers = read(data)
    who = Population.unknown(len(model.ids), model.domain)
    result, cpu = timed(lambda: calibrate(answers, list(items.values()), who))
    out = data / "model_out.json"
    out.write_text(json.dumps({**model.raw, "cov": result.cov.tolist()}))
    told = scored("calibrate", data, written(data, items, result), out)
    print(
        f"caljoint seed {seed}: rmse a {told['a_all']['rmse']}, b {told['b_all']['rmse']}, correlations max error "
        f"{told['cor']['max_abs']}, rms {told['cor']['rmse']}, cpu {cpu:.1f} s, {result.iterations} steps"
    )


def uneven(data: Path, seed: int) -> None:
    """Correlations of our own making: ours with unknown items, and greatest likelihood with known ones."""
    true, bank = uneven_cov(seed), make.make_bank(seed, practice=3, b_sd=1.0, a_mean=0.1)
    make.calibration(str(data), seed, 20_000, bank, true, make.SIZES, 30, c_spread=1)
    model, items, answers = read(data)
    result, cpu = timed(lambda: calibrate(answers, list(items.values()), Population.unknown(20, model.domain)))
    exact = [
        replace(item, a=float(a), b=tuple(map(float, b)), c=float(c), fixed=True)
        for item, a, b, c in zip(items.values(), bank["a"], bank["b"], bank["c"], strict=True)
    ]
    best = reestimate_population(answers, exact, Population.of(result.cov), weight=0, steps=60, tolerance=2e-5).cov
    sd, pairs = np.sqrt(np.diagonal(best)), np.triu_indices(20, 1)
    told = scored("calibrate", data, written(data, items, result))
    figures = [
        f"{name} {np.abs(e).max():.3f}, rms {np.sqrt(np.mean(e**2)):.3f}"
        for name, e in (
            ("ours", (result.cov - true)[pairs]),
            ("likelihood with known items", (best / np.outer(sd, sd) - true)[pairs]),
        )
    ]
    line = f"rmse a {told['a_all']['rmse']}, b {told['b_all']['rmse']}, cpu {cpu:.1f} s"
    print(f"uneven seed {seed}: {line}; largest error of a correlation: {'; '.join(figures)}")


def known(data: Path, seed: int) -> None:
    """The same answers, fitted by someone who knows the true correlations and the spread of the true a of each type."""
    make.caljoint(str(data), seed)
    _, items, answers = read(data)
    drawn = {"grm": (0.45, 0.25)}
    told_priors = {name: drawn.get(item.model, (0.1, 0.3)) for name, item in items.items()}
    for name, (log_a, sd) in told_priors.items():
        items[name] = replace(items[name], a=float(np.exp(log_a)), sd_log_a=sd)
    true = np.array(json.loads((data / "truth.json").read_text())["cov"])
    result = calibrate(answers, list(items.values()), Population.of(true))
    told = scored("calibrate", data, written(data, items, result))
    print(
        f"known seed {seed}: with the true correlations and priors rmse a {told['a_all']['rmse']} "
        f"+-{told['a_all']['rmse_se']}, b {told['b_all']['rmse']}; root mean square of its reported errors of a "
        f"{np.sqrt(np.mean(result.se_a**2)):.4f}"
    )


def cold(data: Path, seed: int) -> None:
    shares, errors, spent = [], [], 0.0
    for s in range(seed, seed + 4):
        folder = data / str(s)
        make.cold(str(folder), s)
        model, items, answers = read(folder)
        files.hold(folder / "anchor.csv", items)
        assert model.cov is not None
        who = Population.of(model.cov)
        result, cpu = timed(lambda who=who, answers=answers, items=items: calibrate(answers, list(items.values()), who))
        told = scored("cold", folder, written(folder, items, result))["by_answers"]["200"]
        shares.append(told["share_se_below_3"])
        errors.append(told["rmse"])
        spent += cpu
    print(
        f"cold seeds {seed}-{seed + 3}: after 200 answers se(b) < .3 for {np.mean(shares):.3f} of the new items, "
        f"rmse b {np.sqrt(np.mean(np.square(errors))):.3f}, cpu {spent:.1f} s"
    )


def big(data: Path, seed: int, persons: int = 200_000) -> None:
    bank = make.make_bank(seed, per=1000, practice=100, sizes=(1,), b_sd=1.0, a_mean=0.1, families=0)
    make.calibration(str(data), seed, persons, bank, np.eye(1), (1,), 30, c_spread=1)
    words = ["--items", "items.csv", "--responses", "responses.csv.gz", "--model", "model.json", "--out", "ours.csv"]
    command = [sys.executable, "-m", "nanglucso", "measure", "calibrate"]
    command += [x if x.startswith("--") else str(data / x) for x in words]
    before = os.times()
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    after = os.times()
    told = json.loads(ran.stdout.splitlines()[-1])
    right = scored("calibrate", data, data / "ours.csv")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    print(
        f"big: {persons} x 1000 x 30, cpu {cpu:.1f} s with reading (wall: fit {told['seconds']:.1f} s, read "
        f"{told['read_seconds']:.1f} s), peak {told['peak_mb']:.0f} MB, rmse b {right['b_all']['rmse']}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--sets", default="cal2pl,caljoint,cold,big")
    parser.add_argument("--persons", type=int, default=200_000, help="persons of the set `big`")
    o = parser.parse_args()
    runs = {"cal2pl": cal2pl, "caljoint": caljoint, "uneven": uneven, "known": known, "cold": cold}
    with tempfile.TemporaryDirectory() as folder:
        for name in o.sets.split(","):
            if name == "big":
                big(Path(folder) / name, o.seed, o.persons)
            elif name in runs:
                runs[name](Path(folder) / name, o.seed)
            else:
                raise SystemExit(f"--sets: {name} is not one of {', '.join([*runs, 'big'])}")


if __name__ == "__main__":
    main()
