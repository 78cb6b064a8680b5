"""`nanglucso restore`: a copy back into a new home, or PostgreSQL back to a moment."""

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    restore = commands.add_parser("restore", help="bring a copy back into an empty place; every row is compared")
    restore.add_argument(
        "copy", type=Path, metavar="COPY", help="file of `nanglucso backup`, or folder of `backup --base`"
    )
    restore.add_argument("--home", type=Path, help="empty folder that becomes NLS_HOME (file)")
    restore.add_argument("--database-url", default="", help="empty PostgreSQL database (file of a PostgreSQL copy)")
    restore.add_argument(
        "--key", default="", help="key file the copy was encrypted with (default: NLS_BACKUP_KEY_FILE)"
    )
    restore.add_argument("--wal", type=Path, metavar="DIR", help="received log of PostgreSQL (folder)")
    restore.add_argument(
        "--until", type=_moment, metavar="TIME", help="ISO time with offset to go back to (default: the end)"
    )
    restore.add_argument(
        "--data", type=Path, metavar="DIR", help="empty folder that becomes PostgreSQL's data (folder)"
    )
    restore.set_defaults(func=run)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError("give the offset too, for example 2026-11-29T08:30:00+07:00")
    return found


def run(args: argparse.Namespace) -> int:
    from nanglucso.core.refusals import Refused

    if not args.copy.exists():
        print(f"{args.copy} does not exist.", file=sys.stderr)
        return 2
    if args.copy.is_dir() and not (args.wal and args.data):
        print("A base copy is restored with --wal DIR and --data DIR.", file=sys.stderr)
        return 2
    if not args.copy.is_dir() and not args.home:
        print("Say with --home which empty folder becomes NLS_HOME.", file=sys.stderr)
        return 2
    try:
        return _point(args) if args.copy.is_dir() else _copy(args)
    except Refused as no:
        print(str(no), file=sys.stderr)
        return 1


def _point(args: argparse.Namespace) -> int:
    from nanglucso.core.keeping import points

    points.prepare(args.copy, args.wal, args.data, until=args.until)
    print(f"{args.data} is laid out. Give it to PostgreSQL's user (chown -R postgres), then start it:")
    print(f"  pg_ctl -D {args.data} start        # it reads the log, then opens for writing")
    return 0


def _copy(args: argparse.Namespace) -> int:
    """Django is set up for the new place, so that nothing here can reach the old one."""
    os.environ["NLS_HOME"] = str(args.home.resolve())
    os.environ.pop("NLS_DATABASE_URL", None)
    if args.database_url:
        os.environ["NLS_DATABASE_URL"] = args.database_url
    had_key = "NLS_SECRET_KEY" in os.environ
    # Setting up would make a new key in the new home before the copy's own is there.
    os.environ.setdefault("NLS_SECRET_KEY", "only-while-restoring-" + "x" * 50)
    import django

    django.setup()
    from django.core.management import call_command

    from nanglucso.core.clock import now
    from nanglucso.core.keeping import bringing_back, services

    manifest = bringing_back.restore(
        args.copy, key=services.own_key(args.key), home=args.home.resolve(), server=services.own_server()
    )
    print(f"{manifest.rows} rows in {len(manifest.tables)} tables, every one the same; {len(manifest.files)} files")
    call_command("migrate", verbosity=0, interactive=False)
    ended = services.settle_restored(at=now(), manifest=manifest, name=args.copy.name)
    print(f"as of {manifest.taken_at}; {ended} sessions ended: everybody logs in anew")
    if not had_key and not (args.home / "secret.key").exists():
        print("The copy holds no secret key: put the old secret.key into the new home, else second steps are lost.")
    return 0
