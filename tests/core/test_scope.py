"""A scope finds in the database exactly the units that it covers."""

import pytest

from nanglucso.core.scope import EVERYTHING, NOTHING, Scope
from nanglucso.workforce.people.models import Unit
from tests import make

pytestmark = pytest.mark.django_db


def found(scope: Scope) -> set[str]:
    return set(Unit.objects.filter(scope.units()).values_list("path", flat=True))


def test_a_subtree_is_found_as_it_is_covered():
    make.city()
    paths = list(Unit.objects.values_list("path", flat=True))
    for path in paths:
        scope = Scope(paths=(path,))
        assert found(scope) == {one for one in paths if scope.covers(one)}, path
    assert found(EVERYTHING) == set(paths)
    assert found(NOTHING) == set()


def test_paths_at_the_end_of_their_alphabet_and_their_neighbours():
    root, paths = make.city(), ("000Z", "000ZZZZZ", "0010", "00100001", "ZZZZ", "ZZZZ0001", "ZZZY", "000Y000Z")
    Unit.objects.filter(depth__gt=1).delete()
    kept = [root.path, *paths]
    Unit.objects.bulk_create(
        Unit(path=path, depth=len(path) // 4, code=path, name=path, fold=path.lower(), kind=root.kind) for path in paths
    )
    for path in kept:
        scope = Scope(paths=(path, "0010"))
        assert found(scope) == {one for one in kept if scope.covers(one)}, path
