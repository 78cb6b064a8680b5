"""`nanglucso deploy write`: configuration files of a site out of one settings file."""

import argparse
import sys
from pathlib import Path


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    deploy = commands.add_parser("deploy", help="configuration of nginx, systemd, PostgreSQL and alerts")
    write = deploy.add_subparsers(required=True, metavar="ACTION").add_parser("write", help="write the files")
    write.add_argument(
        "--settings", type=Path, required=True, help="YAML of the site; begin with content/operate/site.yaml"
    )
    write.add_argument("--dir", type=Path, required=True, help="folder the files are written into")
    write.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    from nanglucso.core.refusals import Refused
    from nanglucso.project.deploy.site import read_site
    from nanglucso.project.deploy.writing import files

    try:
        made = files(read_site(args.settings))
    except Refused as no:
        print(str(no), file=sys.stderr)
        return 2
    args.dir.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (args.dir / name).write_text(text, encoding="utf-8")
        print(args.dir / name)
    return 0
