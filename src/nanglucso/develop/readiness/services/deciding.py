"""Verbs of the investment list: a person decides, the list only proposes."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.readiness.models import Decision
from nanglucso.workforce.people.models import Unit


def decide(*, actor: User, unit: Unit, verdict: str, reason: str, at: datetime) -> Decision:
    """Write down a decision on a unit's investments; an earlier one stays. Raises Refused without a reason."""
    if verdict not in Decision.Verdict.values:
        raise Refused(_("Choose what is to be done."), field="verdict")
    if not reason.strip():
        raise Refused(_("Write the reason, for example the number of the decision."), field="reason")
    with act(actor, "readiness.decide", unit, at=at, verdict=verdict):
        return Decision.objects.create(unit=unit, verdict=verdict, reason=reason.strip()[:300], by=actor, at=at)


def note_export(*, actor: User | None, rows: int, at: datetime) -> None:
    """Leave a trace of the list leaving the product."""
    with act(actor, "readiness.export", at=at, rows=rows):
        pass
