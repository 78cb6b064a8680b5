"""Words for codes of this room."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nanglucso.govern.targets.shipped import levels, note

STATUS: dict[str, tuple[Any, str, str]] = {
    "late": (_("Behind target"), "bad", "clock"),
    "at_risk": (_("At risk"), "warn", "triangle-alert"),
    "on_track": (_("On track"), "good", "check"),
    "no_data": (_("Too few figures"), "", "circle-dashed"),
    "unread": (_("No figure to compare"), "", "minus"),
}
CONFIDENCE: dict[str, Any] = {
    "S": _("seen in the text or the press"),
    "S2": _("seen in a copy or summary only"),
    "M": _("from memory"),
}


def in_language(told: dict[str, str]) -> str:
    """A sentence of the content in the reader's language."""
    return told["en" if (get_language() or "vi").startswith("en") else "vi"]


def level_names(codes: list[str]) -> list[str]:
    return [in_language(told) for code, told in levels().items() if code in codes]


def notes_said(codes: list[str]) -> list[str]:
    return [in_language(note(code)) for code in codes]
