"""``nanglucso plan solve | check | whatif``: instance files in, plan files out.  Money is in million đồng."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import resource
import signal
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small products: threads would only wait for each other

import numpy as np

from nanglucso.engines import linear
from nanglucso.engines.check import check
from nanglucso.engines.instance import Instance, InstanceError, Ints
from nanglucso.engines.outcome import Proven
from nanglucso.engines.plan import Result, solve
from nanglucso.engines.whatif import PlanError, whatif

OK, NO, BAD = 0, 1, 2
PLAN_FORMAT = "nanglucso-plan-result/1"
COLUMNS = ("course", "form", "venue", "start", "lecturer", "source")
SAVE_SECONDS = 1.0  # least time between two writings of a growing plan
CLOSING_SECONDS = 0.5  # kept from the time limit for starting up and writing


class BadInput(Exception):
    """One sentence for the user: which file, which key, what to do."""


def register(sub: Any) -> None:
    """Add ``plan`` with its three verbs to the sub-parsers of the command line."""
    plan = sub.add_parser("plan", help="annual plan from files (money in million đồng)", description=__doc__)
    verbs = plan.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser(
        "solve", help="find a plan", description="Find a plan; the last line printed is one JSON object."
    )
    one.add_argument("instance", metavar="INSTANCE", help="instance file (.json or .json.gz)")
    one.add_argument("--out", required=True, metavar="PLAN", help="plan file to write (.json or .json.gz)")
    one.add_argument("--time-limit", type=_positive, default=60.0, metavar="S", help="seconds (default 60)")
    one.add_argument("--budget", metavar="MILLION", help="another budget in million đồng; every source scaled alike")
    one.add_argument("--progress", action="store_true", help="one JSON line per better plan")
    _common(one, _solve)
    two = verbs.add_parser(
        "check", help="check a plan", description="Check a plan; exit status 0 valid, 1 not, 2 bad input."
    )
    two.add_argument("instance", metavar="INSTANCE")
    two.add_argument("plan", metavar="PLAN")
    two.set_defaults(func=_guard(_check))
    three = verbs.add_parser("whatif", help="a plan near an old one under another budget")
    three.add_argument("instance", metavar="INSTANCE")
    three.add_argument("plan", metavar="PLAN")
    three._negative_number_matcher = re.compile(r"^-\d+(\.\d+)?\s*%?$")  # so that -10% is a value, not an option
    three.add_argument("--budget", required=True, help="+10%%, -10%%, or a number in million đồng")
    three.add_argument("--out", metavar="PLAN2", help="plan file to write")
    three.add_argument("--time-limit", type=_positive, default=5.0, metavar="S", help="seconds (default 5)")
    _common(three, _whatif, threads=min(2, os.cpu_count() or 1))


def _common(parser: argparse.ArgumentParser, func: Callable[[argparse.Namespace], int], threads: int = 1) -> None:
    parser.add_argument("--threads", type=int, default=threads, help=f"threads (default {threads})")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random choices (default 1)")
    parser.set_defaults(func=_guard(func))


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e7:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return value


def _guard(func: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Bad input ends with one sentence on stderr and exit status 2."""

    def run(args: argparse.Namespace) -> int:
        try:
            code = func(args)
        except BadInput as error:
            print(error, file=sys.stderr)
            return BAD
        if linear.late():  # a solver thread still winds down; a normal exit would wait for it
            sys.stdout.flush()
            os._exit(code)
        return code

    return run


# ---- files -------------------------------------------------------------------------------------------------------


def _read(path: str) -> Any:
    try:
        raw = Path(path).read_bytes()
        return json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror or error}); give an existing file.") from None
    except (ValueError, EOFError, RecursionError, zlib.error) as error:
        raise BadInput(f"{path}: is not JSON ({error}); give a nanglucso-plan/1 file.") from None


def _instance(path: str) -> Instance:
    try:
        return Instance.from_json(_read(path))
    except InstanceError as error:
        raise BadInput(f"{path}: {error}") from None


def _column(data: Any, path: str, table: str, key: str) -> Ints:
    try:
        values = data[table][key]
    except (KeyError, TypeError):
        raise BadInput(f"{path}: {table}.{key} is missing; give a {PLAN_FORMAT} file.") from None
    if not isinstance(values, list) or not all(type(v) is int and abs(v) < 2**62 for v in values):
        raise BadInput(f"{path}: {table}.{key} must be a list of whole numbers.")
    return np.array(values, np.int64)


def _plan(path: str) -> tuple[Ints, Ints, list[float], Proven | None]:
    """Classes, seats, and the prices and their proof that the solver left in the file (none when it is not from it)."""
    data = _read(path)
    if not isinstance(data, dict) or data.get("format") != PLAN_FORMAT:
        raise BadInput(f"{path}: format is not {PLAN_FORMAT!r}.")
    tables = []
    for table, keys in (("classes", COLUMNS), ("seats", ("person", "class"))):
        columns = [_column(data, path, table, key) for key in keys]
        if len({len(c) for c in columns}) > 1:
            raise BadInput(f"{path}: the lists of {table} differ in length.")
        tables.append(np.stack(columns, axis=1))
    prices = data.get("prices")
    if not isinstance(prices, list) or not all(type(price) is float for price in prices):
        prices = []
    return tables[0], tables[1], prices, Proven.from_json(data.get("proven"), prices)


def _write(path: str, name: str, classes: Ints, seats: Ints, result: Result | None = None) -> None:
    """Replace the plan file whole: readers see the old file or the new one.

    The prices of the ``result`` and what they prove let a what-if start at once.
    """
    kept: dict[str, Any] = {"prices": result.prices} if result and result.prices else {}
    if result and result.proven:
        kept["proven"] = result.proven.to_json()
    body = {
        "format": PLAN_FORMAT,
        "instance": name,
        "classes": {key: classes[:, i].tolist() for i, key in enumerate(COLUMNS)},
        "seats": {"person": seats[:, 0].tolist(), "class": seats[:, 1].tolist()},
        **kept,
    }
    data = json.dumps(body, separators=(",", ":")).encode()
    data = gzip.compress(data, 5, mtime=0) if path.endswith(".gz") else data
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({error.strerror or error}); give a writable place.") from None


def _writable(path: str | None) -> None:
    if path is not None:
        folder = Path(path).resolve().parent
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise BadInput(f"{path}: the folder does not exist or cannot be written; give a writable place.")
        if Path(path).is_dir():
            raise BadInput(f"{path}: is a folder; give the name of a file.")


def _budget(text: str, old: float) -> float:
    """+10%, -10% relative to the old budget; otherwise a number of million đồng."""
    text = text.replace("\u2212", "-").replace(" ", "")
    try:
        value = old * (1 + float(text[:-1]) / 100) if text.endswith("%") else float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e12:
        raise BadInput(f"--budget: {text!r} is not an amount; give million đồng (0 or more) or a change like +10%.")
    return value


# ---- verbs -------------------------------------------------------------------------------------------------------


class _Interrupt:
    """SIGINT and SIGTERM become a flag that the engine asks for."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                signal.signal(number, self._ask)
            except ValueError:  # not in the main thread: nobody can interrupt us there
                return

    def _ask(self, *_: Any) -> None:
        self.asked = True

    def __call__(self) -> bool:
        return self.asked


class _Saver:
    """Writes better plans as they come, not more often than once a second."""

    def __init__(self, path: str, name: str) -> None:
        self.path, self.name, self.last = path, name, -np.inf

    def __call__(self, classes: Ints, seats: Ints) -> None:
        if time.monotonic() - self.last >= SAVE_SECONDS:
            _write(self.path, self.name, classes, seats)
            self.last = time.monotonic()


def _show(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _progress(seconds: float, objective: float, bound: float) -> None:
    _show({"seconds": round(seconds, 2), "objective": round(objective, 3), "bound": round(bound, 3)})


def _summary(result: Result, seconds: float) -> dict[str, Any]:
    return {
        "status": result.status,
        "objective": round(result.objective, 3),
        "bound": round(result.bound, 3),
        "gap": round(result.gap, 6),
        "seconds": round(seconds, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "shadow_price": round(result.shadow_price, 6),
        "reasons": result.reasons,
    }


def _solve(args: argparse.Namespace) -> int:
    begin, interrupt = time.monotonic(), _Interrupt()
    _writable(args.out)
    instance = _instance(args.instance)
    if args.budget is not None:
        instance = instance.scaled(_budget(args.budget, instance.budget))
    used = time.monotonic() - begin
    result = solve(
        instance,
        time_limit=max(args.time_limit - used - CLOSING_SECONDS, 0.1),
        seed=args.seed,
        threads=max(args.threads, 1),
        on_incumbent=_progress if args.progress else None,
        should_stop=interrupt,
        on_plan=_Saver(args.out, instance.name),
    )
    _write(args.out, instance.name, result.classes, result.seats, result)
    _show(_summary(result, time.monotonic() - begin))
    return NO if result.status == "infeasible" else OK


def _check(args: argparse.Namespace) -> int:
    verdict = check(_instance(args.instance), *_plan(args.plan)[:2])
    verdict["objective"] = round(verdict["objective"], 3)
    _show(verdict)
    return OK if verdict["valid"] else NO


def _whatif(args: argparse.Namespace) -> int:
    begin, interrupt = time.monotonic(), _Interrupt()
    _writable(args.out)
    instance = _instance(args.instance)
    classes, seats, prices, proven = _plan(args.plan)
    budget = _budget(args.budget, instance.budget)
    try:
        answer = whatif(
            instance,
            (classes, seats),
            budget,
            prices=prices,
            proven=proven,
            time_limit=max(args.time_limit - (time.monotonic() - begin) - CLOSING_SECONDS, 0.1),
            seed=args.seed,
            threads=max(args.threads, 1),
            should_stop=interrupt,
        )
    except PlanError as error:
        raise BadInput(f"{args.plan}: {error}") from None
    if args.out is not None:
        _write(args.out, instance.name, answer.result.classes, answer.result.seats, answer.result)
    _show(
        {
            **_summary(answer.result, time.monotonic() - begin),
            "budget": round(budget, 3),
            "change": round(answer.change, 3),
            "classes_added": answer.classes_added,
            "classes_removed": answer.classes_removed,
            "people_moved": answer.people_moved,
        }
    )
    return NO if answer.result.status == "infeasible" else OK
