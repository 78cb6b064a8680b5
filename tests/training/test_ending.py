"""The page on which a class ends: plan, books and spending side by side, advance and settlement without leaving it."""

import pytest
from django.urls import reverse

from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import reporting
from nanglucso.develop.budget.models import Commitment
from nanglucso.develop.budget.queries import rates_by_code
from nanglucso.develop.plans.classlines import class_lines
from nanglucso.develop.training import services
from tests import make
from tests.training import planned as plans

pytestmark = pytest.mark.django_db
COST = 34_100_000


def page(row):
    return reverse("training:finish", args=[row.pk])


def of(row):
    return Commitment.objects.get(key=f"class-{row.pk}")


@pytest.fixture
def running(as_user):
    people = [make.person() for _ in range(3)]
    row = plans.opened(people)
    plans.attended(row, people)
    return as_user(make.user("training")), row


def test_the_planned_lines_sum_to_the_cost_of_the_plan(running):
    _client, row = running
    lines = class_lines(row.planned, rates_by_code(row.planned.first_day))
    assert sum(line.amount for line in lines) == row.planned.cost
    assert len({line.key for line in lines}) == len(lines)
    by_code = {line.code: line for line in lines}
    form = row.course.forms["inperson"]
    assert by_code["=lecturer"].amount == 1_500_000 * sum(form["lect_buoi"])
    assert by_code["=room"].amount == 600_000 * sum(form["room_buoi"])


def test_an_advance_is_paid_and_the_class_ends_and_is_settled_without_leaving_the_page(running):
    client, row = running
    shown = client.get(page(row)).content.decode()
    assert "34.100.000" in shown
    wrong = {"do": "move", "kind": "advance", "amount": "99.000.000", "document": "PC 1"}
    refused = client.post(page(row), wrong)
    assert refused.status_code == 422
    assert "99.000.000" in refused.content.decode()
    assert client.post(page(row), {**wrong, "amount": "10.000.000"}).url == page(row)
    assert of(row).advanced == 10_000_000
    assert client.post(page(row), {"do": "finish"}).url == reverse("training:show", args=[row.pk])
    row.refresh_from_db()
    assert (row.status, of(row).state) == ("done", "open")
    typed = {"do": "settle", "own_lecturer": "6.000.000", "own_room": "2.400.000", "document": "QT 7/2026"}
    assert client.post(page(row), {**typed, "cost": "9.000.000"}).status_code == 422
    assert of(row).state == "open"
    assert client.post(page(row), typed).url == page(row)
    row.refresh_from_db()
    book = of(row)
    assert (row.cost, row.costs) == (8_400_000, {"=lecturer": 6_000_000, "=room": 2_400_000})
    assert (book.state, book.held, book.spent, book.advanced) == ("settled", 8_400_000, 8_400_000, 0)
    assert book.entries.filter(document="QT 7/2026").exists()
    again = client.get(page(row)).content.decode()
    assert "8.400.000" in again
    assert 'value="6.000.000"' in again or 'value="6000000"' in again
    assert reporting.disagreements(book.source.year) == []


def test_ending_and_settling_is_one_act_when_the_cost_is_known_and_none_when_it_is_refused(running):
    client, row = running
    source = of(row).source
    beyond = client.post(page(row), {"do": "finish", "cost": f"{source.amount + 1}"})
    assert beyond.status_code == 422
    row.refresh_from_db()
    assert (row.status, of(row).state) == ("running", "open")
    assert client.post(page(row), {"do": "finish", "cost": "30.000.000"}).url == reverse("training:show", args=[row.pk])
    row.refresh_from_db()
    assert (row.status, row.cost, of(row).state, row.costs) == ("done", 30_000_000, "settled", {})


def test_lines_that_do_not_add_up_never_reach_the_books(running):
    _client, row = running
    with pytest.raises(Refused):
        services.settle_cost(actor=None, training_class=row, cost=5, lines={"=lecturer": 4}, at=make.at(90))
    assert of(row).spent == 0


def test_nothing_entered_settles_nothing(running):
    client, row = running
    client.post(page(row), {"do": "finish"})
    assert client.post(page(row), {"do": "settle"}).status_code == 422
    assert of(row).state == "open"


@pytest.mark.parametrize("role", ["leader", "auditor", "official"])
def test_nobody_else_moves_the_money_of_a_class(running, as_user, role):
    _client, row = running
    other = as_user(make.user(role))
    for do in ("finish", "settle", "move"):
        assert other.post(page(row), {"do": do, "cost": "1"}).status_code in (403, 404)
    assert (of(row).state, of(row).spent) == ("open", 0)
