"""Shipped practice tasks: each file checked by the engine before it is stored."""

from pathlib import Path
from typing import Any

from nanglucso.core.content import read_yaml
from nanglucso.engines.lab import read
from nanglucso.engines.lab_predicates import LabFault, check
from nanglucso.engines.lab_score import check_score
from nanglucso.measure.bank.reading import BadItemFile, plain

NEEDED = ("names", "shows", "values", "acts", "args", "places")
SYSTEMS = ("mailbox", "documents", "sheet")
KINDS = ("list", "panel", "sheet")


def read_labs(folder: Path) -> list[dict[str, Any]]:
    """Every task of the folder as JSON-able mappings, in file order. Raises BadItemFile."""
    rows = []
    for path in sorted(folder.glob("*.yaml")):
        found = read_yaml(path)
        if not isinstance(found, dict):
            raise BadItemFile(f"{path.name}: the file must be one task")
        try:
            lab = read(found)
            check_score(lab)
            _check_screen(found, set(lab.actions))
        except LabFault as error:
            raise BadItemFile(f"{path.name}: {error}") from error
        rows.append(plain(found))
    return rows


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
