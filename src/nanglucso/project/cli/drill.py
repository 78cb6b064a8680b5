"""`nanglucso drill`: take a copy, restore it elsewhere, compare, check, open the log-in page, say what may be lost."""

import argparse
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    drill = commands.add_parser(
        "drill", help="practise the emergency: back up, restore elsewhere, compare, check, serve"
    )
    drill.add_argument(
        "--to", type=Path, help="folder with room for a copy and a restored home (default: a temporary one)"
    )
    drill.add_argument("--key", default="", help="key file the copy is encrypted with (default: NLS_BACKUP_KEY_FILE)")
    drill.set_defaults(func=run)


class _Watch:
    """Prints every step with its seconds."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}

    def step(self, name: str, work: Callable[[], str]) -> None:
        began = time.perf_counter()
        told = work()
        self.times[name] = time.perf_counter() - began
        print(f"{name:<10} {self.times[name]:6.1f} s  {told}", flush=True)


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from nanglucso.core.refusals import Refused

    began = time.perf_counter()
    try:
        with ExitStack() as places:
            folder = tempfile.mkdtemp(prefix="nls-drill-", dir=args.to)
            places.callback(_remove, folder)
            watch = _practise(args, Path(folder), places)
    except Refused as no:
        print(f"The drill failed: {no}", file=sys.stderr)
        return 1
    _note(watch, time.perf_counter() - began)
    return 0


def _remove(folder: str) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _practise(args: argparse.Namespace, folder: Path, places: ExitStack) -> _Watch:
    from nanglucso.core.keeping import pgserver, services
    from nanglucso.project.drilling import check_deep, copied, restored, same_rows, served

    made: dict[str, Any] = {}
    watch, home = _Watch(), folder / "home"
    watch.step("backup", lambda: copied(folder, services.own_key(args.key), made))
    server, env = services.own_server(), {**os.environ, "NLS_HOME": str(home)}
    env.pop("NLS_DATABASE_URL", None)
    if server:
        beside = places.enter_context(pgserver.throw_away(server, f"nls_drill_{secrets.token_hex(4)}"))
        env["NLS_DATABASE_URL"] = beside.url()
    if args.key:
        env["NLS_BACKUP_KEY_FILE"] = args.key
    watch.step("restore", lambda: restored(made["path"], home, env))
    watch.step("rows", lambda: same_rows(made["path"], made["manifest"], home, beside if server else None))
    watch.step("check", lambda: check_deep(env))
    watch.step("log-in", lambda: served(env))
    return watch


def _note(watch: _Watch, seconds: float) -> None:
    from nanglucso.core.acts import act
    from nanglucso.core.clock import now
    from nanglucso.core.keeping.losses import may_lose
    from nanglucso.core.watching.pulses import beat
    from nanglucso.project.drilling import said_loss

    told: dict[str, Any] = {name: round(spent, 1) for name, spent in watch.times.items()}
    at = now()
    with act(None, "core.drill", at=at) as this:
        this.note(seconds=round(seconds, 1), steps=told)
        beat("drill", at=at, seconds=round(seconds, 1), steps=told)
    print(f"{'whole':<10} {seconds:6.1f} s  from nothing to the log-in page")
    print(f"may be lost if this disk dies now: {said_loss(may_lose(at=at))}")
