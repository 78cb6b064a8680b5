"""Verbs of certificates."""

import secrets
from datetime import datetime, timedelta, timezone
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import Job, User
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials.badgerules import badge_rules
from nanglucso.develop.credentials.models import Certificate
from nanglucso.develop.credentials.rules import ALPHABET, CODE_LENGTH, digest, number_of
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.workforce.people.queries import place_of, unit_chain

LOCAL = timezone(timedelta(hours=7))
SIGNING = "credentials.sign_badges"
PRINTED_SETTINGS = ("superior", "issuer", "place", "signer_title", "signer_name")


def _content(enrolment: Enrolment, number: str, at: datetime) -> dict[str, Any]:
    """Every word that is printed. A digest over it lets the check page say that nothing was changed."""
    training_class, person = enrolment.training_class, enrolment.person
    day = at.astimezone(LOCAL).date()
    end = badge_rules().last_day(training_class.course.code, day)
    return {
        "number": number, "name": person.full_name, "unit": place_of(person, unit_chain([person.unit])),
        "course": training_class.course.name_vi, "class": training_class.code, "tiet": enrolment.tiet_attended,
        "made_up": person.made_up, "from": training_class.starts_on.isoformat(),
        "to": training_class.ends_on.isoformat(), "issued_on": day.isoformat(),
        **({"valid_until": end.isoformat()} if end else {}),
        **{key: settings.ORGANISATION[key] for key in PRINTED_SETTINGS},
    }  # fmt: skip


def _made(enrolment: Enrolment, count: int, actor: User | None, at: datetime) -> Certificate:
    content = _content(enrolment, number_of(count, at.astimezone(LOCAL).year), at)
    return Certificate(
        check_code="".join(secrets.choice(ALPHABET) for _i in range(CODE_LENGTH)), number=content["number"],
        person=enrolment.person, training_class=enrolment.training_class, content=content, digest=digest(content),
        issued_at=at, issued_by=actor, valid_until=content.get("valid_until"),
    )  # fmt: skip


def _next_count(at: datetime) -> int:
    """The issue book begins at 1 each year; its numbers are never given twice, revoked or not."""
    last = Certificate.objects.filter(number__endswith=f"/{at.astimezone(LOCAL).year}/XN").order_by("-number").first()
    return int(last.number.split("/")[0]) + 1 if last else 1


def issue(*, actor: User | None, training_class: TrainingClass, at: datetime) -> list[Certificate]:
    """Give everybody who completed a class their certificate; those who have or had one are left as they are.

    The digests go into the audit chain, so that content and digest cannot be changed together unseen.
    """
    if training_class.status != TrainingClass.Status.DONE:
        raise Refused(_("Certificates are issued after the class has ended."))
    rows = training_class.enrolments.filter(status=Enrolment.Status.COMPLETED).exclude(
        person__certificates__training_class=training_class
    )
    with act(actor, "credentials.issue", training_class, at=at) as this:
        TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        people = rows.select_related("person__unit", "training_class__course").order_by("person__sort_key", "pk")
        made = [_made(row, n, actor, at) for n, row in enumerate(people, _next_count(at))]
        Certificate.objects.bulk_create(made)
        this.note(issued=len(made), digests={one.number: one.digest for one in made})
        if made:
            enqueue(SIGNING, actor=actor, at=at)
    return made


def revoke(*, actor: User, certificate: Certificate, reason: str, at: datetime) -> None:
    """Take a certificate back; the check page then says so."""
    if certificate.revoked_at:
        raise Refused(_("This certificate has been revoked already."))
    if not reason.strip():
        raise Refused(_("Write why the certificate is revoked."), field="reason")
    with act(actor, "credentials.revoke", certificate, at=at, person_id=certificate.person_id, reason=reason):
        certificate.revoked_at, certificate.revoked_reason = at, reason
        certificate.save(update_fields=["revoked_at", "revoked_reason"])


def reissue(*, actor: User, certificate: Certificate, at: datetime) -> Certificate:
    """A new certificate in place of a revoked one, under a new number and code, with today's name and unit."""
    if certificate.revoked_at is None:
        raise Refused(_("Revoke the certificate before you issue a new one."))
    place = certificate.training_class.enrolments.filter(
        person=certificate.person_id, status=Enrolment.Status.COMPLETED
    ).select_related("person__unit", "training_class__course")
    enrolment = place.first()
    if enrolment is None:
        raise Refused(_("This person did not complete the class."))
    twins = Certificate.objects.filter(person=enrolment.person, training_class=enrolment.training_class)
    if twins.filter(revoked_at=None).exists():
        raise Refused(_("This person has a valid certificate of the class already."))
    with act(actor, "credentials.reissue", certificate, at=at, person_id=certificate.person_id) as this:
        made = _made(enrolment, _next_count(at), actor, at)
        made.save(force_insert=True)
        this.note(digests={made.number: made.digest})
        enqueue(SIGNING, actor=actor, at=at)
    return made


def note_print(*, actor: User, certificate: Certificate, at: datetime) -> None:
    """Leave a trace that somebody else than its owner opened a certificate."""
    with act(actor, "credentials.print", certificate, at=at, person_id=certificate.person_id):
        return


def note_badge(*, actor: User, certificate: Certificate, at: datetime) -> None:
    """Leave a trace that somebody else than its owner downloaded a badge."""
    with act(actor, "credentials.download_badge", certificate, at=at, person_id=certificate.person_id):
        return


def ask_sign(*, actor: User, at: datetime) -> Job:
    """Queue the signing of every badge that waits. Raises `Refused` when nothing waits or the work is under way."""
    if Job.objects.filter(kind=SIGNING, status__in=(Job.Status.QUEUED, Job.Status.RUNNING)).exists():
        raise Refused(_("The badges are being signed already."))
    if not Certificate.objects.filter(Q(badge=None) | Q(badge__signed_at=None)).exists():
        raise Refused(_("Every certificate has its badge already."))
    with act(actor, "credentials.ask_sign", at=at):
        return enqueue(SIGNING, actor=actor, at=at)
