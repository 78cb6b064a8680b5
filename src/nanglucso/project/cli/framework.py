"""`nanglucso framework export|import`: competence frameworks as CASE packages.

Status 0: done. Status 2: bad input, one sentence on standard error and nothing changed.
"""

import argparse
import sys
from pathlib import Path


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("framework", help="competence frameworks as CASE packages")
    inner = parser.add_subparsers(dest="framework_command", required=True, metavar="ACTION")
    out = inner.add_parser("export", help="write a framework as a CASE package")
    out.add_argument("--code", default="", help="code of the framework (default: the one in force)")
    out.add_argument("--version", default="", help="version (default: the newest of the code)")
    out.add_argument("--case", choices=("1.0", "1.1"), default="1.1", help="version of CASE (default: 1.1)")
    out.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write")
    out.set_defaults(func=_run, work=_export)
    into = inner.add_parser("import", help="read a CASE package as a draft")
    into.add_argument("file", type=Path, metavar="FILE")
    into.add_argument("--version", default="", help="another version than the file's")
    into.add_argument("--depth", type=int, default=None, help="depth of the competences, 1 = under the document")
    into.set_defaults(func=_run, work=_import)


def _run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import translation

    translation.activate("en")
    from nanglucso.core.refusals import Refused

    try:
        print(args.work(args))
    except (Refused, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _export(args: argparse.Namespace) -> str:
    from nanglucso.core.clock import now
    from nanglucso.core.refusals import Refused
    from nanglucso.workforce.framework import caseout
    from nanglucso.workforce.framework.models import Framework
    from nanglucso.workforce.framework.outline import outline
    from nanglucso.workforce.framework.queries import current_framework

    if args.code:
        rows = Framework.objects.filter(code=args.code.lower()).order_by("-pk")
        row = (rows.filter(version=args.version) if args.version else rows).first()
        if row is None:
            raise Refused(f"There is no framework {args.code} {args.version}".rstrip() + ".")
    else:
        row = current_framework()
    found = caseout.package(outline(row), changed_at=row.changed_at or now(), version=args.case)
    args.out.write_bytes(caseout.canonical(found))
    return f"{row}: {len(found['CFItems'])} items, {len(found['CFAssociations'])} associations"


def _import(args: argparse.Namespace) -> str:
    from nanglucso.core.clock import now
    from nanglucso.workforce.framework.services import import_case

    data, told = args.file.read_bytes(), {"version": args.version, "competences_at": args.depth}
    row = import_case(actor=None, data=data, name=args.file.name, at=now(), **told)
    return f"{row}: {row.competences.count()} competences, {row.levels.count()} levels, {row.status}"
