"""Long work of this room."""

from typing import Any

from nanglucso.core.clock import now
from nanglucso.core.db import write_turn
from nanglucso.core.jobs import Progress, job
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.services import solve_now
from nanglucso.workforce.framework.queries import current_framework


@job("plans.solve")
def solve(progress: Progress, *, scenario_id: int, seconds: int) -> dict[str, Any]:
    """Compute a scenario; every better plan leaves a point of the curve that the page shows."""
    scenario = Scenario.objects.get(pk=scenario_id)
    track: list[list[float]] = []

    def better(after: float, objective: float, bound: float) -> None:
        track.append([round(after, 2), round(objective, 2), round(bound, 2)])
        with write_turn():
            Scenario.objects.filter(pk=scenario_id).update(track=track[-200:])
        if not progress.should_stop():
            progress.step(min(0.95, after / max(1, seconds)), f"{100 * objective / bound:.1f}%" if bound else "")

    try:
        done = solve_now(
            actor=progress_owner(progress), framework=current_framework(), scenario=scenario, at=now(),
            seconds=seconds, on_incumbent=better, should_stop=progress.should_stop,
        )  # fmt: skip
    except Exception:
        Scenario.objects.filter(pk=scenario_id).update(status=Scenario.Status.FAILED)
        raise
    Scenario.objects.filter(pk=scenario_id).update(track=track[-200:])
    return {"objective": done.figures["objective"], "gap": done.figures["gap"]}


def progress_owner(progress: Progress) -> Any:
    """Who asked for this job."""
    from nanglucso.core.models import Job

    return Job.objects.get(pk=progress.job_id).created_by
