"""Data that speaks Vietnamese and English: `name_vi`, `name_en` in the row, `name` on the screen."""

from typing import Any

from django.utils.translation import get_language


def said(row: Any, field: str) -> str:
    """`row.<field>_vi` or `row.<field>_en` by the active language; Vietnamese where the English is empty."""
    if (get_language() or "vi").startswith("en"):
        english = getattr(row, f"{field}_en", "")
        if english:
            return str(english)
    return str(getattr(row, f"{field}_vi"))


class Named:
    """Mixin: `name` reads `name_vi` or `name_en`."""

    @property
    def name(self) -> str:
        return said(self, "name")
