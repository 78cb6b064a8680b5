"""A source over the years side by side: planned, committed, spent, left, and what its rule lets the next year have."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nanglucso.core.bilingual import said
from nanglucso.core.content import read_yaml, root
from nanglucso.develop.budget.queries import source_kinds, source_years
from nanglucso.develop.budget.reporting import Line, report

DECISION, ALL, NONE = "decision", "all", "none"


@dataclass(frozen=True)
class CarryRule:
    """What of a year goes on: committed and unpaid by decision, all that is left, or nothing."""

    code: str
    says_vi: str
    says_en: str
    basis: str
    confidence: str

    @property
    def says(self) -> str:
        return said(self, "says")


@lru_cache
def carry_rules() -> Mapping[str, CarryRule]:
    """The rules of carrying over, by code."""
    told: Any = read_yaml(root() / "funding" / "sources.yaml")
    rows = told["carry_over"].items()
    return {code: CarryRule(code, row["vi"], row["en"], row["basis"], row["confidence"]) for code, row in rows}


def carried(line: Line, rule: str) -> int:
    """đồng that the next year may have: `all` = amount not spent; `decision` = committed less spent; else 0."""
    if rule == ALL:
        return max(0, line.limit - line.spent)
    return max(0, line.held - line.spent) if rule == DECISION else 0


@dataclass(frozen=True)
class Cell:
    """A source in one year, đồng; `left` = amount less spent."""

    line: Line
    carried: int

    @property
    def left(self) -> int:
        return self.line.limit - self.line.spent


@dataclass(frozen=True)
class Row:
    """A source with its rule and a cell a year (None = it had no money then)."""

    name: str
    state: bool
    rule: CarryRule
    cells: list[Cell | None]


def over_years(most: int = 4) -> tuple[list[int], list[Row], list[Cell]]:
    """The newest years, oldest first; sources, state budget first; and the sum of each year."""
    years, kinds = sorted(source_years()[:most]), source_kinds()
    lines = {year: {line.code: line for line in report(year).by_source} for year in years}
    codes = {code: line.name for year in years for code, line in lines[year].items()}
    known = sorted(codes, key=lambda code: (code not in kinds, kinds[code].order if code in kinds else 0, code))
    rows = []
    for code in known:
        rule = kinds[code].carry_over if code in kinds else NONE
        cells = [_cell(lines[year].get(code), rule) for year in years]
        rows.append(Row(codes[code], code in kinds and kinds[code].kind == "state", carry_rules()[rule], cells))
    return years, rows, [_sum([row.cells[i] for row in rows]) for i in range(len(years))]


def _cell(line: Line | None, rule: str) -> Cell | None:
    return Cell(line, carried(line, rule)) if line else None


def _sum(cells: list[Cell | None]) -> Cell:
    there = [one for one in cells if one]
    whole = Line("")
    for one in there:
        for part in ("limit", "planned", "held", "spent"):
            setattr(whole, part, getattr(whole, part) + getattr(one.line, part))
    return Cell(whole, sum(one.carried for one in there))
