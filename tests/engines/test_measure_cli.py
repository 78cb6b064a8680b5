"""`nanglucso measure simulate` and `score` on sets made by the bench's own generator."""

import argparse
import csv
import gzip
import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nanglucso.project.cli import measure

BENCH = Path(__file__).parents[2] / "benchmarks" / "bench" / "measure"


def bench(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_measure_{name}", BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make, scorer = bench("make"), bench("score")


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    measure.register(parser.add_subparsers(required=True))
    args = parser.parse_args(["measure", *map(str, words)])
    return int(args.func(args))


def simulate(data: Path, out: Path, *more: object, **files: Path) -> int:
    names = {"bank": "bank.csv", "model": "model.json", "answers": "answers.npz", "required": "required.npz"}
    paths = {key: files.get(key, data / name) for key, name in names.items()}
    return run("simulate", *(x for k, p in paths.items() for x in (f"--{k}", p)), "--out", out, *more)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 made-up persons, 200 items with practice tasks, some levels not required."""
    folder = tmp_path_factory.mktemp("small")
    make.sitting(str(folder), seed=5, persons=120, bank=make.make_bank(5, per=10, practice=2), not_required=0.2)
    return folder


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full")
    make.sitting_mc(str(folder), seed=21)
    return folder


def judged(data: Path, result: Path) -> dict[str, Any]:
    told: dict[str, Any] = scorer.sitting(SimpleNamespace(data=str(data), result=str(result), cap=0.25))
    return told


def test_full_set_meets_its_figures_and_prints_one_json_line(
    full: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "blind").mkdir()
    for name in ("bank.csv", "model.json", "answers.npz", "required.npz"):
        shutil.copy(full / name, tmp_path / "blind")  # the truth stays away from the engine
    out = tmp_path / "r.npz"
    assert simulate(tmp_path / "blind", out, "--items", 30) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {"persons", "items_mean", "seconds", "selection_us", "setup_seconds", "peak_mb"} <= told.keys()
    assert (told["persons"], told["items_mean"]) == (600, 30)
    figures = judged(full, out)
    assert figures["rmse"] < 0.55
    assert 0.88 < figures["cover90"] < 0.92
    assert (figures["repeats"], figures["family_violations"], figures["every_domain"]) == (0, 0, 1)
    assert simulate(full, tmp_path / "decision.npz", "--items", 30, "--rule", "decision") == 0
    assert judged(full, tmp_path / "decision.npz")["right"] > figures["right"] + 0.003
    model = json.loads((full / "model.json").read_text())
    model["cov"] = np.eye(20).tolist()
    (tmp_path / "apart.json").write_text(json.dumps(model))
    assert simulate(full, tmp_path / "apart.npz", "--items", 30, model=tmp_path / "apart.json") == 0
    assert judged(full, tmp_path / "apart.npz")["rmse"] > 1.3 * figures["rmse"]


def test_exposure_cap_and_decision_rule_on_the_full_set(full: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.npz"
    assert simulate(full, out, "--items", 30, "--max-exposure", 0.25, "--rule", "decision") == 0
    figures = judged(full, out)
    assert figures["items_over_cap"] == figures["repeats"] == figures["family_violations"] == 0
    assert figures["max_exposure"] <= 0.25
    assert figures["right"] > 0.85


@pytest.mark.parametrize(
    "more",
    [
        ("--items", 15),
        ("--items", 12, "--max-exposure", 0.25),
        ("--items", 40, "--max-minutes", 20, "--rule", "decision"),
        ("--items", 20, "--stop", "decided", "--min-items", 5, "--rule", "decision"),
    ],
)
def test_answers_that_were_not_asked_for_change_nothing(small: Path, tmp_path: Path, more: tuple[object, ...]) -> None:
    one, two, three, spoiled = (tmp_path / name for name in ("1.npz", "2.npz", "3.npz", "spoiled.npz"))
    assert simulate(small, one, *more, "--seed", 3) == 0
    scorer.scramble(SimpleNamespace(data=str(small), result=str(one), out=str(spoiled)))
    assert simulate(small, two, *more, "--seed", 3, answers=spoiled) == 0
    assert simulate(small, three, *more, "--seed", 3) == 0
    assert scorer.same(SimpleNamespace(result=str(one), other=str(two))) == {
        "bench": "same",
        "administered": True,
        "mean": True,
    }
    assert one.read_bytes() == three.read_bytes()
    figures = judged(small, one)
    assert (figures["repeats"], figures["family_violations"]) == (0, 0)
    if "--max-exposure" in more:
        assert figures["items_over_cap"] == 0
    if "--max-minutes" in more:
        asked = np.load(one)["administered"]
        with open(small / "bank.csv") as f:
            minutes = np.array([float(row["minutes"]) for row in csv.DictReader(f)] + [0.0])
        assert minutes[asked].sum(1).max() <= 20


def test_unknown_answers_are_allowed_until_they_are_asked_for(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    simulate(small, tmp_path / "r.npz", "--items", 8)
    asked, table = np.load(tmp_path / "r.npz")["administered"], np.load(small / "answers.npz")["score"]
    known = np.full_like(table, -1)
    np.put_along_axis(known, asked, np.take_along_axis(table, asked, 1), 1)
    np.savez(tmp_path / "known.npz", score=known)
    assert simulate(small, tmp_path / "again.npz", "--items", 8, answers=tmp_path / "known.npz") == 0
    known[4, asked[4, 0]] = -1
    np.savez(tmp_path / "known.npz", score=known)
    assert simulate(small, tmp_path / "none.npz", "--items", 8, answers=tmp_path / "known.npz") == 2
    assert "row 5, column i" in capsys.readouterr().err
    assert not (tmp_path / "none.npz").exists()


def edited(source: Path, target: Path, row: int, column: str, value: str) -> Path:
    """A copy of a CSV with one cell changed; row counts as in a spreadsheet."""
    with open(source, newline="") as f:
        lines = list(csv.reader(f))
    lines[row - 1][lines[0].index(column)] = value
    with open(target, "w", newline="") as f:
        csv.writer(f).writerows(lines)
    return target


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (4, "a", "-1"),
        (5, "a", "one"),
        (6, "b", ""),
        (7, "c", "1.5"),
        (8, "competence", "c99"),
        (9, "type", "4pl"),
        (10, "item_id", "i0001"),
        (11, "minutes", "0"),
        (3, "b", "0.5;1.0"),
        (10, "b", "nan"),
    ],
)
def test_bad_bank_is_refused_by_file_row_and_column(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], row: int, column: str, value: str
) -> None:
    bad = edited(small / "bank.csv", tmp_path / "bad.csv", row, column, value)
    assert simulate(small, tmp_path / "r.npz", "--items", 5, bank=bad) == 2
    told = capsys.readouterr()
    assert f"bad.csv, row {row}, column {column}:" in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""
    assert not (tmp_path / "r.npz").exists()


def test_bad_csv_shapes_are_refused(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, out = tmp_path / "bad.csv", tmp_path / "r.npz"
    text = (small / "bank.csv").read_text()
    head, first, *_ = text.splitlines()
    cases = {
        head.replace("family", "group") + "\n" + first: "row 1: the column family is missing",
        head + "\n" + first + ",9": "row 2, column minutes: the row has 9 fields, the header 8",
        head + "\n" + first.rsplit(",", 1)[0]: "row 2, column minutes: the row has 7 fields, the header 8",
        head: "row 2: there is no item",
    }
    for content, told in cases.items():
        bad.write_text(content + "\n")
        assert simulate(small, out, bank=bad) == 2
        assert told in capsys.readouterr().err
    bad.write_bytes(b"\xff\xfe\x00")
    assert simulate(small, out, bank=bad) == 2
    assert "not UTF-8" in capsys.readouterr().err
    assert simulate(small, out, bank=tmp_path / "absent.csv") == 2
    assert "absent.csv: the file cannot be read" in capsys.readouterr().err
    assert not out.exists()


def test_bad_arrays_are_refused(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, bad = tmp_path / "r.npz", tmp_path / "bad.npz"
    score, level = np.load(small / "answers.npz")["score"], np.load(small / "required.npz")["level"]
    high, half = score.copy(), score.astype(float)
    high[2, 3], half[6, 0] = 7, np.nan
    far = level.copy()
    far[1, 4] = 3
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("answers", {"score": high}, "row 3, column 4 (i0004): score 7 is outside 0 .. 1"),
        ("answers", {"score": half}, "row 7, column 1: nan is not a whole number"),
        ("answers", {"score": score[:, :-1]}, "the table is 120 x 199, wanted N x 200"),
        ("answers", {"scores": score}, "the array score is missing"),
        ("answers", {"score": score.astype(str)}, "must hold whole numbers"),
        ("required", {"level": far}, "row 2, column 5 (c05): level 3 is outside -1 .. 2"),
        ("required", {"level": level[:-1]}, "the table is 119 x 20, wanted 120 x 20"),
    ]
    for option, arrays, told in cases:
        np.savez(bad, **arrays)
        assert simulate(small, out, **{option: bad}) == 2
        assert told in capsys.readouterr().err
    bad.write_text("no archive")
    assert simulate(small, out, answers=bad) == 2
    assert "not a readable .npz" in capsys.readouterr().err
    assert not out.exists()


def test_bad_model_is_refused(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, bad = json.loads((small / "model.json").read_text()), tmp_path / "bad.json"
    crossed = [row[:] for row in model["cuts"]]
    crossed[6] = [0.5, 0.1, 0.9]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"cov": None}, '"cov": it is missing or null'),
        ({"cov": np.ones((20, 20)).tolist()}, "symmetric and positive definite"),
        ({"mean": [0.0] * 19}, '"mean": it must be 20 numbers, it is 19'),
        ({"cuts": crossed}, "competence 7 do not ascend"),
        ({"competences": [{"id": "c01"}]}, '"competences": each needs an "id" and a "domain"'),
    ]
    for change, told in cases:
        bad.write_text(json.dumps({**model, **change}))
        assert simulate(small, tmp_path / "r.npz", model=bad) == 2
        assert told in capsys.readouterr().err
    bad.write_text("{")
    assert simulate(small, tmp_path / "r.npz", model=bad) == 2
    assert "this is not JSON" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--items", 0), "--items must be 1 or more"),
        (("--items", 5, "--min-items", 6), "--min-items must lie between"),
        (("--max-exposure", 1.5), "--max-exposure must be above 0"),
        (("--max-minutes", 0), "--max-minutes must be above 0"),
        (("--seed", -1), "--seed must be 0 or more"),
        (("--items", 150), "150 items cannot be asked"),
        (("--items", 20, "--max-exposure", 0.05), "an exposure of 0.05 is too little"),
    ],
)
def test_impossible_demands_are_refused(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[object, ...], told: str
) -> None:
    assert simulate(small, tmp_path / "r.npz", *more) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_output_folder_must_exist(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate(small, tmp_path / "none" / "r.npz") == 2
    assert "the folder does not exist" in capsys.readouterr().err
    assert simulate(small, tmp_path) == 2
    assert "this is a folder" in capsys.readouterr().err


# ---------------------------------------------------------------- score
@pytest.fixture(scope="module")
def log(small: Path) -> list[tuple[str, str, int]]:
    """The answers of 40 persons to some items each, as a log."""
    table, rng = np.load(small / "answers.npz")["score"], np.random.default_rng(4)
    rows = [(p, j) for p in range(40) for j in rng.permutation(200)[: rng.integers(1, 30)]]
    return [(str(p), f"i{j + 1:04d}", int(table[p, j])) for p, j in rows]


def scored(small: Path, folder: Path, rows: list[tuple[Any, ...]], head: str = "person_id,item_id,score") -> int:
    with gzip.open(folder / "log.csv.gz", "wt") as f:
        f.write("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n")
    files = ("--bank", small / "bank.csv", "--model", small / "model.json", "--responses", folder / "log.csv.gz")
    return run("score", *files, "--out", folder / "profiles.csv")


def test_score_is_the_same_for_any_order_of_the_log(
    small: Path, tmp_path: Path, log: list[tuple[str, str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert scored(small, tmp_path, log) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["persons"], told["answers"]) == (40, len(log))
    first = (tmp_path / "profiles.csv").read_bytes()
    mixed = [log[i] for i in np.random.default_rng(1).permutation(len(log))]
    assert scored(small, tmp_path, mixed) == 0
    assert (tmp_path / "profiles.csv").read_bytes() == first
    with open(tmp_path / "profiles.csv") as f:
        rows = list(csv.DictReader(f))
    assert [r["person_id"] for r in rows] == [str(p) for p in range(40) for _ in range(20)]
    truth = np.load(small / "truth.npz")["theta"][:40]
    got = np.array([float(r["mean"]) for r in rows]).reshape(40, 20)
    sd = np.array([float(r["sd"]) for r in rows]).reshape(40, 20)
    assert np.corrcoef(got.ravel(), truth.ravel())[0, 1] > 0.6
    assert (sd < 1.05).all()  # one lucky guess can widen a belief a little
    assert sd.mean() < 0.75
    assert 0.85 < (np.abs(got - truth) < 1.6449 * sd).mean() < 0.95


def test_score_agrees_with_the_profiles_of_the_sittings(small: Path, tmp_path: Path) -> None:
    assert simulate(small, tmp_path / "r.npz", "--items", 12) == 0
    result, table = np.load(tmp_path / "r.npz"), np.load(small / "answers.npz")["score"]
    rows = [(p, f"i{j + 1:04d}", table[p, j]) for p, items in enumerate(result["administered"]) for j in items[::-1]]
    assert scored(small, tmp_path, rows) == 0
    with open(tmp_path / "profiles.csv") as f:
        got = np.array([float(r["mean"]) for r in csv.DictReader(f)]).reshape(120, 20)
    assert np.abs(got - result["mean"]).max() < 1e-8


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("1", "i9999", 1), "row 3, column item_id: 'i9999' is not in the bank"),
        (("1", "i0002", 2), "row 3, column score: '2' is not a whole number from 0 to 1"),
        (("1", "i0002", ""), "row 3, column score: '' is not a whole number"),
        (("", "i0002", 1), "row 3, column person_id: it is empty"),
        (("1", "i0001", 0), "row 3, column item_id: person 1 has answered i0001 in row 2 already"),
    ],
)
def test_bad_log_is_refused_by_row_and_column(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], row: tuple[Any, ...], told: str
) -> None:
    assert scored(small, tmp_path, [("1", "i0001", 1), row]) == 2
    assert f"log.csv.gz, {told}" in capsys.readouterr().err
    assert not (tmp_path / "profiles.csv").exists()


def test_the_same_item_in_another_period_counts_again(small: Path, tmp_path: Path) -> None:
    head = "person_id,item_id,score,period"
    assert scored(small, tmp_path, [("an", "i0001", 1, 1), ("an", "i0001", 1, 2)], head) == 0
    twice = (tmp_path / "profiles.csv").read_text()
    assert scored(small, tmp_path, [("an", "i0001", 1, 1)], head) == 0
    assert (tmp_path / "profiles.csv").read_text() != twice


def test_broken_archive_and_empty_log_are_refused(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scored(small, tmp_path, []) == 2
    assert "row 2: there is no answer" in capsys.readouterr().err
    (tmp_path / "cut.csv.gz").write_bytes((tmp_path / "log.csv.gz").read_bytes()[:-12])
    files = ("--bank", small / "bank.csv", "--model", small / "model.json", "--responses", tmp_path / "cut.csv.gz")
    assert run("score", *files, "--out", tmp_path / "p.csv") == 2
    assert "cannot be read" in capsys.readouterr().err
