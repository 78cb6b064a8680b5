"""Run as a script under a home's environment: a campaign that waits to be sent, and the work that sends it.

send_steps.py prepare PEOPLE | work | ask
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")


def prepare(people: int) -> None:
    """Tables, people of one unit, and a campaign for them whose sending is queued."""
    from django.core.management import call_command

    from nanglucso.core.clock import now
    from nanglucso.core.scope import EVERYTHING
    from nanglucso.govern.outreach import services
    from nanglucso.workforce.people.models import Person
    from tests import make
    from tests.outreach import spread

    call_command("migrate", verbosity=0)
    unit = make.unit()
    Person.objects.bulk_create(
        [Person(ho_dem="Nguyễn Văn", ten=f"A{n}", sort_key=f"a{n:06}", unit=unit, made_up=True) for n in range(people)],
        batch_size=1000,
    )
    campaign = spread.prepared(spread.document(at=now()), units=[unit], at=now())
    services.ask_open(actor=None, campaign=campaign, scope=EVERYTHING, at=now())


def work() -> None:
    """What a worker does: start lost work again, then perform what is queued; small batches, so that a kill finds it."""
    from nanglucso.core import jobs
    from nanglucso.core.clock import now
    from nanglucso.core.models import Job
    from nanglucso.govern.outreach import sending

    sending.BATCH = 20
    jobs.sweep(at=now())
    for pk in Job.objects.filter(kind="outreach.open", status="queued").values_list("pk", flat=True):
        jobs.perform(str(pk))


def ask() -> None:
    from nanglucso.core.clock import now
    from nanglucso.core.scope import EVERYTHING
    from nanglucso.govern.outreach import services
    from nanglucso.govern.outreach.models import Campaign

    services.ask_open(actor=None, campaign=Campaign.objects.get(), scope=EVERYTHING, at=now())


def main(step: str, *words: str) -> None:
    import django

    django.setup()
    if step == "prepare":
        prepare(int(words[0]))
    else:
        {"work": work, "ask": ask}[step]()


if __name__ == "__main__":
    main(*sys.argv[1:])
