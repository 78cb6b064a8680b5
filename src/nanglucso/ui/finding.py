"""Search over people, units, positions and courses, without marks, inside the viewer's scope and permissions."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from nanglucso.core.access import Access
from nanglucso.kit.text import fold

SHOWN = 8
SHORTEST = 2
Found = tuple[list[dict[str, Any]], int]  # hits (label, note, icon, address) and how many there are in all


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


def _cut(rows: QuerySet[Any]) -> tuple[list[Any], int]:
    """The first rows and how many there are; counted only where some are left out."""
    first = list(rows[: SHOWN + 1])
    return first[:SHOWN], rows.count() if len(first) > SHOWN else len(first)


def _people(text: str, access: Access) -> Found:
    model: Any = apps.get_model("people", "Person")
    rows = model.objects.filter(access.scope.units("unit__path"), active=True)
    rows = rows.select_related("unit", "position").filter(_words(text) | Q(staff_code__iexact=text))
    shown, number = _cut(rows.order_by("sort_key"))
    places = _places(row.unit for row in shown)
    return [
        {
            "label": row.full_name,
            "note": " · ".join(
                str(part)
                for part in (row.title or (row.position and row.position.title), places.get(row.unit_id))
                if part
            ),
            "icon": "user-round",
            "address": _address(("people:person", "profiles:person", "people:detail"), row),
        }
        for row in shown
    ], number


def _places(units: Iterable[Any]) -> dict[int, str]:
    """Units said in full, lowest first and without the city; one query for all."""
    model: Any = apps.get_model("people", "Unit")
    step, wanted = model.steplen, {unit.pk: unit.path for unit in units if unit}
    ends = {pk: range(len(path), min(step, len(path) - 1), -step) for pk, path in wanted.items()}
    paths = {path[:end] for pk, path in wanted.items() for end in ends[pk]}
    names = dict(model.objects.filter(path__in=paths).values_list("path", "name")) if paths else {}
    return {pk: ", ".join(names[path[:end]] for end in ends[pk] if path[:end] in names) for pk, path in wanted.items()}


def _units(text: str, access: Access) -> Found:
    model: Any = apps.get_model("people", "Unit")
    rows = model.objects.filter(access.scope.units("path"), _words(text), until=None).order_by("path")
    shown, number = _cut(rows)
    names = ("gaps:unit_of", "people:unit")
    return [
        {"label": row.name, "note": row.get_kind_display(), "icon": "network", "address": _address(names, row)}
        for row in shown
    ], number


def _positions(text: str, access: Access) -> Found:
    model: Any = apps.get_model("people", "Position")
    shown, number = _cut(model.objects.filter(_words(text)).select_related("family"))
    return [
        {
            "label": row.title,
            "note": row.family.name,
            "icon": "briefcase",
            "address": _address(("people:position",), row),
        }
        for row in shown
    ], number


def _courses(text: str, access: Access) -> Found:
    """Courses keep no folded column and number a few hundred: folded here."""
    model: Any = apps.get_model("plans", "Course")
    words = fold(text).split()
    rows = [row for row in model.objects.all() if all(word in fold(f"{row.code} {row.name}") for word in words)]
    return [
        {"label": row.name, "note": row.code, "icon": "library", "address": _address(("plans:course",), row)}
        for row in rows[:SHOWN]
    ], len(rows)


_SOURCES = (
    (_("People"), "people.view", _people, "people:list"),
    (_("Units"), "units.view", _units, "people:units"),
    (_("Positions"), "positions.view", _positions, "people:positions"),
    (_("Courses"), "plans.view", _courses, ""),
)


def find(text: str, *, access: Access) -> list[dict[str, Any]]:
    """Groups of at most eight hits each: `title`, `hits` (label, note, icon, address), `number` of all, `more`.

    `more`: the address of the list that shows them all; "" when nothing is left out or no list is searched alike.
    """
    if len(fold(text)) < SHORTEST:
        return []
    groups = []
    for title, permission, look, whole in _SOURCES:
        hits, number = look(text, access) if access.may(permission) else ([], 0)
        more = f"{reverse(whole)}?{urlencode({'q': text})}" if whole and number > len(hits) else ""
        if hits:
            groups.append({"title": title, "hits": hits, "number": number, "more": more})
    return groups
