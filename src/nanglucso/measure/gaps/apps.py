"""Required minus believed: met, not met, not yet known."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GapsConfig(AppConfig):
    name = "nanglucso.measure.gaps"

    def ready(self) -> None:
        """Give this room's verbs their words."""
        from nanglucso.core.wording import name_codes

        name_codes(
            {
                "gaps.snapshot": _("Kept the gaps of a day"),
                "gaps.export": _("Exported a table of gaps"),
                "gaps.save_view": _("Saved a view of the gaps"),
                "gaps.share_view": _("Shared a view of the gaps, or took it back"),
                "gaps.delete_view": _("Deleted a saved view of the gaps"),
            }
        )
