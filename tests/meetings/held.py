"""A meeting of Sở Nội vụ with chair, secretary and two members, as far along as a test asks."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from nanglucso.core.scope import EVERYTHING
from nanglucso.govern.meetings import services
from nanglucso.govern.meetings.models import Attendee, Meeting
from tests import make
from tests.kit import hostile_pdfs


def planned() -> Meeting:
    """Planned: chair, secretary and two members, one point, one paper."""
    unit = make.unit()
    chair, secretary, one, other = (make.person(unit=unit, login=True) for _ in range(4))
    told = {"title": "Họp tháng 3", "place": "Phòng A", "starts_at": make.at(1), "ends_at": make.at(1, hours=2)}
    row = services.create(
        actor=make.user("head", unit=unit),
        scope=EVERYTHING,
        unit=unit,
        chair=chair,
        secretary=secretary,
        at=make.AT,
        **told,
    )
    item = services.add_item(actor=None, meeting=row, title="Kế hoạch năm", minutes=20, presenter=None, at=make.AT)
    services.invite(actor=None, meeting=row, people=[one, other], role="delegate", may_vote=True, at=make.AT)
    data = BytesIO(hostile_pdfs.hostile()["script when opened"][0])
    services.add_paper(actor=None, meeting=row, item=item, title="Tờ trình", stream=data, name="a.pdf", at=make.AT)
    return row


def called() -> Meeting:
    row = planned()
    services.call(actor=None, meeting=row, at=make.AT)
    return row


def opened() -> Meeting:
    """In session with everybody in the room."""
    row = called()
    services.open_(actor=None, meeting=row, at=make.at(1))
    services.mark_present(actor=None, meeting=row, present=list(row.attendees.all()), at=make.at(1))
    return row


def over() -> Meeting:
    row = opened()
    services.close(actor=None, meeting=row, sheets_printed=0, at=make.at(1, hours=2))
    return row


def seat(row: Meeting, role: str = "delegate", n: int = 0) -> Attendee:
    return row.attendees.filter(role=role).order_by("pk")[n]


def recorded() -> Meeting:
    """Minutes approved, one task given."""
    row = over()
    owner, at = seat(row).person, make.at(1, hours=3)
    told: Any = {"item": None, "text": "Mở thêm hai lớp", "owner": owner, "due_on": make.at(10).date()}
    services.add_conclusion(actor=None, meeting=row, at=at, **told)
    minutes = services.write_minutes(
        actor=None, meeting=row, number="12", text="Chủ trì khai mạc.\nCác thành viên thảo luận.", at=at
    )
    services.send_minutes(actor=None, minutes=minutes, at=at)
    services.approve_minutes(actor=None, minutes=minutes, seat=seat(row, "chair"), at=at + timedelta(hours=1))
    return row
