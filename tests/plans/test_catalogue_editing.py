"""What the planner counts with is changed in the product, with its source: courses, travel, dated rates."""

from datetime import date

import pytest
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import services as budget
from nanglucso.develop.budget.models import Rate
from nanglucso.develop.budget.queries import amounts_on
from nanglucso.develop.plans import services
from nanglucso.develop.plans.models import Course
from nanglucso.workforce.people.models import TravelArea
from tests import make

pytestmark = pytest.mark.django_db
CODE = "lecturer_session_plan"


def test_a_course_is_changed_on_its_page_and_the_log_keeps_the_source(people, as_user):
    client = as_user(make.user("training"))
    page = reverse("plans:course_edit", args=["T3"])
    typed = {"tiet": "12", "prereq": ["T1"], "active": "on", "source": "QĐ 15/QĐ-SNV", "min_online": "3",
             "max_online": "8", "eff_online": "40", "min_inperson": "2", "max_inperson": "4", "eff_inperson": "55"}  # fmt: skip
    assert client.post(page, {**typed, "max_online": "2"}).status_code == 200
    assert client.post(page, {**typed, "source": ""}).status_code == 200
    assert Course.objects.get(code="T3").tiet == 8
    assert client.post(page, typed).status_code == 302
    row = Course.objects.get(code="T3")
    told = row.forms["online"]
    assert (row.tiet, row.prereq, told["min"], told["max"], told["eff"]) == (12, ["T1"], 3, 8, 0.4)
    assert told["lect_buoi"] == [1, 1]
    assert "QĐ 15/QĐ-SNV" in str(AuditEntry.objects.get(verb="plans.edit_course").details)


def test_courses_never_wait_for_each_other(people):
    told = {"actor": None, "tiet": 4, "active": True, "forms": {}, "source": "x", "at": make.AT}
    with pytest.raises(Refused):
        services.edit_course(course=Course.objects.get(code="T1"), prereq=["T2"], **told)
    with pytest.raises(Refused):
        services.edit_course(course=Course.objects.get(code="T1"), prereq=["T1"], **told)


def test_a_trip_costs_the_same_back_and_an_empty_one_is_too_far(people, as_user):
    start, end, *rest = TravelArea.objects.order_by("code")
    services.set_trips(actor=None, area=start, costs={end.code: 150_000}, source="QĐ 1", at=make.AT)
    end.refresh_from_db()
    assert end.trip_costs[start.code] == 150_000
    client = as_user(make.user("training"))
    client.post(reverse("plans:travel", args=[start.pk]), {f"to_{rest[0].pk}": "90.000", "source": "QĐ 2"})
    start.refresh_from_db(), end.refresh_from_db(), rest[0].refresh_from_db()
    assert start.trip_costs == {rest[0].code: 90_000}
    assert start.code not in end.trip_costs
    assert rest[0].trip_costs[start.code] == 90_000


def test_a_new_amount_counts_from_its_day_and_the_older_one_until_then(as_user):
    make.catalogue()
    old = amounts_on(date(2027, 6, 30))[CODE]
    client = as_user(make.user("training"))
    page = reverse("budget:rate", args=[Rate.objects.filter(code=CODE).last().pk])
    typed = {"amount": "1.700.000", "effective_from": "01/07/2027", "legal_basis": "NQ 9/2027/NQ-HĐND"}
    assert client.post(page, {**typed, "legal_basis": ""}).status_code == 200
    assert client.post(page, typed).status_code == 302
    assert amounts_on(date(2027, 6, 30))[CODE] == old
    assert amounts_on(date(2027, 7, 1))[CODE] == 1_700_000
    with pytest.raises(Refused):
        budget.set_rate(actor=None, code=CODE, amount=1, effective_from=date(2027, 7, 1), legal_basis="x", at=make.AT)
