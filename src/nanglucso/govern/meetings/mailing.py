"""The messages themselves: invitation, another time or place, called off."""

from datetime import datetime

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from nanglucso.govern.meetings.models import Meeting, Notice
from nanglucso.ui.figures import vmoment


def mail(*, meeting: Meeting, at: datetime) -> int:
    """Send what waits to be told about a meeting; each is marked at once, so a second run sends no second one.

    People without an e-mail address find the meeting on their page "Meetings" alone.
    """
    rows = Notice.objects.filter(attendee__meeting=meeting, mailed_at=None).exclude(attendee__person__email="")
    sent, door = 0, get_connection()
    for row in rows.select_related("attendee__person"):
        _message(row, meeting, door).send()
        Notice.objects.filter(pk=row.pk).update(mailed_at=at)
        sent += 1
    return sent


def _message(row: Notice, meeting: Meeting, door: object) -> EmailMessage:
    """In Vietnamese, the language of the office. Agenda and papers stay behind the log-in."""
    with override("vi"):
        told = {
            "name": row.attendee.person.full_name, "title": meeting.title, "unit": meeting.unit.name,
            "place": meeting.place, "begins": vmoment(meeting.starts_at), "why": meeting.cancelled_reason,
            "url": settings.PUBLIC_URL + reverse("meetings:show", args=[meeting.pk]),
        }  # fmt: skip
        subject, body = _words(row.about)
        to = [row.attendee.person.email]
        return EmailMessage(subject % told, body % told, to=to, connection=door)  # type: ignore[arg-type]


def _words(about: str) -> tuple[str, str]:
    if about == Notice.About.CANCELLED:
        return _("Called off: %(title)s, %(begins)s"), _(
            "Dear %(name)s,\n\nThe meeting “%(title)s” of %(unit)s at %(begins)s is called off: %(why)s\n"
        )
    if about == Notice.About.CHANGED:
        return _("Changed: %(title)s, now %(begins)s"), _(
            "Dear %(name)s,\n\nThe meeting “%(title)s” of %(unit)s is now held at %(begins)s, %(place)s. "
            "Agenda, papers and your answer: %(url)s\n"
        )
    return _("Invitation: %(title)s, %(begins)s"), _(
        "Dear %(name)s,\n\nYou are invited to the meeting “%(title)s” of %(unit)s at %(begins)s, %(place)s. "
        "Agenda, papers and your answer: %(url)s\n"
    )
