"""Units over time in the demo city: the merger of 2025 on record, and a reorganisation that waits for a leader."""

from datetime import datetime, timedelta

from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.scope import EVERYTHING
from nanglucso.workforce.people import services
from nanglucso.workforce.people.models import Person, Unit

CODE = "can-tho-2025"
AHEAD = 60


def merger(*, at: datetime) -> None:
    """The three units before 01/07/2025 and what became of them, as shipped."""
    services.load_before(actor=None, code=CODE, at=at)
    services.replay(writer=None, reviewer=None, code=CODE, at=at)


def waiting(*, writer: User, at: datetime) -> None:
    """Two divisions of the agency with the most people become one in two months, when a second person approves."""
    agencies = Unit.objects.filter(kind=Unit.Kind.AGENCY, until=None)
    agency = max(agencies, key=lambda one: (Person.objects.filter(unit__path__startswith=one.path).count(), -one.pk))
    rooms = Unit.objects.filter(path__startswith=agency.path, kind=Unit.Kind.ROOM, until=None).order_by("path")
    one, two = [room for room in rooms if room.name.startswith("Phòng ")][:2]
    into = {"code": f"{agency.code}-HN", "name": f"{one.name} và {two.name.removeprefix('Phòng ')}", "kind": "phong"}
    row = services.draft_reorganisation(
        actor=writer, title=f"Hợp nhất hai phòng của {agency.name}", day=local_day(at) + timedelta(AHEAD), at=at
    )
    step = {"kind": "merge", "units": [one.code, two.code], "into": into}
    row = services.add_step(actor=writer, row=row, step=step, scope=EVERYTHING, at=at)
    services.send_for_review(actor=writer, row=row, scope=EVERYTHING, at=at)
