"""Every word of the minutes as data, and the official document made from it."""

import hashlib
from datetime import datetime
from typing import Any

from nanglucso.core.days import local_day
from nanglucso.govern.meetings.models import Meeting, Minutes
from nanglucso.govern.meetings.queries import conclusions, seats, spoken
from nanglucso.govern.meetings.queries.votes import results_of
from nanglucso.govern.reports.documents.content import OfficialDocument, columns, heading, table, text
from nanglucso.govern.reports.documents.wording import agency_lines, organisation, place_date, wording
from nanglucso.kit.integrity import canon

Content = dict[str, Any]


def _clock(moment: datetime | None) -> str:
    from django.utils.timezone import localtime

    return f"{localtime(moment):%H:%M %d/%m/%Y}" if moment else ""


def content(minutes: Minutes) -> Content:
    """What the record says, as JSON: head, people, agenda, text, speeches, votes, conclusions."""
    meeting, people = minutes.meeting, seats(minutes.meeting)
    return {
        "title": meeting.title, "unit": meeting.unit.name, "place": meeting.place, "number": minutes.number,
        "opened": _clock(meeting.opened_at), "closed": _clock(meeting.closed_at),
        "day": local_day(meeting.opened_at or meeting.starts_at).isoformat(), "text": minutes.text,
        "people": [_seat(one) for one in people],
        "agenda": [str(item) for item in meeting.items.all()],
        "speeches": [[one.attendee.person.full_name, one.seconds] for one in spoken(meeting)],
        "votes": [one.told() for one in results_of(meeting)],
        "conclusions": [
            [one.number, one.text, one.unit.name, one.owner.full_name, f"{one.due_on:%d/%m/%Y}"]
            for one in conclusions(meeting)
        ],
        "made_up": any(one.person.made_up for one in people),
    }  # fmt: skip


def _seat(one: Any) -> Content:
    instead = one.delegate_for.person.full_name if one.delegate_for else ""
    return {
        "name": one.person.full_name, "unit": one.person.unit.name if one.person.unit else "", "role": one.role,
        "instead": instead, "came": _clock(one.checked_in_at), "sends": one.is_replaced,
    }  # fmt: skip


def digest(told: Content) -> str:
    """SHA-256 of the canonical JSON (RFC 8785)."""
    return hashlib.sha256(canon.jcs(told).encode()).hexdigest()


def kept(minutes: Minutes) -> Content:
    """The approved words as they were frozen, or those of the draft as it stands."""
    return dict(minutes.content) if minutes.approved_at else content(minutes)


def document(minutes: Minutes, *, at: datetime) -> OfficialDocument:
    """Biên bản on the form of Nghị định 30/2020/NĐ-CP (Phụ lục III, Mẫu 1.9)."""
    told, names, said = wording("minutes"), organisation(), kept(minutes)
    notes = [] if minutes.approved_at else [told["draft"]]
    if said["made_up"]:
        notes.append(told["made_up"])
    named = {role: "; ".join(one["name"] for one in said["people"] if one["role"] == role) for role in told["roles"]}
    signer = told["signs"][bool(minutes.approved_at)]
    chair = named["chair"]
    return OfficialDocument(
        superior=agency_lines(names["superior"]), issuer=said["unit"].upper(),
        number=told["number"].format(number=said["number"] or "……"),
        place_date=place_date(names["place"], local_day(minutes.meeting.opened_at or at)), kind=told["kind"],
        subject=(said["title"],), to="", notes=tuple(notes), bases=(), blocks=tuple(_blocks(told, said, named)),
        recipients=tuple(told["recipients"]), signer=(signer,), signer_name=chair,
    )  # fmt: skip


def _blocks(told: Content, said: Content, named: Content) -> list[Any]:
    came = sum(bool(one["came"]) for one in said["people"])
    of = sum(not one["sends"] for one in said["people"])
    lines = [text(line.format(**said, **named, came=came, of=of)) for line in told["head"]]
    lines += [heading(told["agenda"]), *(text(one) for one in said["agenda"])]
    lines += [heading(told["course"]), *(text(part) for part in said["text"].splitlines() if part.strip())]
    if said["votes"]:
        lines.append(heading(told["votes"]))
        lines += [text(_vote(told, one)) for one in said["votes"]]
    if said["conclusions"]:
        rows = [[str(cell) for cell in row] for row in said["conclusions"]]
        lines += [heading(told["conclusions"]), table(columns(told["columns"], (1, 7, 4, 3, 2.4), "clllc"), rows)]
    rows = [
        [str(n), one["name"] + (told["instead"].format(**one) if one["instead"] else ""), one["unit"],
         told["roles"][one["role"]], one["came"] or told["absent"]]
        for n, one in enumerate((one for one in said["people"] if not one["sends"]), 1)
    ]  # fmt: skip
    return [*lines, heading(told["people"]), table(columns(told["people_columns"], (1, 5, 4, 3, 3), "cllll"), rows)]


def _vote(told: Content, one: Content) -> str:
    counts = "; ".join(f"{told['answers'].get(line['code'], line['text'])}: {line['count']}" for line in one["lines"])
    said = {name: one[name] if one[name] is not None else 0 for name in ("title", "took_part", "members")}
    return str(told["vote"].format(**said, counts=counts, outcome=told["outcomes"][one["outcome"]]))


def live(meeting: Meeting) -> Minutes | None:
    """The minutes of a meeting, if any were begun."""
    return Minutes.objects.filter(meeting=meeting).select_related("meeting__unit").first()
