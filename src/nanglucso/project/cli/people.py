"""`nanglucso people import`: a file read, compared with what is held and applied, all or nothing.

For nightly feeds: the same file again changes nothing and leaves no import behind.

Status 0: applied (or looked through with --dry-run) without faults. Status 1: rows with faults were left out.
Status 2: bad input, one sentence on standard error and nothing changed. The last line of standard output is one JSON
object with the figures.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

SHOWN = 50


class _BadInput(Exception):
    """One sentence for standard error."""


def register(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `people import` to the command line."""
    parser = sub.add_parser("people", help="the staff list")
    inner = parser.add_subparsers(dest="people_command", required=True)
    load = inner.add_parser("import", help="import a list of staff, units, positions or required levels")
    load.add_argument("file", type=Path, metavar="FILE", help="spreadsheet that holds the list")
    load.add_argument(
        "--kind",
        choices=("staff", "units", "positions", "requirements"),
        default="staff",
        help="what the file lists (default: %(default)s)",
    )
    load.add_argument("--dry-run", action="store_true", help="show what would change, change nothing")
    load.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="what a column holds, by letter or heading, for example unit=D; empty column: do not import the field",
    )
    load.add_argument("--user", default="", help="log-in name that the audit log names (default: the system)")
    load.set_defaults(func=_run)
    again = inner.add_parser("replay", help="do a shipped reorganisation on a database without units")
    again.add_argument("code", metavar="CODE", help="which one, for example can-tho-2025")
    again.set_defaults(func=_run_replay)
    due = inner.add_parser("due", help="list personal data whose term has passed; nothing is removed")
    due.set_defaults(func=_run_due)


def _run_due(args: argparse.Namespace) -> int:
    """What the worker does every night; a person puts the lists forward on the page and a second one approves."""
    import django

    django.setup()
    from nanglucso.core.clock import now
    from nanglucso.workforce.people import services

    for row in services.find_due(at=now()):
        print(json.dumps({"term": row.term, "list": row.pk, "rows": len(row.rows)}))
    return 0


def _run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import translation

    translation.activate("en")
    from nanglucso.core.refusals import Refused
    from nanglucso.kit.faults import BadFile

    try:
        return _import(args)
    except (BadFile, Refused, _BadInput) as error:
        print(error, file=sys.stderr)
        return 2


def _run_replay(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import translation

    translation.activate("en")
    from nanglucso.core.clock import now
    from nanglucso.core.refusals import Refused
    from nanglucso.workforce.people import services

    at = now()
    try:
        if args.code in services.shipped_reorganisations():
            services.load_before(actor=None, code=args.code, at=at)
        row = services.replay(writer=None, reviewer=None, code=args.code, at=at)
    except Refused as error:
        print(error, file=sys.stderr)
        return 2
    counts = {"reorganisation": row.pk, "day": row.day.isoformat(), "units": len(row.touched)}
    print(json.dumps(counts | {"people": row.effects["people"]}))
    return 0


def _mapping(pairs: list[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for pair in pairs:
        field, mark, column = pair.partition("=")
        if not mark or not field.strip():
            raise _BadInput(f"--map {pair}: write it as FIELD=COLUMN, for example --map unit=D.")
        found[field.strip()] = column.strip() or None
    return found


def _actor(name: str) -> Any:
    from nanglucso.core.models import User

    if not name:
        return None
    user = User.objects.filter(username=name).first()
    if user is None:
        raise _BadInput(f"--user {name}: there is no account with this log-in name.")
    return user


def _import(args: argparse.Namespace) -> int:
    from nanglucso.core.clock import now
    from nanglucso.workforce.people import importing, services

    actor = _actor(args.user)
    columns = _mapping(args.map)
    at = now()
    plan, _shape, _used = importing.read_plan(
        args.kind, args.file, args.file.name, {"columns": columns} if columns else {}, at
    )
    _tell(plan)
    figures = {"file": args.file.name, "kind": args.kind, "dry_run": args.dry_run, **plan.counts()}
    if not args.dry_run and not plan.size:
        figures |= {"created": 0, "updated": 0, "import": None}
    elif not args.dry_run:
        row = services.apply_import(actor=actor, plan=plan, file_name=args.file.name, kind=args.kind, at=at)
        for conflict in row.summary["conflicts"]:
            print(f"left as it is: {conflict['name']}, row {conflict['row']}: {conflict['why']}")
        figures |= {"created": row.summary["created"], "updated": row.summary["updated"], "import": row.pk}
        figures["conflicts"] = len(row.summary["conflicts"])
    print(json.dumps(figures, ensure_ascii=False))
    return 1 if figures["errors"] or figures.get("conflicts") else 0


def _tell(plan: Any) -> None:
    """Problems with their places, errors first."""
    from nanglucso.workforce.people.previewing import sentence

    for one in plan.problems[:SHOWN]:
        place = f"sheet {one.sheet}, row {one.row}" + (f", column {one.column}" if one.column else "")
        print(f"{one.severity}: {place}: {sentence({'template': one.template, 'params': one.params})}")
    if len(plan.problems) > SHOWN:
        print(f"and {len(plan.problems) - SHOWN} more")
