"""Căn cứ: the legal bases of a document that are in force on its day, from the shipped register."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from nanglucso.core.content import root
from nanglucso.govern.reports.documents.wording import long_date

_DAY = re.compile(r"\b(\d{2})/(\d{2})/(\d{4})\b")
_ENDED = re.compile(r"^ended (\d{2}/\d{2}/\d{4})")
SEEN = "S"


@dataclass(frozen=True)
class Law:
    """A row of the register; `number` without the place in brackets, `ended` the first day without force."""

    number: str
    issued: date | None
    effective: date | None
    ended: date | None
    confidence: str

    def in_force(self, day: date) -> bool:
        """Whether the text is in force on a day, as far as the register says."""
        begun = self.effective or self.issued
        return begun is not None and begun <= day and (self.ended is None or day < self.ended)


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    return date(int(found[3]), int(found[2]), int(found[1])) if found else None


@lru_cache(maxsize=1)
def register() -> dict[str, Law]:
    """Number → row of `laws/register.csv`."""
    with (root() / "laws" / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    laws = {}
    for row in rows:
        number = row["number"].split(" (")[0].strip()
        ended = _ENDED.match(row["status_or_note"])
        laws[number] = Law(
            number, _day(row["issued"]), _day(row["effective"]), _day(ended[1]) if ended else None, row["confidence"]
        )
    return laws


@dataclass(frozen=True)
class Base:
    """One line of căn cứ and whether the official text itself was seen."""

    text: str
    checked: bool


def bases(told: dict[str, Any], day: date, place: str) -> list[Base]:
    """The lines of a document's wording that are in force on `day` in `place`, without their closing mark.

    Raises KeyError for a number that the register does not hold.
    """
    made = []
    for row in told["bases"]:
        law = register()[row["number"]]
        out = row.get("until") and day > row["until"]
        elsewhere = row.get("place") and row["place"] != place
        if law.issued is None or out or elsewhere or not law.in_force(day):
            continue
        made.append(Base(_said(told, row, law.issued, place), law.confidence == SEEN))
    return made


def _said(told: dict[str, Any], row: dict[str, Any], issued: date, place: str) -> str:
    kind, issuer = told["issuers"][row["number"].rpartition("/")[2]]
    facts = {"number": row["number"], "subject": row["subject"], "day": long_date(issued), "kind": kind}
    shape = told["base_numbered"] if kind else told["base_law"]
    return str(shape.format(**facts, issuer=issuer.format(place=place)))


def closed(lines: list[Base]) -> tuple[str, ...]:
    """The lines with ";" behind each and "." behind the last."""
    return tuple(f"{one.text}{'.' if one is lines[-1] else ';'}" for one in lines)
