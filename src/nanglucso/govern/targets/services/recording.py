"""Figures written down with what proves them, and taken back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import StoredFile, User
from nanglucso.core.refusals import Refused
from nanglucso.govern.targets import periods
from nanglucso.govern.targets.models import Indicator, Observation
from nanglucso.govern.targets.services.counting import recount
from nanglucso.workforce.people.models import Unit


@dataclass(frozen=True)
class Proof:
    """What proves a figure: a kept file, an address, or a document named in words, at least one of them; `system`:
    code of the system it is from ("" = by hand)."""

    link: str = ""
    file: StoredFile | None = None
    note: str = ""
    system: str = ""


def record_observation(
    *, actor: User | None, indicator_code: str, unit: Unit, period: str, value: Decimal, proof: Proof, at: datetime,
    counts: tuple[Decimal, Decimal] | None = None,
) -> Observation:  # fmt: skip
    """Write down what an indicator was in a unit (the root = the whole city) in a period: 2026-09, 2026-Q3, 2026-H1
    or 2026. A second figure of the same period replaces the first, which is kept. `counts`: part and whole that the
    value is the share of. Raises Refused."""
    indicator, span = _checked(indicator_code, unit, period, value, proof, at)
    part, whole = counts or (None, None)
    with act(actor, "targets.record", indicator, at=at, unit=unit.name, period=span.code, value=str(value)):
        old = Observation.objects.filter(indicator=indicator, unit=unit, period=span.code, ended_at=None)
        old.update(ended_at=at)
        row = Observation.objects.create(
            indicator=indicator, unit=unit, period=span.code, day=span.last, value=value, link=proof.link.strip(),
            file=proof.file, note=proof.note.strip(), system=proof.system, entered_by=actor, entered_at=at,
            part=part, whole=whole,
        )  # fmt: skip
        recount([(indicator.pk, unit.pk)])
    return row


def _checked(
    code: str, unit: Unit, period: str, value: Decimal, proof: Proof, at: datetime
) -> tuple[Indicator, periods.Period]:
    indicator = Indicator.objects.filter(code=code).first()
    if indicator is None or not indicator.countable:
        raise Refused(_("No figures are kept of the target %(code)s.") % {"code": code}, field="indicator")
    if not indicator.fits(unit):
        raise Refused(_("This target does not hold at the level of this unit: choose another unit."), field="unit")
    try:
        span = periods.parse(period)
    except ValueError:
        text = _("“%(value)s” is not a period: write 9/2026, quarter 3/2026 or 2026.")
        raise Refused(text % {"value": period[:40]}, field="period") from None
    if span.first > local_day(at):
        raise Refused(_("The period lies in the future."), field="period")
    if value < 0 or (indicator.measure.share and value > 100):
        raise Refused(_("A share lies between 0 and 100."), field="value")
    if not (proof.link.strip() or proof.file or proof.note.strip()):
        raise Refused(_("Say what proves the figure: an address or the number of a document."), field="link")
    if proof.link.strip() and not proof.link.strip().startswith(("https://", "http://", "/")):
        raise Refused(_("An address begins with https://."), field="link")
    return indicator, span


def withdraw(*, actor: User | None, observation: Observation, reason: str, at: datetime) -> None:
    """A figure no longer counts; it is kept with the reason. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Write why the figure no longer counts."), field="reason")
    with act(actor, "targets.withdraw", observation.indicator, at=at, unit=observation.unit.name) as this:
        row = Observation.objects.select_for_update().get(pk=observation.pk)
        if row.ended_at:
            raise Refused(_("This figure no longer counts already."))
        row.ended_at, row.why_ended = at, reason.strip()[:300]
        row.save(update_fields=["ended_at", "why_ended"])
        this.note(period=row.period, value=str(row.value), reason=row.why_ended)
        recount([(row.indicator_id, row.unit_id)])
