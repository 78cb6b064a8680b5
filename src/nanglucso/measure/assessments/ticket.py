"""The sitting ticket: who may answer, without a session query, and still revocable at once by the sitting's epoch."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

SALT = "sitting"
HOURS_12 = 12 * 3600
NAME = "nls-sitting"


@dataclass(frozen=True)
class Ticket:
    """What the cookie says, already verified."""

    sitting: uuid.UUID
    person: int
    epoch: int


def issue(response: HttpResponse, sitting_id: uuid.UUID, person_id: int, epoch: int) -> None:
    """Put the ticket into an HttpOnly cookie that travels only to this sitting's own addresses."""
    value = signing.dumps({"s": sitting_id.hex, "p": person_id, "e": epoch}, salt=SALT)
    response.set_cookie(
        NAME, value, max_age=HOURS_12, path=reverse("assessments:sit", args=[sitting_id]), httponly=True,
        samesite="Lax", secure=settings.HTTPS,
    )  # fmt: skip


def read(request: HttpRequest, sitting_id: uuid.UUID) -> Ticket | None:
    """The ticket of this sitting, or None when it is missing, forged, old or of another sitting."""
    try:
        data = signing.loads(request.COOKIES.get(NAME, ""), salt=SALT, max_age=HOURS_12)
    except signing.BadSignature:
        return None
    ticket = Ticket(uuid.UUID(data["s"]), data["p"], data["e"])
    return ticket if ticket.sitting == sitting_id else None
