"""Run as a script under a home's environment: people in the middle of their tests, and a plan that can be computed.

prepare.py OUT SITTINGS     writes OUT (JSON): sittings with tickets and log-ins, a valid choice for every item version
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
YEAR = 2027
MILLION = 1_000_000


def prepared(env: dict[str, str], folder: Path, count: int) -> dict:
    """Run this script in the home of `env`; returns what it told."""
    from tests import serving

    serving.command(env, __file__, str(folder / "told.json"), str(count), timeout=1800)
    return json.loads((folder / "told.json").read_text())


def log_in(person: Any) -> str:
    """An account and the key of its session, so that the log-in's own rules do not stand in the way here."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tests import make

    person.user = make.user("official", person.unit, f"thu-{person.pk}")
    person.save()
    session = SessionStore()
    session[SESSION_KEY] = str(person.user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.user.get_session_auth_hash()
    session.create()
    return session.session_key


def sittings(count: int) -> list[dict]:
    """`count` made-up people whose tests have just begun."""
    from django.core import signing

    from nanglucso.core.acts import act
    from nanglucso.core.clock import now
    from nanglucso.measure.assessments import services, ticket
    from nanglucso.workforce.people.models import Person
    from tests import make

    at = now()
    with act(None, "test.hire", at=at):
        people = [make.person() for _ in range(count)]
    campaign = services.create_campaign(
        actor=None, code="dot-loi", name_vi="Đợt thử lỗi", framework=make.framework(), opens_at=at - timedelta(hours=1),
        closes_at=at + timedelta(days=7), at=at, items_min=30, items_max=36, minutes=600,
    )  # fmt: skip
    services.open_campaign(actor=None, campaign=campaign, at=at)
    services.assign(actor=None, campaign=campaign, people=Person.objects.filter(pk__in=[p.pk for p in people]), at=at)
    made = []
    with act(None, "test.start", at=at):
        for row in campaign.sittings.select_related("campaign", "person__position__family"):
            row = services.start_sitting(actor=None, sitting=row, at=at)
            mark = signing.dumps({"s": row.pk.hex, "p": row.person_id, "e": row.epoch}, salt=ticket.SALT)
            made.append({"id": str(row.pk), "ticket": mark, "item": row.served_item_id, "log_in": log_in(row.person)})
    return made


def planning() -> int:
    """Rooms, lecturers and money of a year, and a draft plan over everyone; returns its number."""
    from nanglucso.core.clock import now
    from nanglucso.develop.budget.services import set_source
    from nanglucso.develop.plans.services import create_scenario, set_lecturer, set_venue
    from nanglucso.workforce.people.models import TravelArea

    at = now()
    for area in TravelArea.objects.all():
        set_venue(
            actor=None, code=f"phong-{area.code.lower()}", name="Phòng máy", area=area, seats=35, rate=600_000, at=at
        )
    for i in range(2):
        set_lecturer(actor=None, code=f"gv-{i}", name=f"Giảng viên thử {i}", rate=1_500_000, at=at, made_up=True)
    set_source(
        actor=None, code="ns", year=YEAR, name_vi="Ngân sách", name_en="Budget", amount=200 * MILLION, at=at, order=1
    )
    return create_scenario(actor=None, year=YEAR, name="Phương án thử", budget=60 * MILLION, at=at).pk


def main(out: Path, count: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from nanglucso.measure.bank.models import ItemVersion
    from tests import make

    make.everything_shipped()
    versions = ItemVersion.objects.select_related("item").filter(current=True)
    told = {
        "sittings": sittings(count),
        "choices": {row.pk: make.right_choice(row) for row in versions},
        "scenario": planning(),
    }
    out.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
