"""What the planner counts with is changed in the product, with its source: courses, travel, dated rates."""

from datetime import date

import numpy as np
import pytest
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import services as budget
from nanglucso.develop.budget.models import Rate
from nanglucso.develop.budget.queries import amounts_on
from nanglucso.develop.plans import building, services
from nanglucso.develop.plans.models import Course
from nanglucso.engines.instance import BANDS
from nanglucso.workforce.people.models import TravelArea
from tests import make
from tests.plans import tiny

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


def filled(client, page):
    """What the page's form would send when nothing is touched."""
    shown = client.get(page).context["form"]
    found = {}
    for field in shown:
        value = field.value()
        if value is not None and value is not False and value != "":
            found[field.html_name] = "on" if value is True else str(value) if not isinstance(value, list) else value
        elif field.name.startswith(("cover_", "fixed_", "seat_")):
            found[field.html_name] = ""
    return found | {"source": "QĐ 20/QĐ-SNV"}


def test_a_form_sent_as_it_stands_changes_nothing(people, as_user):
    client, page = as_user(make.user("training")), reverse("plans:course_edit", args=["T3"])
    before = Course.objects.filter(code="T3").values().get()
    assert client.post(page, filled(client, page)).status_code == 302
    assert Course.objects.filter(code="T3").values().get() == before
    assert AuditEntry.objects.get(verb="plans.edit_course").details["changes"] == {}


def test_levels_and_cost_lines_of_a_course_are_changed_and_the_planner_counts_with_them(people, as_user):
    client, page = as_user(make.user("training")), reverse("plans:course_edit", args=["T3"])
    typed = filled(client, page)
    assert (typed["cover_0_k"], typed["cover_0_from"], typed["cover_0_to"]) == ("5.1", "0", "2")
    typed |= {"cover_0_to": "1", "cover_1_k": "5.2", "cover_1_from": "1", "cover_1_to": "2"}
    typed |= {"seat_online_1_rate": "certificate_seat", "seat_online_1_qty": "1,5", "fixed_online_0_rate": ""}
    assert client.post(page, typed).status_code == 302
    row = Course.objects.get(code="T3")
    assert list(row.covers.values_list("competence__code", "from_level", "to_level")) == [("5.1", 0, 1), ("5.2", 1, 2)]
    assert row.forms["online"]["seat"] == [
        {"rate": "online_account_seat", "qty": 2}, {"rate": "certificate_seat", "qty": 1.5}
    ]  # fmt: skip
    assert row.forms["online"]["fixed"] == []
    built = building.build(make.framework(), tiny.scenario(), at=make.at(1))
    c, online = [one.code for one in built.courses].index("T3"), 0
    amounts = amounts_on(tiny.FIRST)
    assert built.instance.seat_cost[c, online] == pytest.approx(
        (2 * amounts["online_account_seat"] + 1.5 * amounts["certificate_seat"]) / 1e6
    )
    codes = built.table.frame.codes
    covered = {codes[k // BANDS] + f":{k % BANDS}" for k in np.flatnonzero(built.instance.cover[c])}
    assert covered == {"5.1:0", "5.2:1"}
    past = client.get(page).content.decode()
    assert "5.1: 0 → 2" in past
    assert "QĐ 20/QĐ-SNV" in past


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"cover_0_to": "0"}, "cover_0_to"), ({"cover_0_k": ""}, "cover_0_k"),
        ({"cover_1_k": "5.1", "cover_1_from": "2", "cover_1_to": "3"}, "cover_1_k"),
        ({"cover_0_to": "9"}, "cover_0_to"), ({"seat_online_0_qty": ""}, "seat_online_0_qty"),
        ({"cover_1_k": "1.1", "cover_1_from": "0", "cover_1_to": "1"}, "cover_1_k"),
    ],
)  # fmt: skip
def test_lines_that_cannot_be_meant_come_back_with_what_was_typed(people, as_user, changed, field):
    client, page = as_user(make.user("training")), reverse("plans:course_edit", args=["T3"])
    before = list(Course.objects.get(code="T3").covers.values_list("competence__code", "from_level", "to_level"))
    reply = client.post(page, filled(client, page) | changed)
    assert reply.status_code == 200
    assert field in reply.context["form"].errors
    assert 'value="QĐ 20/QĐ-SNV"' in reply.content.decode()
    assert (
        list(Course.objects.get(code="T3").covers.values_list("competence__code", "from_level", "to_level")) == before
    )
