"""Certificates and their public check page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CredentialsConfig(AppConfig):
    name = "nanglucso.develop.credentials"

    def ready(self) -> None:
        """Give this room's verbs their words."""
        from nanglucso.core.wording import name_codes

        name_codes(
            {
                "credentials.issue": _("Issued the certificates of a class"),
                "credentials.revoke": _("Revoked a certificate"),
                "credentials.reissue": _("Issued a certificate again"),
                "credentials.print": _("Opened somebody's certificate"),
            }
        )
