"""What the reading page shows: how much is missing, the checks without their key until they are answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nanglucso.govern.outreach.models import DocumentVersion, Reading
from nanglucso.govern.outreach.rules import needed_seconds, rights_needed
from nanglucso.govern.outreach.shuffling import option_order
from nanglucso.govern.outreach.texts import checks_of


@dataclass(frozen=True)
class Progress:
    """Seconds needed and still missing; `percent` of the time."""

    needed: int
    left: int
    percent: int


def progress(row: Reading, version: DocumentVersion) -> Progress:
    """How far the reading is by the server's clock."""
    needed = needed_seconds(version.words)
    left = 0 if row.read_at else max(0, round(needed - row.spent))
    return Progress(round(needed), left, 100 if row.read_at else min(99, int(100 * row.spent / needed)))


def checks(row: Reading, version: DocumentVersion, free: datetime | None, at: datetime) -> dict[str, Any]:
    """The checks of the present round in this person's order. Which option is right is told only of answered ones.

    Answers stand under the text that asked for them, also when a small edit has come since.
    """
    given = {one.question: one for one in row.answers.all() if one.round == row.round}
    asked, language = checks_of(next(iter(given.values())).version if given else version)
    rows = [_question(row, n, one, given.get(n)) for n, one in enumerate(asked, 1)]
    right = sum(one["right"] for one in rows)
    return {
        "rows": rows, "language": language, "round": row.round, "count": len(rows), "right": right,
        "wanted": rights_needed(len(rows)), "over": bool(given), "passed": row.understood_at is not None,
        "may_repeat": free is not None and at >= free, "version": version.pk,
    }  # fmt: skip


def _question(row: Reading, number: int, asked: Any, given: Any) -> dict[str, Any]:
    order = option_order(row, number, len(asked.options))
    options = [
        {
            "value": shown, "text": asked.options[place].text, "chosen": bool(given and given.choice == place),
            "said": asked.options[place].feedback if given and given.choice == place else "",
        }
        for shown, place in enumerate(order)
    ]  # fmt: skip
    return {
        "number": number,
        "text": asked.text,
        "options": options,
        "answered": bool(given),
        "right": bool(given and given.right),
    }
