"""The planner's desk: changes by hand under all rules, other budgets, editing without overwriting, publication."""

import pytest
from django.urls import reverse

from nanglucso.core import jobs
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget.models import PlanLine
from nanglucso.develop.plans import conflicts, handwork, services, solving, trying
from nanglucso.develop.plans.models import HandChange, PlannedClass, PlannedSeat, ScenarioEdit
from nanglucso.develop.plans.services.changing import Conflicts
from nanglucso.develop.plans.services.versions import Overtaken
from nanglucso.engines import whatif
from nanglucso.engines.check import check
from nanglucso.ui import figures
from tests import make
from tests.plans import tiny

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(people):
    made = tiny.kept(tiny.scenario(make.user("training")))
    made.refresh_from_db()
    return made


def change(row, kind, person, number, **told):
    row.refresh_from_db()
    told = {"version": row.version, "reason": "theo đề nghị", **told}
    return services.change_by_hand(
        actor=None, framework=make.framework(), scenario=row, kind=kind, person=person, number=number, at=make.at(1), **told
    )  # fmt: skip


def seated(row, number):
    return set(PlannedSeat.objects.filter(planned_class__scenario=row, planned_class__number=number).values_list("person", flat=True))  # fmt: skip


def test_the_kept_plan_comes_back_as_the_arrays_it_was(row):
    loaded = handwork.load(make.framework(), row, at=make.at(1))
    verdict = check(loaded.built.instance, loaded.classes, loaded.seats)
    assert verdict["valid_placing"]
    assert verdict["objective"] == pytest.approx(row.figures["objective"], abs=0.01)
    assert handwork.cost_of(loaded, loaded.seats) == row.figures["cost"]
    assert round(verdict["cost"] * 1e6) == pytest.approx(row.figures["cost"], abs=1000)


def test_putting_somebody_in_shows_its_price_and_the_figures_follow(row, people):
    before, outside = dict(row.figures), next(one for one in people if one.pk not in seated(row, 1))
    made = change(row, "pin", outside, 1)
    row.refresh_from_db()
    assert outside.pk in seated(row, 1)
    assert made.price > 0
    assert row.figures["objective"] == pytest.approx(before["objective"] + made.price, abs=0.01)
    assert row.figures["cost"] == before["cost"] + made.cost
    assert row.figures["seats"] == before["seats"] + 1
    assert row.figures["prices"] == before["prices"]
    planned = PlannedClass.objects.get(scenario=row, number=1)
    assert planned.seat_count == len(seated(row, 1))
    assert sum(PlannedClass.objects.filter(scenario=row).values_list("cost", flat=True)) == row.figures["cost"]


def test_taking_somebody_out_costs_levels_and_is_kept_by_the_next_computation(row, people):
    loaded = handwork.load(make.framework(), row, at=make.at(1))
    leaver = next(one for one in people if one.pk in seated(row, 1) and one.pk not in seated(row, 2))
    plan = handwork.as_result(row, loaded, loaded.seats)
    made = change(row, "forbid", leaver, 1)
    assert made.price < 0
    assert leaver.pk not in seated(row, 1)
    again, lost = handwork.reapply(loaded.built, row, plan)
    at = int((loaded.built.table.ids == leaver.pk).nonzero()[0][0])
    assert at not in again.seats[again.seats[:, 1] == 0, 0]
    assert lost == {}
    assert check(loaded.built.instance, again.classes, again.seats)["valid_placing"]


def test_a_breach_is_named_with_rule_unit_and_what_would_free_it(row, people):
    """Two of the office's six may be away in a week; class 2 has these two already."""
    before = seated(row, 2), row.figures
    with pytest.raises(Conflicts) as no:
        change(row, "pin", people[4], 2)
    told = conflicts.explain(no.value.loaded, no.value.trial.conflicts)
    sentence = next(one for one in told if one["rule"] == "R7")
    assert "Sở Nội vụ" in sentence["what"]
    assert sentence["free"]
    row.refresh_from_db()
    assert (seated(row, 2), row.figures) == before
    assert not HandChange.objects.exists()


def test_a_class_is_not_emptied_below_its_least_size(row, people):
    inside = [one for one in people if one.pk in seated(row, 2)]
    with pytest.raises(Conflicts) as no:
        change(row, "forbid", inside[0], 2)
    assert [rule for rule, _ in no.value.trial.conflicts] == ["R2"]


def test_every_rule_that_a_seat_can_break_has_words(row):
    loaded = handwork.load(make.framework(), row, at=make.at(1))
    items = {
        "R2": {"class": 0, "size": 1, "min": 2, "max": 4}, "R3": {"person": 0, "week": 0, "classes": 2},
        "R4": {"person": 0, "course": 0}, "R5": {"person": 0, "class": 0, "prereq": 0}, "R6": {"person": 0, "class": 0},
        "R7": {"unit": 0, "week": 1, "absent": 2, "max": 1}, "R8": {"person": 0, "tiet": 90, "max": 80},
        "R13": {"source": 0, "spent": 2.5, "amount": 1.0}, "R14": {"spent": 2.5, "budget": 1.0},
        "R15": {"class": 0, "person": 0, "source": 0}, "R16": {"mandatory": 0, "done": 1, "needed": 2},
        "R17": {"unit": 0, "trained": 0, "needed": 1}, "R18": {"group": 0, "reached": 0, "needed": 1},
        "R12": {"venue": 0, "week": 0, "buoi": 3, "max": 2},
    }  # fmt: skip
    told = conflicts.explain(loaded, list(items.items()))
    assert [one["rule"] for one in told] == list(items)
    assert all("%(" not in one["what"] and one["free"] for one in told)
    assert "2.500.000" in next(one["what"] for one in told if one["rule"] == "R14")


def test_two_planners_the_second_sees_who_changed_what(row, as_user):
    first, second = make.user("training"), make.user("training")
    client = as_user(second)
    page = reverse("plans:edit", args=[row.pk])
    typed = {"name": "Tên của tôi", "budget": "95", "weeks": "8", "absent": "40", "retest": "50",
             "forms_open": ["online", "inperson", "blended"], "first_week": "01/03/2027", "version": row.version}  # fmt: skip
    told = {"name": row.name, "weeks": 8, "first_week": row.first_week, "at": make.at(1), **row.params}
    services.edit_scenario(actor=first, scenario=row, version=row.version, budget=90_000_000, **told)
    reply = client.post(page, typed)
    text = reply.content.decode()
    assert reply.status_code == 409
    assert 'value="Tên của tôi"' in text
    assert "90.000.000" in text
    assert str(first) in text
    row.refresh_from_db()
    assert (row.budget, row.name) == (90_000_000, "Phương án thử")
    assert client.post(page, {**typed, "version": row.version}).status_code == 302
    row.refresh_from_db()
    assert (row.budget, row.name, row.status) == (95_000_000, "Tên của tôi", "draft")


def test_a_change_by_hand_on_an_older_look_is_refused(row, people):
    row.refresh_from_db()
    old, outside = row.version, next(one for one in people if one.pk not in seated(row, 1))
    inside = next(one for one in people if one.pk in seated(row, 1) and one.pk not in seated(row, 2))
    change(row, "pin", outside, 1)
    with pytest.raises(Overtaken) as late:
        change(row, "forbid", inside, 1, version=old)
    assert [one.version for one in late.value.edits] == [old + 1]
    assert inside.pk in seated(row, 1)


def test_every_edit_makes_one_version(row):
    versions = list(ScenarioEdit.objects.filter(scenario=row).values_list("version", flat=True))
    assert versions == list(range(2, row.version + 1))


def test_more_money_never_closes_less_and_the_slider_answers(row, as_user):
    plan = trying.loaded(make.framework(), row, at=make.at(1))
    less, more = (trying.at_budget(plan, round(row.budget * share), seconds=2) for share in (0.3, 1.5))
    assert less.closed <= more.closed
    assert less.closed <= less.bound + 1e-6
    assert less.cost <= round(row.budget * 0.3) + 1000
    client = as_user(make.user("leader"))
    reply = client.get(f"{reverse('plans:whatif', args=[row.pk])}?muc=150", headers={"HX-Request": "true"})
    assert reply.status_code == 200
    assert 'id="answer"' in reply.content.decode()
    assert f'id="chosen" hx-swap-oob="true">150% = {figures.dong(row.budget * 1.5)}<' in reply.content.decode()
    assert "<html" not in reply.content.decode()


def test_the_curve_of_budgets_is_drawn_by_a_job(row, as_user):
    services.ask_frontier(actor=None, scenario=row, at=make.at(1))
    from nanglucso.core.models import Job

    jobs.perform(str(Job.objects.get(kind="plans.frontier").pk))
    row.refresh_from_db()
    points = row.figures["frontier"]["points"]
    assert [round(p["budget"] / row.budget, 2) for p in points] == list(trying.SHARES)
    assert all(p["closed"] <= p["bound"] + 1e-6 for p in points)
    text = as_user(make.user("training")).get(reverse("plans:show", args=[row.pk])).content.decode()
    assert 'class="p-dot"' in text


def test_approved_published_read_by_everybody_with_its_calendar(row, as_user):
    planner, leader = make.user("training"), make.user("leader")
    services.submit_scenario(actor=planner, scenario=row, at=make.at(1))
    with pytest.raises(Refused):
        services.publish(actor=planner, framework=make.framework(), scenario=row, at=make.at(1))
    services.approve(actor=leader, scenario=row, at=make.at(2))
    assert sum(PlanLine.objects.filter(source__year=tiny.YEAR).values_list("amount", flat=True)) == row.figures["cost"]
    client = as_user(make.user("official"))
    address = f"{reverse('plans:published')}?nam={tiny.YEAR}"
    before = client.get(address).content.decode()
    assert "Khóa thử một" not in before
    assert f"Kế hoạch năm {tiny.YEAR} chưa được công bố" in before
    services.publish(actor=planner, framework=make.framework(), scenario=row, at=make.at(3))
    assert "Khóa thử một" in client.get(address).content.decode()
    text = client.get(f"{reverse('plans:calendar')}?nam={tiny.YEAR}").content.decode()
    assert text.count("BEGIN:VEVENT") == row.classes.count()
    assert f"DTSTART;VALUE=DATE:{row.classes.get(number=1).first_day:%Y%m%d}" in text
    with pytest.raises(Refused):
        change(row, "forbid", row.classes.first().seats.first().person, 1)


def test_a_change_by_hand_through_the_page(row, people, as_user):
    client = as_user(make.user("training"))
    blocked = {"kind": "pin", "person": people[4].full_name, "number": "2", "reason": "đề nghị", "version": row.version}
    reply = client.post(reverse("plans:hand", args=[row.pk]), {**blocked, "do": "keep"})
    assert reply.status_code == 422
    assert "<strong>R7</strong>" in reply.content.decode()
    outside = next(one for one in people if one.pk not in seated(row, 1))
    typed = {"kind": "pin", "person": outside.staff_code or outside.full_name, "number": "1", "reason": "đề nghị",
             "version": row.version}  # fmt: skip
    page = reverse("plans:hand", args=[row.pk])
    assert client.post(page, {**typed, "person": "không có ai"}).status_code == 422
    reply = client.post(page, {**typed, "do": "try"})
    assert reply.status_code == 200
    assert outside.pk not in seated(row, 1)
    assert client.post(page, {**typed, "do": "keep"}).status_code == 302
    assert outside.pk in seated(row, 1)
    kept = HandChange.objects.get()
    client.post(reverse("plans:hand_back", args=[row.pk, kept.pk]))
    assert not HandChange.objects.exists()
    assert solving.plan_lines(row)


def test_a_trial_starts_from_the_prices_that_the_plan_kept(row):
    built = solving.build(make.framework(), row, at=make.at(1))
    result = solving.run(built, seconds=2, seed=1)
    solving.keep(row, built, result)
    row.figures, row.version = solving.figures(built, result), row.version + 1
    row.save()
    plan = trying.loaded(make.framework(), row, at=make.at(1))
    assert list(plan.prices) == result.prices
    assert len(plan.prices) > len(built.sources)
    asked, solved = [], whatif.whatif
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trying, "_PROVEN", [])
        patch.setattr(whatif, "whatif", lambda *args, **told: asked.append(told) or solved(*args, **told))
        trying.at_budget(plan, row.budget, seconds=1)
        trying.at_budget(plan, 2 * row.budget, seconds=1)
    assert [told["prices"] for told in asked] == [plan.prices] * 2
    assert [told["proven"] is not None for told in asked] == [False, True]
    assert asked[1]["proven"].year == plan.built.instance.year
