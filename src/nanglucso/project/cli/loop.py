"""`nanglucso loop`: a real staff file in; the year's plan, the gaps and a report out."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

HELP = """\
Reads a staff list (.xlsx, .xls, .csv in UTF-8, UTF-16 or Windows-1258) into a fresh temporary database, measures the
gap, plans a year of classes under the budget and writes plan.docx, plan.pdf, gaps.xlsx and report.json into DIR.
Nothing is written unless everything succeeded. Status: 0 done, 2 bad input (one sentence on stderr).

--responses  CSV or workbook with the columns staff_code,item_id,score,date. item_id: a code of the shipped items;
             score: whole points from 0; date: dd/mm/yyyy or yyyy-mm-dd. Rows that do not fit are listed in report.json.
--self-ratings  workbook or CSV, one row a person: staff_code (or the full name) and columns 1.1 ... 6.4, levels 0 to 4.
--resources  workbook with the sheets venues, lecturers, sources, or YAML with these keys:
             venues:    name, area (CT, ST, HG), seats, buoi_week (default 10), rate (VND a buoi of 4 tiet)
             lecturers: name, rate (VND a buoi), week_max, quarter_max (buoi), courses (codes; empty = all)
             sources:   name, amount (VND; together scaled to the budget), unit_types, courses
Without it an assumption is used and stated on the plan's first page: in each of the three travel areas one room of 35
seats for every 1,500 people, at least one; 1.25 lecturers for every 1,000 people, at least two, paid the maximum of
Circular 100/2025/TT-BTC; one source. Somebody who was never measured begins from the prior of the position group.
"""


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    loop = commands.add_parser(
        "loop",
        help="plan a year of training from a staff list",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    loop.add_argument("--staff", metavar="FILE", help="the staff list (needed)")
    loop.add_argument("--budget", metavar="VND", help="the year's money in đồng, for example 1200000000 (needed)")
    loop.add_argument("--out", metavar="DIR", help="folder for the files (needed)")
    loop.add_argument("--responses", metavar="FILE", help="answers to items, see above")
    loop.add_argument("--self-ratings", metavar="FILE", help="self-ratings, see above")
    loop.add_argument("--resources", metavar="FILE", help="rooms, lecturers, sources, see above")
    loop.add_argument(
        "--units",
        choices=("auto", "city", "file"),
        default="auto",
        help="match units with the shipped city, or take the file's own; auto: the file's when none matches",
    )
    loop.add_argument("--year", type=int, metavar="YEAR", help="this year or the next (default: next from August)")
    loop.add_argument(
        "--time-limit", type=float, default=15.0, metavar="S", help="seconds for the planner (default 15)"
    )
    loop.add_argument("--keep-db", action="store_true", help="also write nanglucso.sqlite3, to be opened on the web")
    loop.add_argument("--lang", choices=("vi", "en"), default="vi", help="language of messages (default vi)")
    loop.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Set up Django on a temporary database, run, write. 0 done, 2 bad input."""
    with tempfile.TemporaryDirectory(prefix="nanglucso-loop-") as folder:
        os.environ.setdefault("NLS_HOME", str(Path(folder) / "home"))
        os.environ["NLS_DATABASE_URL"] = f"sqlite:///{folder}/nanglucso.sqlite3"
        import django

        django.setup()
        from django.utils import translation

        from nanglucso.kit.faults import BadFile
        from nanglucso.project.loop.order import BadInput, say_file_fault

        with translation.override(args.lang):
            try:
                return _run(args)
            except BadFile as error:
                print(say_file_fault(error), file=sys.stderr)
            except BadInput as error:
                print(error, file=sys.stderr)
            except KeyboardInterrupt:
                print(translation.gettext("Stopped; nothing was written."), file=sys.stderr)
                return 130
    return 2


def _run(args: argparse.Namespace) -> int:
    from django.utils.translation import gettext as _

    from nanglucso.core.clock import now
    from nanglucso.project.loop import database
    from nanglucso.project.loop.order import BadInput
    from nanglucso.project.loop.run import database_file, read_inputs, run_loop
    from nanglucso.project.loop.writing import write_all

    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {text}", file=sys.stderr, flush=True)

    order = _order(args)
    say(_("Reading %(file)s.") % {"file": order.staff.name})
    inputs = read_inputs(order)
    database.migrate()
    files: dict[str, bytes | Path] = dict(run_loop(order, inputs, at=now(), say=say))
    if order.keep_db:
        database.settle()
        files["nanglucso.sqlite3"] = database_file()
    try:
        write_all(order.out, files)
    except OSError as error:
        raise BadInput(
            _("--out: %(path)s cannot be written: %(why)s.") % {"path": order.out, "why": error.strerror}
        ) from None
    say(_("Done: %(files)s in %(path)s.") % {"files": ", ".join(sorted(files)), "path": order.out})
    return 0


def _order(args: argparse.Namespace):  # type: ignore[no-untyped-def]
    """The command line checked, before any file is opened. Raises `BadInput`."""
    from django.utils.translation import gettext as _

    from nanglucso.core.clock import today
    from nanglucso.project.loop import order

    for name in ("staff", "budget", "out"):
        if not getattr(args, name):
            raise order.BadInput(_("--%(name)s is missing; see nanglucso loop --help.") % {"name": name})
    budget = order.read_budget(args.budget, args.lang)
    order.check_year(args.year, today())
    order.check_out(Path(args.out))
    paths = {name: Path(getattr(args, word)) for name, word in _FILES.items() if getattr(args, word)}
    return order.Order(
        staff=Path(args.staff),
        out=Path(args.out),
        budget=budget,
        units=args.units,
        year=args.year,
        seconds=order.check_seconds(args.time_limit),
        keep_db=args.keep_db,
        lang=args.lang,
        **paths,
    )


_FILES = {"responses": "responses", "ratings": "self_ratings", "resources": "resources"}
