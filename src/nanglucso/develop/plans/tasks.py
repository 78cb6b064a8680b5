"""Long work of this room."""

from typing import Any

from django.urls import reverse

from nanglucso.core.clock import now
from nanglucso.core.db import write_turn
from nanglucso.core.jobs import Cancelled, Progress, job
from nanglucso.core.models import Job, User
from nanglucso.develop.plans import trying
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.services import keep_frontier, mark_failed, solve_now
from nanglucso.workforce.framework.queries import current_framework

POINTS = 200
SECONDS_BETWEEN = 0.5


@job("plans.solve")
def solve(progress: Progress, *, scenario_id: int, seconds: int) -> dict[str, Any]:
    """Compute a scenario; every better plan leaves a point of the curve that the page shows."""
    scenario = Scenario.objects.get(pk=scenario_id)
    track = Track(progress, scenario_id, seconds)
    try:
        done = solve_now(
            actor=_owner(progress), framework=current_framework(), scenario=scenario, at=now(), seconds=seconds,
            on_incumbent=track.better, should_stop=progress.should_stop,
        )  # fmt: skip
    except Exception:
        mark_failed(scenario=scenario, at=now())
        raise
    track.write()
    return {
        "objective": done.figures["objective"],
        "gap": done.figures["gap"],
        "url": reverse("plans:show", args=[scenario_id]),
    }


@job("plans.frontier")
def frontier(progress: Progress, *, scenario_id: int) -> dict[str, Any]:
    """Plans near the computed one under other budgets, one after the other."""
    scenario = Scenario.objects.get(pk=scenario_id)
    points: list[dict[str, float]] = []
    for share, point in trying.along(current_framework(), scenario, at=now(), should_stop=progress.should_stop):
        points.append(point)
        keep_frontier(scenario=scenario, points=points, done=False, at=now())
        progress.step(min(0.95, len(points) / len(trying.SHARES)), f"{round(100 * share)}%")
    keep_frontier(scenario=scenario, points=points, done=True, at=now())
    return {"points": len(points), "url": reverse("plans:show", args=[scenario_id])}


class Track:
    """Keeps the curve of better plans and bounds, and writes it at most twice a second."""

    def __init__(self, progress: Progress, scenario_id: int, seconds: int) -> None:
        self.progress, self.scenario_id, self.seconds = progress, scenario_id, max(1, seconds)
        self.points: list[list[float]] = []
        self.written = -SECONDS_BETWEEN

    def better(self, after: float, objective: float, bound: float) -> None:
        """The engine's callback: seconds since the start, weighted levels closed, proven bound."""
        self.points.append([round(after, 2), round(objective, 2), round(bound, 2)])
        if after - self.written < SECONDS_BETWEEN:
            return
        self.written = after
        self.write()
        said = f"{100 * objective / bound:.1f}%" if bound else ""
        try:
            self.progress.step(min(0.95, after / self.seconds), said)
        except Cancelled:
            # Being stopped is no failure here: the engine sees it by itself and hands out its best plan.
            return

    def write(self) -> None:
        """Keep the last points with the scenario."""
        with write_turn():
            Scenario.objects.filter(pk=self.scenario_id).update(track=self.points[-POINTS:])


def _owner(progress: Progress) -> User | None:
    return Job.objects.get(pk=progress.job_id).created_by
