"""What of the plans follows when units are merged, divided or dissolved."""

from collections.abc import Set

from django.utils.translation import gettext_lazy as _

from nanglucso.develop.plans.models import PlannedSeat, Proposal, Scenario
from nanglucso.workforce.people.events import Follower

LIVE = (Scenario.Status.SOLVED, Scenario.Status.SUBMITTED, Scenario.Status.APPROVED)


def following() -> tuple[Follower, ...]:
    """Seats follow their person by themselves; proposals not yet answered are the successor's."""
    asked = {"status": Proposal.Status.SENT}
    return (
        Follower("plans.seats", _("seats in plans"), _seats),
        Follower("plans.proposals", _("proposals not yet answered"), _proposals, "plans.Proposal", "unit", asked),
    )


def _seats(units: Set[int], people: Set[int]) -> int:
    rows = PlannedSeat.objects.filter(planned_class__scenario__status__in=LIVE).values_list("person_id", flat=True)
    return sum(pk in people for pk in rows) if people else 0


def _proposals(units: Set[int], people: Set[int]) -> int:
    return Proposal.objects.filter(unit__in=units, status=Proposal.Status.SENT).count()
