"""Shipped practice tasks: each file checked by the engine before it is stored."""

from pathlib import Path
from typing import Any

from nanglucso.core.content import read_yaml
from nanglucso.engines.lab import read
from nanglucso.engines.lab_predicates import LabFault
from nanglucso.engines.lab_score import check_score
from nanglucso.measure.bank.reading import BadItemFile, plain

NEEDED = ("names", "shows", "values", "acts", "args")


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
    """Every object and act needs its words. Raises LabFault."""
    screen = data.get("screen", {})
    missing = [name for name in NEEDED if name not in screen]
    if missing:
        raise LabFault(f"{data['id']}.screen: {', '.join(missing)} missing")
    for name, wanted in (("acts", verbs), ("names", set(data["objects"]))):
        bare = wanted - set(screen[name])
        if bare:
            raise LabFault(f"{data['id']}.screen.{name}: no words for {', '.join(sorted(bare))}")
