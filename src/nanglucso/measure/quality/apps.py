"""Appeals, corrections of results, and how items behave."""

from typing import Any

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "nanglucso.measure.quality"

    def ready(self) -> None:
        """Count what waits, give verbs their words."""
        from nanglucso.core.wording import name_codes
        from nanglucso.measure.quality.verbs import VERBS
        from nanglucso.ui.badges import badge

        badge("quality:appeals", _waiting)
        name_codes(VERBS)


def _waiting(request: Any) -> Any:
    from nanglucso.measure.quality.queries import waiting

    return waiting(request.access, request.user)
