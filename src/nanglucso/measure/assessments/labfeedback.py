"""What a run was worth, step by step: after its end, and in free practice already while it goes on.

A task that counts shows none of this before the release (`labqueries.feedback_is_shown`).
"""

from typing import Any

from nanglucso.engines import lab as engine
from nanglucso.engines.lab_score import Outcome, outcome
from nanglucso.measure.assessments import labruns
from nanglucso.measure.assessments.labscreens import line
from nanglucso.measure.assessments.labtexts import DROPPED
from nanglucso.measure.assessments.models import LabRun


def feedback(run: LabRun) -> dict[str, Any]:
    """After the end: `steps` with what was found and what is right, `errors` in words, `log` as a replay."""
    body, done, errors = run.version.body, set(run.result["done"]), set(run.result["errors"])
    names = {one.code: one.short for one in run.version.lab.competences.all()}
    return {
        "steps": [_step(one, one["id"] in done, names) for one in body["steps"]],
        "done": len(done),
        "errors": [one["say"] for one in body.get("critical", []) if one["id"] in errors],
        "log": replayed(run),
    }


def _step(step: dict[str, Any], ok: bool, names: dict[str, str]) -> dict[str, Any]:
    """`right`: of a step that was missed, how it looks when it is done."""
    told = {"ok": ok, "competence": step["competence"], "name": names.get(step["competence"], "")}
    return told | ({"said": step["feedback_ok"]} if ok else {"said": step["feedback_no"], "right": step["feedback_ok"]})


def replayed(run: LabRun) -> list[dict[str, Any]]:
    """One's own acts in order, each with the steps it reached or undid and the serious errors it made.

    Once typed texts are dropped the states cannot be made again: then the acts stand alone.
    """
    body, rows = run.version.body, labruns.log(run)
    lines = [line(body["screen"], row) for row in rows]
    if run.result.get(DROPPED):
        return lines
    lab = labruns.task(run)
    state = engine.start(lab, run.seed)
    was = outcome(lab, state)
    for row, shown in zip(rows, lines, strict=True):
        state = engine.attempt(lab, state, row)
        now = outcome(lab, state)
        shown |= _turned(body, was, now)
        was = now
    return lines


def _turned(body: dict[str, Any], was: Outcome, now: Outcome) -> dict[str, list[str]]:
    """What changed between two moments, in the task's own words."""
    steps, errors = body["steps"], body.get("critical", [])
    return {
        "reached": [one["feedback_ok"] for one in steps if one["id"] in now.done - was.done],
        "undone": [one["feedback_no"] for one in steps if one["id"] in was.done - now.done],
        "wrong": [one["say"] for one in errors if one["id"] in now.errors - was.errors],
    }


def so_far(run: LabRun) -> dict[str, list[str]]:
    """In free practice: what the last act reached, undid or broke, and what was reached before (`kept`).

    Steps still open are not named: finding them is the task.
    """
    lab, rows = labruns.task(run), labruns.log(run)
    if not rows:
        return {}
    before = outcome(lab, engine.replay(lab, run.seed, rows[:-1]))
    now = outcome(lab, engine.replay(lab, run.seed, rows))
    kept = [one["feedback_ok"] for one in run.version.body["steps"] if one["id"] in before.done & now.done]
    return _turned(run.version.body, before, now) | {"kept": kept}


def one_way(run: LabRun) -> list[dict[str, Any]]:
    """The acts of one way to the goal for this data variant, from the task's own traces; [] where it has none."""
    body, lab = run.version.body, labruns.task(run)
    n, best = max(1, len(lab.variants)), {code: len(rule["cuts"]) for code, rule in lab.score.items()}
    for trace in body.get("traces", {}).values():
        if trace["seed"] % n == run.seed % n and trace["expect"] == best:
            acts = [{"t": t, "verb": verb, "args": args} for t, verb, args in trace["acts"]]
            return [line(body["screen"], row) for row in acts]
    return []
