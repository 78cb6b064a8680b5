"""The leader's page, the year page, the yearly report, official documents."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "nanglucso.govern.reports"

    def ready(self) -> None:
        """Give what is done its words."""
        from nanglucso.core.wording import name_codes

        name_codes({"reports.roll_up": _("Working out the leader's page")})
