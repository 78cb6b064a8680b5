"""An item's stimulus as the page draws it, whatever kind the author wrote; nothing that was written is lost."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Table:
    """A table of texts with its own title."""

    title: str
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Stimulus:
    """`look`: table, screen, message or mail. `facts` (label, value) stand above `lines`, `text` and `tables`."""

    look: str
    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    text: str = ""
    tables: list[Table] = field(default_factory=list)
    note: str = ""
    picture: str = ""


_HEADED = {"kind", "title", "channel", "columns", "rows", "sheets", "note"}
_BODY = {"lines", "items", "text", "body", "alt", "elements", "size"}
_DONE = _HEADED | _BODY


def _labels() -> dict[str, str]:
    return {
        "from": _("From"),
        "to": _("To"),
        "cc": _("Copy to"),
        "subject": _("Subject"),
        "date": _("Date"),
        "time": _("Time"),
        "attachments": _("Attached"),
        "attachment": _("Attached"),
        "url": _("Address"),
        "status": _("State"),
    }


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_said(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_said(inner)}" for key, inner in value.items() if key not in ("id", "box"))
    return str(value)


def _row(value: Any) -> str:
    """One line of a list: the text of an element, or everything that it says."""
    return str(value["text"]) if isinstance(value, dict) and "text" in value else _said(value)


def _tables(raw: dict[str, Any], title: str) -> list[Table]:
    sheets = [(str(sheet.get("name", "")), sheet) for sheet in raw.get("sheets") or []]
    found = [("", raw)] if raw.get("columns") else []
    return [
        Table(
            name or title,
            [str(c) for c in one.get("columns", [])],
            [[_said(c) for c in row] for row in one.get("rows", [])],
        )
        for name, one in [*found, *sheets]
    ]


def stimulus(raw: Any) -> Stimulus | None:
    """What stands beside the question, or None. A plain text is a message without a sender."""
    if not raw:
        return None
    if not isinstance(raw, dict):
        return Stimulus("message", "", text=str(raw))
    labels = _labels()
    title = str(raw.get("title") or raw.get("channel") or "")
    facts = [
        (labels.get(key, key.replace("_", " ").capitalize()), _said(value))
        for key, value in raw.items()
        if key not in _DONE and value
    ]
    lines = [_row(one) for part in ("lines", "items", "elements") for one in raw.get(part) or []]
    tables = _tables(raw, title)
    mail = "from" in raw or "subject" in raw
    look = "mail" if mail else "message" if raw.get("channel") else "screen" if lines else "table"
    text = "\n".join(_said(raw[part]) for part in ("text", "body") if raw.get(part))
    return Stimulus(look, title, facts, lines, text, tables, _said(raw.get("note") or ""), str(raw.get("alt") or ""))
