"""`nanglucso measure health`, and the re-estimated covariance of `score`: real files in, real files out, refusals."""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import pytest

from nanglucso.engines import irt
from nanglucso.project.cli import measure

ITEMS = 12
PEOPLE = 600


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    measure.register(parser.add_subparsers(required=True))
    args = parser.parse_args(["measure", *map(str, words)])
    status: int = args.func(args)
    return status


def write(path: Path, head: list[str], rows: list[list[object]]) -> None:
    with open(path, "w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(head)
        writer.writerows(rows)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rng = np.random.default_rng(2)
    b = rng.normal(0, 0.6, ITEMS)
    comp = [f"c{j % 2}" for j in range(ITEMS)]
    theta = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], PEOPLE)
    rows: list[list[object]] = []
    for i in range(PEOPLE):
        for j in range(ITEMS):
            p = irt.reach(theta[i, j % 2], 1.4, [b[j]], 0.0)[0]
            p = (1 - p) / 3 if j == 4 else p
            rows.append([f"p{i}", f"i{j}", int(rng.random() < p), 1 + i % 2])
    write(tmp_path / "items.csv", ["item_id", "competence", "type"], [[f"i{j}", comp[j], "2pl"] for j in range(ITEMS)])
    write(tmp_path / "params.csv", ["item_id", "a", "b", "c"], [[f"i{j}", 1.4, b[j], 0] for j in range(ITEMS)])
    write(tmp_path / "responses.csv", ["person_id", "item_id", "score", "period"], rows)
    write(tmp_path / "groups.csv", ["person_id", "sex"], [[f"p{i}", "fm"[i % 2 if i else 0]] for i in range(PEOPLE)])
    bank_head = ["item_id", "competence", "type", "a", "b", "c", "family", "minutes"]
    write(tmp_path / "bank.csv", bank_head, [[f"i{j}", comp[j], "2pl", 1.4, b[j], 0, "", 1] for j in range(ITEMS)])
    competences = [{"id": "c0", "domain": "d"}, {"id": "c1", "domain": "d"}]
    model = {"competences": competences, "mean": [0, 0], "cov": [[1, 0.9], [0.9, 1]], "cuts": [[-1, 0, 1]] * 2}
    (tmp_path / "model.json").write_text(json.dumps(model))
    return tmp_path


def health(data: Path, **instead: Path) -> int:
    names = {x: data / f"{x}.csv" for x in ("items", "params", "responses", "groups")} | instead
    words = [y for x, path in names.items() for y in (f"--{x}", path)]
    return run("health", *words, "--out", data / "health.csv")


def test_health_writes_every_item_and_names_the_wrong_key(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert health(data) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["items"], told["answers"]) == (ITEMS, ITEMS * PEOPLE)
    with open(data / "health.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    assert [r["item_id"] for r in rows] == [f"i{j}" for j in range(ITEMS)]
    assert "key" in rows[4]["flags"].split(";")
    assert rows[4]["key_verdict"] == "found"
    assert not [r["item_id"] for r in rows if "key" in r["flags"] and r["item_id"] != "i4"]
    assert {r["exposure"] for r in rows} == {"1.00000"}
    assert all("exposure" in r["flags"] for r in rows)
    assert {r["dif_attribute"] for r in rows} == {"sex"}
    assert all(float(r["mh_se"]) > 0 for r in rows)


def test_health_without_groups_looks_for_no_dif_and_says_so(data: Path) -> None:
    words = [y for x in ("items", "params", "responses") for y in (f"--{x}", data / f"{x}.csv")]
    assert run("health", *words, "--model", data / "model.json", "--out", data / "out.csv") == 0
    with open(data / "out.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    assert {r["dif_verdict"] for r in rows} == {"not_enough_answers"}
    assert {r["dif_attribute"] for r in rows} == {""}


@pytest.mark.parametrize(
    ("name", "head", "rows", "told"),
    [
        ("items", ["item_id", "competence", "type"], [["i0", "c0", "4pl"]], "row 2, column type"),
        ("params", ["item_id", "a", "b", "c"], [["i0", "1", "0", "0"]], "item i1 has no parameters"),
        ("params", ["item_id", "a", "b", "c"], [["i0", "-1", "0", "0"]], "row 2, column a"),
        ("groups", ["person_id"], [["p1"]], "at least one attribute"),
        ("groups", ["person_id", "sex"], [["q1", "f"]], "nobody of the answers"),
        ("groups", ["person_id", "sex"], [["p1", "f"], ["p1", "f"]], "row 3, column person_id"),
        ("groups", ["person_id", "unit"], [[f"p{i}", f"u{i}"] for i in range(30)], "at most 20 groups"),
    ],
)
def test_health_refuses_with_file_row_and_column(
    data: Path, capsys: pytest.CaptureFixture[str], name: str, head: list[str], rows: list[list[object]], told: str
) -> None:
    write(data / "bad.csv", head, rows)
    assert health(data, **{name: data / "bad.csv"}) == 2
    message = capsys.readouterr().err
    assert told in message
    assert "bad.csv" in message
    assert not (data / "health.csv").exists()


def test_score_re_estimates_the_correlations_and_writes_the_model(data: Path) -> None:
    words = [y for x in ("bank.csv", "responses.csv") for y in (f"--{x.split('.')[0]}", data / x)]
    write_out = ["--estimate-cov", "--model-out", data / "new.json", "--out", data / "profiles.csv"]
    # the planted wrong key would drag correlations down; its rows are left out
    lines = (data / "responses.csv").read_text().splitlines()
    (data / "responses.csv").write_text("\n".join(x for x in lines if ",i4," not in x) + "\n")
    assert run("score", *words, "--model", data / "model.json", *write_out) == 0
    cov = np.array(json.loads((data / "new.json").read_text())["cov"])
    assert 0.4 < cov[0, 1] < 0.8
    assert np.diagonal(cov) == pytest.approx([1, 1])
    assert len((data / "profiles.csv").read_text().splitlines()) == 2 * PEOPLE + 1
