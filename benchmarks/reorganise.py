"""A reorganisation of 60,000 people, every one with an account: tried, approved, taken back; seconds of processor.

    python benchmarks/reorganise.py [--people 60000]

Makes a temporary database with the three units before the merger of 2025 as shipped and made-up people in them, merges
the three into one, and undoes it. Prints one JSON line. Ends with 1 when trying or undoing takes more than 20 s of
processor, when anybody has not exactly one place before and after the day, or when any row differs after undoing.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
AT, DAY, CODE, MOST_SECONDS = datetime(2026, 3, 2, 3, tzinfo=UTC), date(2025, 7, 1), "can-tho-2025", 20.0
INTO = {"code": "92", "name": "Thành phố Cần Thơ", "kind": "city"}


def build(people: int) -> list[str]:
    """Units, people, appointments, accounts and roles; returns the codes of the units."""
    from nanglucso.core.models import Role, RoleGrant, User
    from nanglucso.workforce.framework.services import load_framework
    from nanglucso.workforce.people import services
    from nanglucso.workforce.people.models import Appointment, Person, Position

    load_framework(at=AT)
    units = services.load_before(actor=None, code=CODE, at=AT)
    services.load_positions(at=AT)
    post = Position.objects.order_by("pk").first()
    users = User.objects.bulk_create([User(username=f"u{n}", password="!") for n in range(people)], batch_size=500)
    rows = [
        Person(
            ho_dem="Nguyễn Văn", ten=f"T{n}", sort_key=f"t{n:06}", fold=f"t{n}", unit=units[n % 3], position=post,
            user=user, staff_code=f"S{n}", made_up=True,
        )
        for n, user in enumerate(users)
    ]  # fmt: skip
    Person.objects.bulk_create(rows, batch_size=500)
    held = [Appointment(person=one, unit=one.unit, position=post, since=date(2020, 1, 1)) for one in rows]
    Appointment.objects.bulk_create(held, batch_size=500)
    own = [RoleGrant(user=one.user, role=Role.OFFICIAL, unit=one.unit, granted_at=AT) for one in rows]
    RoleGrant.objects.bulk_create(own, batch_size=500)
    return [unit.code for unit in units]


def checksum() -> str:
    """Of every row that a reorganisation may touch."""
    from nanglucso.core.models import RoleGrant
    from nanglucso.workforce.people.models import Appointment, Person, Unit, UnitPast, UnitSuccession

    told = hashlib.sha256()
    for model in (Unit, Person, Appointment, RoleGrant, UnitPast, UnitSuccession):
        for row in model.objects.order_by("pk").values_list().iterator():
            told.update(repr(row).encode())
    return told.hexdigest()


def seconds(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gives, and the processor's time it took."""
    begin = time.process_time()
    return work(), round(time.process_time() - begin, 2)


def work_off(row: Any) -> None:
    """What an approval of many people leaves to the worker."""
    from nanglucso.core import jobs

    if row.job is not None:
        jobs.perform(str(row.job.pk))
    row.refresh_from_db()


def run(people: int) -> dict[str, Any]:
    """All figures of one run."""
    from nanglucso.core.models import User
    from nanglucso.core.scope import EVERYTHING
    from nanglucso.workforce.people import services
    from nanglucso.workforce.people.queries_units import TreeOn, main_on

    codes = build(people)
    writer, reviewer = User.objects.order_by("pk")[:2]
    before = checksum()
    row = services.draft_reorganisation(actor=writer, title="Hợp nhất", day=DAY, at=AT)
    step = {"kind": "merge", "units": codes, "into": INTO}
    given = {"scope": EVERYTHING, "at": AT}
    row, tried = seconds(lambda: services.add_step(actor=writer, row=row, step=step, **given))
    unchanged = checksum() == before
    row = services.send_for_review(actor=writer, row=row, **given)
    mark = row.mark
    row, asked = seconds(lambda: services.approve(actor=reviewer, row=row, mark=mark, **given))
    _nothing, worked = seconds(lambda: work_off(row))
    days = (DAY - timedelta(1), DAY)
    places = [(main_on(day).count(), main_on(day).values("person").distinct().count()) for day in days]
    _rows, tree = seconds(lambda: TreeOn(days[0]).rows(scope=EVERYTHING))
    _row, undone = seconds(lambda: services.undo_reorganisation(actor=reviewer, row=row, **given))
    right = unchanged and places == [(people, people)] * 2 and checksum() == before
    told = {
        "people": people,
        "tried": tried,
        "approved": round(asked + worked, 2),
        "tree of a past day": tree,
        "undone": undone,
    }
    return told | {"one place each, and every row as before after undoing": right}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=60000)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NLS_HOME"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        told = run(people)
    print(json.dumps(told, ensure_ascii=False))
    return int(max(told["tried"], told["undone"]) > MOST_SECONDS or not list(told.values())[-1])


if __name__ == "__main__":
    sys.exit(main())
