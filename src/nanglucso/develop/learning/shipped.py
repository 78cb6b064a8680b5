"""What shipped lessons are held against when they are checked as files, without a database."""

from datetime import date
from pathlib import Path
from typing import Any, cast

from nanglucso.core.content import read_yaml, root
from nanglucso.develop.learning.checking import Rules, check_folder
from nanglucso.develop.learning.likeness import Known
from nanglucso.develop.learning.problems import Problem
from nanglucso.measure.bank.checking import shipped_rules
from nanglucso.measure.bank.reading import ItemRow, read_items

FRAMEWORK = "nls-2026.yaml"


def folder() -> Path:
    """Where the shipped lessons lie."""
    return root() / "lessons"


def indicators() -> set[str]:
    """Ids of the shipped framework, as `3.3.TC.a`."""
    told = cast(dict[str, Any], read_yaml(root() / "frameworks" / FRAMEWORK))
    return {one["id"] for c in told["competences"] for rows in c["descriptors"].values() for one in rows}


def item_text(body: dict[str, Any]) -> str:
    """Stem and options of an item, as it is compared with the questions of lessons."""
    return " ".join([str(body.get("stem", "")), *(str(one["text"]) for one in body.get("options", []))])


def rules(*, today: date) -> Rules:
    """Terms, laws, framework and items as shipped. Raises OSError, yaml.YAMLError or BadItemFile."""
    terms, laws = shipped_rules()
    items: list[ItemRow] = read_items(root() / "items")
    known = Known((row.code, item_text(row.body)) for row in items)
    return Rules(terms, laws, today, indicators(), texts=known)


def check(*, today: date, where: Path | None = None) -> tuple[int, list[tuple[str, Problem]]]:
    """Check every lesson of a folder (default: the shipped ones)."""
    return check_folder(where or folder(), rules(today=today))
