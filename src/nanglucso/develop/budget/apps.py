"""Rates and caps with legal basis, funding sources, commitments and spending."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetConfig(AppConfig):
    name = "nanglucso.develop.budget"

    def ready(self) -> None:
        """Words for the log."""
        from nanglucso.core.wording import name_codes
        from nanglucso.develop.budget.wording import ACTS
        from nanglucso.workforce.people.events import Follower, follow

        name_codes(ACTS)
        follow(Follower("budget.books", _("spending commitments for people of these units"), _books))


def _books(units: Any, people: Any) -> int:
    """Commitments of a closing unit: its archive lies below the successor, and so does its share in reports."""
    from nanglucso.develop.budget.models import Commitment

    told = Commitment.objects.exclude(units={}).values_list("units", flat=True) if units else ()
    return sum(any(int(pk) in units for pk in shares) for shares in told)
