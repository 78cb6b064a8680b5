"""`nanglucso learning`: lesson files in, finished lessons out as xAPI statements."""

import argparse
import sys
from datetime import date, datetime, time
from pathlib import Path


def _day(text: str) -> date:
    return date.fromisoformat(text)


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    learning = commands.add_parser("learning", help="lessons and what was learnt").add_subparsers(
        required=True, metavar="ACTION"
    )
    load = learning.add_parser(
        "load", help="bring lesson files in as published versions; status 2 for an unreadable one"
    )
    load.add_argument("folder", type=Path, nargs="?", help="folder of Markdown files (default: the shipped lessons)")
    load.set_defaults(func=run_load)
    xapi = learning.add_parser("xapi", help="finished lessons as xAPI 1.0.3 statements, one JSON object a line")
    xapi.add_argument("--home", required=True, help="address of this house, as https://nangluc.vidu.gov.vn")
    xapi.add_argument("--since", type=_day, help="first day, as 2026-01-31 (default: from the beginning)")
    xapi.add_argument("--out", type=Path, help="file to write (default: standard output)")
    xapi.set_defaults(func=run_xapi)


def run_load(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from nanglucso.core.clock import now
    from nanglucso.core.refusals import Refused
    from nanglucso.develop.learning.services import load_lessons

    if args.folder and not args.folder.is_dir():
        print(f"{args.folder}: there is no such folder", file=sys.stderr)
        return 2
    try:
        print(f"{load_lessons(at=now(), folder=args.folder)} new versions")
    except (Refused, OSError, UnicodeDecodeError) as error:
        print(str(error), file=sys.stderr)
        return 2
    return 0


def run_xapi(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils.timezone import make_aware

    from nanglucso.core.clock import now
    from nanglucso.core.scope import EVERYTHING
    from nanglucso.develop.learning import queries, services, xapi

    since = make_aware(datetime.combine(args.since, time())) if args.since else None
    rows = list(queries.finished(scope=EVERYTHING, since=since).prefetch_related("answers"))
    told = xapi.lines(rows, args.home.rstrip("/"))
    try:
        if args.out:
            args.out.write_text(told, encoding="utf-8")
        else:
            sys.stdout.write(told)
    except OSError as error:
        print(f"{args.out}: {error}", file=sys.stderr)
        return 2
    services.note_export(actor=None, statements=len(rows), at=now())
    return 0
