"""Nouns of certificates."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.develop.credentials.models import Certificate
from nanglucso.develop.credentials.rules import digest, initials, is_number, tidy
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.workforce.people.models import Person

_JOINED = ("person__unit", "training_class__course")


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
    """What the check page says. `state`: valid, revoked, changed or unknown; `name` in full only for the right code."""

    state: str
    certificate: Certificate | None = None
    name: str = ""

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day as they are printed."""
        told = self.certificate.content if self.certificate else None
        return (date.fromisoformat(told["from"]), date.fromisoformat(told["to"])) if told else None


def is_intact(certificate: Certificate) -> bool:
    """Whether every printed word is still what was issued."""
    same = digest(certificate.content) == certificate.digest
    return same and certificate.content["number"] == certificate.number


def verdict(text: str) -> Verdict:
    """Look a certificate up by its check code, or by its number (then the name is shown as initials only)."""
    wanted = tidy(text)
    rows = Certificate.objects.select_related("training_class__course")
    by_code = rows.filter(check_code=wanted).first() if wanted else None
    found = by_code or (rows.filter(number=wanted).first() if is_number(wanted) else None)
    if found is None:
        return Verdict("unknown")
    if not is_intact(found):
        return Verdict("changed", found)
    name = str(found.content["name"])
    return Verdict("revoked" if found.revoked_at else "valid", found, name if by_code else initials(name))
