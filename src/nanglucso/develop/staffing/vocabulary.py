"""The overlap finder's vocabulary and weights, read once from the shipped content."""

import csv
from functools import lru_cache
from typing import Any, cast

from nanglucso.core.content import read_yaml, root
from nanglucso.engines.duty_words import Words, rarity
from nanglucso.engines.overlap import Model


def _yaml(name: str) -> dict[str, Any]:
    return cast(dict[str, Any], read_yaml(root() / "duties" / name))


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of duties."""
    with (root() / "duties" / "syllables.csv").open(encoding="utf-8", newline="") as file:
        lines = {row["syllable"]: int(row["lines"]) for row in csv.DictReader(file)}
    total = lines.pop("*")
    return Words.of(_yaml("words.yaml"), rarity(lines, total))


@lru_cache(maxsize=1)
def model() -> Model:
    """Weights and threshold of the score."""
    return Model.of(_yaml("model.yaml"))
