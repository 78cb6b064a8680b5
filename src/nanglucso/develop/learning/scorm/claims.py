"""What a unit of a package claims, folded into one state that the next launch begins from.

A state: `values` {name of the data model: text}; `launch` and `n` of the last message taken; `open`: between
LMSInitialize and LMSFinish; `closed`: seconds of sessions that have ended; `seen`: the unit was opened.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nanglucso.develop.learning.scorm import cmi

State = dict[str, Any]
BEGIN, SET, END = "begin", "set", "end"
EVENTS = (BEGIN, SET, END)
LENIENCE = 60.0


@dataclass(frozen=True)
class Message:
    """`n`: messages of one launch count up; `launch`: milliseconds since 1970 when the page was opened."""

    launch: int
    n: int
    event: str
    values: dict[str, str]


def is_late(state: State, message: Message) -> bool:
    """Whether a newer message was taken already: of this launch, or of a page opened later."""
    return (message.launch, message.n) <= (state.get("launch", 0), state.get("n", -1))


def folded(state: State, message: Message, *, mastery: str, at: datetime) -> State:
    """The state after a message that is not late. `mastery`: the unit's mastery score, "" = none."""
    new = {"closed": 0.0, "open": False, **state, "seen": True, "values": dict(state.get("values", {}))}
    values = new["values"]
    if message.launch != state.get("launch") or message.event == BEGIN:
        new["open"] = message.event == BEGIN or (new["open"] and message.launch == state.get("launch"))
        _close(new)
    fresh = dict(message.values)
    if cmi.TIME in fresh:
        values[cmi.TIME] = _session(values.get(cmi.TIME, ""), fresh.pop(cmi.TIME), message.launch, at)
    values.update(fresh)
    if message.event == END:
        values[cmi.STATUS] = cmi.status_at_end(values, mastery)
        new["open"] = False
        _close(new)
    new["launch"], new["n"] = message.launch, message.n
    return new


def _close(state: State) -> None:
    """A session ended, by the package or because the page went away: its time joins the total."""
    state["closed"] += cmi.seconds(state["values"].pop(cmi.TIME, ""))


def _session(held: str, said: str, launch: int, at: datetime) -> str:
    """Time of a session never goes back and never beyond what has passed since its page was opened."""
    passed = max(at.timestamp() - launch / 1000 + LENIENCE, 0.0)
    return cmi.timespan(max(cmi.seconds(held), min(cmi.seconds(said), passed)))


def for_frame(state: State, unit: dict[str, Any], *, learner: str, name: str) -> dict[str, str]:
    """The data model as the unit finds it. `learner`: a number of the run, never of the person."""
    values = {key: text for key, text in state.get("values", {}).items() if key not in (cmi.TIME, cmi.EXIT)}
    began = bool(state.get("seen"))
    left = state.get("values", {}).get(cmi.EXIT, "")
    return {
        **values,
        cmi.STATUS: values.get(cmi.STATUS) or "not attempted",
        "cmi.core.student_id": learner,
        "cmi.core.student_name": name,
        "cmi.core.credit": "credit",
        "cmi.core.lesson_mode": "normal",
        "cmi.core.entry": ("resume" if state.get("open") or left == "suspend" else "") if began else "ab-initio",
        "cmi.core.total_time": cmi.timespan(state.get("closed", 0.0)),
        "cmi.launch_data": unit.get("data", ""),
        "cmi.student_data.mastery_score": unit.get("mastery", ""),
        "cmi.student_data.max_time_allowed": unit.get("most_time", ""),
        "cmi.student_data.time_limit_action": unit.get("at_limit", ""),
    }


def is_done(unit: dict[str, Any], state: State) -> bool:
    """Whether the unit claims to be done; a plain page is done when it was opened."""
    if not unit["sco"]:
        return bool(state.get("seen"))
    return state.get("values", {}).get(cmi.STATUS) in cmi.DONE


def all_done(units: list[dict[str, Any]], states: dict[str, State]) -> bool:
    """Whether every unit claims to be done."""
    return all(is_done(unit, states.get(unit["key"], {})) for unit in units)
