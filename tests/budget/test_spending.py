"""What is bound, paid and given back: never above a cap, sums always agree, whatever the order."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import reporting, services
from nanglucso.develop.budget.models import EFFECTS, Commitment, Entry, FundingSource
from tests import make

pytestmark = pytest.mark.django_db
YEAR = 2041
Kind = Entry.Kind


def source(code: str = "ngan_sach", amount: int = 100) -> FundingSource:
    return services.set_source(actor=None, code=code, year=YEAR, name_vi=code, amount=amount, at=make.AT)


def bound(amount: int, of: FundingSource, **told: object) -> Commitment:
    return services.commit(actor=None, source=of, name_vi="Lớp thử", amount=amount, at=make.AT, **told)


def figures(row: Commitment) -> tuple[int, int, int, int]:
    row = Commitment.objects.select_related("source").get(pk=row.pk)
    return row.held, row.advanced, row.spent, row.source.free


def post(row: Commitment, kind: str, amount: int) -> None:
    services.post(actor=None, commitment=row, kind=kind, amount=amount, at=make.AT)


def test_a_class_from_commitment_to_settlement():
    row = bound(60, source())
    post(row, Kind.ADVANCE, 30)
    assert figures(row) == (60, 30, 0, 40)
    post(row, Kind.CLEAR, 20)
    post(row, Kind.PAY, 5)
    assert figures(row) == (60, 10, 25, 40)
    services.settle(actor=None, commitment=row, cost=45, at=make.AT)
    assert figures(row) == (45, 0, 45, 55)
    kinds = list(row.entries.values_list("kind", "amount"))
    assert kinds[-3:] == [("clear", 10), ("pay", 10), ("release", 15)]
    assert reporting.disagreements(YEAR) == []


def test_a_settlement_above_the_commitment_binds_more_within_the_cap_only():
    of = source()
    row, other = bound(60, of), bound(30, of)
    with pytest.raises(Refused, match="10"):
        services.settle(actor=None, commitment=row, cost=71, at=make.AT)
    assert figures(row) == (60, 0, 0, 10)
    assert row.entries.count() == 1
    services.settle(actor=None, commitment=row, cost=70, at=make.AT)
    assert figures(row) == (70, 0, 70, 0)
    services.settle(actor=None, commitment=row, cost=50, at=make.AT)
    assert figures(row) == (50, 0, 50, 20)
    assert figures(other)[0] == 30


def test_a_release_keeps_what_was_paid_and_an_advance_until_it_comes_back():
    row = bound(60, source())
    post(row, Kind.PAY, 10)
    post(row, Kind.ADVANCE, 20)
    services.cancel(actor=None, commitment=row, reason="không đủ người", at=make.AT)
    assert figures(row) == (30, 20, 10, 70)
    post(row, Kind.RETURN, 15)
    assert figures(row) == (15, 5, 10, 85)
    post(row, Kind.CLEAR, 5)
    assert figures(row) == (15, 0, 15, 85)
    for again in (
        lambda: post(row, Kind.PAY, 1),
        lambda: services.settle(actor=None, commitment=row, cost=1, at=make.AT),
    ):
        with pytest.raises(Refused):
            again()


@pytest.mark.parametrize(
    ("kind", "amount"),
    [(Kind.COMMIT, 41), (Kind.ADVANCE, 61), (Kind.PAY, 61), (Kind.CLEAR, 1), (Kind.RETURN, 1), (Kind.REFUND, 1),
     (Kind.RELEASE, 61), (Kind.PAY, 0), (Kind.PAY, -3)],
)  # fmt: skip
def test_what_is_not_there_is_refused_and_nothing_is_written(kind, amount):
    row = bound(60, source())
    with pytest.raises(Refused):
        post(row, kind, amount)
    assert figures(row) == (60, 0, 0, 40)
    assert row.entries.count() == 1


def test_a_source_is_not_cut_below_what_is_bound():
    row = bound(60, source())
    with pytest.raises(Refused):
        source(amount=59)
    assert source(amount=60).amount == 60
    assert figures(row)[3] == 0


def test_the_database_itself_refuses_more_than_the_cap():
    of = source()
    with pytest.raises(IntegrityError), transaction.atomic():
        FundingSource.objects.filter(pk=of.pk).update(held=101)


def test_every_movement_leaves_an_audit_row():
    row = bound(60, source())
    post(row, Kind.PAY, 10)
    services.settle(actor=None, commitment=row, cost=10, at=make.AT)
    verbs = set(AuditEntry.objects.filter(verb__startswith="budget.").values_list("verb", flat=True))
    assert verbs >= {"budget.commit", "budget.post", "budget.settle"}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["commit", "settle", "cancel", "cap", *EFFECTS]), st.integers(0, 5), st.integers(0, 70)
    ),
    max_size=40,
)  # fmt: skip


def _step(verb: str, at: int, amount: int, rows: list[Commitment], of: list[FundingSource]) -> None:
    told = {"actor": None, "at": make.AT}
    if verb == "commit" and (not rows or at < 3):
        rows.append(bound(amount, of[at % 2], units={make.unit().pk: at, make.city().pk: 1}, course=f"k{at}"))
    elif verb == "cap":
        source(of[at % 2].code, amount)
    elif rows:
        row = rows[at % len(rows)]
        if verb == "settle":
            services.settle(commitment=row, cost=amount, **told)
        elif verb == "cancel":
            services.cancel(commitment=row, reason="x", **told)
        else:
            services.post(commitment=row, kind=verb, amount=amount, **told)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_sequence_goes_above_a_cap_or_loses_a_dong(steps):
    with transaction.atomic():
        of, rows = [source("a", 100), source("b", 50)], []
        for verb, at, amount in steps:
            before = [FundingSource.objects.get(pk=one.pk).held for one in of], Entry.objects.count()
            try:
                _step(verb, at, amount, rows, of)
            except Refused:
                assert before == ([FundingSource.objects.get(pk=one.pk).held for one in of], Entry.objects.count())
            for one in FundingSource.objects.filter(year=YEAR):
                assert 0 <= one.held <= one.amount
        assert reporting.disagreements(YEAR) == []
        told = reporting.report(YEAR)
        sums = [
            [(t.held, t.advanced, t.spent) for t in [reporting.total(table)]]
            for table in (told.by_source, told.by_course, told.by_unit)
        ]
        assert sums[0] == sums[1] == sums[2]
        for row in Commitment.objects.filter(source__year=YEAR).exclude(state="open"):
            assert row.unpaid == 0
        transaction.set_rollback(True)


def test_a_book_that_was_tampered_with_is_found():
    row = bound(60, source())
    Commitment.objects.filter(pk=row.pk).update(held=61)
    assert reporting.disagreements(YEAR) == ["Lớp thử", f"ngan_sach {YEAR}"]


@given(amount=st.integers(0, 10**12), weights=st.dictionaries(st.integers(), st.integers(0, 900), max_size=9))
def test_shares_add_up_to_the_dong(amount, weights):
    parts = reporting.shared(amount, weights)
    assert sum(parts.values()) == (amount if sum(weights.values()) else 0)
    assert all(abs(part - amount * weights[key] / sum(weights.values())) <= 1 for key, part in parts.items())
