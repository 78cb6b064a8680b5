"""Certificates and their public check page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CredentialsConfig(AppConfig):
    name = "nanglucso.develop.credentials"

    def ready(self) -> None:
        """Give this room's verbs their words."""
        from nanglucso.core.wording import name_codes
        from nanglucso.develop.credentials.forgetting import forget
        from nanglucso.workforce.people.events import Forgetter, on_erasure

        on_erasure(Forgetter("credentials", forget))
        name_codes(
            {
                "credentials.issue": _("Issued the certificates of a class"),
                "credentials.revoke": _("Revoked a certificate"),
                "credentials.reissue": _("Issued a certificate again"),
                "credentials.forget": _("Took a name off certificates"),
                "credentials.print": _("Opened somebody's certificate"),
                "credentials.download_badge": _("Downloaded somebody's badge"),
                "credentials.rotate_key": _("Began a new signing key"),
                "credentials.reserve": _("Reserved places for badges"),
                "credentials.sign": _("Signed badges"),
                "credentials.ask_sign": _("Asked for badges to be signed"),
                "credentials.sign_badges": _("Signing badges"),
                "credentials.remind": _("Told holders that a certificate ends soon"),
                "credentials.mail_expiry": _("Sending notices of certificates that end soon"),
                "credentials.read_list": _("Read a list of courses elsewhere"),
                "credentials.apply_list": _("Applied a list of courses elsewhere"),
                "credentials.undo_list": _("Undid a list of courses elsewhere"),
            }
        )
