"""Meetings of the demo: one that is over with minutes, tasks and an archive, one that people are invited to."""

import json
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.scope import EVERYTHING
from nanglucso.govern.meetings import services
from nanglucso.govern.meetings.models import Attendee, Meeting
from nanglucso.workforce.people.models import Person, Unit

PAPER = """#let told = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: 25mm)
#set text(font: "Be Vietnam Pro", size: 13pt, lang: "vi")
#align(center)[*#told.title*]
#for line in told.lines [#line #parbreak()]
"""
LINES = (
    "Văn bản minh họa của thành phố giả định.",
    "1. Số người chưa đạt yêu cầu vị trí việc làm tập trung ở năng lực xử lý dữ liệu và an toàn thông tin.",
    "2. Đề nghị cử người học theo kế hoạch đã duyệt, bố trí người làm thay trong tuần có lớp.",
    "3. Đề nghị hoàn thành việc giao tiếp nhận hồ sơ trên hệ thống trước ngày cuối quý.",
)


def _pdf(title: str) -> BytesIO:
    import typst

    from nanglucso.govern.reports.documents.pdf import FONTS

    told = json.dumps({"title": title, "lines": LINES}, ensure_ascii=False)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return BytesIO(bytes(typst.compile(PAPER.encode(), font_paths=fonts, sys_inputs={"data": told})))


def _planned(head: User, unit: Unit, title: str, begins: datetime, at: datetime) -> Meeting:
    """Called: the head as chair, up to eight people of the unit, two points and a paper."""
    chair: Person = head.person
    people = list(Person.objects.filter(unit__path__startswith=unit.path, active=True).exclude(pk=chair.pk)[:8])
    by: dict[str, Any] = {"actor": head, "at": at}
    row = services.create(
        scope=EVERYTHING, title=title, unit=unit, place="Phòng họp tầng 2", starts_at=begins,
        ends_at=begins + timedelta(hours=2), chair=chair, secretary=people[-1], **by,
    )  # fmt: skip
    item = services.add_item(meeting=row, title="Bồi dưỡng năng lực số của đơn vị", minutes=45, presenter=None, **by)
    services.add_item(meeting=row, title="Nhiệm vụ tháng tới", minutes=30, presenter=None, **by)
    services.invite(meeting=row, people=people[:-1], role=Attendee.Role.DELEGATE, may_vote=True, **by)
    paper = "Báo cáo tình hình năng lực số"
    services.add_paper(meeting=row, item=item, title=paper, stream=_pdf(paper), name="bao-cao.pdf", **by)
    services.call(meeting=row, **by)
    return row


def hold(head: User, *, anchor: datetime) -> None:
    """One meeting three weeks ago, followed up since; one in two days."""
    own: Unit | None = head.person.unit
    if own is None:
        return
    unit: Unit = (own.get_parent() or own) if own.depth > 2 else own
    if Person.objects.filter(unit__path__startswith=unit.path, active=True).count() < 3:
        return
    begins = anchor - timedelta(days=21)
    row = _planned(head, unit, "Họp giao ban tháng", begins, begins - timedelta(days=3))
    seats = list(row.attendees.all())
    services.open_(actor=head, meeting=row, at=begins)
    services.mark_present(actor=head, meeting=row, present=seats[:-1], at=begins)
    ends = begins + timedelta(minutes=95)
    day = local_day(begins)
    for text, seat, days in (("Cử người học lớp xử lý dữ liệu", 0, 14), ("Lập danh sách máy tính cần thay", 1, 10)):
        services.add_conclusion(
            actor=head, meeting=row, item=None, text=text, owner=seats[seat].person,
            due_on=day + timedelta(days=days), at=ends,
        )  # fmt: skip
    services.close(actor=head, meeting=row, sheets_printed=0, at=ends)
    text = "Chủ trì nêu tình hình chung.\nCác thành viên thống nhất số người cử đi học và thời gian.\nChủ trì kết luận."
    minutes = services.write_minutes(actor=head, meeting=row, number="01", text=text, at=ends)
    services.send_minutes(actor=head, minutes=minutes, at=ends)
    chair = row.attendees.get(role=Attendee.Role.CHAIR)
    services.approve_minutes(actor=head, minutes=minutes, seat=chair, at=ends + timedelta(days=2))
    services.make_archive(actor=head, meeting=row, at=ends + timedelta(days=2))
    task = row.conclusions.order_by("number")[0]
    services.report_task(
        actor=task.owner.user, task=task, text="Đã cử hai người.", file=None, name="", at=ends + timedelta(days=9)
    )
    services.close_task(actor=head, task=task, at=ends + timedelta(days=10))
    _planned(head, unit, "Họp triển khai nhiệm vụ quý", anchor + timedelta(days=2), anchor - timedelta(days=1))
