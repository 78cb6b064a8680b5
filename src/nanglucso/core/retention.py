"""How long things are kept: the terms of `content/retention.yaml`, as rules and in words."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, ngettext

from nanglucso.core.content import read_yaml, root

YEAR = 365


@dataclass(frozen=True)
class Term:
    """A rule: `days` after the moment that `since` names, something is due for removal; words in both languages."""

    key: str
    days: int
    words: dict[str, dict[str, str]]
    source: str
    confidence: str

    def said(self, word: str) -> str:
        """`what`, `since`, `does` or `why` in the active language."""
        return _said(self.words[word])

    @property
    def age(self) -> timedelta:
        """The term as a length of time."""
        return timedelta(days=self.days)


@lru_cache(maxsize=1)
def _told() -> Any:
    return read_yaml(root() / "retention.yaml")


def _said(words: dict[str, str]) -> str:
    return words["en" if (get_language() or "vi").startswith("en") else "vi"]


@lru_cache(maxsize=1)
def terms() -> dict[str, Term]:
    """{key: rule} in the order of the file."""
    words = ("what", "since", "does", "why")
    return {
        key: Term(key, int(one["days"]), {word: one[word] for word in words}, one["source"], one["confidence"])
        for key, one in _told()["terms"].items()
    }


def said(key: str) -> str:
    """A term of the file in the active language. Raises KeyError for a term that is not there."""
    if key in _told()["told"]:
        return _said(_told()["told"][key]["said"])
    term = terms()[key]
    years, odd = divmod(term.days, YEAR)
    if years and not odd:
        length, number = ngettext("%(n)d year after %(since)s", "%(n)d years after %(since)s", years), years
    else:
        length, number = ngettext("%(n)d day after %(since)s", "%(n)d days after %(since)s", term.days), term.days
    return length % {"n": number, "since": term.said("since")}
