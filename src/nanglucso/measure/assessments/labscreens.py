"""What of a practice task may reach the browser: only what its file's `screen` names. Read only."""

from datetime import datetime
from typing import Any

from nanglucso.engines import lab as engine
from nanglucso.measure.assessments.labplaces import Desk, Look, place_of, tabs, word
from nanglucso.measure.assessments.labruns import elapsed, limit, log, task
from nanglucso.measure.assessments.models import LabRun

PANES = {"mailbox": "assessments/lab_mail.html", "documents": "assessments/lab_paper.html"}


def player(run: LabRun, at: datetime, look: Look | None = None, typed: dict[str, str] | None = None) -> dict[str, Any]:
    """Scenario and goal, the place that is looked at, messages so far, seconds left; see `labplaces.place_of`."""
    body, seconds = run.version.body, elapsed(run, at)
    screen, rows = body["screen"], log(run)
    state = engine.replay(task(run), run.seed, rows, until=seconds)
    desk = Desk(body, state, rows, look or Look(), typed or {})
    last = rows[-1]["t"] if rows else 0
    return {
        "scenario": body["scenario"],
        "goal": body["goal"],
        "system": body["system"],
        "app": screen.get("app", {}),
        "pane": PANES.get(body["system"], "assessments/lab_fields.html"),
        "places": tabs(desk),
        "place": place_of(desk),
        "messages": [
            {"from": m["from"], "text": m["text"], "clock": clock(m["t"]), "new": m["t"] > last}
            for m in reversed(state.messages)
        ],
        "log": [line(screen, row) for row in rows],
        "saved_at": run.events.latest("seq").at if rows else None,
        "seconds": limit(run) - seconds,
        "left": clock(limit(run) - seconds),
    }


def clock(seconds: int) -> str:
    """Minutes and seconds, `3:05`."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def line(screen: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """One act of the log in words; `dropped`: what was typed is not kept any more."""
    said = " · ".join(word(screen, value) for value in row["args"].values() if value not in ("", None))
    dropped = any(value is None for value in row["args"].values())
    return {"clock": clock(row["t"]), "label": screen["acts"][row["verb"]], "said": said, "dropped": dropped}
