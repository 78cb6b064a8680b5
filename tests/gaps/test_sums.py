"""Counts that are kept are the counts that the full computation gives, whatever has happened in between."""

import random

import numpy as np
import pytest

from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.measure.gaps import queries, services
from nanglucso.measure.gaps.models import UnitSums
from nanglucso.measure.gaps.queries import summing
from nanglucso.measure.profiles import folding, reading
from nanglucso.measure.profiles.models import Belief, FamilyPrior, new_revision
from nanglucso.workforce.people.models import Person, Position, Requirement, Unit
from tests import make

pytestmark = pytest.mark.django_db
FIELDS = ("people", "measured", "urgent", "states")
REALS = ("missing", "spread")


def forget():
    """A process that has just begun."""
    summing._KEPT.records.clear()


def same(scope, at):
    """The kept way against the full computation."""
    quick = queries.unit_sums(make.framework(), scope, at=at)
    full = queries.sums_of(queries.gap_table(make.framework(), queries.active_people(scope).order_by(), at=at))
    assert quick.unit.tolist() == full.unit.tolist()
    for field in FIELDS:
        assert (quick.rows[field] == full.rows[field]).all(), field
    for field in REALS:
        assert np.allclose(quick.rows[field], full.rows[field], rtol=0, atol=1e-9), field


def believe(rng, person):
    """Any belief, under a new revision as every fold gives it."""
    frame = folding.frame(make.framework())
    mean = np.array([rng.gauss(0.2, 1.2) for _ in frame.codes])
    var = np.array([rng.uniform(0.02, 0.6) for _ in frame.codes])
    fields = {
        "framework": make.framework(), "mean": folding.pack(mean), "variance": folding.pack(var),
        "covariance": folding.pack(np.diag(var)), "prior_mean": folding.pack(np.zeros(frame.size)),
        "measured": rng.random() < 0.7, "as_of": make.at(rng.uniform(-300, 0)), "revision": new_revision(),
    }  # fmt: skip
    Belief.objects.update_or_create(person=person, defaults=fields)


def city(rng):
    tops = list(Unit.objects.filter(depth=2).order_by("path")[:3])
    units = [*tops, *Unit.objects.filter(depth=3, path__startswith=tops[0].path)[:2]]
    posts = list(Position.objects.exclude(requirements=None).order_by("code").distinct()[:4])
    people = [make.person(unit=rng.choice(units), position=rng.choice(posts)) for _ in range(14)]
    for person in people[:8]:
        believe(rng, person)
    return units, posts, people


def change(rng, units, posts, people):
    """One thing that the numbers depend on."""
    person = rng.choice(people)
    what = rng.choice(["belief", "move", "post", "leave", "come", "requirement", "prior", "void"])
    mine = Person.objects.filter(pk=person.pk)
    if what == "belief":
        believe(rng, person)
    elif what == "move":
        mine.update(unit=rng.choice(units))
    elif what == "post":
        mine.update(position=rng.choice([*posts, None]))
    elif what in ("leave", "come"):
        mine.update(active=what == "come")
    elif what == "requirement":
        row = rng.choice(list(Requirement.objects.filter(position__in=posts)))
        row.level, row.must_have = rng.randint(0, 4), rng.random() < 0.5
        row.save()
    elif what == "prior":
        mean = [rng.gauss(0, 1) for _ in folding.frame(make.framework()).codes]
        fields = {"framework": make.framework(), "mean": mean, "people": 100, "as_of": make.AT}
        FamilyPrior.objects.update_or_create(family=rng.choice(posts).family, defaults=fields)
    else:
        Belief.objects.filter(person=person).delete()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_changes_the_kept_counts_are_those_of_the_full_computation(seed):
    rng = random.Random(seed)
    units, posts, people = city(rng)
    forget()
    day = 0.0
    for _ in range(18):
        change(rng, units, posts, people)
        if rng.random() < 0.3:
            services.keep_sums(at=make.at(day))
        if rng.random() < 0.3:
            forget()
        if rng.random() < 0.2:
            day += rng.choice([0.2, 1, 40])
        scope = rng.choice([EVERYTHING, Scope(paths=(units[0].path,))])
        same(scope, make.at(day))


def test_two_people_who_change_places_are_noticed():
    rng = random.Random(5)
    _units, posts, _people = city(rng)
    one, two = make.person(position=posts[0]), make.person(position=posts[1])
    same(EVERYTHING, make.AT)
    Person.objects.filter(pk=one.pk).update(position=posts[1])
    Person.objects.filter(pk=two.pk).update(position=posts[0])
    same(EVERYTHING, make.AT)


def test_only_the_units_of_the_changed_are_counted_anew(monkeypatch):
    rng = random.Random(1)
    _units, _posts, people = city(rng)
    forget()
    counted, real = [], summing.counted

    def watched(what, places):
        counted.append([int(what.units[u]) for u in places])
        return real(what, places)

    monkeypatch.setattr(summing, "counted", watched)
    queries.unit_sums(make.framework(), EVERYTHING, at=make.AT)
    assert len(counted) == 1
    queries.unit_sums(make.framework(), EVERYTHING, at=make.AT)
    assert len(counted) == 1
    believe(rng, people[0])
    queries.unit_sums(make.framework(), EVERYTHING, at=make.AT)
    assert counted[1:] == [[people[0].unit_id]]


def test_a_new_process_reads_what_the_worker_kept_and_counts_nothing(monkeypatch):
    rng = random.Random(2)
    city(rng)
    kept = services.keep_sums(at=make.AT)
    assert kept == UnitSums.objects.count() > 0
    assert services.keep_sums(at=make.AT) == 0
    forget()
    monkeypatch.setattr(summing, "counted", lambda what, places: pytest.fail("counted anew"))
    queries.unit_sums(make.framework(), EVERYTHING, at=make.AT)


def test_the_next_day_is_another_day_and_a_unit_keeps_one_row():
    city(random.Random(3))
    first = services.keep_sums(at=make.AT)
    assert services.keep_sums(at=make.at(1)) == first
    assert UnitSums.objects.count() == first
    forget()
    same(EVERYTHING, make.at(1))


def test_nothing_is_kept_before_a_framework_is_loaded():
    assert services.keep_sums(at=make.AT) == 0


def test_must_have_and_nice_to_have_are_apart_as_in_the_full_table():
    city(random.Random(4))
    table = queries.gap_table(make.framework(), queries.active_people(EVERYTHING).order_by(), at=make.AT)
    sums = queries.unit_sums(make.framework(), EVERYTHING, at=make.AT)
    for need in ("", "core", "nice"):
        full, quick = table.only(need), sums.only(need)
        a, b = queries.whole(full), queries.whole(quick)
        for field in ("required", "met", "not_met", "unknown"):
            assert (getattr(a, field) == getattr(b, field)).all()
        assert np.allclose(a.missing, b.missing)
        assert (a.people, a.measured, full.urgent) == (b.people, b.measured, quick.urgent)
        assert np.allclose(full.level_shares, quick.level_shares)


def test_people_without_a_unit_are_counted_and_have_no_row_of_their_own():
    _units, _posts, people = city(random.Random(6))
    Person.objects.filter(pk=people[0].pk).update(unit=None)
    services.keep_sums(at=make.AT)
    assert UnitSums.objects.exists()
    forget()
    same(EVERYTHING, make.AT)
    assert services.keep_sums(at=make.AT) == 0


def test_a_country_reads_what_the_worker_kept_and_says_of_when(monkeypatch):
    _units, _posts, people = city(random.Random(7))
    exact = queries.unit_sums(make.framework(), EVERYTHING, at=make.AT)
    monkeypatch.setattr(summing, "LARGE", 1)
    assert queries.unit_sums(make.framework(), EVERYTHING, at=make.AT).as_of is None  # the worker has not been there
    services.keep_sums(at=make.AT)
    Belief.objects.filter(person=people[0]).delete()  # not seen before the worker comes again
    kept = queries.unit_sums(make.framework(), EVERYTHING, at=make.at(0.01))
    assert (kept.as_of, kept.unit.tolist()) == (make.AT, exact.unit.tolist())
    assert (kept.rows == exact.rows).all()
    part = queries.unit_sums(make.framework(), Scope(paths=(Unit.objects.get(pk=kept.unit[0]).path,)), at=make.AT)
    assert part.as_of is None
    services.keep_sums(at=make.at(0.02))
    anew = queries.unit_sums(make.framework(), EVERYTHING, at=make.at(0.03))
    assert anew.as_of == make.at(0.02)
    assert anew.rows["measured"].sum() <= exact.rows["measured"].sum()
    assert queries.unit_sums(make.framework(), EVERYTHING, at=make.at(1)).as_of is None  # the worker is silent


def test_counted_in_portions_is_counted_the_same(monkeypatch):
    city(random.Random(8))
    forget()
    whole = queries.unit_sums(make.framework(), EVERYTHING, at=make.AT)
    monkeypatch.setattr(summing, "AT_ONCE", 3)
    forget()
    assert (queries.unit_sums(make.framework(), EVERYTHING, at=make.AT).rows == whole.rows).all()
    assert services.keep_sums(at=make.AT) == len(whole.unit)


def test_units_without_people_keep_no_row():
    _units, _posts, people = city(random.Random(9))
    services.keep_sums(at=make.AT)
    gone = people[0].unit_id
    Person.objects.filter(unit=gone).update(active=False)
    services.keep_sums(at=make.AT)
    assert not UnitSums.objects.filter(unit=gone).exists()


def test_beliefs_asked_for_by_name_are_those_of_the_whole_index(monkeypatch):
    city(random.Random(10))
    ids = np.array(sorted(Belief.objects.values_list("person", flat=True)), np.int64)
    frame = folding.frame(make.framework())
    start = np.zeros((len(ids), frame.size))
    few = reading.believed(frame, ids, start, at=make.AT)
    for share in (0.0, 1.0):  # the whole index; by name
        monkeypatch.setattr(reading, "FEW", 0)
        monkeypatch.setattr(reading, "MOST", share)
        other = reading.believed(frame, ids, start, at=make.AT)
        assert (other.mean == few.mean).all()
        assert (other.var == few.var).all()
        assert (other.measured == few.measured).all()
