"""A class in the year's books: bound when opened, settled when finished, released when called off."""

import pytest

from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import reporting
from nanglucso.develop.budget.models import Commitment, FundingSource
from nanglucso.develop.training import services
from nanglucso.develop.training.models import TrainingClass
from tests import make
from tests.training import planned as plans

pytestmark = pytest.mark.django_db
COST = 34_100_000


def of(row: TrainingClass) -> Commitment:
    return Commitment.objects.select_related("source").get(key=f"class-{row.pk}")


def test_opening_commits_the_cost_and_names_the_units():
    people = [make.person() for _ in range(3)]
    row = plans.opened(people)
    book = of(row)
    assert (book.held, book.planned, book.course, book.reference) == (COST, COST, row.course.code, row.code)
    assert sum(book.units.values()) == 3
    assert book.source.held == COST


def test_a_class_beyond_its_sources_cap_does_not_open():
    planned = plans.planned([make.person()])
    FundingSource.objects.filter(pk=planned.source_id).update(amount=COST - 1)
    with pytest.raises(Refused, match="34"):
        services.open_class(actor=None, planned=planned, at=make.AT)
    assert not TrainingClass.objects.filter(planned=planned).exists()


def test_calling_off_gives_the_money_back():
    row = plans.opened([make.person()])
    services.cancel_class(actor=None, training_class=row, reason="giảng viên ốm", at=make.AT)
    book = of(row)
    assert (book.state, book.held, book.source.held) == ("cancelled", 0, 0)


def test_the_final_cost_settles_and_can_be_corrected():
    row = plans.finished([make.person()])
    assert of(row).state == "open"
    for cost in (30_000_000, 35_000_000):
        services.settle_cost(actor=None, training_class=row, cost=cost, at=make.at(90))
        book = of(row)
        assert (book.state, book.held, book.spent) == ("settled", cost, cost)
    source = of(row).source
    with pytest.raises(Refused):
        services.settle_cost(actor=None, training_class=row, cost=source.amount + 1, at=make.at(91))
    row.refresh_from_db()
    assert row.cost == 35_000_000
    assert reporting.disagreements(source.year) == []


def test_a_class_is_finished_and_settled_in_one_act():
    people = [make.person()]
    row = plans.opened(people)
    plans.attended(row, people)
    end = row.sessions.last().ends_at
    services.finish_class(actor=None, framework=make.framework(), training_class=row, at=end, cost=20_000_000)
    assert (of(row).state, of(row).spent) == ("settled", 20_000_000)


def test_a_class_opened_before_there_were_books_is_entered_when_it_is_settled():
    row = plans.finished([make.person()])
    Commitment.objects.filter(pk=of(row).pk).update(key=None)
    services.settle_cost(actor=None, training_class=row, cost=1_000_000, at=make.at(90))
    assert (of(row).spent, of(row).planned) == (1_000_000, COST)
