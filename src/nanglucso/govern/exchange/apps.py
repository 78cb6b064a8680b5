"""Data for other systems: the read API with its tokens, open data without persons, the data dictionary."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "nanglucso.govern.exchange"

    def ready(self) -> None:
        """Give this room's verbs their words."""
        from nanglucso.core.wording import name_codes

        name_codes(
            {
                "exchange.issue_token": _("Issued an access token"),
                "exchange.revoke_token": _("Revoked an access token"),
                "exchange.use_token": _("An access token was used for the first time that day"),
                "exchange.ask_release": _("Asked for a release of open data"),
                "exchange.make_release": _("Making a release of open data"),
                "exchange.set_public": _("Opened or closed the public page of open data"),
            }
        )
