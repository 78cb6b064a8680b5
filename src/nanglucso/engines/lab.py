"""Practice tasks: a small simulated system, its log, and what the log is worth.

`Lab` is a task as read from its file (`content/labs`). A run is nothing but its log: `replay(lab, seed, log, until)`
gives the state at any moment, and `attempt` the next one. The same seed and log always give the same state: no clock,
no chance, no code in the data. A log row is `{seq, t, key, verb, args}`, `t` in seconds since the run began.
`key` names an act: a resend with a known key changes nothing.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nanglucso.engines.lab_predicates import LabFault, check, holds, value_at

EFFECTS = ("set", "add", "say")
LONGEST_TEXT = 2000


class ActRefused(ValueError):
    """The simulated system does not allow this act now; the message is what it answers."""


@dataclass(frozen=True)
class Lab:
    """A task: `actions`, `events`, `steps` with points, `critical` caps and `score` cuts per competence."""

    code: str
    objects: Mapping[str, Mapping[str, Any]]
    variants: Mapping[int, Mapping[str, Any]]
    actions: Mapping[str, Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]
    critical: Sequence[Mapping[str, Any]]
    score: Mapping[str, Mapping[str, Any]]
    seconds: int
    choices: Mapping[str, Sequence[str]]


@dataclass
class State:
    """What the simulated system holds at one moment."""

    objects: dict[str, dict[str, Any]]
    now: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    fired: dict[str, int] = field(default_factory=dict)
    due: dict[str, int] = field(default_factory=dict)
    log: list[Mapping[str, Any]] = field(default_factory=list)


def start(lab: Lab, seed: int) -> State:
    """The state before the first act; `seed` picks a data variant, which replaces single fields `object.field`."""
    objects = {name: dict(copy.deepcopy(fields)) for name, fields in lab.objects.items()}
    codes = sorted(lab.variants)
    for path, value in lab.variants[codes[seed % len(codes)]].items() if codes else ():
        name, _, attribute = path.partition(".")
        objects[name][attribute] = copy.deepcopy(value)
    return State(objects)


def attempt(lab: Lab, state: State, row: Mapping[str, Any]) -> State:
    """The state after `row`; the given one is left alone. A known key returns it unchanged.

    Raises ActRefused where the verb is unknown, an argument is missing, the time is over or `requires` does not hold.
    """
    if any(known["key"] == row["key"] for known in state.log):
        return state
    after = wait(lab, state, row["t"])
    action = lab.actions.get(row["verb"])
    if action is None or set(row["args"]) != set(action.get("args", ())):
        raise ActRefused("unknown act")
    if not all(_allowed(lab, name, value) for name, value in row["args"].items()):
        raise ActRefused("unknown choice or text too long")
    if row["t"] > lab.seconds or row["seq"] != len(state.log) + 1 or row["t"] < state.now:
        raise ActRefused("out of time or order")
    if "requires" in action and not holds(_filled(action["requires"], row["args"]), after.objects, after.log):
        raise ActRefused(action.get("refusal", "not possible now"))
    _act(after, _filled(action.get("effect", []), row["args"]))
    after.log.append(dict(row))
    _wake(lab, after)
    return after


def _allowed(lab: Lab, name: str, value: Any) -> bool:
    """An argument with choices is one of them; any other is a text of a bounded length."""
    return isinstance(value, str) and (
        value in lab.choices[name] if name in lab.choices else len(value) <= LONGEST_TEXT
    )


def wait(lab: Lab, state: State, until: int) -> State:
    """The state at `until` seconds if nobody acts: events that fall due happen in the order of their times."""
    after = copy.deepcopy(state)
    _wake(lab, after)
    while True:
        coming = sorted((at, code) for code, at in after.due.items() if at <= until)
        if not coming:
            break
        at, code = coming[0]
        after.now = max(after.now, at)
        event = next(one for one in lab.events if one["id"] == code)
        del after.due[code]
        after.fired[code] = at
        if "if" not in event or holds(event["if"], after.objects, after.log):
            _act(after, event["effect"])
        _wake(lab, after)
    after.now = max(after.now, until)
    return after


def replay(lab: Lab, seed: int, log: Sequence[Mapping[str, Any]], until: int | None = None) -> State:
    """The state at `until` seconds (the end of the log when None), from the log alone."""
    state = start(lab, seed)
    for row in log:
        if until is not None and row["t"] > until:
            break
        state = attempt(lab, state, row)
    return state if until is None else wait(lab, state, until)


def _wake(lab: Lab, state: State) -> None:
    """Set the alarm of each event whose condition has come true; a timed event has its alarm from the beginning."""
    for event in lab.events:
        code = event["id"]
        if code in state.fired or code in state.due:
            continue
        if "at" in event:
            state.due[code] = event["at"]
        elif holds(event["after"], state.objects, state.log):
            state.due[code] = state.now + event.get("delay", 0)


def _act(state: State, effects: Sequence[Mapping[str, Any]]) -> None:
    for effect in effects:
        ((kind, body),) = effect.items()
        if kind == "say":
            state.messages.append({"t": state.now, **body})
            continue
        path, value = body
        name, _, attribute = path.partition(".")
        if name not in state.objects:
            raise ActRefused("no such object")
        old = state.objects[name].get(attribute)
        state.objects[name][attribute] = [*(old or []), value] if kind == "add" else value


def _filled(part: Any, args: Mapping[str, Any]) -> Any:
    """The part with `$name` replaced by arguments; an argument inside a path cannot add a dot of its own."""
    if isinstance(part, list):
        return [_filled(one, args) for one in part]
    if isinstance(part, dict):
        return {name: _filled(one, args) for name, one in part.items()}
    if not isinstance(part, str) or not part.startswith("$"):
        return part
    name, dot, attribute = part[1:].partition(".")
    value = args[name]
    return f"{str(value).replace('.', '')}.{attribute}" if dot else value


def read(data: Mapping[str, Any]) -> Lab:
    """A task from its file's mapping. Raises LabFault with the place of the first fault."""
    try:
        lab = Lab(
            data["id"], data["objects"], data.get("variants", {}), data["actions"], data.get("events", []),
            data["steps"], data.get("critical", []), data["score"], data["minutes"] * 60, data["choices"],
        )  # fmt: skip
        _check_parts(lab)
    except (KeyError, TypeError, AttributeError) as error:
        raise LabFault(f"{data.get('id', '?')}: missing or misshapen: {error}") from error
    return lab


def _check_parts(lab: Lab) -> None:
    for verb, action in lab.actions.items():
        if "requires" in action:
            check(action["requires"], f"{lab.code}.actions.{verb}")
        _check_effects(action.get("effect", []), f"{lab.code}.actions.{verb}")
    for event in lab.events:
        for name in ("after", "if"):
            if name in event:
                check(event[name], f"{lab.code}.events.{event['id']}")
        if "at" not in event and "after" not in event:
            raise LabFault(f"{lab.code}.events.{event['id']}: `at` or `after` is needed")
        _check_effects(event["effect"], f"{lab.code}.events.{event['id']}")
    for step in lab.steps:
        check(step["ok"], f"{lab.code}.steps.{step['id']}")
        if step["competence"] not in lab.score:
            raise LabFault(f"{lab.code}.steps.{step['id']}: competence without a score")
    for error in lab.critical:
        check(error["when"], f"{lab.code}.critical.{error['id']}")
    for path in (path for variant in lab.variants.values() for path in variant):
        if value_at(lab.objects, path) is None:
            raise LabFault(f"{lab.code}.variants: {path} is not in objects")


def _check_effects(effects: Sequence[Mapping[str, Any]], where: str) -> None:
    for effect in effects:
        if len(effect) != 1 or next(iter(effect)) not in EFFECTS:
            raise LabFault(f"{where}: an effect is one of {', '.join(EFFECTS)}")
