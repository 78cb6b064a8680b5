"""Who was asked, who answered, who is late."""

from datetime import date

from django.db.models import Q, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.develop.readiness.models import FactSheet, Slip, SurveyRound
from nanglucso.workforce.people.models import Person


def rounds() -> QuerySet[SurveyRound]:
    """Every round, newest first."""
    return SurveyRound.objects.select_related("opened_by")


def slips(row: SurveyRound) -> QuerySet[Slip]:
    """The round's slips in tree order."""
    return row.slips.select_related("unit", "contact", "saved_by").order_by("unit__path")


def late(row: SurveyRound, day: date) -> list[Slip]:
    """Who still owes an answer, those never reminded first, then the longest not reminded."""
    owing = slips(row).filter(sent_at=None)
    return sorted(owing, key=lambda slip: (slip.reminders, slip.unit.path))


def slip_counts(row: SurveyRound) -> dict[str, int]:
    """all, sent, begun (saved, not sent), silent."""
    n, sent = row.slips.count(), row.slips.exclude(sent_at=None).count()
    begun = row.slips.filter(sent_at=None).exclude(saved_at=None).count()
    return {"all": n, "sent": sent, "begun": begun, "silent": n - sent - begun}


def fillable(*, scope: Scope, heads: bool, person: Person | None) -> QuerySet[Slip]:
    """Slips that somebody may fill in: of units in scope for who heads them, and those where they are the contact."""
    mine = Q(contact=person) if person else Q(pk__in=[])
    if heads:
        inside = scope.units("unit__path")
        mine = Q() if inside == Q() else mine | inside
    return (
        Slip.objects.filter(mine)
        .select_related("round", "unit", "contact", "saved_by")
        .order_by("-round", "unit__path")
    )


def waiting_slips(*, scope: Scope, heads: bool, person: Person | None) -> QuerySet[Slip]:
    """Of these, those of open rounds that were not sent."""
    return fillable(scope=scope, heads=heads, person=person).filter(sent_at=None, round__closed_at=None)


def sheets() -> QuerySet[FactSheet]:
    """Every sheet read, newest first."""
    return FactSheet.objects.select_related("read_by").defer("plan")
