"""Notices before a certificate ends: due by the rules' days, once a certificate and step, noted before mailing."""

from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.jobs import enqueue
from nanglucso.develop.credentials.badgerules import badge_rules
from nanglucso.develop.credentials.models import Certificate, ExpiryNotice
from nanglucso.ui.figures import vdate


def _due(at: datetime) -> list[ExpiryNotice]:
    """The nearest step that has come for each certificate, when nobody was told of it; missed ones are not made up."""
    today, found = local_day(at), []
    days = badge_rules().remind_days
    for far, near in zip(days, (*days[1:], -1), strict=True):
        first, last = today + timedelta(days=near + 1), today + timedelta(days=far)
        rows = Certificate.objects.filter(
            revoked_at=None, person__active=True, valid_until__gte=first, valid_until__lte=last
        ).exclude(notices__days=far)
        found += [ExpiryNotice(certificate_id=pk, days=far, at=at) for pk in rows.values_list("pk", flat=True)]
    return found


def remind_due(*, at: datetime) -> int:
    """Write down who is told today that a certificate ends; the messages leave by a job. Returns how many."""
    if not _due(at):
        return 0
    with act(None, "credentials.remind", at=at) as this:
        rows = _due(at)
        ExpiryNotice.objects.bulk_create(rows, batch_size=500)
        this.note(certificates=len(rows))
        enqueue("credentials.mail_expiry", actor=None, at=at)
    return len(rows)


def mail(*, at: datetime) -> int:
    """Send the messages that have not left; each is marked at once, so a second run sends no second one.

    People without an e-mail address have the mark on "My certificates" alone.
    """
    rows = ExpiryNotice.objects.filter(mailed_at=None).exclude(certificate__person__email="")
    sent, door = 0, get_connection()
    for row in rows.select_related("certificate__person"):
        with override("vi"):
            content, end = row.certificate.content, vdate(row.certificate.valid_until)
            told = {"name": content["name"], "course": content["course"], "number": content["number"], "end": end}
            subject = _("Certificate %(number)s counts until %(end)s") % told
            body = _(
                "Dear %(name)s,\n\nYour certificate %(number)s of the course “%(course)s” counts until %(end)s. "
                "A new class or assessment renews what it shows; open “My certificates” in Năng Lực Số for the next "
                "step.\n"
            )
            to = [row.certificate.person.email]
            EmailMessage(subject, body % told, to=to, connection=door).send()
        ExpiryNotice.objects.filter(pk=row.pk).update(mailed_at=at)
        sent += 1
    return sent
