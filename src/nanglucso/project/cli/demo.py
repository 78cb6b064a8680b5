"""`nanglucso demo`: make the demo city on first use, then serve it."""

import argparse
import gc
import os
import time
from pathlib import Path


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    demo = commands.add_parser("demo", help="make and serve a made-up city of 2,000 people")
    demo.add_argument("--people", type=int, default=2000, help="made-up people (default: %(default)s)")
    demo.add_argument("--seconds", type=float, default=4.0, help="solver seconds a plan (default: %(default)s)")
    demo.add_argument("--port", type=int, default=8000, help="TCP port (default: %(default)s)")
    demo.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    demo.add_argument("--no-serve", action="store_true", help="only make the city")
    demo.set_defaults(func=run, processes=1, threads=4, only=None, no_worker=False)


def run(args: argparse.Namespace) -> int:
    # Making the year leaves millions of short-lived objects; looking through them less often saves a twentieth.
    gc.set_threshold(100_000, 20, 20)
    os.environ["NLS_DEMO"] = "1"
    os.environ.setdefault("NLS_HOME", str(Path.cwd() / "var" / "demo"))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from nanglucso.core.clock import now
    from nanglucso.project.demo.city import build, is_built, is_half_built
    from nanglucso.project.demo.logins import lines

    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    began = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    if is_half_built():
        print("An earlier making was interrupted; beginning anew.", flush=True)
        call_command("flush", verbosity=0, interactive=False)
    if not is_built():
        print(f"Making the demo city: {args.people} made-up people, a year already lived ...", flush=True)
        build(people=args.people, anchor=now(), seconds=args.seconds, say=lambda text: print(f"  {text}", flush=True))
    print(f"Ready after {time.monotonic() - began:.0f} s. Everyone in it is made up.")
    print("\n".join(lines()))
    if args.no_serve:
        return 0
    print(f"Open http://{args.host}:{args.port}/  (Ctrl+C ends)", flush=True)
    from nanglucso.project.cli.serve import run_serve

    return run_serve(args)
