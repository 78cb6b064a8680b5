"""Rule E16: a practice task's predicates parse and each of its traces gives the categories it states."""

from collections.abc import Iterator, Mapping
from typing import Any

from nanglucso.engines.lab import ActRefused, Lab, State, read, replay
from nanglucso.engines.lab_predicates import LabFault
from nanglucso.engines.lab_score import check_score, outcome


def rows(acts: list[Any]) -> list[dict[str, Any]]:
    """Log rows of a trace's `[t, verb, args]`."""
    return [
        {"seq": n, "t": t, "key": f"trace-{n}", "verb": verb, "args": args}
        for n, (t, verb, args) in enumerate(acts, start=1)
    ]


def run_trace(lab: Lab, trace: Mapping[str, Any]) -> State:
    """The state a trace ends in. Raises ActRefused."""
    return replay(lab, trace["seed"], rows(trace["acts"]))


def faults(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a task's file, in words; nothing when all is well."""
    try:
        lab = read(data)
        check_score(lab)
    except LabFault as fault:
        yield str(fault)
        return
    if len(lab.variants) < 2:
        yield "fewer than two data variants"
    full = {name: len(rule["cuts"]) for name, rule in lab.score.items()}
    ends = []
    for name, trace in data.get("traces", {}).items():
        try:
            found = outcome(lab, run_trace(lab, trace)).categories()
        except ActRefused as refusal:
            yield f"trace {name}: {refusal}"
            continue
        ends.append(found)
        if found != trace["expect"]:
            yield f"trace {name} gives {found}, stated {trace['expect']}"
    if full not in ends or not any(all(value == 0 for value in end.values()) for end in ends):
        yield "a trace that passes in full and one that fails in all are needed"
