"""The labelled duty pairs: two complete passes, agreement as told, the undecided dropped."""

import csv
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "duties"
LABELS = ("same", "contained", "different", "shared_by_law", "undecided")


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _labels(name: str) -> dict[str, str]:
    return {row["id"]: row["label"] for row in _rows(name)}


def test_both_passes_cover_every_pair_with_known_labels():
    pairs = {row["id"] for row in _rows("pairs.csv")}
    for name in ("labels_first.csv", "labels_second.csv"):
        told = _labels(name)
        assert set(told) == pairs
        assert set(told.values()) <= set(LABELS)


def test_agreement_is_what_the_rules_file_says():
    first, second = _labels("labels_first.csv"), _labels("labels_second.csv")
    seen = sum(first[key] == second[key] for key in first) / len(first)
    chance = (
        sum(list(first.values()).count(label) * list(second.values()).count(label) for label in LABELS)
        / len(first) ** 2
    )
    kappa = (seen - chance) / (1 - chance)
    assert kappa == pytest.approx(0.96, abs=0.005)
    assert f"kappa {kappa:.2f}" in (FOLDER / "RULES.md").read_text(encoding="utf-8")


def test_only_pairs_labelled_alike_and_decided_are_kept():
    first, second = _labels("labels_first.csv"), _labels("labels_second.csv")
    kept = _labels("labelled.csv")
    assert kept == {key: first[key] for key in first if first[key] == second[key] != "undecided"}
    assert len(kept) >= 160
