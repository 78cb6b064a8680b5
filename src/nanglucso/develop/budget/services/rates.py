"""A rate of the city's own from a day on; the older one ends the day before."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget.models import Rate
from nanglucso.kit.dates import format_date


def set_rate(
    *, actor: User | None, code: str, amount: int, effective_from: date, legal_basis: str, at: datetime, note: str = ""
) -> Rate:  # fmt: skip
    """A new amount of a known rate. Raises Refused without a basis, or for a day not after the newest one's."""
    if amount < 0:
        raise Refused(_("The amount cannot be negative."), field="amount")
    if not legal_basis.strip():
        raise Refused(_("Write the legal basis: number and day of the decision."), field="legal_basis")
    begins = effective_from.isoformat()
    with act(actor, "budget.set_rate", at=at, code=code, amount=amount, effective_from=begins) as this:
        newest = Rate.objects.select_for_update().filter(code=code).order_by("effective_from").last()
        if newest is None:
            raise Refused(_("There is no rate with this code."))
        if newest.effective_from and effective_from <= newest.effective_from:
            day = format_date(newest.effective_from)
            text = _("The rate now on record began on %(day)s; choose a later day.")
            raise Refused(text % {"day": day}, field="effective_from")
        fields = {name: getattr(newest, name) for name in ("name_vi", "name_en", "kind", "per")}
        if newest.effective_to is None or newest.effective_to >= effective_from:
            newest.effective_to = effective_from - timedelta(days=1)
            newest.save(update_fields=["effective_to"])
        this.subject = row = Rate.objects.create(
            code=code, amount=amount, effective_from=effective_from, legal_basis=legal_basis.strip(), confidence="S",
            note=note, **fields,
        )  # fmt: skip
    return row
