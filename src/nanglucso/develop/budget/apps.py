"""Rates and caps with legal basis, funding sources."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetConfig(AppConfig):
    name = "nanglucso.develop.budget"

    def ready(self) -> None:
        """Words for the log."""
        from nanglucso.core.wording import name_codes

        name_codes({"budget.load_rates": _("Loaded the rate table"), "budget.set_source": _("Set a funding source")})
