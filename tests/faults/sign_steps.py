"""Run as a script under a home's environment: certificates that wait for badges, and the work that signs them.

sign_steps.py prepare PEOPLE | work | ask | check
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")


def prepare(people: int) -> None:
    """Tables, and a finished class of so many people with their certificates; the work to sign them is queued."""
    from django.core.management import call_command

    from nanglucso.core.clock import now
    from nanglucso.develop.credentials import services
    from nanglucso.develop.training.models import Enrolment, TrainingClass
    from nanglucso.workforce.people.models import Person
    from tests import make
    from tests.training import planned

    call_command("migrate", verbosity=0)
    unit = make.unit()
    row = planned.opened([])
    made = Person.objects.bulk_create(
        [Person(ho_dem="Nguyễn Văn", ten=f"A{n}", sort_key=f"a{n:06}", unit=unit, made_up=True) for n in range(people)],
        batch_size=1000,
    )
    done = {"status": Enrolment.Status.COMPLETED, "tiet_attended": row.course.tiet, "at": make.AT}
    Enrolment.objects.bulk_create([Enrolment(training_class=row, person=one, **done) for one in made], batch_size=1000)
    TrainingClass.objects.filter(pk=row.pk).update(status=TrainingClass.Status.DONE)
    row.refresh_from_db()
    services.issue(actor=None, training_class=row, at=now())


def work() -> None:
    """What a worker does: start lost work again, then perform what is queued."""
    from nanglucso.core import jobs
    from nanglucso.core.clock import now
    from nanglucso.core.models import Job

    jobs.sweep(at=now())
    for pk in Job.objects.filter(kind="credentials.sign_badges", status="queued").values_list("pk", flat=True):
        jobs.perform(str(pk))


def ask() -> None:
    from nanglucso.core.clock import now
    from nanglucso.develop.credentials import services
    from tests import make

    services.ask_sign(actor=make.user("training"), at=now())


def check() -> None:
    """Every badge holds and says what its certificate says."""
    from nanglucso.develop.credentials import queries
    from nanglucso.develop.credentials.models import Badge

    rows = Badge.objects.select_related("certificate", "key").order_by("index")
    print(sum(queries.badge_holds(one.certificate, one) for one in rows[:200]))


def main(step: str, *words: str) -> None:
    import django

    django.setup()
    if step == "prepare":
        prepare(int(words[0]))
    else:
        {"work": work, "ask": ask, "check": check}[step]()


if __name__ == "__main__":
    main(*sys.argv[1:])
