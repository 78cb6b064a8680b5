"""From the engine's result to rows and figures; and the engine itself on the tiny city."""

import numpy as np
import pytest

from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.develop.plans import queries, services, solving
from nanglucso.develop.plans.models import Course, PlannedSeat
from nanglucso.engines.check import check
from tests import make
from tests.plans import tiny

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(people):
    return tiny.kept(tiny.scenario())


def test_classes_keep_course_room_week_lecturer_source_and_the_published_cost(row):
    first, second = row.classes.order_by("number")
    assert (first.course.code, first.form, first.venue, first.start, first.weeks) == ("T1", "online", None, 0, 1)
    assert (second.course.code, second.form, second.venue.code, second.start) == ("T2", "inperson", "p1", 1)
    assert first.cost == round(1.08 * (400_000 + 1_500_000 + 4 * 20_000))
    assert second.cost == round(1.08 * (300_000 + 2 * 1_500_000 + 2 * 600_000 + 2 * (40_000 + 60_000)))
    assert row.figures["by_source"] == {"ns_thanh_pho": first.cost + second.cost, "thu_su_nghiep": 0}


def test_figures_agree_with_the_checker(people):
    row = tiny.scenario()
    built = solving.build(make.framework(), row, at=make.at(1))
    result = solving.run(built, seconds=2, seed=1)
    verdict = check(built.instance, result.classes, result.seats)
    figures = solving.figures(built, result)
    assert figures["objective"] == pytest.approx(verdict["objective"], abs=1e-3)
    assert figures["cost"] == pytest.approx(verdict["cost"] * 1e6, abs=500 + len(result.classes))
    assert figures["objective"] <= figures["bound"] + 1e-6
    assert figures["need"] == pytest.approx(float(built.instance.worth.sum()), abs=1e-3)
    assert sum(kind["closed"] for kind in figures["by_kind"].values()) == pytest.approx(figures["objective"], abs=0.01)
    assert figures["classes"] > 0


def test_the_most_absent_unit_is_one_of_ten_people_or_more(row, people):
    assert row.figures["absent_peak"] == {}
    office = make.unit("Sở Nội vụ")
    for _ in range(4):
        make.person(unit=office, position=tiny.position())
    again = tiny.kept(tiny.scenario(name="Nữa"))
    assert again.figures["absent_peak"] == {"unit": "Sở Nội vụ", "week": 1, "people": 2, "share": 0.2} or (
        again.figures["absent_peak"]["people"] == 1
    )


def test_names_are_provisional_where_somebody_outside_has_the_same_need(people):
    tiny.kept(tiny.scenario(), seats=4)
    seats = {seat.person_id: seat for seat in PlannedSeat.objects.filter(planned_class__number=1)}
    # The first three were measured alike and all sit inside; the fourth was not, and so were two more of its unit.
    assert [seats[person.pk].tied for person in people[:4]] == [False, False, False, True]


def test_nobody_is_provisional_when_all_of_equal_need_sit_inside(people):
    row = tiny.kept(tiny.scenario(), seats=10)
    assert not PlannedSeat.objects.filter(planned_class__scenario=row, planned_class__number=1, tied=True).exists()


def test_pretest_names_those_whose_need_is_only_assumed_and_splits_two_weeks(people):
    row = tiny.kept(tiny.scenario(), seats=10)
    found = queries.pretest(row)
    assert {one.person_id for one in found} == {person.pk for person in people[3:]}
    assert all(one.from_prior and one.share == 1.0 for one in found)
    counts = queries.pretest_counts(found)
    assert [(one.unit.name, one.total) for one in counts] == [("Sở Nội vụ", 3), ("Phường Cái Khế", 4)]
    ward = make.unit("Phường Cái Khế")
    assert len(queries.pretest(row, scope=Scope(paths=(ward.path,)))) == 4


def test_pretest_weeks_leave_half_for_the_second_when_classes_begin_later(people):
    row = tiny.kept(tiny.scenario(), seats=10)
    row.classes.update(start=5)
    assert [(one.first, one.second) for one in queries.pretest_counts(queries.pretest(row))] == [(2, 1), (2, 2)]


def test_a_higher_share_names_fewer(people):
    row = tiny.kept(tiny.scenario(retest_share=1.0), seats=10)
    assert queries.pretest(row) == []


def test_people_in_the_plan_are_counted_once_with_their_classes(row, people):
    rows = queries.people_in(row, EVERYTHING)
    assert [(one.person_id, one.n_classes, one.tiet) for one in rows] == [
        (people[0].pk, 1, 4), (people[1].pk, 1, 4), (people[2].pk, 2, 12), (people[3].pk, 2, 12),
    ]  # fmt: skip


def test_solving_twice_gives_the_same_plan(people):
    made = []
    for name in ("Một", "Hai"):
        row = tiny.scenario(name=name)
        services.solve_now(actor=None, framework=make.framework(), scenario=row, at=make.at(1), seconds=20)
        classes = [(c.course.code, c.form, c.start, c.lecturer.code, c.cost) for c in row.classes.order_by("number")]
        seats = PlannedSeat.objects.filter(planned_class__scenario=row).order_by("planned_class__number", "person_id")
        made.append((classes, list(seats.values_list("planned_class__number", "person_id", "gain"))))
    assert made[0] == made[1]
    assert made[0][0]


def test_the_number_to_be_measured_first_is_kept_with_the_plan(people):
    row = tiny.scenario()
    services.solve_now(actor=None, framework=make.framework(), scenario=row, at=make.at(1), seconds=5)
    assert row.figures["pretest"] == len(queries.pretest(row)) > 0
    assert queries.n_pretest(row, EVERYTHING) == row.figures["pretest"]


def test_a_measured_effect_changes_next_years_plan(people):
    first = tiny.scenario(name="Trước")
    services.solve_now(actor=None, framework=make.framework(), scenario=first, at=make.at(1), seconds=5)
    assert first.classes.filter(course__code="T1").exists()
    course = Course.objects.get(code="T1")
    services.set_measured_effect(actor=None, course=course, form="online", share=-0.5, people=5000, at=make.at(2))
    second = tiny.scenario(name="Sau", priorities={})
    services.solve_now(actor=None, framework=make.framework(), scenario=second, at=make.at(1), seconds=5)
    built = solving.build(make.framework(), second, at=make.at(1))
    assert built.instance.eff[built.instance.course_code.index("T1"), 0] == pytest.approx(0.02)
    assert second.figures["objective"] < first.figures["objective"]

    def gain(row):
        return sum(PlannedSeat.objects.filter(planned_class__scenario=row, planned_class__course=course).values_list("gain", flat=True))  # fmt: skip

    assert gain(second) < 0.2 * gain(first)


def test_the_finding_is_share_closed_what_no_plan_adds_and_the_price_of_money(row):
    found = queries.finding(row)
    need = row.figures["need"]
    assert found.closed == pytest.approx(row.figures["objective"] / need)
    assert found.more == pytest.approx(0.25 * row.figures["objective"] / need, abs=1e-5)
    assert found.price == 1.5
    assert queries.finding(tiny.scenario(name="Chưa tính")) is None


def test_comparing_names_different_classes_and_people(people):
    one, two = tiny.kept(tiny.scenario(name="Một"), seats=4), tiny.kept(tiny.scenario(name="Hai"), seats=6)
    differences = queries.differing_classes([one, two])
    assert [(row.course.code, row.form, row.cells) for row in differences] == [("T1", "online", ((1, 4), (1, 6)))]
    assert queries.people_only_in([one, two]) == [0, 2]
    sides = queries.compare([one, two, tiny.scenario(name="Chưa tính")])
    assert [side.scenario.name for side in sides] == ["Một", "Hai"]
    assert sides[0].closed_percent < sides[1].closed_percent


def test_seats_without_need_count_as_sure(people):
    built = solving.build(make.framework(), tiny.scenario(), at=make.at(1))
    doubt = solving.unsure(built, tiny.by_hand(built, [], []))
    assert doubt.shape == (0,)
    assert solving.class_costs(built, tiny.by_hand(built, [], [])).tolist() == []
    assert solving.figures(built, tiny.by_hand(built, [], []))["absent_peak"] == {}
    assert np.array_equal(solving.closed(built, tiny.by_hand(built, [], [])), np.zeros(10))
