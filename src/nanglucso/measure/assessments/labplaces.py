"""The rooms of a simulated system: its tabs, the list or panel or sheet in one of them, and the acts that stand there.

A task's file draws its system in `screen.places`. A place is `{code, label, icon, kind, of, ...}`:
`kind: list` shows the objects `of` (those that fit `where`) by `columns`, and one of them opened by `fields`, `body`,
`files` or `paper`; `arg` is the argument that takes the object, `open` the act that opens it the first time.
`kind: panel` shows the fields of its objects. `kind: sheet` shows the sheets `of`; `entry` is the act that fills cells.
`kind: board` shows figures (`labboards`); `table` names the field of a table. Filters and search: `labfinding`.
`acts` are the acts offered there, those in `ready` unfolded, their fields beginning with what `keeps` points to;
`pill` is a field drawn as a mark beside the line; `screen.when` holds acts back.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from nanglucso.engines.lab import State
from nanglucso.engines.lab_predicates import holds, value_at
from nanglucso.measure.assessments.labboards import board, table
from nanglucso.measure.assessments.labfinding import held
from nanglucso.measure.assessments.labgrids import drawn


@dataclass(frozen=True)
class Look:
    """Where the taker looks: codes of the place and the object, a cell such as `F5`; `fresh`: just after an act."""

    place: str = ""
    object: str = ""
    cell: str = ""
    fresh: bool = False

    def query(self, **other: Any) -> str:
        """The address's query string for this look."""
        now = {"p": self.place, "o": self.object, "c": self.cell} | other
        return urlencode({name: value for name, value in now.items() if value})


@dataclass
class Desk:
    """A task's body, the state now, the log rows, the look, a refused act as sent: all that the pages draw from."""

    body: dict[str, Any]
    state: State
    rows: list[dict[str, Any]]
    look: Look
    typed: dict[str, str] = field(default_factory=dict)
    opened: set[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.opened = {(row["verb"], str(value)) for row in self.rows for value in row["args"].values()}

    @property
    def screen(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body["screen"]
        return found

    @property
    def places(self) -> list[dict[str, Any]]:
        """The file's places; a file of before them is drawn as one panel of everything."""
        plain = {"code": "all", "label": self.body["title"], "kind": "panel", "of": list(self.body["objects"])}
        return self.screen.get("places") or [plain | {"acts": list(self.body["actions"])}]

    def here(self) -> dict[str, Any]:
        return next((one for one in self.places if one["code"] == self.look.place), self.places[0])

    def held(self, place: dict[str, Any]) -> list[str]:
        """Codes of the objects that are in the place now."""
        return held(place, self.state.objects)

    def unread(self, place: dict[str, Any], code: str) -> bool:
        return "open" in place and (place["open"], code) not in self.opened

    def offers(self, verb: str) -> bool:
        """Whether the system shows the act now: `screen.when` names those that wait for something to happen."""
        when = self.screen.get("when", {}).get(verb)
        return when is None or holds(when, self.state.objects, self.state.log)

    def said(self, code: str, name: str) -> str:
        value = self.state.objects[code].get(name)
        return "" if value is None or value == "" else word(self.screen, value)


def word(screen: dict[str, Any], value: Any) -> str:
    """A value in the words of the task; `str` of it where it has none."""
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    words: dict[str, str] = {**screen["values"], **screen["names"]}
    return words.get(plain, plain)


def tabs(desk: Desk) -> list[dict[str, Any]]:
    """The menu of the system; `count`: what is unread in a list."""
    here = desk.here()["code"]
    return [
        {
            "label": one["label"],
            "icon": one.get("icon", "folder-open"),
            "query": Look(place=one["code"]).query(),
            "current": one["code"] == here,
            "count": sum(desk.unread(one, code) for code in desk.held(one)) if one["kind"] == "list" else 0,
        }
        for one in desk.places
    ]


def place_of(desk: Desk) -> dict[str, Any]:
    """The place that is looked at: `kind`, `label`, `acts` (forms), and `lines` with `shown`, `panels`, or `grid`."""
    place = desk.here()
    shown = {name: place.get(name, "") for name in ("kind", "label", "code", "note", "match")}
    held = desk.held(place)
    at = desk.look.object if desk.look.object in held else ""
    if place["kind"] == "board":
        boards = [board(desk.state.objects[one]) for one in held]
        return shown | {"boards": boards, "acts": _forms(desk, place, "", True)}
    if place["kind"] == "sheet":
        at = at or held[0]
        grid = drawn(desk.state.objects, at, desk.look.cell)
        sheets = [(desk.state.objects[one]["title"], Look(place["code"], one).query(), one == at) for one in held]
        able = not desk.state.objects[at].get("fixed")
        entry = form(desk, place, place["entry"], at) if able else None
        return shown | {"grid": grid, "sheets": sheets, "entry": entry, "acts": _forms(desk, place, at, able), "at": at}
    if place["kind"] == "panel":
        return shown | {"panels": [_panel(desk, place, one) for one in held], "acts": _forms(desk, place, "", True)}
    lines = [_line(desk, place, code, code == at) for code in held]
    opened = at if at and not desk.unread(place, at) else ""
    heads = [desk.screen["shows"][name] for name in place["columns"]]
    return shown | {
        "heads": heads, "lines": lines, "shown": _shown(desk, place, opened) if opened else None,
        "acts": _forms(desk, place, "", True),
    }  # fmt: skip


def _panel(desk: Desk, place: dict[str, Any], code: str) -> dict[str, Any]:
    """An object's shown fields, of these the place's own `fields` where it names some."""
    shows = desk.screen["shows"]
    fields = [(shows[name], said) for name in place.get("fields", shows) if (said := desk.said(code, name))]
    return {"name": desk.screen["names"][code], "fields": fields, "table": _table(desk, place, code)}


def _table(desk: Desk, place: dict[str, Any], code: str) -> dict[str, Any] | None:
    return table(desk.state.objects[code].get(place["table"])) if "table" in place else None


def _line(desk: Desk, place: dict[str, Any], code: str, current: bool) -> dict[str, Any]:
    unread = desk.unread(place, code)
    return {
        "cells": [(desk.screen["shows"][name], desk.said(code, name)) for name in place["columns"]],
        "pill": desk.said(code, place["pill"]) if "pill" in place else "",
        "unread": unread,
        "current": current,
        "query": Look(place["code"], code).query(),
        "open": form(desk, place, place["open"], code) if unread else None,
    }


def _shown(desk: Desk, place: dict[str, Any], code: str) -> dict[str, Any]:
    """The opened object: `fields` as label and value, texts by their own name, and the acts on it."""
    fields = [(desk.screen["shows"][name], desk.said(code, name)) for name in place.get("fields", ())]
    texts = {name: desk.said(code, name) for name in (*place.get("paper", ()), place.get("body", "body"))}
    held = desk.state.objects[code].get(place.get("files", ""), ())
    wanted = [verb for verb in place.get("acts", ()) if _takes(desk, place, verb) and desk.offers(verb)]
    acts = [form(desk, place, verb, code) for verb in wanted]
    return {
        "code": code, "fields": [one for one in fields if one[1]], "text": texts,
        "body": texts.get(place.get("body", "body"), "").split("\n"), "files": list(held), "acts": acts,
        "table": _table(desk, place, code), "head": next((texts[name] for name in place.get("paper", ())), ""),
    }  # fmt: skip


def _takes(desk: Desk, place: dict[str, Any], verb: str) -> bool:
    return place.get("arg") in desk.body["actions"][verb].get("args", ())


def _forms(desk: Desk, place: dict[str, Any], at: str, able: bool) -> list[dict[str, Any]]:
    """The acts of the place itself; on a sheet that cannot be changed only those that need no sheet."""
    wanted = [verb for verb in place.get("acts", ()) if "arg" not in place or not _takes(desk, place, verb)]
    return [
        form(desk, place, verb, at)
        for verb in wanted
        if desk.offers(verb) and (able or "sheet" not in desk.body["actions"][verb].get("args", ()))
    ]


def form(desk: Desk, place: dict[str, Any], verb: str, at: str) -> dict[str, Any]:
    """One act as a form: hidden arguments are those the place itself answers, the others are fields."""
    screen, args = desk.screen, desk.body["actions"][verb].get("args", [])
    given = {place.get("arg"): at, "sheet": at if place["kind"] == "sheet" else "", "ref": desk.look.cell}
    if place.get("entry") != verb:
        del given["ref"]
    hidden = [(name, given[name]) for name in args if given.get(name)]
    kept = desk.typed if desk.typed.get("verb") == verb else {}
    first = {name: value_at(desk.state.objects, path) for name, path in place.get("keeps", {}).items()}
    fields = [
        {
            "name": name,
            "value": kept.get(name, first.get(name) or ""),
            "label": screen["args"][name],
            "choices": [(one, word(screen, one)) for one in desk.body["choices"].get(name, [])],
            "short": name in screen.get("short", ()),
        }
        for name in args
        if not given.get(name)
    ]
    back = Look(place["code"], at or desk.look.object, desk.look.cell).query()
    return {
        "verb": verb, "label": screen["acts"][verb], "icon": screen.get("icons", {}).get(verb, ""), "hidden": hidden,
        "args": fields, "key": uuid.uuid4(), "back": back, "id": f"{verb}-{at}" if at else verb,
        "open": bool(kept), "ready": verb in place.get("ready", ()),
    }  # fmt: skip
