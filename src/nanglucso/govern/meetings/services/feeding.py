"""Figures of meetings without paper handed on to the targets, each time because somebody says so."""

from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings.queries import feeding
from nanglucso.govern.targets.services import Proof, record_observation
from nanglucso.workforce.people.models import Unit


def feed_targets(*, actor: User | None, unit: Unit, period: str, seal: str, at: datetime) -> list[str]:
    """Write a month's share of meetings without paper down as a figure of the targets about them; their codes.

    `seal`: of the archives that the sender saw (`feeding.Month.seal`); the figure rests on them and names them. A
    figure of the same month is replaced and kept. Raises Refused.
    """
    indicators = feeding.fed(unit)
    if not indicators:
        raise Refused(_("No target counts the meetings of %(unit)s.") % {"unit": unit.name})
    year = period.partition("-")[0]
    rows = feeding.months(unit, int(year)) if year.isdigit() and len(year) == 4 else []
    month = next((one for one in rows if one.period.code == period), None)
    if month is None:
        raise Refused(_("No meeting ended in that month."))
    if month.period.last >= local_day(at):
        raise Refused(_("The month %(month)s is not over yet.") % {"month": month.period.name})
    if month.seal != seal:
        raise Refused(_("Meetings were archived meanwhile: look at the figure once more."))
    _check_new(unit, month)
    told = {"n": month.proven, "held": month.held, "month": month.period.name, "seal": month.seal}
    note = _("Meetings without paper %(month)s: %(n)s archived of %(held)s held; SHA-256 %(seal)s") % told
    proof = Proof(link=f"{reverse('meetings:figures')}?nam={month.period.year}", note=note)
    with act(actor, "meetings.feed_targets", unit, at=at, period=period, value=str(month.value), sha256=month.seal):
        for one in indicators:
            record_observation(
                actor=actor, indicator_code=one.code, unit=unit, period=period, value=month.value, proof=proof, at=at,
                counts=(Decimal(month.proven), Decimal(month.held)),
            )  # fmt: skip
    return [one.code for one in indicators]


def _check_new(unit: Unit, month: feeding.Month) -> None:
    held = feeding.written(unit, feeding.fed(unit)).get(month.period.code, [])
    if held and all((row.value, row.whole) == (month.value, month.held) for row in held):
        raise Refused(_("This figure is written down already."))
