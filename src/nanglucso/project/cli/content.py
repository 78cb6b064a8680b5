"""`nanglucso content check`: faults (E, P, L) and warnings (W) in items, position descriptions and lessons."""

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
    check = content.add_parser("check", help="check items, tasks, positions, lessons; status 1 for a fault (E, P, L)")
    check.add_argument("--items", type=Path, help="folder of YAML item files (default: the shipped ones)")
    check.add_argument("--lessons", type=Path, help="only the lesson files (Markdown) of this folder")
    check.add_argument("--warnings", action="store_true", help="list warnings (W) too")
    check.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import translation

    from nanglucso.measure.bank.reading import BadItemFile

    try:
        with translation.override("en"):
            number, found = _lessons(args.lessons) if args.lessons else _everything(args.items)
    except (BadItemFile, OSError, UnicodeDecodeError) as error:
        print(f"{args.lessons or args.items or 'content'}: {error}", file=sys.stderr)
        return 2
    faults = [one for one in found if not one.code.startswith("W")]
    for one in found if args.warnings else faults:
        print(f"{one.code} {one.item}: {one.text}")
    print(f"{number}, {len(faults)} faults, {len(found) - len(faults)} warnings")
    return 1 if faults else 0


def _everything(items: Path | None) -> "tuple[str, list[Fault]]":
    """The item files of a folder; without one everything shipped."""
    from nanglucso.core.content import root
    from nanglucso.measure.bank.checking import check_items, shipped_rules

    terms, laws = root() / "terms.csv", shipped_rules()[1]
    number, found = check_items(items or root() / "items", terms=terms, laws=laws, today=date.today())
    if items:
        return f"{number} items", found
    lessons, more = _lessons(None)
    found += _lab_faults(root() / "labs") + _position_faults(root() / "positions") + more
    return f"{number} items, {lessons}", found


def _lessons(folder: Path | None) -> "tuple[str, list[Fault]]":
    """L01 to L18 over lesson files, each with its line. Raises OSError when there is no such folder."""
    from nanglucso.develop.learning import shipped
    from nanglucso.measure.bank.checking import Fault

    if folder and not folder.is_dir():
        raise OSError("there is no such folder")
    number, found = shipped.check(today=date.today(), where=folder)
    return f"{number} lessons", [Fault(one.code, f"{file}:{one.line}", one.text) for file, one in found]


def _lab_faults(folder: Path) -> "list[Fault]":
    """E16, and what of the items' wording rules touches tasks (E04, E08, E10, E18, W38), over a folder's tasks."""
    from nanglucso.core.content import read_yaml
    from nanglucso.measure.bank.checking import Fault
    from nanglucso.measure.bank.labchecks import faults

    files = sorted(folder.glob("*.yaml"))
    return [
        Fault(code, path.stem, text) for path in files for code, text in faults(cast(dict[str, Any], read_yaml(path)))
    ]


def _position_faults(folder: Path) -> "list[Fault]":
    """P01 to P12 over the position descriptions of a folder."""
    from nanglucso.measure.bank.checking import Fault
    from nanglucso.workforce.people.positionchecks import check_folder

    _number, found = check_folder(folder, today=date.today())
    return [Fault(one.code, one.position, one.text) for one in found]
