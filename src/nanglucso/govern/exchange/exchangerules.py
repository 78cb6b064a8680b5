"""The rules of exchange and the data dictionary, read from `content/exchange/`."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from nanglucso.core.content import read_yaml, root


@dataclass(frozen=True)
class Field:
    """A public field: its name, type, unit and source, and what it means in both languages."""

    name: str
    type: str
    unit: str
    source: str
    vi: str
    en: str

    @property
    def said(self) -> str:
        """What it means, in the active language."""
        return self.en if (get_language() or "vi").startswith("en") else self.vi


@dataclass(frozen=True)
class Table:
    """A public table with its fields; `open`: it is part of open data; `api`: other systems read it by this code."""

    code: str
    vi: str
    en: str
    open: bool
    fields: tuple[Field, ...]

    @property
    def said(self) -> str:
        """Its name in the active language."""
        return self.en if (get_language() or "vi").startswith("en") else self.vi


@lru_cache(maxsize=1)
def rules() -> Any:
    """`content/exchange/rules.yaml`."""
    return read_yaml(root() / "exchange" / "rules.yaml")


@lru_cache(maxsize=1)
def dictionary() -> dict[str, Table]:
    """{code: table} in the order of the file. Raises KeyError where a field lacks a word."""
    told: Any = read_yaml(root() / "exchange" / "dictionary.yaml")
    return {
        code: Table(code, one["vi"], one["en"], bool(one.get("open")), tuple(Field(**row) for row in one["fields"]))
        for code, one in told["tables"].items()
    }
