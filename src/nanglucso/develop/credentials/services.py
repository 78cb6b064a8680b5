"""Verbs of certificates."""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials.models import Certificate
from nanglucso.develop.training.models import Enrolment, TrainingClass

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10


def _content(enrolment: Enrolment, number: str) -> dict[str, Any]:
    """Every word that is printed. A digest over it lets the check page say that nothing was changed."""
    training_class, person = enrolment.training_class, enrolment.person
    return {
        "number": number, "name": person.full_name, "unit": str(person.unit), "course": training_class.course.name_vi,
        "class": training_class.code, "tiet": enrolment.tiet_attended, "made_up": person.made_up,
        "from": training_class.starts_on.isoformat(), "to": training_class.ends_on.isoformat(),
        "issuer": settings.ORGANISATION["issuer"], "place": settings.ORGANISATION["place"],
    }  # fmt: skip


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def issue(*, actor: User | None, training_class: TrainingClass, at: datetime) -> list[Certificate]:
    """Give everybody who completed a class their certificate; those who have one keep it."""
    if training_class.status != TrainingClass.Status.DONE:
        raise Refused(_("Certificates are issued after the class has ended."))
    rows = training_class.enrolments.filter(status=Enrolment.Status.COMPLETED).exclude(
        person__certificates__training_class=training_class
    )
    made = []
    with act(actor, "credentials.issue", training_class, at=at) as this:
        start = Certificate.objects.filter(issued_at__year=at.year).count()
        for i, row in enumerate(rows.select_related("person__unit", "training_class__course"), start + 1):
            content = _content(row, f"{i:05d}/{at.year}/XN")
            made.append(
                Certificate(
                    check_code="".join(secrets.choice(ALPHABET) for _i in range(CODE_LENGTH)),
                    number=content["number"], person=row.person, training_class=training_class, content=content,
                    digest=digest(content), issued_at=at, issued_by=actor,
                )
            )  # fmt: skip
        Certificate.objects.bulk_create(made)
        this.note(issued=len(made))
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
