"""Builders of the outreach room, through its services."""

from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from pypdf import PdfWriter

from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.govern.outreach import services
from nanglucso.govern.outreach.models import Campaign, LawDocument, Reading
from nanglucso.govern.outreach.shuffling import option_order
from nanglucso.govern.outreach.texts import asked
from tests import make

_number = count(1)
SUMMARY = " ".join(["Văn bản này nói về cách giữ gìn dữ liệu của người dân tại cơ quan."] * 8)
CHECKS = "\n".join(
    f"**Câu {n}.** Làm gì với tệp số {n}?\n- Gửi cho mọi người cùng xem → *Chưa phải: không cần.*\n"
    "- Giữ lại → *Đúng: khóa bí mật của bài.*\n- Đưa lên mạng để khỏi mất → *Chưa phải: lộ dữ liệu.*\n"
    for n in (1, 2, 3)
)
TEXTS = {"summary_vi": SUMMARY, "checks_vi": CHECKS, "summary_en": "", "checks_en": ""}


def document(*, published: bool = True, at: datetime = make.AT) -> LawDocument:
    about = services.About(number=f"{next(_number)}/2026/NĐ-CP", title_vi="Nghị định thử nghiệm")
    row = services.save_document(actor=None, about=about, at=at)
    if published:
        change(row, at=at)
    return row


def change(row: LawDocument, *, significant: bool = True, at: datetime = make.AT, **texts: str) -> Any:
    draft = services.save_draft(actor=None, document=row, texts=TEXTS | texts, at=at)
    made = services.publish(actor=None, version=draft, significant=significant, change="Bổ sung điều mới.", at=at)
    row.refresh_from_db()
    return made


def drafted() -> LawDocument:
    row = document()
    services.save_draft(actor=None, document=row, texts=TEXTS, at=make.AT)
    return row


def with_file() -> LawDocument:
    row, stream, pages = document(), BytesIO(), PdfWriter()
    pages.add_blank_page(width=595, height=842)
    pages.write(stream)
    stream.seek(0)
    row.file = services.keep_file(actor=None, stream=stream, name="van-ban.pdf", at=make.AT)
    row.save()
    return row


def prepared(
    row: LawDocument | None = None, *, by: Any = None, scope: Scope = EVERYTHING, at: datetime = make.AT, **wanted: Any
) -> Campaign:
    told = {"due": (at + timedelta(days=20)).date(), "follow_up": "none", **wanted}
    asks = services.Wanted(**told)
    return services.create(actor=by, document=row or document(), wanted=asks, scope=scope, at=at)


def opened(
    people: list[Any] | None = None, *, row: LawDocument | None = None, by: Any = None, **wanted: Any
) -> Campaign:
    """Open; everybody of the units is sent it (the whole unit tree when none is named)."""
    units = wanted.pop("units", None) or [one.unit for one in people or []]
    campaign = prepared(row, by=by, units=units, **wanted)
    services.ask_open(actor=by, campaign=campaign, scope=EVERYTHING, at=make.AT)
    services.open_campaign(actor=by, campaign=campaign, at=make.AT)
    campaign.refresh_from_db()
    return campaign


def reading(person: Any, row: LawDocument | None = None, *, at: datetime = make.AT) -> Reading:
    return services.begin(actor=None, person=person, document=row or document(), at=at)


def read_through(row: Reading, *, at: datetime) -> datetime:
    """Signs of life every 15 seconds until it is read; returns the moment after."""
    for _ in range(60):
        at += timedelta(seconds=15)
        row = services.beat(reading_id=row.pk, person_id=row.person_id, at=at)
        if row.read_at:
            return at
    raise AssertionError("never read")


def answers(row: Reading, *, wrong: int = 0) -> dict[int, int]:
    """Places on the page of the right options, of wrong ones for the first `wrong` questions."""
    row = Reading.objects.select_related("document__live").get(pk=row.pk)
    found = {}
    for n, one in enumerate(asked(row.document.live.checks_vi), 1):
        order = option_order(row, n, len(one.options))
        found[n] = order.index(one.key if n > wrong else (one.key + 1) % len(one.options))
    return found


def answer(row: Reading, *, at: datetime, wrong: int = 0) -> Reading:
    row = Reading.objects.select_related("document__live").get(pk=row.pk)
    told = {"version": row.document.live_id, "round": row.round, "given": answers(row, wrong=wrong), "at": at}
    return services.answer(actor=None, reading_id=row.pk, person_id=row.person_id, **told)


def understood(person: Any, row: LawDocument, *, at: datetime = make.AT) -> Reading:
    made = reading(person, row, at=at)
    return answer(made, at=read_through(made, at=at) + timedelta(seconds=30))


DUE = date(2026, 3, 22)
