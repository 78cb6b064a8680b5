"""Words of the log, amounts inside sentences, English of the shipped rates."""

import csv
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
