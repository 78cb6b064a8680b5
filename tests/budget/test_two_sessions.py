"""Two sessions at once on one source: the row's lock lets them through one by one."""

import random
import threading

import pytest
from django.db import connection

from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import reporting, services
from nanglucso.develop.budget.models import Commitment, Entry, FundingSource
from tests import make

YEAR, CAP, ROUNDS = 2042, 1000, 60
KINDS = list(Entry.Kind)


def _source(code: str) -> FundingSource:
    return services.set_source(actor=None, code=code, year=YEAR, name_vi=code, amount=CAP, at=make.AT)


def _together(*works) -> None:
    """Run these at the same time, each with its own connection; the first error is raised again."""
    gate, errors = threading.Barrier(len(works)), []

    def run(work) -> None:
        try:
            gate.wait(10)
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if errors:
        raise errors[0]


def _session(seed: int, of: list[FundingSource], refused: list[str]):
    dice = random.Random(seed)

    def work() -> None:
        for _ in range(ROUNDS):
            rows = list(Commitment.objects.filter(source__year=YEAR).order_by("pk"))
            verb = dice.choice(["commit", "commit", "settle", "cancel", *KINDS])
            told = {"actor": None, "at": make.AT}
            try:
                if verb == "commit" or not rows:
                    services.commit(source=dice.choice(of), name_vi="Lớp", amount=dice.randint(1, 300), **told)
                elif verb == "settle":
                    services.settle(commitment=dice.choice(rows), cost=dice.randint(0, 300), **told)
                elif verb == "cancel":
                    services.cancel(commitment=dice.choice(rows), reason="x", **told)
                else:
                    services.post(commitment=dice.choice(rows), kind=verb, amount=dice.randint(1, 200), **told)
            except Refused as no:
                refused.append(str(no))

    return work


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_random_work_from_two_sessions_keeps_caps_and_sums(seed):
    of, refused = [_source("a"), _source("b")], []
    _together(_session(seed, of, refused), _session(100 + seed, of, refused))
    assert refused, "the caps were never reached"
    assert reporting.disagreements(YEAR) == []
    assert all(0 <= one.held <= CAP for one in FundingSource.objects.filter(year=YEAR))
    assert Entry.objects.count() > ROUNDS / 2


@pytest.mark.django_db(transaction=True)
def test_the_last_dong_is_given_once():
    of, refused = _source("a"), []

    def take() -> None:
        try:
            services.commit(actor=None, source=of, name_vi="Lớp", amount=600, at=make.AT)
        except Refused as no:
            refused.append(str(no))

    _together(take, take)
    assert len(refused) == 1
    assert list(Commitment.objects.values_list("held", flat=True)) == [600]
