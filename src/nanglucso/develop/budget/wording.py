"""Words of the log, and amounts inside sentences."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nanglucso.kit.numbers import format_number

ACTS = {
    "budget.load_rates": _("Loaded the rate table"),
    "budget.set_rate": _("Set a rate"),
    "budget.set_source": _("Set a funding source"),
    "budget.adopt_plan": _("Took over the plan's figures"),
    "budget.commit": _("Committed money"),
    "budget.post": _("Entered a movement of money"),
    "budget.settle": _("Settled a commitment"),
    "budget.cancel": _("Released a commitment"),
    "budget.export": _("Exported the cost report"),
}


def money_text(amount: int) -> str:
    """đồng grouped as the reader's language groups them."""
    return format_number(amount, "en" if (get_language() or "vi").startswith("en") else "vi", 0)
