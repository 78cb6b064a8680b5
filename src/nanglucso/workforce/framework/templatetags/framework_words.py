"""Words of a comparison and of a crosswalk in templates."""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from nanglucso.ui.figures import num
from nanglucso.workforce.framework.models import Crossing
from nanglucso.workforce.framework.wording import FIELDS, HOWS, ORIGINS

register = template.Library()
_SECTION = re.compile(r"article-([0-9.]+)")


@register.filter
def how(code: str) -> Any:
    """Added, removed or changed."""
    return HOWS.get(code, code)


@register.filter
def field_name(code: str) -> Any:
    """The field of an outline by name."""
    return FIELDS.get(code, code)


@register.filter
def way(row: Crossing) -> str:
    """Between which versions a crosswalk leads."""
    if row.source.code == row.target.code:
        return _("From version %(one)s to version %(other)s") % {"one": row.source.version, "other": row.target.version}
    return _("From “%(one)s” to “%(other)s”") % {"one": row.source.name, "other": row.target.name}


@register.simple_tag
def told(field: str, value: Any, levels: Mapping[str, str]) -> Any:
    """One value of an outline in words; `levels` {code: name} of its version, lowest first."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "cuts" and value:
        names = [*levels.values(), *[""] * len(value)]
        cuts = [num(cut).replace("-", "−") for cut in value]
        return " · ".join(f"{name} {cut}".strip() for name, cut in zip(names, cuts, strict=False))
    if field == "order":
        return ", ".join(levels.get(code, code) for code in value.split(", "))
    if field == "level":
        return levels.get(value, value) or "–"
    if field == "origin" and isinstance(value, str):
        section = _SECTION.fullmatch(value)
        return _("source document, section %(n)s") % {"n": section[1]} if section else ORIGINS.get(value, value) or "–"
    if isinstance(value, int | float):
        return num(value)
    return _("%(n)s lines") % {"n": len(value)} if isinstance(value, list) else value or "–"
