"""`nanglucso rehearsal create | run | dump | delete`: exam day practised in the real installation."""

import argparse
import asyncio
import json
import sys
from pathlib import Path


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    rehearsal = commands.add_parser("rehearsal", help="exam day practised beforehand, by made-up people")
    actions = rehearsal.add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make marked people, accounts and a test of their own, nowhere counted")
    create.add_argument("--takers", type=int, required=True, help="how many made-up people")
    create.add_argument("--steps", type=int, default=30, help="questions each answers (default: %(default)s)")
    create.add_argument("--begun", action="store_true", help="start the tests at once, past the waiting room")
    create.add_argument("--out", type=Path, required=True, help="file to write: sitting, cookie, CSRF token; FILE.json beside it; keep both secret")  # fmt: skip  # noqa: E501
    create.set_defaults(func=run_create)
    _register_run(actions)
    dump = actions.add_parser(
        "dump", help="print what is stored (sitting, step, key, item) and compare; 1 = they differ"
    )
    dump.add_argument("--ledger", type=Path, help="ledger of a run: what the simulated people hold as acknowledged")
    dump.set_defaults(func=run_dump)
    delete = actions.add_parser("delete", help="remove all of it and count what is left; 1 = something is")
    delete.set_defaults(func=run_delete)


def _register_run(actions: argparse._SubParsersAction) -> None:
    run = actions.add_parser("run", help="play the people of a file of create against the real address, and report")
    run.add_argument("--file", type=Path, required=True, help="what create wrote")
    run.add_argument("--url", default="http://127.0.0.1:8000", help="address of the site (default: %(default)s)")
    run.add_argument(
        "--window", type=float, default=60, help="seconds over which everybody begins (default: %(default)s)"
    )
    run.add_argument("--patience", type=float, default=600, help="seconds that people wait to begin, at most (default: %(default)s)")  # fmt: skip  # noqa: E501
    run.add_argument("--rate", type=float, default=0, help="answers a second; without it the rate climbs until it is not held")  # fmt: skip  # noqa: E501
    run.add_argument("--seconds", type=float, default=15, help="length of each rate (default: %(default)s)")
    run.add_argument("--out", type=Path, required=True, help="folder for report.json, report.md and ledger.json")
    run.set_defaults(func=run_run)


def _ready() -> None:
    import django

    django.setup()


def run_create(args: argparse.Namespace) -> int:
    _ready()
    from nanglucso.core.clock import now
    from nanglucso.core.refusals import Refused
    from nanglucso.project.rehearsal.making import make

    if args.takers < 1 or args.steps < 1:
        print("--takers and --steps must be at least 1.", file=sys.stderr)
        return 2
    try:
        made = make(takers=args.takers, steps=args.steps, begun=args.begun, out=args.out, at=now())
    except (Refused, OSError) as no:
        print(str(no), file=sys.stderr)
        return 2
    print(f"{made} made-up people have a test; {args.out} holds their cookies. Afterwards: nanglucso rehearsal delete")
    return 0


def run_run(args: argparse.Namespace) -> int:
    _ready()
    from nanglucso.project.rehearsal.load import play
    from nanglucso.project.rehearsal.telling import report

    try:
        told, ledger = asyncio.run(play(args))
    except (OSError, ValueError) as no:
        print(f"{args.file}: {no}", file=sys.stderr)
        return 2
    args.out.mkdir(parents=True, exist_ok=True)
    kept = {"kept": ledger.kept, "unsure": ledger.unsure, "replays": ledger.replays}
    (args.out / "ledger.json").write_text(json.dumps(kept), encoding="utf-8")
    (args.out / "report.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    (args.out / "report.md").write_text(report(told), encoding="utf-8")
    print(
        f"{ledger.acknowledged} answers acknowledged, {told['held_per_second']} a second held: {args.out / 'report.md'}"
    )
    return 0


def run_dump(args: argparse.Namespace) -> int:
    _ready()
    from nanglucso.measure.assessments import rehearsing
    from nanglucso.project.rehearsal.ledger import Ledger, compare

    rows = list(rehearsing.answers().values_list("sitting_id", "seq", "key", "item_version_id"))
    if args.ledger is None:
        for row in rows:
            print(*row, sep="\t")
        return 0
    try:
        told = json.loads(args.ledger.read_text(encoding="utf-8"))
        kept = {sitting: {int(seq): key for seq, key in steps.items()} for sitting, steps in told["kept"].items()}
    except (OSError, ValueError, KeyError, AttributeError) as no:
        print(f"{args.ledger}: {no}", file=sys.stderr)
        return 2
    ledger = Ledger(kept=kept, unsure=told.get("unsure", {}))
    steps = {str(pk): seq for pk, seq in rehearsing.sittings().values_list("pk", "seq")}
    found = compare(ledger, [row[:3] for row in rows], steps)
    print(f"{ledger.acknowledged} acknowledged, {len(rows)} stored: {found.lost} lost, {found.doubled} doubled, {found.gaps} gaps.")  # fmt: skip  # noqa: E501
    return int(bool(found.lost or found.doubled or found.gaps))


def run_delete(args: argparse.Namespace) -> int:
    _ready()
    from nanglucso.core.clock import now
    from nanglucso.project.rehearsal.making import left, remove

    print("Removed: " + ", ".join(f"{count} {name}" for name, count in remove(at=now()).items()))
    rest = left()
    print("Left: " + ", ".join(f"{count} {name}" for name, count in rest.items()))
    return int(any(rest.values()))
