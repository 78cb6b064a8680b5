"""A scenario becomes the planner's instance: people, weights, costs in triệu, trips, sources, rules."""

import numpy as np
import pytest
from django.utils import translation

from nanglucso.core.refusals import Refused
from nanglucso.develop.budget.models import FundingSource, Rate
from nanglucso.develop.plans import building, services
from nanglucso.develop.plans.models import Course, Lecturer
from nanglucso.workforce.people.models import TravelArea, Unit
from tests import make
from tests.plans import tiny

pytestmark = pytest.mark.django_db


def built(**params):
    return building.build(make.framework(), tiny.scenario(**params), at=make.at(1))


def clamp_mean(top: float, width: float, mean: float, sd: float) -> float:
    """E[clamp((top - theta) / width, 0, 1)] by the midpoint rule, independent of the closed form."""
    theta = mean + sd * (np.arange(-8, 8, 0.0005) + 0.00025)
    density = np.exp(-0.5 * ((theta - mean) / sd) ** 2) * 0.0005 / np.sqrt(2 * np.pi)
    return float((np.clip((top - theta) / width, 0, 1) * density).sum())


def test_open_pieces_of_an_unmeasured_person_are_those_of_the_prior(people):
    b = built()
    x, frame = b.instance, b.table.frame
    row = b.table.ids.tolist().index(people[9].pk)
    assert not b.table.measured[row]
    for code in ("1.1", "5.1"):
        k, required = frame.index(code), int(b.table.required[row, frame.index(code)])
        cuts = frame.cuts[k]
        for band in range(4):
            width = 1.0 if band == 0 else cuts[band] - cuts[band - 1]
            share = clamp_mean(cuts[band], width, 0.0, float(np.sqrt(frame.prior_cov[k, k])))
            wanted = 100 * share if band < required else 0
            assert x.open[row, 4 * k + band] == pytest.approx(wanted, abs=1)


def test_wrong_answers_open_the_measured_persons_pieces_wider(people):
    b = built()
    k = b.table.frame.index("1.1")
    measured = b.table.ids.tolist().index(people[0].pk)
    never = b.table.ids.tolist().index(people[9].pk)
    assert b.instance.open[measured, 4 * k] > b.instance.open[never, 4 * k]
    assert b.basis.pop("mondays")[:2] == ["2027-03-01", "2027-03-08"]
    assert b.basis == {
        "people": 10,
        "wishes": 0,
        "measured": 3,
        "from_prior": 7,
        "as_of": make.at(1).isoformat(),
    }


def test_weights_are_percent_times_k_with_must_have_doubled_and_priority(people):
    b = built(priorities={"1.1": 2.0})
    row = tiny.position().requirements.get(competence__code="1.1")
    other = tiny.position().requirements.get(competence__code="5.1")
    k, m = b.table.frame.index("1.1"), b.table.frame.index("5.1")
    group = b.instance.weight[b.instance.group[0]]
    assert group[k] == pytest.approx(row.weight * 20 / 100 * (2 if row.must_have else 1) * 2.0)
    assert group[m] == pytest.approx(other.weight * 20 / 100 * (2 if other.must_have else 1))


def test_costs_are_in_trieu_and_come_from_the_rates(people):
    x = built().instance
    t1, t2 = x.course_code.index("T1"), x.course_code.index("T2")
    assert x.fixed[t1, 0] == pytest.approx(0.4)
    assert x.seat_cost[t1, 0] == pytest.approx(0.02)
    assert x.fixed[t2, 1] == pytest.approx(0.3)
    assert x.seat_cost[t2, 1] == pytest.approx(0.04)
    assert x.venue_rate.tolist() == [0.6]
    assert sorted(x.lect_rate) == [1.2, 1.5]
    assert x.budget == pytest.approx(100)
    assert x.management == pytest.approx(0.08)


def test_trips_are_in_dong_in_the_row_and_in_trieu_in_the_instance(people):
    ct, st = TravelArea.objects.get(code="CT"), TravelArea.objects.get(code="ST")
    ct.trip_costs = {"CT": 0, "ST": 250_000}
    ct.save()
    x = built().instance
    place = {area.code: i for i, area in enumerate(TravelArea.objects.order_by("code"))}
    assert x.trip[place["CT"], place["CT"]] == pytest.approx(0.06)  # the rate trip_same_area
    assert x.trip[place["CT"], place["ST"]] == pytest.approx(0.25)
    assert x.trip[place["ST"], place["CT"]] == -1
    assert st.code in place


def test_divisions_count_with_their_agency_and_lie_in_the_citys_area(people):
    b = built()
    assert [unit.name for unit in b.units] == ["Sở Nội vụ", "Phường Cái Khế"]
    assert b.instance.size.tolist() == [6, 4]
    areas = [area.code for area in TravelArea.objects.order_by("code")]
    assert [areas[i] for i in b.instance.unit_area] == ["CT", "CT"]
    assert b.instance.unit_type.tolist() == [0, 1]
    assert b.instance.absent_cap.tolist() == [2, 1]


def test_a_service_unit_inside_a_ward_is_a_unit_of_its_own(people):
    ward = make.unit("Phường Cái Khế")
    school = Unit.objects.filter(path__startswith=ward.path, kind="don_vi_su_nghiep").first()
    make.person(unit=school, position=tiny.position())
    b = built()
    assert [unit.pk for unit in b.units][-1] == school.pk
    assert b.instance.unit_type[-1] == 2


def test_sources_scale_to_the_budget_and_keep_what_they_may_serve(people):
    x = built(budget=50_000_000).instance
    assert x.amount.tolist() == pytest.approx([30.0, 20.0])
    own = x.source_name.index("thu_su_nghiep")
    assert x.source_type[own].tolist() == [False, True, False]
    assert [x.course_code[i] for i in np.flatnonzero(x.source_course[own])] == ["T3"]
    assert x.source_all[x.source_name.index("ns_thanh_pho")]


def test_every_kind_of_unit_a_source_may_name_is_known_to_the_planner(people):
    FundingSource.objects.update(unit_types=["so", "van_phong", "thanh_tra", "don_vi_su_nghiep"])
    assert built().instance.source_type.tolist() == [[True, False, True]] * 2


def test_covers_prerequisites_lecturers_and_forms(people):
    b = built(forms=["online"])
    x, k = b.instance, b.table.frame.index("5.1")
    t1, t2, t3 = (x.course_code.index(code) for code in ("T1", "T2", "T3"))
    assert np.flatnonzero(x.cover[t3]).tolist() == [4 * k, 4 * k + 1]
    assert x.prereq[t2] == (t1,)
    second = [one.code for one in b.lecturers].index("g2")
    assert x.can[second].tolist() == [i == t1 for i in range(3)]
    assert x.offered[[t1, t2, t3]].tolist() == [[True, False, False], [False, False, False], [True, False, False]]


def test_mandatory_and_smallest_share_go_into_the_rules(people):
    x = built(
        mandatory=[{"course": "T1", "deadline": 3, "share": 0.5}, {"course": "gone", "deadline": 3, "share": 1.0}],
        unit_minimum={"size": 5, "share": 0.5},
    ).instance
    assert [(x.course_code[m.course], m.deadline, m.share) for m in x.mandatory] == [("T1", 3, 0.5)]
    assert (x.unit_min_size, x.unit_min_share) == (5, 0.5)


def test_a_measured_effect_moves_the_prior_and_given_effects_replace_both(people):
    course = Course.objects.get(code="T1")
    services.set_measured_effect(actor=None, course=course, form="online", share=0.65, people=60, at=make.at(1))
    x = built().instance
    assert x.eff[x.course_code.index("T1"), 0] == pytest.approx(0.5)
    assert x.eff[x.course_code.index("T3"), 0] == pytest.approx(0.35)
    other = building.build(make.framework(), tiny.scenario(), at=make.at(1), effects={("T1", "online"): 0.2}).instance
    assert other.eff[other.course_code.index("T1"), 0] == pytest.approx(0.2)


def test_the_same_rows_give_the_same_instance(people):
    assert built().instance.to_json() | {"name": ""} == built().instance.to_json() | {"name": ""}


def test_what_is_missing_is_said_in_one_sentence(people):
    with translation.override("en"):
        Rate.objects.filter(code="stationery_class").update(amount=None)
        with pytest.raises(Refused, match=r"T2.*stationery_class"):
            built()
        Rate.objects.filter(code="stationery_class").update(amount=300_000)
        Lecturer.objects.update(active=False)
        with pytest.raises(Refused, match="at least one lecturer"):
            built()
        Lecturer.objects.update(active=True)
        for person in people:
            person.active = False
            person.save()
        with pytest.raises(Refused, match="nobody to plan for"):
            built()
