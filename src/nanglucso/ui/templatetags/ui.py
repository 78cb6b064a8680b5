"""The template library of every page: icons, numbers, dates, links, the competence bar."""

import re
from collections.abc import Iterable
from typing import Any

import lucide
from django import template
from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from nanglucso.ui import figures, tracks

register = template.Library()
_WORDED = re.compile(r"(?:([^\W\d]+) )?([\d.,−±+–]*\d[\d.,–]*)(?: ([^\W\d][^\d]*))?")
_DRAWN: dict[tuple[str, int], SafeString] = {}

register.filter("num", figures.num)
register.filter("num1", figures.num1)
register.filter("pct", figures.pct)
register.filter("signed", figures.signed)
register.filter("dong", figures.dong)
register.filter("million", figures.million)
register.filter("vdate", figures.vdate)
register.filter("vtime", figures.vtime)
register.filter("vmoment", figures.vmoment)


@register.filter
def small_words(value: Any) -> Any:
    """The words of a figure ("120 triệu đồng", "VND 3 million") set small beside its number; plain words stay large."""
    found = _WORDED.fullmatch(str(value))
    if not found:
        return value
    before, number, after = found.groups()
    if not before and not after:
        return value
    small = '<span class="of">{}</span>'
    return format_html(
        f"{small} {{}} {small}" if before and after else (f"{{}}{small} {{}}" if before else f"{{}}{{}} {small}"),
        *((before, number, after) if before and after else ("", before, number) if before else ("", number, after)),
    )


@register.filter
def letter(number: int) -> str:
    """1 → A, 2 → B."""
    return chr(64 + int(number))


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """A lucide icon as inline SVG, hidden from screen readers: a word beside it carries the meaning."""
    key = (name + "", int(size))
    if key not in _DRAWN:
        drawn = lucide._render_icon(key[0], key[1], aria_hidden="true")
        _DRAWN[key] = mark_safe(drawn)  # noqa: S308 - drawn from the library's own files
    return _DRAWN[key]


@register.simple_tag
def pagecss(name: str) -> SafeString:
    """Link one style sheet of `css/pages/`."""
    return format_html('<link rel="stylesheet" href="{}">', static(f"css/pages/{name}.css"))


@register.simple_tag
def pagejs(name: str) -> SafeString:
    """Load one ES module of `js/`."""
    return format_html('<script type="module" src="{}"></script>', static(f"js/{name}.js"))


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """The address's query string with some keys changed; None or "" removes a key. `page` is dropped unless given."""
    request: HttpRequest | None = context.get("request")
    kept = request.GET.copy() if request else QueryDict(mutable=True)
    kept.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            kept.pop(key, None)
        else:
            kept[key] = value
    return f"?{kept.urlencode()}"


@register.simple_tag
def track(bar: Any) -> SafeString:
    """The competence bar with its band; `bar` is described in `nanglucso.ui.tracks`."""
    return tracks.draw(bar)


@register.filter
def page_numbers(page: Page) -> Iterable[int | str]:
    """The page numbers to show, with "…" where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.inclusion_tag("ui/state.html")
def state(word: str) -> dict[str, Any]:
    """Met, not met or not yet known as icon and word."""
    return tracks.said(word)


@register.inclusion_tag("ui/track_axis.html")
def track_axis(n_levels: int = 4) -> dict[str, Any]:
    """The scale above a column of competence bars."""
    return {"marks": tracks.axis(n_levels)}


@register.inclusion_tag("ui/sort_head.html", takes_context=True)
def sort_head(context: RequestContext, key: str, label: str, css: str = "") -> dict[str, Any]:
    """A `<th>` whose link sorts by `?sort=key` (again: `-key`), with `aria-sort`."""
    now = context["request"].GET.get("sort", "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return {
        "label": label,
        "css": css,
        "direction": direction,
        "address": query(context, sort=f"-{key}" if now == key else key),
        "icon_name": {"ascending": "arrow-up", "descending": "arrow-down"}.get(direction, "arrow-up-down"),
    }
