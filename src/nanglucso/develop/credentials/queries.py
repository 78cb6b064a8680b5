"""Nouns of certificates."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from nanglucso.core.models import Job
from nanglucso.core.scope import Scope
from nanglucso.develop.credentials.models import Badge, Certificate, SigningKey, StatusList
from nanglucso.develop.credentials.rules import digest, initials, is_number, tidy
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.kit.integrity import multibase, proofs
from nanglucso.workforce.people.models import Person

_JOINED = ("person__unit", "training_class__course", "badge")


def own(person: Person) -> QuerySet[Certificate]:
    """A person's certificates, newest first, revoked ones among them."""
    return Certificate.objects.filter(person=person).select_related(*_JOINED)


def readable(scope: Scope, person: Person | None, *, managing: bool) -> QuerySet[Certificate]:
    """Certificates that a viewer may open: their own, and those of their units' people when they manage any."""
    mine = Q(person=person) if person else Q(pk__in=[])
    theirs = scope.units("person__unit__path") if managing else Q(pk__in=[])
    everything = managing and scope.everything
    rows = Certificate.objects.select_related(*_JOINED)
    return rows if everything else rows.filter(mine | theirs)


def of_class(training_class: TrainingClass, scope: Scope) -> QuerySet[Certificate]:
    """Certificates of a class, cut to the scope, in name order."""
    rows = Certificate.objects.filter(scope.units("person__unit__path"), training_class=training_class)
    return rows.select_related(*_JOINED).order_by("person__sort_key", "issued_at")


def lacking(training_class: TrainingClass) -> int:
    """How many completed the class and never had its certificate."""
    rows = training_class.enrolments.filter(status=Enrolment.Status.COMPLETED)
    return rows.exclude(person__certificates__training_class=training_class).count()


@dataclass(frozen=True)
class Verdict:
    """What the check page says. `state`: valid, expired, revoked, changed or unknown; `name` in full only for the right
    code. `signed`: a badge was made, and its signature holds."""

    state: str
    certificate: Certificate | None = None
    name: str = ""
    signed: bool = False

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day as they are printed."""
        told = self.certificate.content if self.certificate else None
        return (date.fromisoformat(told["from"]), date.fromisoformat(told["to"])) if told else None


def is_intact(certificate: Certificate) -> bool:
    """Whether every printed word is still what was issued."""
    told = certificate.content
    same = digest(told) == certificate.digest and told["number"] == certificate.number
    return same and told.get("valid_until") == (
        certificate.valid_until.isoformat() if certificate.valid_until else None
    )


def badge_of(certificate: Certificate) -> Badge | None:
    """The signed badge of a certificate, if it has been signed yet."""
    return Badge.objects.filter(certificate=certificate).exclude(signed_at=None).select_related("key").first()


def badge_holds(certificate: Certificate, badge: Badge) -> bool:
    """Whether a badge is signed by the key it was signed with, and says what the certificate says."""
    document, told = badge.document or {}, certificate.content
    try:
        subject = document["credentialSubject"]
        said = (subject["licenseNumber"], subject["identifier"][0]["identityHash"], document["name"])
        key = multibase.read_public(badge.key.public if badge.key else None)
        return said == (told["number"], told["name"], told["course"]) and proofs.holds(document, key)
    except (KeyError, IndexError, TypeError, ValueError):
        return False


def revoked_bits(row: StatusList) -> list[int]:
    """Bits of a list whose certificates are revoked."""
    rows = row.badges.exclude(certificate__revoked_at=None)
    return list(rows.order_by("index").values_list("index", flat=True))


def verdict(text: str, *, day: date) -> Verdict:
    """Look a certificate up by its check code, or by its number (then the name is shown as initials only).

    `day`: the day of the city on which it is asked.
    """
    wanted = tidy(text)
    rows = Certificate.objects.select_related("training_class__course")
    by_code = rows.filter(check_code=wanted).first() if wanted else None
    found = by_code or (rows.filter(number=wanted).first() if is_number(wanted) else None)
    if found is None:
        return Verdict("unknown")
    badge = badge_of(found)
    if not is_intact(found) or (badge and not badge_holds(found, badge)):
        return Verdict("changed", found)
    name = str(found.content["name"])
    ended = found.valid_until is not None and found.valid_until < day
    state = "revoked" if found.revoked_at else "expired" if ended else "valid"
    return Verdict(state, found, name if by_code else initials(name), badge is not None)


def badge_counts() -> dict[str, int]:
    """Badges signed, and certificates whose badge waits."""
    signed = Badge.objects.exclude(signed_at=None).count()
    return {"signed": signed, "waiting": Certificate.objects.count() - signed}


def signing_job() -> Job | None:
    """The latest work that signs badges."""
    return Job.objects.filter(kind="credentials.sign_badges").order_by("-created_at").first()


def keys() -> QuerySet[SigningKey]:
    """Every key, the one in use first, with how many badges it signed."""
    return SigningKey.objects.annotate(signed=Count("badges")).select_related("made_by")
