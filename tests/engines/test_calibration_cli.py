"""`nanglucso measure calibrate` on sets made by the bench's own generator, scored by the bench's own scorer."""

import argparse
import csv
import gzip
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from nanglucso.project.cli import measure

BENCH = Path(__file__).parents[2] / "benchmarks" / "bench" / "measure"


def bench(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_calibrate_{name}", BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make, scorer = bench("make"), bench("score")


def run(data: Path, *more: object, **files: Path) -> int:
    parser = argparse.ArgumentParser()
    measure.register(parser.add_subparsers(required=True))
    names = {"items": "items.csv", "responses": "responses.csv.gz", "model": "model.json", "out": "params.csv"}
    words = [x for k, name in names.items() for x in (f"--{k}", files.get(k, data / name))]
    args = parser.parse_args(["measure", "calibrate", *map(str, [*words, *more])])
    return int(args.func(args))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1 dimension, 1,500 persons, 40 items of three types."""
    folder = tmp_path_factory.mktemp("one")
    bank = make.make_bank(3, per=40, practice=8, sizes=(1,), families=0)
    make.calibration(str(folder), 3, 1500, bank, np.eye(1), (1,), 20, c_spread=1)
    return folder


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """4 competences in two domains, 2,000 persons, covariance unknown."""
    folder = tmp_path_factory.mktemp("four")
    bank = make.make_bank(4, per=12, practice=2, sizes=(2, 2), families=0)
    make.calibration(str(folder), 4, 2000, bank, make.structured_cov(0.8, 0.5, (2, 2)), (2, 2), 16)
    return folder


def test_one_scale(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(one) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(told) == {"loglik", "iterations", "converged", "seconds", "read_seconds", "peak_mb"}
    assert told["converged"]
    figures = scorer.calibrate(SimpleNamespace(data=str(one), params=str(one / "params.csv"), model=None))
    assert figures["missing"] == figures["wrong_shape"] == 0
    assert figures["b_all"]["rmse"] < 0.3
    assert figures["2pl"]["b"]["cover95"] > 0.8
    with (one / "params.csv").open() as f:
        rows = list(csv.DictReader(f))
    assert list(rows[0]) == ["item_id", "a", "b", "c", "se_a", "se_b", "se_c", "n"]
    assert sum(int(r["n"]) for r in rows) == 1500 * 20
    kept = (one / "params.csv").read_bytes()
    assert run(one) == 0
    assert (one / "params.csv").read_bytes() == kept


def test_covariance_unknown(four: Path) -> None:
    out = four / "model_out.json"
    assert run(four, "--model-out", out) == 0
    figures = scorer.calibrate(SimpleNamespace(data=str(four), params=str(four / "params.csv"), model=str(out)))
    assert figures["cor"]["max_abs"] < 0.15
    assert figures["b_all"]["rmse"] < 0.35
    assert json.loads(out.read_text())["level_midpoints"] == list(make.MIDS)


def test_new_items_ride_along(four: Path, tmp_path: Path) -> None:
    with (four / "truth.csv").open() as f:
        head, *rows = list(csv.reader(f))
    anchor = tmp_path / "anchor.csv"
    make.write_csv(str(anchor), head, rows[:40])
    assert run(four, "--anchor", anchor, "--estimate-cov", out=tmp_path / "p.csv") == 0
    with (tmp_path / "p.csv").open() as f:
        got = list(csv.DictReader(f))
    for row, known in zip(got[:40], rows[:40], strict=True):
        assert float(row["a"]) == pytest.approx(float(known[1]), abs=1e-6)
        assert float(row["se_a"]) == 0
    assert all(float(row["se_a"]) > 0 for row in got[40:])


BAD_ROWS = [
    ("2,i0001,1", "i9999", "row 2, column item_id: 'i9999' is not in the items file"),
    ("person,item_id,score", None, "row 1: the column person_id is missing"),
    ("2,i0001,x", None, "row 2, column score: 'x' is not a whole number from 0 to 1"),
    ("2,i0001,2", None, "row 2, column score: '2' is not a whole number from 0 to 1"),
    (",i0001,1", None, "row 2, column person_id: it is empty"),
    ("2,i0001", None, "row 2, column score: the row has 2 fields, the header 3"),
    ("2,i0001,1\n2,i0001,0", None, "row 3 .*column item_id: this person has answered this item already"),
    ("", None, "row 2: there is no answer"),
]


@pytest.mark.parametrize(("line", "swap", "told"), BAD_ROWS)
def test_bad_answers(
    one: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, swap: str | None, told: str
) -> None:
    text = line if line.startswith("person") else "person_id,item_id,score\n" + line.replace("i0001", swap or "i0001")
    bad, out = tmp_path / "bad.csv", tmp_path / "params.csv"
    bad.write_text(text + "\n" if line else "person_id,item_id,score\n")
    assert run(one, responses=bad, out=out) == 2
    said = capsys.readouterr().err
    assert str(bad) in said
    assert re.search(told, said), said
    assert not out.exists()


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("type", "4pl", "row 2, column type: '4pl' is not one of"),
        ("level", "7", "row 2, column level: '7' is not a whole number from 0 to 3"),
        ("competence", "c99", "row 2, column competence: 'c99' is not a competence of the model"),
        ("categories", "1", "row 2, column categories: '1' is not a whole number from 2 to 12"),
        ("item_id", "", "row 2, column item_id: '' is empty"),
    ],
)
def test_bad_items(
    one: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str, value: str, told: str
) -> None:
    with (one / "items.csv").open() as f:
        rows = list(csv.DictReader(f))
    rows[0][column] = value
    bad, out = tmp_path / "items.csv", tmp_path / "params.csv"
    make.write_csv(str(bad), list(rows[0]), [list(r.values()) for r in rows])
    assert run(one, items=bad, out=out) == 2
    assert f"{bad}, {told}" in capsys.readouterr().err
    assert not out.exists()


def test_other_bad_files(one: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, anchor = tmp_path / "params.csv", tmp_path / "anchor.csv"
    anchor.write_text("item_id,a,b,c\ni0001,1,0.2;0.1,0\n")
    broken = tmp_path / "responses.csv.gz"
    broken.write_bytes(gzip.compress(b"person_id,item_id,score\n1,i0001,1\n")[:-9])
    model = tmp_path / "model.json"
    model.write_text("{}")
    for words, told in (
        ({"responses": broken}, "cannot be read"),
        ({"responses": tmp_path / "none.csv"}, "cannot be read"),
        ({"model": model}, '"competences"'),
        ({"out": tmp_path / "no" / "p.csv"}, "the folder does not exist"),
    ):
        assert run(one, **{"out": out, **words}) == 2
        assert told in capsys.readouterr().err
    assert run(one, "--anchor", anchor, out=out) == 2
    assert "row 2, column b: the item has 1 steps, not 2" in capsys.readouterr().err
    assert run(one, "--processes", 0, out=out) == 2
    assert "--processes" in capsys.readouterr().err
    assert not out.exists()
