"""What happens out of sight of the story, run as a script under its home:

behind.py begin OUT        content, rooms, lecturers, money, an officer, a leader and a head of unit; writes the staff file
behind.py key CODE         gives one imported person a password, as the link in a mail would
behind.py colleagues CODE KEPT   everybody but the person with staff code KEPT sits the campaign
behind.py newcomer         one person more begins work in the first unit
behind.py later DAYS       so many days pass: every stored moment moves into the past (the audit log stays)
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
MILLION = 1_000_000
PEOPLE = 60
UNITS = ("Sở Nội vụ", "Sở Tài chính")
PASSWORD = "mat-khau-cau-chuyen-1"
MOVED = ("assessments", "profiles", "plans", "training", "credentials", "gaps")


def begin(out: str) -> None:
    """Whatever a new installation has before its first staff file."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from nanglucso.core.clock import now
    from nanglucso.develop.budget.services import set_source
    from nanglucso.develop.plans.services import set_lecturer, set_venue
    from nanglucso.workforce.people.models import TravelArea, Unit
    from tests import make
    from tests.people.workbooks import crowd

    make.everything_shipped()
    at = now()
    for area in TravelArea.objects.all():
        set_venue(
            actor=None, code=f"phong-{area.code.lower()}", name="Phòng máy", area=area, seats=40, rate=600_000, at=at
        )
    for i in (1, 2):
        set_lecturer(actor=None, code=f"gv-{i}", name=f"Giảng viên {i}", rate=1_500_000, at=at, made_up=True)
    for year in (at.year, at.year + 1):
        set_source(
            actor=None, code="ns", year=year, name_vi="Ngân sách thành phố", name_en="City budget", amount=90 * MILLION,
            at=at, order=1,
        )  # fmt: skip
    home = Unit.objects.get(name=UNITS[0])
    for role, name, unit in (
        ("training", "can-bo-dao-tao", None), ("leader", "lanh-dao", None), ("head", "truong-don-vi", home),
    ):  # fmt: skip
        user = make.user(role, unit, username=name)
        user.set_password(PASSWORD)
        user.save()
    crowd(Path(out), PEOPLE, UNITS)


def key(code: str) -> None:
    from nanglucso.workforce.people.models import Person

    user = Person.objects.get(staff_code=code).user
    user.set_password(PASSWORD)
    user.must_change_password = False
    user.save()


def colleagues(campaign: str, kept: str) -> None:
    """They sit through the same door; what they can is drawn once and, after a class, is a level higher."""
    import numpy as np

    from nanglucso.core.clock import now
    from nanglucso.measure.assessments.models import Campaign
    from nanglucso.measure.profiles import folding
    from nanglucso.project.demo import takers
    from nanglucso.workforce.framework.queries import current_framework

    row = Campaign.objects.get(code__iexact=campaign)
    sittings = list(
        row.sittings.exclude(person__staff_code=kept).select_related("campaign", "person__position__family")
    )
    people = [one.person for one in sittings]
    truth = takers.abilities(people, folding.frame(current_framework()).prior_cov, np.random.default_rng(5))
    for person in people:
        truth[person.pk] += 1.0 * person.enrolments.filter(status="completed").exists()
    at = now()
    takers.sit_many(sittings, truth, np.random.default_rng(6), at - timedelta(hours=2), at - timedelta(hours=1))


def newcomer() -> None:
    from nanglucso.workforce.people.models import Position, Unit
    from tests import make

    position = Position.objects.filter(people__unit__name=UNITS[0]).first()
    make.person("Trần Thị Mới", unit=Unit.objects.get(name=UNITS[0]), position=position)


def later(days: str) -> None:
    """Every moment and day of the rooms that live in time is moved back."""
    from django.apps import apps
    from django.db import models

    back = timedelta(days=int(days))
    for label in MOVED:
        for model in apps.get_app_config(label).get_models():
            names = [f.name for f in model._meta.concrete_fields if isinstance(f, models.DateField)]
            for row in model.objects.all() if names else ():
                moved = {name: getattr(row, name) - back for name in names if getattr(row, name)}
                model.objects.filter(pk=row.pk).update(**moved)


if __name__ == "__main__":
    import django

    django.setup()
    globals()[sys.argv[1]](*sys.argv[2:])
