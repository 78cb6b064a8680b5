"""What stands beside the question, in fields that a person can fill: a message, a list of lines, or a table."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

SHAPES = {"message": {"channel", "text"}, "lines": {"title", "lines"}, "table": {"title", "columns", "rows"}}
KIND = {"message": "message", "lines": "screen", "table": "table"}
Raw = dict[str, Any]


def shape_of(stimulus: Any) -> str:
    """none, message, lines, table, or kept: richer than these fields can say."""
    if not stimulus:
        return "none"
    if isinstance(stimulus, dict):
        names = {name for name in stimulus if name != "kind"}
        cells = [one for row in stimulus.get("rows") or [] for one in (row if isinstance(row, list) else [{}])]
        plain = all(isinstance(one, str | int | float) and "|" not in str(one) for one in cells)
        plain = plain and all(isinstance(one, str) for one in stimulus.get("lines") or [])
        fits = [shape for shape, fields in SHAPES.items() if names <= fields and names & fields - {"title", "channel"}]
        if fits and plain:
            return fits[0]
    return "kept"


def fields(stimulus: Any = None) -> dict[str, forms.Field]:
    """The fields; "kept" can be chosen only where something richer stands."""
    choices = [("none", _("nothing")), ("message", _("a message")), ("lines", _("a list of lines")),
               ("table", _("a table"))]  # fmt: skip
    if shape_of(stimulus) == "kept":
        choices.append(("kept", _("as it stands in the file")))
    body = forms.Textarea(attrs={"rows": 5, "lang": "vi"})
    return {
        "stim_shape": forms.ChoiceField(label=_("Beside the question"), choices=choices),
        "stim_title": forms.CharField(label=_("Title or sender"), max_length=200, required=False),
        "stim_body": forms.CharField(
            label=_("Content"), max_length=6000, required=False, widget=body,
            help_text=_("Table: one row a line, cells parted by |, the first line is the heading."),
        ),
    }  # fmt: skip


def initial_of(stimulus: Any) -> Raw:
    """The fields of a stored stimulus."""
    shape = shape_of(stimulus)
    if shape in ("none", "kept"):
        return {"stim_shape": shape}
    title = stimulus.get("channel" if shape == "message" else "title", "")
    return {"stim_shape": shape, "stim_title": title or "", "stim_body": _body(shape, stimulus)}


def _body(shape: str, stimulus: Raw) -> str:
    if shape == "message":
        return str(stimulus.get("text") or "").rstrip("\n")
    if shape == "lines":
        return "\n".join(stimulus.get("lines") or [])
    rows = [stimulus.get("columns") or [], *(stimulus.get("rows") or [])]
    return "\n".join(" | ".join(str(cell) for cell in row) for row in rows)


def stimulus_of(told: Raw, old: Any) -> Any:
    """The stimulus that the fields describe; untouched fields leave the stored one as it is."""
    shape, title, body = told["stim_shape"], told["stim_title"], told["stim_body"].replace("\r\n", "\n")
    before = initial_of(old)
    same = shape == before["stim_shape"] and (title, body) == (
        before.get("stim_title", ""),
        before.get("stim_body", ""),
    )
    if shape == "kept" or (same and shape != "none"):
        return old
    if shape == "none" or not (title or body):
        return None
    kind = {"kind": old["kind"] if isinstance(old, dict) and shape_of(old) == shape and "kind" in old else KIND[shape]}
    if shape == "message":
        return kind | {"channel": title, "text": body}
    if shape == "lines":
        return kind | {"title": title, "lines": [line for line in body.split("\n") if line.strip()]}
    rows = [[cell.strip() for cell in line.split("|")] for line in body.split("\n") if line.strip()]
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    return kind | {"title": title, "columns": rows[0] if rows else [], "rows": rows[1:]}
