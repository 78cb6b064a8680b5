"""Terms of an appeal, data of the content folder."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from nanglucso.core.content import read_yaml, root


@dataclass(frozen=True)
class Terms:
    """`to_file`: how long after the end of a test its taker may appeal; `to_answer`: from receipt to the answer."""

    to_file: timedelta
    to_answer: timedelta


@lru_cache(maxsize=4)
def terms(path: Path | None = None) -> Terms:
    """Read `content/appeals.yaml`. Raises KeyError or ValueError for a file without whole days."""
    raw: Any = read_yaml(path or root() / "appeals.yaml")
    return Terms(timedelta(days=int(raw["days_to_file"])), timedelta(days=int(raw["days_to_answer"])))
