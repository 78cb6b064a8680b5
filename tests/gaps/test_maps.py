"""Views, filters, previews, days as known and saved views of the gap maps."""

import numpy as np
import pytest
import time_machine
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.core.models import AuditEntry
from nanglucso.engines import levels
from nanglucso.measure.gaps import asof, previewing, queries, services
from nanglucso.measure.gaps.models import SavedView
from nanglucso.measure.gaps.queries import summing
from nanglucso.measure.profiles import reading
from nanglucso.measure.profiles.models import Belief, Evidence, new_revision
from nanglucso.measure.profiles.services import NewEvidence, record
from nanglucso.workforce.people.models import Person, Requirement
from tests import make
from tests.gaps.believed import above, believe, below
from tests.gaps.test_numbers import table, units_map

pytestmark = pytest.mark.django_db
CUTS = np.array([[-1.2, -0.2, 0.8, 1.8], [-0.5, 0.4, 0.9, 2.5]])


@pytest.fixture(autouse=True)
def _on_a_day():
    with time_machine.travel(make.at(1), tick=False):
        yield


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_the_quick_counts_say_what_the_plan_s_points_and_the_three_words_say(seed, n):
    rng = np.random.default_rng(seed)
    mean, var = rng.normal(0, 1.5, (n, 2)), rng.uniform(0.01, 1.2, (n, 2))
    required = rng.integers(0, 5, (n, 2))
    words = levels.words(levels.p_met(mean, var, CUTS, required), required)
    assert (np.array(levels.CODES)[levels.codes(mean, var, CUTS, required)] == words).all()
    points = levels.open_points(mean, var, CUTS, required).sum(-1) / 100
    assert np.allclose(levels.missing_levels(mean, var, CUTS, required, block=7), points, atol=1e-9)


def test_large_tables_are_kept_and_made_again_when_anything_changes(monkeypatch):
    monkeypatch.setattr(reading, "FEW", 1)
    position = make.position()
    people = [below(make.person(position=position)) for _ in range(3)]
    first = table()
    assert table() is first
    Belief.objects.get(person=people[0]).delete()
    above(Person.objects.get(pk=people[0].pk))
    assert queries.whole(table()).met.sum() == int((first.required[0] > 0).sum())
    row = position.requirements.filter(level__gt=0).first()
    Requirement.objects.filter(pk=row.pk).update(level=0)
    assert queries.whole(table()).required.sum() == queries.whole(first).required.sum() - 3
    Person.objects.filter(pk=people[1].pk).update(active=False)
    assert len(table().ids) == 2
    assert table(at=make.at(40)) is not table()


def test_the_whole_index_and_the_question_by_name_read_the_same(monkeypatch):
    people = [believe(make.person(), {"1.1": 0.3 * i}) for i in range(4)] + [make.person()]
    few = table(at=make.at(400))
    monkeypatch.setattr(reading, "FEW", 1)
    many = table(at=make.at(400))
    assert few.ids.tolist() == many.ids.tolist()
    assert len(people) == len(many.ids)
    assert np.array_equal(few.mean, many.mean)
    assert np.array_equal(few.var, many.var)
    assert few.measured.tolist() == many.measured.tolist()


def test_must_have_and_nice_to_have_add_up_to_everything():
    for _ in range(5):
        below(make.person())
    whole, core, nice = (queries.whole(table().only(need)) for need in ("", "core", "nice"))
    assert core.required.sum()
    assert (core.required + nice.required == whole.required).all()
    assert (core.not_met + nice.not_met == whole.not_met).all()
    assert np.allclose(core.missing + nice.missing, whole.missing)
    assert units_map(need="core").everybody.overall.required == core.required.sum()


def test_a_cell_shows_the_figure_asked_for_and_the_counts_behind_it():
    position = make.position()
    for i in range(5):
        (above if i < 2 else below)(make.person(position=position))
    wanted = {"": 0.6, "met": 0.4, "unknown": 0.0}
    for show, share in wanted.items():
        square = units_map(show=show).everybody.overall
        assert square.share == pytest.approx(share)
        assert (square.met, square.not_met, square.unknown) == (square.required * 2 // 5, square.required * 3 // 5, 0)
    square = units_map(show="missing").everybody.overall
    assert square.share == pytest.approx(queries.whole(table()).mean_missing())


def test_raising_a_level_moves_exactly_the_people_whose_position_changes():
    position, other = (p for p in _two_positions())
    one = believe(make.person(position=position), dict.fromkeys(table().frame.codes, 9.0))
    below(make.person(position=other))
    frame = table().frame
    k = next(r.competence.index for r in position.requirements.select_related("competence") if 0 < r.level < 4)
    level = int(table().required[table().ids.tolist().index(one.pk), k])
    Belief.objects.filter(person=one).delete()
    believe(Person.objects.get(pk=one.pk), {frame.codes[k]: frame.cuts[k][level - 1] + 0.1})
    made = previewing.preview(table(), previewing.Change((k,), "raise", position=position.pk))
    assert made.requirements == 1
    assert made.touched.tolist() == [pk == one.pk for pk in made.before.ids.tolist()]
    before, after = made.counts
    assert after.met[k] == before.met[k] - 1
    assert after.not_met[k] == before.not_met[k] + 1
    width = frame.cuts[k][level] - frame.cuts[k][level - 1]
    assert after.missing[k] - before.missing[k] == pytest.approx((width - 0.1) / width, abs=0.011)
    others = np.delete(np.arange(frame.size), k)
    assert (after.met[others] == before.met[others]).all()


def _two_positions():
    found = {}
    for position in make.position().__class__.objects.filter(is_generic=False).order_by("code"):
        found.setdefault(position.family_id, position)
    return list(found.values())[:2]


def test_a_preview_equals_the_map_after_the_requirement_has_really_changed():
    position = make.position()
    for theta in (-1.0, 0.1, 0.9, 2.0):
        believe(make.person(position=position), theta)
    change = previewing.Change(tuple(range(20)), "lower", family=position.family_id)
    after = previewing.preview(table(), change).counts[1]
    for row in Requirement.objects.filter(position__family=position.family, level__gt=0):
        Requirement.objects.filter(pk=row.pk).update(level=row.level - 1)
    real = queries.whole(table())
    assert (after.required == real.required).all()
    assert (after.met == real.met).all()
    assert np.allclose(after.missing, real.missing)


def test_the_preview_page_stores_nothing(as_user):
    position = make.position()
    below(make.person(position=position))
    levels_before = list(Requirement.objects.order_by("pk").values_list("pk", "level"))
    asked = {"who": f"p:{position.code}", "what": "dS1", "how": "set0"}
    user, acts = make.user("training"), AuditEntry.objects.count()
    reply = as_user(user).get(reverse("gaps:preview"), asked)
    assert reply.context["made"].requirements
    assert reply.context["after"].required.sum() < reply.context["before"].required.sum()
    assert list(Requirement.objects.order_by("pk").values_list("pk", "level")) == levels_before
    assert AuditEntry.objects.count() == acts
    bad = as_user(user).get(reverse("gaps:preview"), asked | {"who": "f:khong-co"})
    assert bad.context["form"].errors["who"]


def _sat(person, day, score):
    frame = table().frame
    entries = [{"k": code, "item": 1, "a": 3.0, "b": [0.0], "c": 0.0, "score": score} for code in frame.codes] * 4
    told = NewEvidence(person, Evidence.Kind.SITTING, f"sitting:{person.pk}:{day}", entries, since=make.at(day))
    record(actor=None, framework=make.framework(), evidence=told, at=make.at(day))


def test_as_known_on_a_day_leaves_out_what_came_later_and_who_moved_is_counted():
    person = make.person()
    now = make.at(60)
    _sat(person, 10, 0)
    then = queries.whole(table(at=make.at(10)))
    _sat(person, 50, 1)
    people, today = queries.active_people(queries_scope()), table(at=now)
    early, first, second = (asof.as_known(today, people, make.at(day)) for day in (5, 10, 60))
    assert not early.measured.any()
    assert first.measured.all()
    assert (queries.whole(first).not_met == then.not_met).all()
    assert (queries.whole(second).met == queries.whole(today).met).all()
    every = np.arange(today.frame.size)
    moved = asof.moved(first, second, every, "", "")
    asked = int(queries.whole(today).required.sum())
    assert moved.same + moved.reached + moved.found_short + moved.uncertain == asked
    assert moved.second_met - moved.first_met == int(queries.whole(second).met.sum() - queries.whole(first).met.sum())
    assert moved.counts["not_met"]["not_met"] < int(then.not_met.sum())


def queries_scope():
    from nanglucso.core.scope import EVERYTHING

    return EVERYTHING


def test_the_page_of_any_two_days_says_what_is_wrong_with_the_days(as_user):
    below(make.person())
    client = as_user(make.user("training"))
    fine = client.get(reverse("gaps:compare"), {"since": "01/02/2026", "until": "02/03/2026"})
    assert len(fine.context["moved"]) == 20
    for days, field in (
        ({"since": "02/03/2026", "until": "01/02/2026"}, "until"),
        ({"since": "x", "until": ""}, "since"),
    ):
        reply = client.get(reverse("gaps:compare"), days)
        assert reply.status_code == 200
        assert field in reply.context["form"].errors
    ahead = client.get(reverse("gaps:compare"), {"since": "01/02/2026", "until": "01/02/2030"})
    assert "until" in ahead.context["form"].errors


def test_people_are_listed_with_filters_and_the_workbook_has_the_same_people(as_user):
    unit, other = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    low, high = below(make.person(unit=unit)), above(make.person(unit=unit))
    below(make.person(unit=other))
    client = as_user(make.user("head", unit))

    def listed(**asked):
        return [line.person.pk for line in client.get(reverse("gaps:people"), asked).context["lines"]]

    assert listed() == [low.pk, high.pk]
    assert listed(state="met") == [high.pk]
    assert listed(state="gap", domain="S1") == [low.pk]
    assert client.get(reverse("gaps:people"), {"unit": other.pk}).status_code == 404
    book = client.get(reverse("gaps:export", args=["people"]), {"state": "gap"})
    from tests.gaps.test_pages import sheet

    _titles, head, rows = sheet(book)
    assert [row[0] for row in rows] == [low.full_name]
    assert len(head) == 8 + 20
    assert as_user(make.user("leader")).get(reverse("gaps:people")).status_code == 403
    assert as_user(make.user("leader")).get(reverse("gaps:export", args=["people"])).status_code == 404


def test_a_saved_view_keeps_filters_and_never_widens_a_scope(as_user):
    here, there = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    for unit in (here, there):
        for _ in range(2):
            below(make.person(unit=unit))
    chief, head, stranger = make.user("training"), make.user("head", here), make.user("head", there)
    client = as_user(chief)
    told = {"name": " Bắt  buộc ", "page": "unit", "unit": here.pk, "query": "?need=core&evil=1&domain=S3"}
    assert client.post(reverse("gaps:views"), told).status_code == 302
    view = SavedView.objects.get()
    assert (view.name, view.query, view.unit) == ("Bắt buộc", {"domain": "S3", "need": "core"}, here)
    assert AuditEntry.objects.filter(verb="gaps.save_view").count() == 1

    def found(user):
        return [kept.view.pk for kept in as_user(user).get(reverse("gaps:views")).context["kept"]]

    assert found(chief) == [view.pk]
    assert found(head) == found(stranger) == []
    as_user(chief).post(reverse("gaps:view_change", args=[view.pk, "chia-se"]))
    assert found(head) == [view.pk]
    assert found(stranger) == []
    address = as_user(head).get(reverse("gaps:views")).context["kept"][0].address
    page = as_user(head).get(address)
    assert page.context["asked"].need == "core"
    assert as_user(stranger).get(address).status_code == 404
    for what in ("xoa", "thoi-chia-se"):
        assert as_user(head).post(reverse("gaps:view_change", args=[view.pk, what])).status_code == 404
    as_user(chief).post(reverse("gaps:view_change", args=[view.pk, "thoi-chia-se"]))
    assert found(head) == []
    as_user(chief).post(reverse("gaps:view_change", args=[view.pk, "xoa"]))
    assert not SavedView.objects.exists()


def test_a_view_of_people_shared_with_a_leader_is_not_offered_and_a_head_shares_only_within_the_own_unit(as_user):
    here, there = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    head = make.user("head", here)
    as_user(head).post(reverse("gaps:views"), {"name": "Người", "page": "people", "query": "state=gap"})
    view = SavedView.objects.get()
    as_user(head).post(reverse("gaps:view_change", args=[view.pk, "chia-se"]))
    view.refresh_from_db()
    assert view.shared_over == here
    for user in (make.user("leader", here), make.user("head", there), make.user("training")):
        assert not as_user(user).get(reverse("gaps:views")).context["kept"]
    assert as_user(make.user("training", here)).get(reverse("gaps:views")).context["kept"]


def test_a_view_without_a_name_or_of_a_strange_unit_is_refused_and_what_was_typed_stays(as_user):
    head = make.user("head", make.unit("Sở Nội vụ"))
    client = as_user(head)
    reply = client.post(reverse("gaps:views"), {"name": "  ", "page": "city", "query": "need=core"})
    assert reply.status_code == 422
    assert 'value="need=core"' in reply.content.decode()
    strange = {"name": "x", "page": "unit", "unit": make.unit("Sở Tài chính").pk}
    assert client.post(reverse("gaps:views"), strange).status_code == 404
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("role", ["training", "leader"])
def test_the_map_of_the_city_takes_ten_statements_and_twelve_in_a_new_process_after_a_change(
    as_user, django_assert_max_num_queries, role
):
    """Log-in four, page five, all counters of the menu one; then one for what the worker kept, one for the rest."""
    people = [below(make.person()) for _ in range(6)]
    services.keep_sums(at=make.at(1))
    client = as_user(make.user(role))
    client.get(reverse("gaps:city"))
    with django_assert_max_num_queries(10):
        client.get(reverse("gaps:city"))
    Belief.objects.filter(person=people[0]).update(revision=new_revision())
    summing._KEPT.records.clear()
    with django_assert_max_num_queries(12):
        client.get(reverse("gaps:city"))


@pytest.mark.parametrize("view", ["", "counts"])
@pytest.mark.parametrize("need", ["", "core", "nice"])
def test_every_way_to_look_answers_for_insider_and_leader(as_user, view, need):
    unit = make.unit()
    for _ in range(6):
        below(make.person(unit=unit))
    for role in ("training", "leader"):
        client = as_user(make.user(role))
        for name in ("city", "positions", "competences", "unit"):
            for show in ("", "met", "unknown", "missing"):
                reply = client.get(reverse(f"gaps:{name}"), {"view": view, "need": need, "show": show, "domain": "S2"})
                assert reply.status_code == 200
