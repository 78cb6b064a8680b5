"""Data that speaks Vietnamese and English: `name_vi`, `name_en` in the row, `name` on the screen."""

from typing import Any

from django.utils.translation import get_language


def one_of(vi: str, en: str) -> str:
    """The one in the active language; Vietnamese where the English is empty."""
    return en if en and (get_language() or "vi").startswith("en") else vi


def said(row: Any, field: str) -> str:
    """`row.<field>_vi` or `row.<field>_en`, as `one_of` chooses."""
    return one_of(str(getattr(row, f"{field}_vi")), str(getattr(row, f"{field}_en", "") or ""))


class Named:
    """Mixin: `name` reads `name_vi` or `name_en`."""

    @property
    def name(self) -> str:
        return said(self, "name")
