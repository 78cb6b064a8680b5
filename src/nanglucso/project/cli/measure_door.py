"""What all measuring commands share: their file options, their one JSON line, their refusals."""

import argparse
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nanglucso.project.cli.measure_files import BadInput


def files(parser: argparse.ArgumentParser, **names: str) -> None:
    for option, shape in names.items():
        role = "file to write" if option == "out" else "file to read"
        parser.add_argument(f"--{option}", required=True, type=Path, metavar="FILE", help=f"{role}, {shape}")


def guarded(command: Callable[[argparse.Namespace], dict[str, Any]], args: argparse.Namespace) -> int:
    """Run a command: its figures as one JSON line and status 0, or one sentence and status 2."""
    try:
        figures = command(args)
    except BadInput as refusal:
        print(refusal, file=sys.stderr)
        return 2
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(json.dumps({**figures, "peak_mb": round(peak, 1)}))
    return 0


def check_out(path: Path) -> None:
    if not path.parent.is_dir():
        raise BadInput(f"{path}: the folder does not exist; make it first.")
    if path.is_dir():
        raise BadInput(f"{path}: this is a folder; name a file.")
