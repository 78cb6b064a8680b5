"""The competence bar: level segments, the 90% band, the measured dot and the required tick, as one SVG.

A bar is a mapping or an object with: `mean`, `low`, `high` on the level scale 0..L+1 (0 to 1 is below the first
level), `required` (level 1..L, or None), `state` (`met`, `not_met`, `not_yet_known`, or "" when nothing is required),
`n_levels` (L, 4 when absent) and, if known, `required_name` (the level's word and number).
Positions are percentages in SVG attributes, so the bar scales without any style or script.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nanglucso.ui.figures import num1

_CLASS = {"met": "met", "not_met": "gap", "not_yet_known": "unk"}
_GAP = 0.25


def said(word: str) -> dict[str, str]:
    """Icon, colour class and word of a state."""
    return {
        "met": {"css": "t-good", "icon": "circle-check", "word": _("Met")},
        "not_met": {"css": "t-bad", "icon": "circle-alert", "word": _("Not met")},
        "not_yet_known": {"css": "t-warn", "icon": "circle-dashed", "word": _("Not yet known")},
    }.get(word, {"css": "t-muted", "icon": "minus", "word": _("Not required")})


def axis(n_levels: int) -> list[dict[str, str]]:
    """Where the figures stand: 1..L where their level begins, as the required tick does; – in what lies below."""
    step = 100 / (n_levels + 1)
    return [{"x": f"{(k or 0.5) * step:.2f}%", "text": str(k) if k else "–"} for k in range(n_levels + 1)]


def _get(bar: Any, name: str, default: Any = None) -> Any:
    value = bar.get(name, default) if isinstance(bar, Mapping) else getattr(bar, name, default)
    return default if value is None else value


def _label(bar: Any) -> str:
    text = _("Measured at level %(mean)s, between %(low)s and %(high)s") % {
        name: num1(_get(bar, name)) for name in ("mean", "low", "high")
    }
    required = _get(bar, "required")
    if required is None:
        return text
    wanted = _get(bar, "required_name") or required
    known = {"text": text, "wanted": wanted, "state": said(_get(bar, "state", ""))["word"].lower()}
    return _("%(text)s; the position requires %(wanted)s; %(state)s") % known


def draw(bar: Any) -> SafeString:
    """The bar as inline SVG with a spoken label."""
    n_levels = int(_get(bar, "n_levels", 4))
    step = 100 / (n_levels + 1)

    def at(value: float) -> float:
        return min(max(float(value), 0.0), n_levels + 1.0) * step

    base = format_html_join(
        "",
        '<rect x="{}%" y="8" width="{}%" height="8" rx="2" class="t-base"/>',
        ((f"{k * step + _GAP:.2f}", f"{step - 2 * _GAP:.2f}") for k in range(n_levels + 1)),
    )
    dot, low, high = at(_get(bar, "mean")), at(_get(bar, "low")), at(_get(bar, "high"))
    state, required = _get(bar, "state", ""), _get(bar, "required")
    parts = [
        base,
        format_html(
            '<rect x="{}%" y="6" width="{}%" height="12" rx="6" class="t-band"/>', f"{low:.2f}", f"{high - low:.2f}"
        ),
    ]
    if required is not None and state == "not_met":
        line = '<line x1="{}%" x2="{}%" y1="12" y2="12" class="t-short"/>'
        parts.append(format_html(line, f"{dot:.2f}", f"{at(required):.2f}"))
    parts.append(format_html('<circle cx="{}%" cy="12" r="5.5" class="t-dot"/>', f"{dot:.2f}"))
    if required is not None:
        tick = '<rect x="{}%" y="1" width="3" height="22" rx="1.5" class="t-req"/>'
        parts.append(format_html(tick, f"{at(required):.2f}"))
    return format_html(
        '<svg class="track {}" width="100%" height="24" role="img" aria-label="{}">{}</svg>',
        _CLASS.get(state, "met"),
        _label(bar),
        format_html_join("", "{}", ((part,) for part in parts)),
    )
