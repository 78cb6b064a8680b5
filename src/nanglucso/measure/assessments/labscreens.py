"""What of a practice task may reach the browser: only what its file's `screen` names. Read only."""

import uuid
from datetime import datetime
from typing import Any

from nanglucso.engines import lab as engine
from nanglucso.measure.assessments.labruns import elapsed, limit, log, task
from nanglucso.measure.assessments.models import LabRun


def player(run: LabRun, at: datetime) -> dict[str, Any]:
    """Scenario, goal, objects (shown fields only), acts as forms, messages so far, seconds left."""
    body, seconds = run.version.body, elapsed(run, at)
    screen = body["screen"]
    rows = log(run)
    state = engine.replay(task(run), run.seed, rows, until=seconds)
    objects = [(screen["names"][name], _fields(screen, fields)) for name, fields in state.objects.items()]
    return {
        "scenario": body["scenario"],
        "goal": body["goal"],
        "objects": objects,
        "acts": [_form(body, verb) for verb in body["actions"]],
        "messages": [{"from": m["from"], "text": m["text"], "clock": clock(m["t"])} for m in reversed(state.messages)],
        "log": [_line(screen, row) for row in rows],
        "left": clock(limit(run) - seconds),
    }


def _fields(screen: dict[str, Any], fields: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (label, word(screen, fields[name]))
        for name, label in screen["shows"].items()
        if fields.get(name) not in (None, "")
    ]


def word(screen: dict[str, Any], value: Any) -> str:
    """A value in the words of the task; `str` of it where it has none."""
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    words: dict[str, str] = {**screen["values"], **screen["names"]}
    return words.get(plain, plain)


def clock(seconds: int) -> str:
    """Minutes and seconds, `3:05`."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def _form(body: dict[str, Any], verb: str) -> dict[str, Any]:
    screen, args = body["screen"], body["actions"][verb].get("args", [])
    choices = {name: [(one, word(screen, one)) for one in body["choices"].get(name, [])] for name in args}
    shown = [{"name": name, "label": screen["args"][name], "choices": choices[name]} for name in args]
    return {"verb": verb, "label": screen["acts"][verb], "args": shown, "key": uuid.uuid4()}


def _line(screen: dict[str, Any], row: dict[str, Any]) -> dict[str, str]:
    said = " · ".join(word(screen, value) for value in row["args"].values())
    return {"clock": clock(row["t"]), "label": screen["acts"][row["verb"]], "said": said}


def feedback(run: LabRun) -> dict[str, Any]:
    """After the end: each step done or not with its feedback, critical errors in words, and one's own log."""
    body = run.version.body
    done, errors = set(run.result["done"]), set(run.result["errors"])
    steps = [
        {"ok": s["id"] in done, "said": s["feedback_ok" if s["id"] in done else "feedback_no"]} for s in body["steps"]
    ]
    return {
        "steps": steps,
        "done": len(done),
        "errors": [one["say"] for one in body.get("critical", []) if one["id"] in errors],
        "log": [_line(body["screen"], row) for row in log(run)],
    }
