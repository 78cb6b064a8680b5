"""Search over people, units, positions and courses, without marks, inside the viewer's scope and permissions."""

from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from nanglucso.core.access import Access
from nanglucso.kit.text import fold

SHOWN = 8
SHORTEST = 2
Hit = dict[str, Any]


def _address(names: tuple[str, ...], row: Any) -> str:
    for name in names:
        for key in (row.pk, getattr(row, "code", None)):
            try:
                return reverse(name, args=[key])
            except NoReverseMatch:
                continue
    return ""


def _words(text: str, field: str = "fold") -> Q:
    """Every word of the search occurs somewhere in the folded column."""
    found = Q()
    for word in fold(text).split():
        found &= Q(**{f"{field}__contains": word})
    return found


def _people(text: str, access: Access) -> list[Hit]:
    model: Any = apps.get_model("people", "Person")
    rows = model.objects.filter(access.scope.units("unit__path"), active=True).select_related("unit", "position")
    rows = rows.filter(_words(text) | Q(staff_code__iexact=text))
    return [
        {
            "label": row.full_name,
            "note": " · ".join(str(part) for part in (row.title or row.position, row.unit) if part),
            "icon": "user-round",
            "address": _address(("people:person", "profiles:person", "people:detail"), row),
        }
        for row in rows.order_by("sort_key")[:SHOWN]
    ]


def _units(text: str, access: Access) -> list[Hit]:
    model: Any = apps.get_model("people", "Unit")
    rows = model.objects.filter(access.scope.units("path"), _words(text), until=None).order_by("path")[:SHOWN]
    names = ("gaps:unit_of", "people:unit")
    return [
        {"label": row.name, "note": row.get_kind_display(), "icon": "network", "address": _address(names, row)}
        for row in rows
    ]


def _positions(text: str, access: Access) -> list[Hit]:
    model: Any = apps.get_model("people", "Position")
    rows: QuerySet[Any] = model.objects.filter(_words(text)).select_related("family")[:SHOWN]
    return [
        {
            "label": row.name,
            "note": row.family.name,
            "icon": "briefcase",
            "address": _address(("people:position",), row),
        }
        for row in rows
    ]


def _courses(text: str, access: Access) -> list[Hit]:
    """Courses keep no folded column and number a few hundred: folded here."""
    model: Any = apps.get_model("plans", "Course")
    words = fold(text).split()
    rows = [row for row in model.objects.all() if all(word in fold(f"{row.code} {row.name}") for word in words)]
    return [
        {"label": row.name, "note": row.code, "icon": "library", "address": _address(("plans:course",), row)}
        for row in rows[:SHOWN]
    ]


_SOURCES = (
    (_("People"), "people.view", _people),
    (_("Units"), "units.view", _units),
    (_("Positions"), "positions.view", _positions),
    (_("Courses"), "plans.view", _courses),
)


def find(text: str, *, access: Access) -> list[dict[str, Any]]:
    """Groups of at most eight hits each: `title`, `hits` (label, note, icon, address)."""
    if len(fold(text)) < SHORTEST:
        return []
    groups = []
    for title, permission, look in _SOURCES:
        hits = look(text, access) if access.may(permission) else []
        if hits:
            groups.append({"title": title, "hits": hits})
    return groups
