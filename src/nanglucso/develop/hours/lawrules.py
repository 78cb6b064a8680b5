"""The yearly duty and what counts towards it, read from `content/hours/rules.yaml`; versioned with it."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from nanglucso.core import content

CLASS, OUTSIDE, LESSON, ENTRY = "class", "outside", "lesson", "entry"


@dataclass(frozen=True)
class Duty:
    """At least `tiet` periods a year for one regime (None: figure not read); `until`: the first day after it.

    `cited`: article and document as a sentence names them, {language: words}.
    """

    regime: str
    tiet: int | None
    document: str
    article: str
    since: date | None
    until: date | None
    confidence: str
    says: dict[str, str]
    source: str
    cited: dict[str, str] = field(default_factory=dict)

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day, as far as is recorded."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True)
class SourceRule:
    """Whether one kind of thing counts; `only`: codes of outside courses, empty = all; `why` {language: sentence}."""

    source: str
    regimes: tuple[str, ...]
    since: date | None
    until: date | None
    counts: bool
    confidence: str
    why: dict[str, str]
    legal: str
    only: tuple[str, ...] = ()

    def fits(self, source: str, regime: str, day: date, code: str) -> bool:
        """Whether this row speaks of a thing of that day."""
        begun = self.since is None or self.since <= day
        lasting = self.until is None or day < self.until
        return source == self.source and regime in self.regimes and begun and lasting and code in (self.only or (code,))


@dataclass(frozen=True)
class LawRules:
    """One version of the file."""

    version: str
    status: str
    period_minutes: int
    by_unit_kind: dict[str, str]
    otherwise: str
    duties: tuple[Duty, ...]
    sources: tuple[SourceRule, ...]
    unclear: tuple[dict[str, str], ...]

    @property
    def first_year(self) -> int:
        """The first year with a duty that is known to the day."""
        return min(one.since.year for one in self.duties if one.since)

    @property
    def counting_codes(self) -> set[str]:
        """Codes of outside courses that count for somebody."""
        return {code for one in self.sources if one.source == OUTSIDE and one.counts for code in one.only}

    def duty(self, regime: str, year: int) -> Duty | None:
        """The duty in force on 31 December, None when none is recorded."""
        day = date(year, 12, 31)
        return next((one for one in self.duties if one.regime == regime and one.holds(day)), None)

    def source(self, source: str, regime: str, day: date, code: str = "") -> SourceRule | None:
        """The row that speaks of a thing on its day, None when no row does (then it does not count)."""
        return next((one for one in self.sources if one.fits(source, regime, day, code)), None)


def parse(read: Any) -> LawRules:
    """The file's content. Raises KeyError, TypeError for a row that lacks a field."""
    sources = tuple(
        SourceRule(
            row["source"], tuple(row["regimes"]), row["since"], row["until"], bool(row["counts"]), row["confidence"],
            row["why"], row["legal"], tuple(row.get("only", ())),
        )
        for row in read["sources"]
    )  # fmt: skip
    regimes = read["regimes"]
    return LawRules(
        str(read["version"]), read["status"], int(read["period_minutes"]), dict(regimes["by_unit_kind"]),
        regimes["otherwise"], tuple(Duty(**row) for row in read["duties"]), sources, tuple(read["unclear"]),
    )  # fmt: skip


@lru_cache(maxsize=1)
def law() -> LawRules:
    """The shipped rules."""
    return parse(content.read_yaml(content.root() / "hours" / "rules.yaml"))
