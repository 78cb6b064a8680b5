"""Every page says to whom it is open."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from nanglucso.core.access import need
from nanglucso.core.permissions import PERMISSIONS


def _views(resolver: URLResolver, start: str = "") -> Iterator[tuple[str, object]]:
    for entry in resolver.url_patterns:
        address = start + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry.callback
        else:
            yield from _views(entry, address)


OWN = [(a, v) for a, v in _views(get_resolver()) if getattr(v, "__module__", "").startswith("nanglucso")]


@pytest.mark.parametrize(("address", "view"), OWN, ids=[address for address, _view in OWN])
def test_a_view_names_its_permission_or_is_public_on_purpose(address, view):
    permission = getattr(view, "need", None)
    assert permission == "public" or permission in PERMISSIONS, f"{address} says nothing about who may open it"


def test_a_permission_that_is_not_in_the_table_is_a_mistake_at_import():
    with pytest.raises(KeyError):
        need("nonsense.view")
