"""Shipped practice tasks: each file checked by the engine before it is stored."""

from pathlib import Path
from typing import Any

from nanglucso.core.content import read_yaml
from nanglucso.engines.lab import read
from nanglucso.engines.lab_predicates import OPERATORS, LabFault, check, value_at
from nanglucso.engines.lab_score import check_score
from nanglucso.measure.bank.reading import BadItemFile, plain

NEEDED = ("names", "shows", "values", "acts", "args", "places")
SYSTEMS = ("mailbox", "documents", "sheet", "onestop", "meeting", "dashboard", "law", "payment")
KINDS = ("list", "panel", "sheet", "board")


def read_labs(folder: Path) -> list[dict[str, Any]]:
    """Every task of the folder as JSON-able mappings, in file order. Raises BadItemFile."""
    rows = []
    for path in sorted(folder.glob("*.yaml")):
        found = read_yaml(path)
        if not isinstance(found, dict):
            raise BadItemFile(f"{path.name}: the file must be one task")
        try:
            check_lab(found)
        except LabFault as error:
            raise BadItemFile(f"{path.name}: {error}") from error
        rows.append(plain(found))
    return rows


def check_lab(data: dict[str, Any]) -> None:
    """The whole task but its traces: parts, score, screen. Raises LabFault with the place of the first fault."""
    lab = read(data)
    check_score(lab)
    _check_screen(data, set(lab.actions))


def _check_screen(data: dict[str, Any], verbs: set[str]) -> None:
    """Every act and every object that is shown needs its words. Raises LabFault."""
    screen = data.get("screen", {})
    missing = [name for name in NEEDED if name not in screen]
    if missing:
        raise LabFault(f"{data['id']}.screen: {', '.join(missing)} missing")
    shown = {one for place in screen["places"] for one in place.get("of", ())}
    for name, wanted in (("acts", verbs), ("names", shown)):
        bare = wanted - set(screen[name])
        if bare:
            raise LabFault(f"{data['id']}.screen.{name}: no words for {', '.join(sorted(bare))}")
    if data.get("system") not in SYSTEMS:
        raise LabFault(f"{data['id']}.system: one of {', '.join(SYSTEMS)}")
    taken = {arg for action in data["actions"].values() for arg in action.get("args", [])}
    if bare := taken - set(screen["args"]):
        raise LabFault(f"{data['id']}.screen.args: no words for {', '.join(sorted(bare))}")
    for verb, when in screen.get("when", {}).items():
        check(when, f"{data['id']}.screen.when.{verb}")
    for place in screen["places"]:
        _check_place(place, data, f"{data['id']}.screen.places.{place.get('code')}")


def _check_place(place: dict[str, Any], data: dict[str, Any], where: str) -> None:
    """A place shows known objects, fields with a label and known acts. Raises LabFault."""
    screen, kind = data["screen"], place.get("kind")
    if kind not in KINDS or not place.get("code") or not place.get("label") or "of" not in place:
        raise LabFault(f"{where}: code, label, of, and kind: one of {', '.join(KINDS)} are needed")
    verbs = [*place.get("acts", []), *[place[name] for name in ("open", "entry") if name in place]]
    named = [*place.get("columns", []), *place.get("fields", [])]
    unknown = [one for one in place["of"] if one not in data["objects"]]
    unknown += [one for one in verbs if one not in data["actions"]]
    unknown += [one for one in named if one not in screen["shows"]]
    if unknown:
        raise LabFault(f"{where}: unknown: {', '.join(unknown)}")
    if kind == "list" and not ("columns" in place and "arg" in place):
        raise LabFault(f"{where}: a list needs columns and arg")
    if kind == "sheet" and ("entry" not in place or not all("rows" in data["objects"][one] for one in place["of"])):
        raise LabFault(f"{where}: a sheet needs entry, and objects with rows")
    _check_finding(place, data["objects"], where)
    _check_figures(place, data, where)


def _check_finding(place: dict[str, Any], objects: dict[str, Any], where: str) -> None:
    """Filters, search and first values point to fields that exist. Raises LabFault."""
    told = place.get("where", [])
    triples = told if not told or isinstance(told[0], list) else [told]
    for one in triples:
        if len(one) != 3 or one[1] not in OPERATORS:
            raise LabFault(f"{where}.where: [field, operator, value], or a list of such, is needed")
    paths = [one[2][1:] for one in triples if str(one[2]).startswith("$")]
    paths += list(place.get("keeps", {}).values())
    if "match" in place:
        if set(place["match"]) != {"words", "in"} or not place["match"]["in"]:
            raise LabFault(f"{where}.match: words and in are needed")
        paths.append(place["match"]["words"])
    if lost := [path for path in paths if value_at(objects, path) is None]:
        raise LabFault(f"{where}: no such field: {', '.join(lost)}")


def _check_figures(place: dict[str, Any], data: dict[str, Any], where: str) -> None:
    """Boards have figures and titles, tables as many cells as heads, in every data variant. Raises LabFault."""
    changed = [(path, value) for one in data.get("variants", {}).values() for path, value in one.items()]
    for code in place["of"]:
        fields = data["objects"][code]
        if place["kind"] == "board" and not ("title" in fields and {"tiles", "bars", "table"} & set(fields)):
            raise LabFault(f"{where}: {code} needs a title, and tiles, bars or a table")
        tables = {"table"} if place["kind"] == "board" else {place["table"]} if "table" in place else set()
        for name in tables | ({"bars", "tiles"} if place["kind"] == "board" else set()):
            held = [fields.get(name), *[value for path, value in changed if path == f"{code}.{name}"]]
            for told in filter(None, held):
                _check_figure(told, name in tables, f"{where}.{code}.{name}")


def _check_figure(told: Any, is_table: bool, where: str) -> None:
    rows = told["rows"] if isinstance(told, dict) and "rows" in told else told
    if is_table and any(len(row) != len(told["heads"]) for row in rows):
        raise LabFault(f"{where}: a row has as many cells as there are heads")
    numbers = isinstance(told, dict) and not is_table
    if not is_table and any(not 2 <= len(row) <= 3 or (numbers and not _is_number(row[1])) for row in rows):
        raise LabFault(f"{where}: rows are [label, figure, remark]; a bar's figure is a number from 0 on")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
