"""Two planners, one scenario: whoever comes second is told who changed what, and overwrites nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import Scenario, ScenarioEdit

FROZEN = (Scenario.Status.SUBMITTED, Scenario.Status.APPROVED, Scenario.Status.REPLACED)


class Overtaken(Refused):
    """Somebody else changed the scenario meanwhile; `edits` says who and what, oldest first."""

    def __init__(self, edits: list[ScenarioEdit]) -> None:
        super().__init__(_("Somebody else has changed this scenario meanwhile; nothing of yours was saved yet."))
        self.edits = edits


def claim(scenario: Scenario, version: int | None) -> None:
    """Hold the row and see that it still is the version that was looked at (None = any). Raises Refused, Overtaken."""
    fresh = Scenario.objects.select_for_update().select_related("job").get(pk=scenario.pk)
    if fresh.status in FROZEN:
        raise Refused(_("This plan has been sent for approval; copy it to change it."))
    if fresh.is_running:
        raise Refused(_("This plan is being computed: stop the computation first."))
    if version is not None and fresh.version != version:
        edits = ScenarioEdit.objects.filter(scenario=scenario, version__gt=version).select_related("by")
        raise Overtaken(list(edits))
    for field in ("version", "status", "figures"):
        setattr(scenario, field, getattr(fresh, field))


def record(scenario: Scenario, actor: User | None, at: datetime, changes: Mapping[str, Any]) -> None:
    """The next version and what made it; the caller saves the row."""
    scenario.version += 1
    ScenarioEdit.objects.create(scenario=scenario, version=scenario.version, changes=dict(changes), by=actor, at=at)
