"""The gap against figures worked out by hand."""

import numpy as np
import pytest
from scipy.stats import norm

from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.measure.gaps import comparing, heat, pages, queries, services
from nanglucso.measure.gaps.models import GapSnapshot
from nanglucso.workforce.people.models import Person, Unit
from tests import make
from tests.gaps.believed import above, believe, below

pytestmark = pytest.mark.django_db


def table(scope=EVERYTHING, at=make.AT):
    return queries.gap_table(make.framework(), queries.active_people(scope), at=at)


def units_map(found=None, *, kind="", domain="", sort="", need="", show=""):
    """The map of the whole city as somebody who may see names gets it."""
    cols = heat.columns(make.framework(), domain)
    asked = heat.Asked(domain, kind, sort, need, show)
    return heat.unit_heat(cols, found or table(), queries.tree(EVERYTHING).tops(), asked)


def required(person):
    return {r.competence.index: r.level for r in person.position.requirements.select_related("competence") if r.level}


def test_two_people_of_one_position_one_far_above_and_one_far_below():
    position = make.position()
    above(make.person(position=position))
    low = below(make.person(position=position))
    need = required(low)
    found = table()
    counts = found.rows(np.ones(2, bool))
    assert (counts.people, counts.measured) == (2, 2)
    for k in range(found.frame.size):
        level = need.get(k, 0)
        asked = 2 if level else 0
        assert (counts.required[k], counts.met[k], counts.not_met[k]) == (asked, asked // 2, asked // 2)
        # The one far below misses every level up to the required one, the other none.
        assert counts.missing[k] == pytest.approx(level)
    assert counts.share_met() == 0.5
    assert counts.mean_missing() == pytest.approx(sum(need.values()) / (2 * len(need)))


def test_somebody_half_a_level_short_misses_half_a_level():
    person = make.person()
    need = required(person)
    frame = table().frame
    at = {}
    for k, level in need.items():
        cut = frame.cuts[k][level - 1]
        width = 1.0 if level == 1 else cut - frame.cuts[k][level - 2]
        at[frame.codes[k]] = cut - width / 2
    believe(person, at)
    counts = table().rows(np.ones(1, bool))
    for k in need:
        assert counts.missing[k] == pytest.approx(0.5, abs=0.01)
        assert counts.not_met[k] == 1


def test_somebody_never_measured_is_not_yet_known_by_the_prior_alone():
    person = make.person()
    need, found = required(person), table()
    assert not found.measured.any()
    for k, level in need.items():
        p = norm.sf(found.frame.cuts[k][level - 1])
        word = "met" if p >= 0.9 else "not_met" if p <= 0.1 else "not_yet_known"
        assert found.state[0, k] == word


def test_a_cell_under_sixty_percent_measured_has_no_number():
    position = make.position()
    people = [make.person(position=position) for _ in range(5)]
    for person in people[:2]:
        below(person)
    shown = units_map()
    [row] = shown.rows
    assert (row.people, row.measured) == (5, 2)
    assert {square.css for square in row.squares} == {"bx"}
    below(people[2])
    [row] = units_map().rows
    assert all(square.share is not None for square in row.squares if square.reason == "")
    assert row.overall.share == pytest.approx(3 * len(required(people[0])) / (5 * len(required(people[0]))))


def test_everything_below_a_unit_counts_into_it_and_groups_are_sorted_worst_first():
    top, other = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    division = Unit.objects.filter(path__startswith=top.path, depth=top.depth + 1).first()
    position = make.position()
    below(make.person(unit=division, position=position))
    above(make.person(unit=top, position=position))
    above(make.person(unit=other, position=position))
    shown = units_map()
    assert [(row.name, row.people, row.overall.share) for row in shown.rows] == [
        (top.name, 2, 0.5), (other.name, 1, 0.0)
    ]  # fmt: skip
    assert shown.everybody.overall.share == pytest.approx(1 / 3)
    by_name = units_map(sort="name")
    assert {row.name for row in by_name.rows} == {top.name, other.name}


def test_sorting_by_a_column_and_filtering_by_kind():
    agency, commune = make.unit("Sở Nội vụ"), make.unit("Xã Phong Điền")
    position = make.position()
    below(make.person(unit=agency, position=position))
    above(make.person(unit=commune, position=position))
    communes = units_map(kind="xa")
    assert [row.name for row in communes.rows] == [commune.name]
    drilled = units_map(domain="S3", sort="3.2")
    assert [head.code for head in drilled.heads] == ["3.1", "3.2", "3.3", "3.4"]
    assert len(heat.columns(make.framework(), "all").heads) == 20


def test_who_needs_what_lists_the_largest_shortfall_first():
    position = make.position()
    little, much = make.person(position=position), make.person(position=position)
    need = required(little)
    k, level = max(need.items(), key=lambda pair: pair[1])
    frame = table().frame
    believe(
        little, {frame.codes[k]: frame.cuts[k][level - 1] - 0.2} | {c: 9.0 for c in frame.codes if c != frame.codes[k]}
    )
    below(much)
    people = list(queries.active_people(EVERYTHING))
    competences = list(make.framework().competences.order_by("index"))
    first = pages.needs(queries.whole(table()), competences, pages.short_of(table(), people))[0]
    assert (first.competence.index, first.not_met, [p.pk for p in first.who]) == (k, 2, [much.pk, little.pk])
    assert pages.needs(queries.whole(table()), competences, {})[0].who == []
    rows = pages.person_rows(table(), people, competences)
    assert [row.person.pk for row in rows] == [much.pk, little.pk]


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        (["Cơ bản 1", "Trung cấp 2"], [["Cơ", "bản 1"], ["Trung", "cấp 2"]]),
        (["Basic 1", "Intermediate 2", "Advanced 3"], [["Basic", "1"], ["", "Intermediate", "2"], ["Advanced", "3"]]),
    ],
)
def test_long_names_of_levels_stand_by_turns_on_two_heights(names, lines):
    assert pages._lines(names) == lines


def test_a_snapshot_keeps_the_counts_and_two_of_them_give_the_change():
    position = make.position()
    unit = make.unit()
    people = [make.person(unit=unit, position=position) for _ in range(5)]
    for person in people:
        below(person)
    services.take_snapshot(actor=None, framework=make.framework(), label="Đầu", at=make.AT)
    Person.objects.get(pk=people[0].pk).belief.delete()
    above(Person.objects.get(pk=people[0].pk))
    services.take_snapshot(actor=None, framework=make.framework(), label="Sau", at=make.at(30))
    first, second = GapSnapshot.objects.filter(unit__depth=1).order_by("at")
    [row] = comparing.changes(EVERYTHING, first, second, hides=False)
    assert row.name == unit.name
    assert row.met_change == pytest.approx(20.0)
    assert row.sure
    figures = pages.figures(table(), queries.tree(EVERYTHING).top)
    assert figures.before.label == "Sau"
    assert figures.met_change == pytest.approx(0.0)
    assert figures.urgent == 4


def test_the_table_of_a_unit_holds_its_own_people_only():
    unit, other = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    inside = above(make.person(unit=unit))
    below(make.person(unit=other))
    assert table(Scope(paths=(unit.path,))).ids.tolist() == [inside.pk]
