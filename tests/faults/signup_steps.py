"""Run as a script under a home's environment: classes with few seats, and one of the processes that fight for them.

signup_steps.py prepare | work SEED ROUNDS
"""

import os
import random
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
SEATS, CLASSES, PEOPLE = 4, 4, 12


def prepare() -> None:
    """Four classes with four seats each, two of them at the same hours, and people who could sit in any."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from nanglucso.develop.training.models import TrainingClass
    from tests import make
    from tests.training import planned

    make.everything_shipped()
    for n, (course, start) in enumerate((("S3-CB-01", 0), ("S5-CB-01", 0), ("S3-CB-01", 4), ("S5-CB-01", 8))):
        planned.opened(course=course, start=start, seats=20 + n, lecturer=f"gv-{n}")
    TrainingClass.objects.update(seats=SEATS)
    for _ in range(PEOPLE):
        make.person()
    for n in range(2):
        make.user("training", username=f"may-{n}")


def work(seed: int, rounds: int) -> None:
    """So many random acts through the services; what is refused is counted, anything else ends the process."""
    from nanglucso.core.models import User
    from nanglucso.core.refusals import Refused
    from nanglucso.develop.training import services
    from nanglucso.develop.training.models import Enrolment, TrainingClass
    from nanglucso.workforce.people.models import Person
    from tests import make

    dice, refused = random.Random(seed), 0
    actor, people = User.objects.get(username=f"may-{seed % 2}"), list(Person.objects.order_by("pk"))
    print("ready", flush=True)
    sys.stdin.readline()
    for turn in range(rounds):
        row, person = dice.choice(list(TrainingClass.objects.order_by("pk"))), dice.choice(people)
        place = Enrolment.objects.select_related("training_class").filter(training_class=row, person=person).first()
        told = {"actor": actor, "at": make.AT + timedelta(seconds=turn)}
        verb = dice.choice(("ask", "enrol", "enrol", "several", "leave", "leave", "decline"))
        try:
            if verb == "ask":
                services.ask_place(training_class=row, person=person, **told)
            elif verb == "several":
                services.nominate(training_class=row, people=dice.sample(people, 3), **told)
            elif verb == "leave" and place:
                services.cancel_place(enrolment=place, side=dice.choice(("own", "city")), **told)
            elif verb == "decline" and place:
                services.decline(enrolment=place, reason="Trùng lịch trực", **told)
            else:
                services.enrol(training_class=row, person=person, **told)
        except Refused:
            refused += 1
    print(refused)


def main(step: str, *words: str) -> None:
    import django

    django.setup()
    {"prepare": prepare, "work": work}[step](*map(int, words))


if __name__ == "__main__":
    main(*sys.argv[1:])
