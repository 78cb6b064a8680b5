"""Long work of this room."""

from typing import Any

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.govern.reports.services import ROLL_UP, keep_sheet, keep_trend
from nanglucso.workforce.framework.queries import current_framework


@job(ROLL_UP)
def roll_up(progress: Progress) -> dict[str, Any]:
    """The leader's page and the change from year to year, before anybody asks for them."""
    framework = current_framework()
    keep_sheet(framework=framework, at=now())
    progress.step(0.3)
    keep_trend(framework=framework, at=now())
    return {}
