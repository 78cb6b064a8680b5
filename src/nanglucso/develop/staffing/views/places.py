"""Who asks; the units that a form on a page may name; the names of competences."""

from typing import Any

from django.http import HttpRequest

from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.queries import units_by_place

MANY = 400


def access(request: HttpRequest) -> Any:
    """Who is asking."""
    return request.access  # type: ignore[attr-defined]


def places(request: HttpRequest) -> dict[str, Any]:
    """Units in scope under the words that tell them apart."""
    return units_by_place(scope=access(request).scope)


def own(request: HttpRequest, found: dict[str, Any]) -> str:
    """The words of the unit that is the asker's whole scope; "" when there is no one such unit."""
    paths = access(request).scope.paths
    return next((words for words, unit in found.items() if paths == (unit.path,)), "")


def offered(found: dict[str, Any]) -> list[str]:
    """Offered before a letter is typed: all when they are few, else agencies, communes and wards."""
    return list(found) if len(found) <= MANY else [words for words, unit in found.items() if unit.depth <= 2]


def fetches(request: HttpRequest) -> bool:
    """Whether typing may ask the server for more units."""
    return bool(access(request).may("people.change"))


def competence_names(*, short: bool = False) -> dict[str, str]:
    """Names of the framework's competences by code."""
    return {row.code: row.short if short else row.name for row in current_framework().competences.all()}
