"""How places in classes are given, as the content folder says."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from nanglucso.core.content import read_yaml, root


@dataclass(frozen=True)
class PlaceRules:
    """`cutoff`: how long before its first day a class needs its minimum; `stages`: approvals of a place, 1 or 2."""

    cutoff: timedelta
    stages: int


@lru_cache(maxsize=4)
def place_rules(path: Path | None = None) -> PlaceRules:
    """Read `content/classes.yaml`. Raises KeyError or ValueError for a file without whole numbers, or other stages."""
    raw: Any = read_yaml(path or root() / "classes.yaml")
    stages = int(raw["approval_stages"])
    if stages not in (1, 2):
        raise ValueError("approval_stages is 1 or 2")
    return PlaceRules(timedelta(days=int(raw["cutoff_days"])), stages)
