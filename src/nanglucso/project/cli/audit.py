"""`nanglucso audit verify`: walk the audit chain."""

import argparse


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    audit = commands.add_parser("audit", help="the audit log").add_subparsers(required=True, metavar="ACTION")
    audit.add_parser("verify", help="walk the chain; status 1 names the first bad entry").set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from nanglucso.core.audit import verify

    verdict = verify()
    if verdict.ok:
        print(f"{verdict.entries} entries, the chain holds.")
        return 0
    print(f"Entry {verdict.first_bad} is {verdict.reason}; {verdict.entries} entries before it hold.")
    return 1
