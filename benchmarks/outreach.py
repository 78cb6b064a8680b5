"""A campaign sent to a city of so many people by a job, its reach map, and the same work done row by row.

    python benchmarks/outreach.py [--people 60000] [--slow 2000]

Prints seconds of processor and on the wall of sending, how many received it twice (0), the map after a third has read,
and the ratio of one insert at a time (measured on `--slow` people of the same database) to the batches.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it gave, seconds on the wall, seconds of processor."""
    wall, spent = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - spent


def city(people: int) -> None:
    """Tables, units, and made-up people dealt over all of them."""
    from django.core.management import call_command
    from tests import make

    from nanglucso.workforce.people.models import Person, Unit

    call_command("migrate", verbosity=0)
    make.city()
    units = list(Unit.objects.filter(until=None, depth__gte=2).order_by("path"))
    rows = (
        Person(ho_dem="Nguyễn Văn", ten=f"A{n}", sort_key=f"a{n:06}", unit=units[n % len(units)], made_up=True)
        for n in range(people)
    )
    Person.objects.bulk_create(rows, batch_size=2000)


def sent_by_job(people: int) -> Any:
    """The job of a campaign for everybody, as a worker performs it."""
    from tests.outreach import spread

    from nanglucso.core import jobs
    from nanglucso.core.clock import now
    from nanglucso.core.scope import EVERYTHING
    from nanglucso.govern.outreach import services
    from nanglucso.govern.outreach.models import Receipt

    campaign = spread.prepared(spread.document(at=now()), at=now())
    services.ask_open(actor=None, campaign=campaign, scope=EVERYTHING, at=now())
    _none, wall, spent = timed(lambda: jobs.perform(str(campaign.job_id)))
    campaign.refresh_from_db()
    reached = campaign.receipts.count()
    twice = reached - Receipt.objects.filter(campaign=campaign).values("person").distinct().count()
    print(f"sent to {reached} of {people} people: {wall:.1f} s wall, {spent:.1f} s of processor; twice: {twice}")
    assert (campaign.status, reached, twice) == ("open", people, 0)
    return campaign, wall / people


def one_by_one(campaign: Any, people: int) -> float:
    """Seconds a person when every receipt is an act of its own."""
    from tests.outreach import spread

    from nanglucso.core.acts import act
    from nanglucso.core.clock import now
    from nanglucso.govern.outreach.models import Notice, Receipt
    from nanglucso.workforce.people.models import Person

    other = spread.prepared(campaign.document, at=now())

    def work() -> None:
        for pk in Person.objects.order_by("pk").values_list("pk", flat=True)[:people]:
            with act(None, "outreach.send", other, at=now()):
                Receipt.objects.create(campaign=other, person_id=pk, sent_at=now())
                Notice.objects.create(campaign=other, person_id=pk, kind="sent", on=now().date())

    return timed(work)[1] / people


def mapped(campaign: Any) -> None:
    """The map of the whole city after a third has read and a sixth understood."""
    from nanglucso.core.clock import now
    from nanglucso.core.scope import EVERYTHING
    from nanglucso.govern.outreach import queries
    from nanglucso.govern.outreach.models import Reading

    told = {
        "document": campaign.document,
        "epoch": campaign.epoch,
        "opened_at": now(),
        "seen_at": now(),
        "read_at": now(),
    }
    people = campaign.receipts.order_by("person").values_list("person", flat=True)
    rows = [
        Reading(person_id=pk, understood_at=now() if n % 6 == 0 else None, **told)
        for n, pk in enumerate(people)
        if n % 3 == 0
    ]
    Reading.objects.bulk_create(rows, batch_size=2000)
    for names in (True, False):
        runs = [
            timed(lambda names=names: queries.reach(scope=EVERYTHING, campaign=campaign, names=names)) for _ in range(5)
        ]
        wall = sorted(run[1] for run in runs)[2]
        who = "names" if names else "small groups kept back"
        print(f"map, {who}: {1000 * wall:.0f} ms (median of 5), {runs[0][0].total.n}")


def main() -> None:
    """Everything on a fresh SQLite database."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=60_000)
    asked.add_argument("--slow", type=int, default=2_000)
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["NLS_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "nanglucso.project.settings"
        import django

        django.setup()
        city(args.people)
        campaign, each = sent_by_job(args.people)
        slow = one_by_one(campaign, args.slow)
        print(f"one act a person: {1000 * slow:.2f} ms, in batches {1000 * each:.3f} ms: ratio {slow / each:.0f}")
        mapped(campaign)


if __name__ == "__main__":
    main()
