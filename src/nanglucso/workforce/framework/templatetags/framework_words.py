"""Words of a comparison in templates."""

from typing import Any

from django import template

from nanglucso.workforce.framework.wording import FIELDS, HOWS

register = template.Library()


@register.filter
def how(code: str) -> Any:
    """Added, removed or changed."""
    return HOWS.get(code, code)


@register.filter
def field_name(code: str) -> Any:
    """The field of an outline by name."""
    return FIELDS.get(code, code)
