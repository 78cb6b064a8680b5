"""Required minus believed: met, not met, not yet known."""

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GapsConfig(AppConfig):
    name = "nanglucso.measure.gaps"

    def ready(self) -> None:
        """Give this room's verbs their words."""
        from nanglucso.core.wording import name_codes
        from nanglucso.workforce.people.events import Follower, follow, worked_out

        worked_out("gaps.UnitSums")
        for field in ("unit", "shared_over"):
            follow(Follower(f"gaps.views.{field}", _("saved views"), _views(field), "gaps.SavedView", field))
        name_codes(
            {
                "gaps.snapshot": _("Kept the gaps of a day"),
                "gaps.export": _("Exported a table of gaps"),
                "gaps.save_view": _("Saved a view of the gaps"),
                "gaps.share_view": _("Shared a view of the gaps, or took it back"),
                "gaps.delete_view": _("Deleted a saved view of the gaps"),
            }
        )


def _views(field: str) -> Callable[[Any, Any], int]:
    def count(units: Any, people: Any) -> int:
        from nanglucso.measure.gaps.models import SavedView

        return SavedView.objects.filter(**{f"{field}__in": units}).count()

    return count
