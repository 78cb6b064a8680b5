"""Infrastructure of units beside the competence of their people: survey, sheets, map, investment list."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReadinessConfig(AppConfig):
    name = "nanglucso.develop.readiness"

    def ready(self) -> None:
        """Words for the log; slips that wait; what follows a reorganisation."""
        from nanglucso.core.wording import name_codes
        from nanglucso.develop.readiness.queries import waiting_slips
        from nanglucso.develop.readiness.wording import ACTS
        from nanglucso.ui.badges import badge
        from nanglucso.workforce.people.events import Follower, follow

        name_codes(ACTS)
        badge("readiness:mine", lambda request: waiting_slips(**_who(request)))
        follow(Follower("readiness.facts", _("infrastructure figures of these units"), _figures))


def _who(request: Any) -> dict[str, Any]:
    from nanglucso.develop.readiness.rules import heads

    access = request.access
    return {"scope": access.scope, "heads": heads(access), "person": access.person}


def _figures(units: Any, people: Any) -> int:
    """Figures of a closing unit stay with it: its successor counts anew."""
    from nanglucso.develop.readiness.models import Facts

    return Facts.objects.filter(unit__in=units, withdrawn_at=None).values("unit").distinct().count() if units else 0
