"""Words of the log, amounts inside sentences, English of the shipped rates."""

import csv
import re
from collections.abc import Mapping
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nanglucso.core.content import root
from nanglucso.kit.numbers import format_number

ACTS = {
    "budget.load_rates": _("Loaded the rate table"),
    "budget.set_rate": _("Set a rate"),
    "budget.set_source": _("Set a funding source"),
    "budget.adopt_plan": _("Took over the plan's figures"),
    "budget.commit": _("Committed money"),
    "budget.post": _("Entered a movement of money"),
    "budget.settle": _("Settled a commitment"),
    "budget.cancel": _("Released a commitment"),
    "budget.export": _("Exported the cost report"),
}


def _english() -> bool:
    return (get_language() or "vi").startswith("en")


def money_text(amount: int) -> str:
    """đồng grouped as the reader's language groups them."""
    return format_number(amount, "en" if _english() else "vi", 0)


@lru_cache
def _shipped() -> Mapping[str, str]:
    with (root() / "rates" / "english.csv").open(encoding="utf-8", newline="") as file:
        return {row["vi"]: row["en"] for row in csv.DictReader(line for line in file if not line.startswith("#"))}


def rate_words(text: str) -> tuple[str, bool]:
    """A rate's unit, legal basis or note in the reader's language, and whether it is the Vietnamese as stored."""
    english = _shipped().get(text, "") if _english() else ""
    return english or text, not english


_NUMBERED = re.compile(r"(?<![\w/])(?<!số )(?<!tư )(?<!định )(\d+/\d{4}/(?:TT|NĐ)-[A-ZĐ]+)")
_ARTICLE = re.compile(r"^(.+?) Điều (\d+)(?:\.(\d+))?$")


def _cited(part: str) -> str:
    """One text cited in full: "100/2025/TT-BTC Điều 4.5" → "khoản 5 Điều 4 Thông tư số 100/2025/TT-BTC"."""
    found = _ARTICLE.match(part)
    if found:
        law, article, clause = found.groups()
        part = f"{f'khoản {clause} ' if clause else ''}Điều {article} {law}"
    part = re.sub(r" sửa bởi (\S+)", r" (được sửa đổi bởi \1)", part)
    kinds = {"T": "Thông tư", "N": "Nghị định"}
    return _NUMBERED.sub(lambda hit: f"{kinds[hit[1].split('/')[2][0]]} số {hit[1]}", part)


def legal_words(text: str) -> tuple[str, bool]:
    """A legal basis as an official cites it, in the reader's language, and whether it is the Vietnamese."""
    words, stored = rate_words(text)
    if not stored:
        return words, False
    cited = "; ".join(_cited(part) for part in words.split("; "))
    return cited[:1].upper() + cited[1:], True
