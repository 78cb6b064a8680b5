"""`nanglucso targets load`: the shipped targets into a city's database."""

import argparse
import sys


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    targets = commands.add_parser("targets", help="digital-government targets").add_subparsers(
        required=True, metavar="ACTION"
    )
    load = targets.add_parser(
        "load", help="bring the shipped targets in; again, it renews their texts and keeps what the city decided"
    )
    load.set_defaults(func=run_load)


def run_load(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from nanglucso.core.clock import now
    from nanglucso.core.refusals import Refused
    from nanglucso.govern.targets.services import load_targets

    try:
        print(f"{load_targets(at=now())} targets")
    except (Refused, OSError) as error:
        print(str(error), file=sys.stderr)
        return 2
    return 0
