"""Rates and caps with legal basis, funding sources, commitments and spending."""

from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "nanglucso.develop.budget"

    def ready(self) -> None:
        """Words for the log."""
        from nanglucso.core.wording import name_codes
        from nanglucso.develop.budget.wording import ACTS

        name_codes(ACTS)
