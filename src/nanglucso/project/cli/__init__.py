"""The `nanglucso` command: a table of sub-commands, each in a module of its own."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

MODULES = (
    "demo", "serve", "loop", "measure", "plan", "people", "framework", "content", "learning", "targets", "audit",
    "check", "backup", "restore", "drill", "deploy", "rehearsal",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command; the status is 0 (done), 1 (says no) or 2 (bad input, one sentence on stderr)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["manage"]:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["nanglucso manage", *words[1:]])
        return 0
    parser = argparse.ArgumentParser(prog="nanglucso", description="Digital competence: measure, plan, prove.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("manage", help="Django's own commands", add_help=False)
    wanted = [words[0]] if words and words[0] in MODULES else [*MODULES]
    if words[:1] == ["worker"]:
        wanted = ["serve"]
    for name in wanted:
        importlib.import_module(f"nanglucso.project.cli.{name}").register(commands)
    args = parser.parse_args(words)
    return int(args.func(args) or 0)
