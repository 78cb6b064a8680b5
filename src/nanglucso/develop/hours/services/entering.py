"""Periods written down by hand, with what proves them."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.hours.lawrules import law
from nanglucso.develop.hours.models import Entry, YearClose
from nanglucso.measure.assessments.models import OutsideCertificate
from nanglucso.workforce.people.models import Person

MOST = 400


def enter(
    *, actor: User | None, person: Person, year: int, tiet: int, reason: str, document: str, at: datetime,
    certificate: OutsideCertificate | None = None,
) -> Entry:  # fmt: skip
    """A new, dated entry; in a closed year a correction, which alone may be negative. Raises Refused."""
    _check(actor, person, year, tiet, reason, at)
    with act(actor, "hours.enter", at=at, person_id=person.pk, year=year, tiet=tiet) as this:
        late = YearClose.objects.filter(year=year).exists()
        if tiet < 0 and not late:
            text = _("Periods are taken away only to correct a closed year; this year is open: correct the attendance.")
            raise Refused(text, field="tiet")
        if late and not document.strip():
            raise Refused(_("A correction of a closed year names the document behind it."), field="document")
        if certificate:
            _check_certificate(person, year, tiet, certificate)
        this.subject = row = Entry.objects.create(
            person=person, year=year, tiet=tiet, reason=reason.strip(), document=document.strip(),
            certificate=certificate, after_close=late, entered_by=actor, entered_at=at,
        )  # fmt: skip
        this.note(after_close=late)
    return row


def _check(actor: User | None, person: Person, year: int, tiet: int, reason: str, at: datetime) -> None:
    if actor and person.user_id == actor.pk:
        raise Refused(_("Nobody writes down periods for themselves: ask another training officer."))
    if not law().first_year <= year <= local_day(at).year:
        raise Refused(_("Periods are written down for this year or an earlier one with a duty."), field="year")
    if not tiet or abs(tiet) > MOST:
        raise Refused(_("Write a number of periods from 1 to %(most)s.") % {"most": MOST}, field="tiet")
    if not reason.strip():
        raise Refused(_("Write which course it was, or why the figure is corrected."), field="reason")


def _check_certificate(person: Person, year: int, tiet: int, certificate: OutsideCertificate) -> None:
    codes = law().counting_codes
    if certificate.person_id != person.pk or certificate.issued_on.year != year:
        raise Refused(_("This certificate belongs to another person or year."), field="certificate")
    if certificate.status != OutsideCertificate.Status.CONFIRMED or certificate.rule not in codes:
        raise Refused(_("Only a confirmed course of a kind that counts gives periods."), field="certificate")
    if tiet < 0 or Entry.objects.filter(certificate=certificate).exists():
        raise Refused(_("The periods of this certificate are written down already."), field="certificate")
