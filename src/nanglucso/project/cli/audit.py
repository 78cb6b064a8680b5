"""`nanglucso audit verify | digest`: walk the audit chain, compare it with the daily digests, write today's."""

import argparse
import sys
from pathlib import Path


def register(commands: argparse._SubParsersAction) -> None:
    """Add the commands."""
    audit = commands.add_parser("audit", help="the audit log").add_subparsers(required=True, metavar="ACTION")
    verify = audit.add_parser("verify", help="walk the chain; status 1 names the first bad entry or day")
    verify.add_argument(
        "--digests", type=Path, metavar="FILE", help="daily digests kept elsewhere (default: the installation's own)"
    )
    verify.set_defaults(func=run)
    digest = audit.add_parser("digest", help="write today's digest, as the worker does, and print the newest")
    digest.set_defaults(func=run_digest)


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from nanglucso.core import anchoring
    from nanglucso.core.audit import verify
    from nanglucso.core.refusals import Refused

    verdict = verify()
    if verdict.ok:
        print(f"{verdict.entries} entries, the chain holds.")
    else:
        print(f"Entry {verdict.first_bad} is {verdict.reason}; {verdict.entries} entries before it hold.")
    try:
        found = anchoring.compare(anchoring.read_digests(args.digests)) if args.digests else anchoring.own_agreement()
    except Refused as no:
        if args.digests and not args.digests.is_file():
            print(no, file=sys.stderr)
            return 2
        print(no)
        return 1
    print(_said(found))
    return 0 if verdict.ok and found.ok else 1


def _said(found: "object") -> str:
    from nanglucso.core.anchoring import Agreement

    assert isinstance(found, Agreement)
    back = f" {found.taken_back} of a time that a restore took back are left out." if found.taken_back else ""
    if found.ok:
        return f"{found.agree} daily digests agree.{back}"
    what = {"changed": "another entry stands where it stood", "missing": "the log ends before it"}[found.reason]
    since = f"the log was rewritten after the digest of {found.last_good_day}" if found.last_good_day else "none before"
    return f"The digest of {found.bad_day} does not agree: {what} ({since}).{back}"


def run_digest(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from nanglucso.core import anchoring
    from nanglucso.core.clock import now
    from nanglucso.core.refusals import Refused

    try:
        anchoring.write_digest(at=now())
        print(anchoring.read_digests(anchoring.own_file())[-1].line)
    except Refused as no:
        print(no, file=sys.stderr)
        return 2
    return 0
