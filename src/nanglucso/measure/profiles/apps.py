"""The evidence ledger and the belief folded from it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    name = "nanglucso.measure.profiles"

    def ready(self) -> None:
        """Give this room's verbs their words; move with the framework."""
        from nanglucso.core.wording import name_codes
        from nanglucso.measure.profiles.moving import BeliefMover
        from nanglucso.workforce.framework import passing

        passing.register("profiles", BeliefMover())
        name_codes(
            {
                "profiles.record": _("Added evidence to a profile"),
                "profiles.void": _("Set evidence aside"),
                "profiles.refold": _("Working out profiles again after two records became one or came apart"),
                "profiles.view_person": _("Looked at a person's profile"),
                "profiles.update_family_priors": _("Learned where position groups begin"),
                "profiles.adopt_prior": _("Put new correlations of competences into force"),
                "profiles.withdraw_prior": _("Withdrew correlations of competences"),
            }
        )
