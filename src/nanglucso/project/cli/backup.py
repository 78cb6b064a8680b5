"""`nanglucso backup`: a copy of the whole installation, taken while it runs and proven by restoring it."""

import argparse
import sys
from pathlib import Path


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    backup = commands.add_parser("backup", help="copy database and files while everybody works; restore it to prove it")
    backup.add_argument("--to", type=Path, help="folder of the copies (default: NLS_BACKUP_DIR)")
    backup.add_argument("--key", default="", help="key file the copy is encrypted with (default: NLS_BACKUP_KEY_FILE)")
    backup.add_argument(
        "--make-key", type=Path, metavar="FILE", help="only write a new key file; keep it elsewhere too"
    )
    backup.add_argument("--no-prove", action="store_true", help="do not restore the copy; it then counts as unproven")
    backup.add_argument("--prune", action="store_true", help="also delete copies past their term")
    backup.add_argument(
        "--base", type=Path, metavar="DIR", help="PostgreSQL: only a base copy of the server, for point-in-time restore"
    )
    backup.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from nanglucso.core.refusals import Refused
    from nanglucso.kit.sealing import make_key

    try:
        if args.make_key:
            make_key(args.make_key)
            print(f"{args.make_key}: keep a second one elsewhere; without it no copy opens.")
            return 0
        return _base(args) if args.base else _copy(args)
    except FileExistsError:
        print(f"{args.make_key} is there already; a key is never overwritten.", file=sys.stderr)
        return 2
    except Refused as no:
        print(str(no), file=sys.stderr)
        return 1


def _base(args: argparse.Namespace) -> int:
    from nanglucso.core.keeping import points, services

    server = services.own_server()
    if server is None:
        print("A base copy is of PostgreSQL; SQLite has copies only.", file=sys.stderr)
        return 2
    points.take_base(server, args.base)
    print(f"{args.base}: base copy, checked against its manifest")
    return 0


def _copy(args: argparse.Namespace) -> int:
    from django.conf import settings

    from nanglucso.core.clock import now
    from nanglucso.core.keeping import services

    folder, at = (args.to or settings.BACKUP_DIR).resolve(), now()
    row = services.back_up(actor=None, at=at, folder=folder, key=services.own_key(args.key), prove=not args.no_prove)
    sealed = "encrypted" if row.sealed else "not encrypted"
    print(
        f"{folder / row.name}: {row.size / 2**20:.1f} MB, {sealed}, {row.rows} rows, {row.files} files,"
        f" taken in {row.seconds:.1f} s"
    )
    print(f"sha256 {row.sha256}")
    for name in services.drop_old(at=at, folder=folder) if args.prune else ():
        print(f"deleted {name}")
    if row.proven_at:
        print(f"proven: restored in {row.proving_seconds:.1f} s, every row the same")
    elif not args.no_prove:
        print(f"NOT proven: {row.error}", file=sys.stderr)
        return 1
    return 0
