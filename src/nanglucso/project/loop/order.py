"""What the loop command is asked to do, checked before anything is read or made."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from nanglucso.kit.faults import BadFile, BadValue
from nanglucso.kit.numbers import format_money, parse_money

SMALLEST_BUDGET = 1_000_000
MOST_SECONDS = 3600.0


class BadInput(Exception):
    """One clear sentence, in the language asked for: what, where, what to do. The command ends with status 2."""


@dataclass(frozen=True)
class Order:
    """The command line as values: budget in đồng, seconds for the solver, paths; `units` auto, city or file."""

    staff: Path
    out: Path
    budget: int
    responses: Path | None = None
    ratings: Path | None = None
    resources: Path | None = None
    units: str = "auto"
    year: int | None = None
    seconds: float = 15.0
    keep_db: bool = False
    lang: str = "vi"


def say_file_fault(error: BadFile) -> str:
    """A file's fault in the language in use."""
    return str(_(error.template) % error.params)


def read_budget(text: str, lang: str) -> int:
    """Đồng from "1200000000", "1.200.000.000" or "1,2 tỷ". Below a million it is asked back, or raises `BadInput`."""
    try:
        budget = parse_money(text, lang)
    except BadValue:
        raise BadInput(
            _("--budget: “%(value)s” is not an amount in đồng, for example 1.200.000.000.") % {"value": text}
        ) from None
    if budget <= 0:
        raise BadInput(_("--budget: the amount must be above 0 đồng."))
    if budget < SMALLEST_BUDGET:
        params = {"budget": format_money(budget, lang), "value": text}
        raise BadInput(
            _("--budget: %(budget)s is too little for a plan; did you mean %(value)s million (triệu đồng)?") % params
        )
    return budget


def check_seconds(seconds: float) -> float:
    """Seconds for the solver, 1 to 3600; raises `BadInput`."""
    if not 1 <= seconds <= MOST_SECONDS:
        raise BadInput(_("--time-limit: give 1 to 3600 seconds."))
    return seconds


def check_year(year: int | None, today: date) -> int:
    """The plan's year: this one until July, else the next; raises `BadInput` for another than these two."""
    if year is None:
        return today.year + (today.month > 7)
    if year not in (today.year, today.year + 1):
        raise BadInput(_("--year: give %(this)s or %(next)s.") % {"this": today.year, "next": today.year + 1})
    return year


def check_out(out: Path) -> None:
    """The folder may be new, but what holds it must exist and be writable. Nothing is made yet."""
    place = out if out.exists() else out.parent
    if out.exists() and not out.is_dir():
        raise BadInput(_("--out: %(path)s is a file; name a folder.") % {"path": out})
    if not place.is_dir():
        raise BadInput(_("--out: the folder %(path)s does not exist; make it first.") % {"path": place})
    if not os.access(place, os.W_OK | os.X_OK):
        raise BadInput(_("--out: nothing may be written into %(path)s.") % {"path": place})
