"""Practice tasks: a small simulated system, its log, and what the log is worth.

`Lab` is a task as read from its file (`content/labs`). A run is nothing but its log: `replay(lab, seed, log, until)`
gives the state at any moment, and `attempt` the next one. The same seed and log always give the same state: no clock,
no chance, no code in the data. A log row is `{seq, t, key, verb, args}`, `t` in seconds since the run began.
`key` names an act: a resend with a known key changes nothing. Effects: `set: [path, value]`, `add: [path, value]` to a
list, `next: [counter path, path]` gives the counter's number and raises it, `say: {from, text}`, those of `lab_sheet`
(`fill`, `sort`, `unique`, `retype`, `delete_row`, `copy`) and `undo: []`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nanglucso.engines import lab_sheet
from nanglucso.engines.lab_predicates import LabFault, check, holds, value_at

SHEET_EFFECTS = (*lab_sheet.CHANGES, "undo")
PLAIN_EFFECTS = ("set", "add", "next", "say")
EFFECTS = (*PLAIN_EFFECTS, *SHEET_EFFECTS)
LONGEST_TEXT = 2000
MOST_UNDO = 30


class ActRefused(ValueError):
    """The simulated system does not allow this act now; the message is what it answers.

    `code`: which rule of a sheet said no (`lab_sheet.SheetRefused`), "" for every other reason.
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


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
    """What the simulated system holds at one moment. Values inside are never changed, only replaced.

    `past`: the sheets' grids before each change that can be undone, the latest last.
    """

    objects: dict[str, dict[str, Any]]
    now: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    fired: dict[str, int] = field(default_factory=dict)
    due: dict[str, int] = field(default_factory=dict)
    log: list[Mapping[str, Any]] = field(default_factory=list)
    past: list[dict[str, lab_sheet.Grid]] = field(default_factory=list)

    def twin(self) -> "State":
        """A state that can be moved on while this one is left alone."""
        return replace(
            self, objects={name: dict(fields) for name, fields in self.objects.items()}, messages=[*self.messages],
            fired=dict(self.fired), due=dict(self.due), log=[*self.log], past=[*self.past],
        )  # fmt: skip


def start(lab: Lab, seed: int) -> State:
    """The state before the first act; `seed` picks a data variant, which replaces single fields `object.field`."""
    objects = {name: dict(fields) for name, fields in lab.objects.items()}
    codes = sorted(lab.variants)
    for path, value in lab.variants[codes[seed % len(codes)]].items() if codes else ():
        name, _, attribute = path.partition(".")
        objects[name][attribute] = value
    for fields in objects.values():
        if "rows" in fields:
            fields["rows"] = lab_sheet.grid(fields["rows"])
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
    after = state.twin()
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
        if kind in SHEET_EFFECTS:
            _sheet(state, kind, body)
            continue
        path, value = body
        if kind == "next":
            counter, path, value = path, value, value_at(state.objects, path)
            _put(state, counter, value + 1)
        _put(state, path, value, kind == "add")


def _put(state: State, path: str, value: Any, add: bool = False) -> None:
    name, _, attribute = path.partition(".")
    if name not in state.objects:
        raise ActRefused("no such object")
    old = state.objects[name].get(attribute)
    state.objects[name][attribute] = [*(old or []), value] if add else value


def _sheet(state: State, kind: str, body: Sequence[Any]) -> None:
    """One change of a sheet; it can be undone, a copy and the undo itself cannot. Raises ActRefused."""
    if kind == "undo":
        if not state.past:
            raise ActRefused("nothing to undo", "undo")
        changed = state.past.pop()
    else:
        try:
            changed = lab_sheet.CHANGES[kind](state.objects, *body)
        except lab_sheet.SheetRefused as no:
            raise ActRefused(f"not possible in this sheet: {no}", str(no)) from no
        if kind != "copy":
            before = {code: state.objects[code]["rows"] for code in changed}
            if before == changed:
                raise ActRefused("nothing would change", "same")
            state.past = [*state.past, before][-MOST_UNDO:]
    for code, rows in changed.items():
        state.objects[code]["rows"] = rows


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
        _check_effects(action.get("effect", []), f"{lab.code}.actions.{verb}", EFFECTS)
    for name, fields in lab.objects.items():
        if "rows" in fields and (wrong := lab_sheet.faults(name, fields)):
            raise LabFault(f"{lab.code}.objects.{wrong}")
    for event in lab.events:
        for name in ("after", "if"):
            if name in event:
                check(event[name], f"{lab.code}.events.{event['id']}")
        if "at" not in event and "after" not in event:
            raise LabFault(f"{lab.code}.events.{event['id']}: `at` or `after` is needed")
        _check_effects(event["effect"], f"{lab.code}.events.{event['id']}", PLAIN_EFFECTS)
    for step in lab.steps:
        check(step["ok"], f"{lab.code}.steps.{step['id']}")
        if step["competence"] not in lab.score:
            raise LabFault(f"{lab.code}.steps.{step['id']}: competence without a score")
    for error in lab.critical:
        check(error["when"], f"{lab.code}.critical.{error['id']}")
    for path in (path for variant in lab.variants.values() for path in variant):
        if value_at(lab.objects, path) is None:
            raise LabFault(f"{lab.code}.variants: {path} is not in objects")


def _check_effects(effects: Sequence[Mapping[str, Any]], where: str, known: Sequence[str]) -> None:
    """An event changes no sheet: undo would take its change back."""
    for effect in effects:
        if len(effect) != 1 or next(iter(effect)) not in known:
            raise LabFault(f"{where}: an effect is one of {', '.join(known)}")
