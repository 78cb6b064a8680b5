"""No figure of fewer than five people, shown or worked out: tried as somebody would who can add and subtract."""

from itertools import combinations

import numpy as np
import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.measure.gaps import heat
from nanglucso.measure.gaps.queries import protecting, table, units
from nanglucso.measure.profiles import reading
from tests import make
from tests.gaps.believed import above, below

K = 3
STEP = 4


@st.composite
def cities(draw):
    """A tree of up to three floors with people of up to three positions in every unit."""
    places = [units.Place(1, "0001", "city", "city", 1)]
    for a in range(draw(st.integers(1, 4))):
        path = f"0001{a + 1:04d}"
        places.append(units.Place(len(places) + 1, path, path, "so", 2))
        for b in range(draw(st.integers(0, 3))):
            places.append(units.Place(len(places) + 1, f"{path}{b + 1:04d}", path, "phong", 3))
    held = [(place.pk, post, draw(st.integers(0, 7))) for place in places for post in range(3)]
    required = np.array(draw(st.lists(st.integers(0, 2), min_size=3 * K, max_size=3 * K))).reshape(3, K)
    core = np.array(draw(st.lists(st.booleans(), min_size=3 * K, max_size=3 * K))).reshape(3, K)
    return units.Tree(tuple(places)), held, required, core


def made(held, required, core):
    unit = np.array([pk for pk, _post, n in held for _ in range(n)], np.int64)
    place = np.array([post for _pk, post, n in held for _ in range(n)], np.int64)
    posts = reading.Posts(np.arange(3), np.arange(3), required, required * 0.0, core, required * 0.0)
    none = np.zeros((len(unit), K))
    ids = np.arange(len(unit))
    return table.GapTable(None, ids, unit, place, none[:, 0] > 0, posts, place, none.astype(np.uint8), none, none)


def published(found, tree, layer, split):
    """Sets of people (N,) whose figure of each competence stands on some page: totals and rows of every unit."""
    need = found.posts.required > 0
    layers = [need, need & found.posts.core, need & ~found.posts.core]
    paths = np.array([tree.paths()[pk] for pk in found.unit.tolist()])
    shown = [[] for _ in range(K)]
    for place in tree.places:
        veil, rows = protecting.unit_veil(found, tree, place, split=split)
        for hidden, one in [(veil.total, place), *zip(veil.rows, rows, strict=True)]:
            inside = np.char.startswith(paths, one.path)
            for k in range(K):
                if not hidden[k]:
                    shown[k].append(inside & layers[layer][found.place, k])
    return shown


def can_be_worked_out(shown, wanted):
    """Whether some sum and difference of the shown sets is exactly the set wanted."""
    if not shown:
        return False
    base = np.array(shown, float)
    return np.linalg.matrix_rank(np.vstack([base, wanted])) == np.linalg.matrix_rank(base)


def small_sets(shown, asked):
    """Every set of 1 to 4 people that sums of shown sets can tell apart: unions of people with the same memberships."""
    if not shown:
        return
    kinds: dict[bytes, np.ndarray] = {}
    for n in np.flatnonzero(asked):
        key = np.array([s[n] for s in shown]).tobytes()
        kinds.setdefault(key, np.zeros(len(asked)))[n] = 1
    few = [kind for kind in kinds.values() if kind.sum() < protecting.SMALL_GROUP]
    for size in range(1, len(few) + 1):
        for some in combinations(few, size):
            if sum(some).sum() < protecting.SMALL_GROUP:
                yield sum(some)


@settings(max_examples=120, deadline=None)
@given(cities())
def test_no_small_group_can_be_worked_out_from_all_pages_of_a_tree_together(city):
    tree, held, required, core = city
    found = made(held, required, core)
    if not len(found.ids):
        return
    for layer, split in ((0, False), (1, True), (2, True)):
        shown = published(found, tree, layer, split)
        for k in range(K):
            assert all(s.sum() == 0 or s.sum() >= protecting.SMALL_GROUP for s in shown[k])
            everybody = np.ones(len(found.ids), bool)
            for wanted in small_sets(shown[k], everybody):
                assert not can_be_worked_out(shown[k], wanted)


@settings(max_examples=120, deadline=None)
@given(cities())
def test_what_is_kept_back_of_all_requirements_is_kept_back_of_its_parts(city):
    """Must-have and nice-to-have of a group add up to everything: showing both would show what is kept back."""
    tree, held, required, core = city
    found = made(held, required, core)
    for place in tree.places:
        whole, parts = (protecting.unit_veil(found, tree, place, split=split)[0] for split in (False, True))
        assert not (whole.rows & ~parts.rows).any()
        assert not (whole.total & ~parts.total).any()


def test_one_small_group_takes_the_smallest_other_with_it():
    n = np.array([[3], [40], [9], [12]])
    hidden = protecting.hide(n[None], np.zeros((1, 1), int), np.zeros(n.shape, bool))
    assert hidden[:, 0].tolist() == [True, False, True, False]


def test_two_small_groups_hide_one_another_when_they_are_five_together():
    n = np.array([[3], [40], [2], [12]])
    hidden = protecting.hide(n[None], np.zeros((1, 1), int), np.zeros(n.shape, bool))
    assert hidden[:, 0].tolist() == [True, False, True, False]


def test_people_of_no_row_count_as_a_group_that_is_not_shown():
    n = np.array([[30], [8]])
    for rest, expected in ((0, [False, False]), (3, [False, True]), (6, [False, False])):
        hidden = protecting.hide(n[None], np.array([[rest]]), np.zeros(n.shape, bool))
        assert hidden[:, 0].tolist() == expected


@pytest.fixture
def city(db):
    """Three agencies: seven people, twelve people, and three."""
    position = make.position()
    people = {}
    for name, n in (("Sở Nội vụ", 7), ("Sở Tài chính", 12), ("Sở Y tế", 3)):
        unit = make.unit(name)
        people[name] = [(above if i % 2 else below)(make.person(unit=unit, position=position)) for i in range(n)]
    return people


def rows_of(client, address, query=None):
    heat_map = client.get(address, query or {}).context["heat"]
    return heat_map, {row.name: row for row in heat_map.rows}


@pytest.mark.parametrize("query", [{}, {"domain": "all"}, {"need": "core"}, {"need": "nice", "show": "missing"}])
def test_a_leader_cannot_subtract_the_shown_units_from_the_city(as_user, city, query):
    found, rows = rows_of(as_user(make.user("leader")), reverse("gaps:city"), query)
    assert found.kept_back
    assert rows["Sở Y tế"].hidden
    assert rows["Sở Nội vụ"].hidden
    assert all(square.required == 0 for name in ("Sở Y tế", "Sở Nội vụ") for square in rows[name].squares)
    assert not rows["Sở Tài chính"].hidden
    assert any(square.required for square in found.everybody.squares)


def test_a_training_officer_sees_every_row(as_user, city):
    found, rows = rows_of(as_user(make.user("training")), reverse("gaps:city"))
    assert not found.kept_back
    assert not any(row.hidden for row in rows.values())


def test_a_unit_kept_back_on_the_city_s_page_is_kept_back_on_its_own_and_in_its_workbook(as_user, city):
    client = as_user(make.user("leader"))
    page = client.get(reverse("gaps:unit_of", args=[make.unit("Sở Nội vụ").pk]))
    assert page.context["gone"]
    assert page.context["view"].needs == []
    assert all(square.share is None for square in page.context["view"].heat.everybody.squares)
    lines = client.get(reverse("gaps:competences"), {"unit": make.unit("Sở Nội vụ").pk}).context["lines"]
    assert all(line.square.required == 0 for line in lines)


def test_groups_of_positions_are_kept_back_in_pairs(as_user, db):
    families = {}
    for position in make.city() and make.position().__class__.objects.filter(is_generic=False).order_by("code"):
        families.setdefault(position.family_id, position)
    first, second, third = list(families.values())[:3]
    for position, n in ((first, 2), (second, 6), (third, 20)):
        for _ in range(n):
            below(make.person(position=position))
    found, rows = rows_of(as_user(make.user("leader")), reverse("gaps:positions"))
    assert {name for name, row in rows.items() if row.hidden} == {first.family.name, second.family.name}
    assert found.kept_back


def test_a_reason_stands_where_there_is_no_number(as_user, city):
    _found, rows = rows_of(as_user(make.user("leader")), reverse("gaps:city"))
    reasons = {square.reason for square in rows["Sở Y tế"].squares} | {s.reason for s in rows["Sở Nội vụ"].squares}
    assert reasons
    assert "" not in reasons
    assert heat.Square(None, "x", None).text == "–"
