"""What fills the addresses of meetings: one that the log-in is secretary of, and the other agency's."""

import hashlib
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings

from nanglucso.core.models import StoredFile
from nanglucso.develop.credentials.models import SigningKey
from nanglucso.govern.meetings.models import Archive, Attendee, Meeting, Minutes, Paper
from tests import make


def _meeting(world: Any, user: Any, which: str) -> Meeting:
    if which == "b":
        return world.b.vote.meeting
    told = {"title": "Họp thử", "unit": world.a.unit, "place": "A", "created_at": make.AT}
    row = Meeting.objects.create(starts_at=make.AT, ends_at=make.at(1), status="running", opened_at=make.AT, **told)
    Attendee.objects.create(meeting=row, person=user.person, role="secretary", checked_in_at=make.AT)
    return row


def _file(name: str) -> StoredFile:
    key = uuid.uuid4()
    folder = Path(settings.MEDIA_ROOT) / "meetings" / key.hex
    folder.mkdir(parents=True)
    for part in ("clean.pdf", "1.png", "1.txt"):
        (folder / part).write_bytes(b"thu")
    told = {"size": 3, "sha256": hashlib.sha256(b"thu").hexdigest(), "created_at": make.AT}
    path = f"meetings/{key.hex}/clean.pdf"
    return StoredFile.objects.create(id=key, kind="thu", name=name, content_type="application/pdf", path=path, **told)


def _guest(row: Meeting) -> Attendee:
    return Attendee.objects.create(meeting=row, person=make.person(), role="guest")


def _paper(row: Meeting) -> Paper:
    return row.papers.create(
        number=1, title="Thử", file=_file("a.pdf"), pages=1, received_sha256="0" * 64, added_at=make.AT
    )


def _minutes(row: Meeting) -> Minutes:
    told = {"text": "Thử", "written_at": make.AT, "status": "sent", "sent_at": make.AT}
    return Minutes.objects.get_or_create(meeting=row, defaults=told)[0]


def _task(row: Meeting) -> Any:
    owner = row.attendees.first().person
    told = {"number": 1, "text": "Thử", "unit": row.unit, "owner": owner, "due_on": make.AT.date(), "made_at": make.AT}
    return row.conclusions.create(**told)


def meeting(which: str, *more: Any) -> Any:
    return lambda world, user: [_meeting(world, user, which).pk, *more]


def guest(which: str) -> Any:
    def fill(world: Any, user: Any) -> list[Any]:
        row = _meeting(world, user, which)
        return [row.pk, _guest(row).pk]

    return fill


def speech(which: str) -> Any:
    def fill(world: Any, user: Any) -> list[Any]:
        row = _meeting(world, user, which)
        made = row.speeches.create(attendee=_guest(row), turn=1, asked_at=make.AT)
        return [row.pk, made.pk, "moi"]

    return fill


def remark(which: str) -> Any:
    def fill(world: Any, user: Any) -> list[Any]:
        row = _meeting(world, user, which)
        return [row.pk, _minutes(row).remarks.create(attendee=_guest(row), text="Thử", at=make.AT).pk]

    return fill


def minutes(which: str) -> Any:
    def fill(world: Any, user: Any) -> list[Any]:
        row = _meeting(world, user, which)
        _minutes(row)
        return [row.pk, "docx"]

    return fill


def archive(which: str) -> Any:
    def fill(world: Any, user: Any) -> list[Any]:
        row = _meeting(world, user, which)
        told = {"issuer": "thu", "public": "z", "valid_from": make.AT}
        key, _made = SigningKey.objects.get_or_create(name="thu", defaults=told)
        if not Archive.objects.filter(meeting=row).exists():
            Archive.objects.create(meeting=row, file=_file("a.zip"), manifest={}, key=key, made_at=make.AT)
        return [row.pk]

    return fill


def paper(which: str, *more: Any) -> Any:
    return lambda world, user: [_paper(_meeting(world, user, which)).pk, *more]


def task(which: str) -> Any:
    return lambda world, user: [_task(_meeting(world, user, which)).pk]


def proof(which: str) -> Any:
    def fill(world: Any, user: Any) -> list[Any]:
        made = _task(_meeting(world, user, which))
        return [made.pk, made.reports.create(text="Thử", proof=_file("a.pdf"), by=made.owner, at=make.AT).pk]

    return fill


def both(fill: Any, *more: Any) -> tuple[Any, Any]:
    return fill("a", *more), fill("b", *more)
