"""Outside certificates: the holder enters one with proof, a training officer confirms, and only then it counts."""

import hashlib
import uuid
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import StoredFile, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.kit.faults import BadFile
from nanglucso.kit.filekinds import KINDS, kind_of
from nanglucso.measure.assessments.certrules import rules
from nanglucso.measure.assessments.models import OutsideCertificate
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence, record, void
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

KIND = "certificate-proof"
MOST_BYTES = 10 * 2**20
TAKEN = ("pdf", "jpeg", "png")
Status = OutsideCertificate.Status


def enter(
    *, actor: User, person: Person, rule: str, issued_on: date, number: str, proof: IO[bytes], name: str, at: datetime
) -> OutsideCertificate:
    """A certificate with its proof (PDF, JPEG or PNG, at most 10 MB), waiting for a training officer."""
    known = rules().get(rule)
    if known is None:
        raise Refused(_("Please choose the certificate from the list."), field="rule")
    today = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if issued_on > today:
        raise Refused(_("The day of issue lies in the future."), field="issued_on")
    if known.last_day(issued_on) < today:
        text = _("This certificate counts for %(years)s years after its issue; it is too old now.")
        raise Refused(text % {"years": known.valid_years}, field="issued_on")
    same = OutsideCertificate.objects.filter(person=person, rule=rule, issued_on=issued_on)
    if same.filter(status__in=(Status.WAITING, Status.CONFIRMED)).exists():
        raise Refused(_("This certificate has been entered already."), field="rule")
    with act(actor, "assessments.enter_certificate", person, at=at, person_id=person.pk, rule=rule):
        return OutsideCertificate.objects.create(
            person=person, rule=rule, rule_version=known.version, issued_on=issued_on, number=number.strip(),
            proof=_kept(actor, proof, name, at), entered_at=at,
        )  # fmt: skip


def _kept(actor: User, proof: IO[bytes], name: str, at: datetime) -> StoredFile:
    data = proof.read(MOST_BYTES + 1)
    try:
        kind = _kind(data, name) if len(data) <= MOST_BYTES else ""
    except BadFile as error:
        if error.code != "not_accepted":
            raise Refused(gettext(error.template) % error.params, field="proof") from error
        kind = ""
    if kind not in TAKEN:
        raise Refused(_("The proof must be a PDF, JPEG or PNG file of at most 10 MB."), field="proof")
    return _stored(actor, data, KINDS[kind], name, at)


def _kind(data: bytes, name: str) -> str:
    """By the content and never by the name. Raises `BadFile`."""
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return kind_of(Path(file.name), Path(name).name[:120])


def enter_listed(
    *, actor: User, person: Person, rule: str, issued_on: date, number: str, extract: str, name: str, at: datetime
) -> OutsideCertificate:
    """A certificate from a list that an agency handed over: the proof is the person's own row of it, as text.

    Raises `Refused` when the rule is unknown or the person has this certificate already.
    """
    known = rules().get(rule)
    if known is None:
        raise Refused(_("The rule of this certificate is no longer in the list."))
    same = OutsideCertificate.objects.filter(person=person, rule=rule, issued_on=issued_on)
    if same.filter(status__in=(Status.WAITING, Status.CONFIRMED)).exists():
        raise Refused(_("This certificate has been entered already."))
    with act(actor, "assessments.enter_certificate", person, at=at, person_id=person.pk, rule=rule):
        return OutsideCertificate.objects.create(
            person=person, rule=rule, rule_version=known.version, issued_on=issued_on, number=number.strip()[:60],
            proof=_stored(actor, extract.encode(), "text/plain; charset=utf-8", name, at), entered_at=at,
        )  # fmt: skip


def _stored(actor: User, data: bytes, kind: str, name: str, at: datetime) -> StoredFile:
    folder = Path(settings.MEDIA_ROOT) / "proofs"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = uuid.uuid4()
    (folder / key.hex).write_bytes(data)
    return StoredFile.objects.create(
        id=key, kind=KIND, name=Path(name).name[:200], content_type=kind, size=len(data),
        sha256=hashlib.sha256(data).hexdigest(), path=f"proofs/{key.hex}", created_by=actor, created_at=at,
    )  # fmt: skip


def _source(row: OutsideCertificate) -> str:
    return f"certificate:{row.pk}:{row.tries}"


def _own(actor: User, row: OutsideCertificate) -> None:
    if row.person.user_id == actor.pk:
        raise Refused(_("Nobody judges their own certificate."))


def confirm(*, actor: User, certificate: OutsideCertificate, framework: Framework, at: datetime) -> None:
    """The proof was looked at: the evidence enters the ledger, dated by the day of issue so that it fades from there.

    Also the undo of a certificate that was taken back.
    """
    _own(actor, certificate)
    if certificate.status not in (Status.WAITING, Status.REVOKED):
        raise Refused(_("This certificate is not waiting for a decision."))
    rule = rules().get(certificate.rule)
    if rule is None:
        raise Refused(_("The rule of this certificate is no longer in the list."))
    with act(actor, "assessments.confirm_certificate", certificate, at=at, person_id=certificate.person_id):
        certificate.tries += 1
        _decide(actor, certificate, Status.CONFIRMED, "", at)
        since = datetime.combine(certificate.issued_on, time(), ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
        entries = rule.entries(folding.frame(framework))
        new = NewEvidence(
            certificate.person, Evidence.Kind.CERTIFICATE, _source(certificate), entries, rule.name_vi, since
        )
        record(actor=actor, framework=framework, evidence=new, at=at)


def refuse(*, actor: User, certificate: OutsideCertificate, reason: str, at: datetime) -> None:
    """The proof does not show it; the holder reads why and may enter it again."""
    _own(actor, certificate)
    if certificate.status != Status.WAITING:
        raise Refused(_("This certificate is not waiting for a decision."))
    _reasoned(reason)
    with act(actor, "assessments.refuse_certificate", certificate, at=at, person_id=certificate.person_id):
        _decide(actor, certificate, Status.REFUSED, reason, at)


def revoke(*, actor: User, certificate: OutsideCertificate, reason: str, at: datetime) -> None:
    """Take a confirmed certificate back: its evidence is set aside and the profile folded again without it."""
    _own(actor, certificate)
    if certificate.status != Status.CONFIRMED:
        raise Refused(_("Only a confirmed certificate can be taken back."))
    _reasoned(reason)
    with act(actor, "assessments.revoke_certificate", certificate, at=at, person_id=certificate.person_id):
        row = Evidence.objects.get(person=certificate.person, source=_source(certificate))
        void(actor=actor, evidence=row, reason=reason.strip(), at=at)
        _decide(actor, certificate, Status.REVOKED, reason, at)


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Please give a reason; the holder reads it."), field="reason")


def _decide(actor: User, row: OutsideCertificate, status: str, reason: str, at: datetime) -> None:
    row.status, row.reason, row.decided_by, row.decided_at = status, reason.strip()[:300], actor, at
    row.save(update_fields=["status", "reason", "decided_by", "decided_at", "tries"])


def of_person(person: Person) -> QuerySet[OutsideCertificate]:
    """Everything a person entered, newest first."""
    return OutsideCertificate.objects.filter(person=person).select_related("proof", "decided_by")


def in_scope(scope: Scope) -> QuerySet[OutsideCertificate]:
    """Certificates of the people whom a training officer answers for, those that wait first."""
    rows = OutsideCertificate.objects.filter(scope.units("person__unit__path"))
    return rows.select_related("person__unit", "proof", "decided_by").order_by("-status", "-entered_at")


def proof_path(row: OutsideCertificate) -> Path:
    """Where the proof lies. Raises `Refused` when it is gone."""
    path = Path(settings.MEDIA_ROOT) / row.proof.path
    if not path.is_file():
        raise Refused(_("The proof is no longer kept."))
    return path
