"""The papers of a class: decision to open it (Nghị định 30/2020/NĐ-CP, Mẫu 1.2), learners, attendance sheet."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from nanglucso.core.days import local_day
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.develop.training.queries import Meeting, attendance_rows, booked, placed, sessions
from nanglucso.govern.reports.documents.bases import Base, bases, closed
from nanglucso.govern.reports.documents.content import Annex, Block, OfficialDocument, columns, lead, table, text
from nanglucso.govern.reports.documents.wording import (
    BLANK,
    agency_lines,
    number,
    organisation,
    place_date,
    said_name,
    short_date,
    wording,
)

Told = Mapping[str, Any]
Placed = list[tuple[Enrolment, str]]
LOCAL = timezone(timedelta(hours=7))
PEOPLE_WIDTHS, PEOPLE_SIDES = (1, 4, 2, 1.8, 1.8, 5, 6, 2), "cllcclll"
MARKS = {"qr": "Q", "manual": "X"}


def decision_document(row: TrainingClass, *, at: datetime) -> OfficialDocument:
    """Quyết định mở lớp with its learners and days annexed."""
    told, names, people = wording("class"), organisation(), _people(row)
    part, said = told["decision"], _said(row, told, people)
    under = part["annexed"].format(symbol=names["symbol"], issuer=said_name(names["issuer"], names["place"]))
    lines = [*bases(told, local_day(at), names["place"]), *_plan_base(row, told)]
    decides = Block("heading", part["decides"], centred=True)
    return _document(
        part, told, row, at, said, people,
        number=f"Số:{BLANK}/{part['code']}-{names['symbol']}", bases=closed(lines),
        to=f"{names['signer_title']} {names['issuer']}".upper(),
        blocks=(decides, *(text(line.format(**said)) for line in part["articles"])),
        annexes=(
            _annex(part["annex_list"], under, _list(people, told), landscape=True),
            _annex(part["annex_days"], under, _days(row, told)),
        ),
    )  # fmt: skip


def list_document(row: TrainingClass, *, at: datetime) -> OfficialDocument:
    """Danh sách học viên: no citizen number, of the birth only the year."""
    told, people = wording("class"), _people(row)
    said = _said(row, told, people)
    blocks = (lead(told["list"]["lead"].format(**said)), _list(people, told))
    return _document(told["list"], told, row, at, said, people, blocks=blocks)


def attendance_document(row: TrainingClass, *, at: datetime) -> OfficialDocument:
    """Bảng điểm danh: who was at which session and how that is known; the sessions lie on a page of their own."""
    told, people, held = wording("class"), _people(row), sessions(row, at)
    part, said = told["attendance"], _said(row, told, people)
    sheet = _annex(part["annex"], part["annexed"], _marks(row, held, told), landscape=True)
    blocks = (lead(part["lead"].format(**said)), _days(row, told), text(part["signs"]))
    return _document(part, told, row, at, said, people, blocks=blocks, annexes=(sheet,))


PAPERS: dict[str, Callable[..., OfficialDocument]] = {
    "quyet-dinh": decision_document,
    "danh-sach": list_document,
    "diem-danh": attendance_document,
}


def _document(
    part: Told, told: Told, row: TrainingClass, at: datetime, said: Told, people: Placed, **more: Any
) -> OfficialDocument:  # fmt: skip
    names = organisation()
    notes = [told["draft"].format(as_of=short_date(local_day(at)))]
    if any(one.person.made_up for one, _where in people):
        notes.append(told["made_up"])
    recipients = (*(f"- {line};" for line in part.get("recipients", ())), f"- {told['last_recipient']}.")
    frame: dict[str, Any] = {
        "superior": agency_lines(names["superior"]), "issuer": names["issuer"], "number": "",
        "place_date": place_date(names["place"], local_day(at)), "kind": part["kind"],
        "subject": tuple(line.format(**said) for line in part["subject"]), "to": "", "notes": tuple(notes), "bases": (),
        "recipients": recipients, "signer": (names["signer_title"],), "signer_name": names["signer_name"],
    }  # fmt: skip
    return OfficialDocument(**frame | more)


def _annex(titles: Sequence[str], under: str, block: Block, *, landscape: bool = False) -> Annex:
    label, title = titles
    return Annex(label, title, under, (block,), landscape)


def _people(row: TrainingClass) -> Placed:
    rows = booked(row).select_related("person__unit", "person__position").order_by("person__sort_key")
    return placed(rows)


def _said(row: TrainingClass, told: Told, people: Placed) -> dict[str, str]:
    source = row.planned.source if row.planned else None
    return {
        "course": row.course.name_vi, "code": row.code, "form": _form(row), "tiet": str(row.course.tiet),
        "people": f"{len(people):02}", "starts": short_date(row.starts_on), "ends": short_date(row.ends_on),
        "sessions": f"{row.sessions.count():02}", "place": row.venue.name if row.venue else told["online"],
        "lecturer": row.lecturer.name if row.lecturer else "……………", "cost": number(row.cost),
        "source": source.name_vi if source else "……………",
    }  # fmt: skip


def _form(row: TrainingClass) -> str:
    return {"inperson": "tập trung", "online": "trực tuyến", "blended": "kết hợp"}.get(row.form, row.form)


def _plan_base(row: TrainingClass, told: Told) -> Sequence[Base]:
    if not row.planned:
        return ()
    return (Base(told["base_plan"].format(year=row.planned.scenario.year), checked=True),)


def _list(people: Placed, told: Told) -> Block:
    rows = [
        (
            str(n), one.person.ho_dem, one.person.ten, str(one.person.birth_year or ""),
            told["sex"].get(one.person.gender, ""), one.person.position.name if one.person.position else "", where, "",
        )
        for n, (one, where) in enumerate(people, 1)
    ]  # fmt: skip
    return table(columns(told["people_columns"], PEOPLE_WIDTHS, PEOPLE_SIDES), rows)


def _days(row: TrainingClass, told: Told) -> Block:
    rows = []
    for one in row.sessions.all():
        begin, end = one.starts_at.astimezone(LOCAL), one.ends_at.astimezone(LOCAL)
        rows.append((str(one.number), f"{begin:%d/%m/%Y}", f"{begin:%H giờ %M} - {end:%H giờ %M}", str(one.tiet)))
    return table(columns(told["days_columns"], (1, 3, 4, 1.5), "cccc"), rows)


def _marks(row: TrainingClass, held: list[Meeting], told: Told) -> Block:
    part = told["attendance"]
    heads = [
        part["session"].format(n=one.session.number, day=f"{one.session.starts_at.astimezone(LOCAL):%d/%m}")
        for one in held
    ]
    titles = [*told["people_columns"][:3], told["people_columns"][6], *heads, part["total"]]
    rows = [
        (
            str(n), line.enrolment.person.ho_dem, line.enrolment.person.ten, line.place,
            *(MARKS[mark.how] if mark else "" for mark in line.marks), str(line.tiet),
        )
        for n, line in enumerate(attendance_rows(row, EVERYTHING, held), 1)
    ]  # fmt: skip
    return table(columns(titles, (1, 3.5, 1.8, 5, *(1.8 for _one in held), 1.4), f"clll{'c' * (len(held) + 1)}"), rows)
