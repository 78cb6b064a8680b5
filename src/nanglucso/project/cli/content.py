"""`nanglucso content check`: faults (E, P) and warnings (W) in item files and position descriptions."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from nanglucso.measure.bank.checking import Fault


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    content = commands.add_parser("content", help="shipped or own content").add_subparsers(
        required=True, metavar="ACTION"
    )
    check = content.add_parser("check", help="check items, tasks and positions; status 1 for a fault (E, P)")
    check.add_argument("--items", type=Path, help="folder of YAML item files (default: the shipped ones)")
    check.add_argument("--warnings", action="store_true", help="list warnings (W) too")
    check.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import translation

    from nanglucso.core.content import root
    from nanglucso.measure.bank.checking import check_items, shipped_rules
    from nanglucso.measure.bank.reading import BadItemFile

    folder = args.items or root() / "items"
    try:
        with translation.override("en"):
            terms, laws = root() / "terms.csv", shipped_rules()[1]
            items, found = check_items(folder, terms=terms, laws=laws, today=date.today())
    except (BadItemFile, OSError) as error:
        print(f"{folder}: {error}", file=sys.stderr)
        return 2
    if not args.items:
        found += _lab_faults(root() / "labs") + _position_faults(root() / "positions")
    faults = [one for one in found if not one.code.startswith("W")]
    for one in found if args.warnings else faults:
        print(f"{one.code} {one.item}: {one.text}")
    print(f"{items} items, {len(faults)} faults, {len(found) - len(faults)} warnings")
    return 1 if faults else 0


def _lab_faults(folder: Path) -> "list[Fault]":
    """E16 over the practice tasks of a folder."""
    from nanglucso.core.content import read_yaml
    from nanglucso.engines.lab_traces import faults
    from nanglucso.measure.bank.checking import Fault

    files = sorted(folder.glob("*.yaml"))
    return [Fault("E16", path.stem, text) for path in files for text in faults(cast(dict[str, Any], read_yaml(path)))]


def _position_faults(folder: Path) -> "list[Fault]":
    """P01 to P12 over the position descriptions of a folder."""
    from nanglucso.measure.bank.checking import Fault
    from nanglucso.workforce.people.positionchecks import check_folder

    _number, found = check_folder(folder, today=date.today())
    return [Fault(one.code, one.position, one.text) for one in found]
