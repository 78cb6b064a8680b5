"""What the gap pages show beside the heat map: figures, change since the last snapshot, spread, who needs what."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np

from nanglucso.engines import levels
from nanglucso.measure.gaps.heat import Columns
from nanglucso.measure.gaps.models import GapSnapshot
from nanglucso.measure.gaps.queries import MET, NOT_MET, UNKNOWN, Counts, GapTable, Place, Sums, level_shares, whole
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.people.models import Person

SMALL_UNIT = 40
MOST_RANKED = 6
_BESIDE = 18


@dataclass(frozen=True)
class Summary:
    """Counts of a group, or of a snapshot of it. Shares 0..1, `missing` in levels per requirement."""

    at: datetime | None
    label: str
    people: int
    measured: int
    met: float
    missing: float
    not_met: float = 0.0

    @property
    def unknown(self) -> float:
        return max(0.0, 1 - self.met - self.not_met)

    @property
    def measured_share(self) -> float:
        return self.measured / max(1, self.people)


@dataclass(frozen=True)
class Figures:
    """The four numbers on top: today, what changed since the last snapshot, and who is in most need."""

    now: Summary
    before: Summary | None
    urgent: int

    @property
    def measured_change(self) -> float:
        return 100 * (self.now.measured_share - self.before.measured_share) if self.before else 0.0

    @property
    def met_change(self) -> float:
        return 100 * (self.now.met - self.before.met) if self.before else 0.0

    @property
    def missing_change(self) -> float:
        return self.now.missing - self.before.missing if self.before else 0.0


def of_snapshot(row: GapSnapshot, codes: Sequence[str] | None = None) -> Summary:
    """A snapshot as the same figures; optionally of some competences only."""
    kept = [values for code, values in row.counts.items() if codes is None or code in codes]
    required, met, gap, _unknown, missing = (sum(v[i] for v in kept) for i in range(5))
    of = max(1, required)
    return Summary(row.at, row.label, row.people, row.measured, met / of, missing / of, gap / of)


def figures(table: GapTable | Sums, top: Place | None, hidden: np.ndarray | None = None) -> Figures:
    """Today's figures against the newest snapshot of the same unit. Urgent = a must-have requirement is not met.

    `hidden` (K + 1,): competences that are kept back and so left out.
    """
    counts = whole(table)
    if hidden is not None:
        counts = counts.over(~hidden[:-1])
    gap = float(counts.not_met.sum() / max(1, counts.required.sum()))
    now = Summary(None, "", counts.people, counts.measured, counts.share_met(), counts.mean_missing(), gap)
    last = GapSnapshot.objects.filter(unit=top.pk).order_by("-at").first() if top else None
    return Figures(now, of_snapshot(last) if last else None, table.urgent)


@dataclass(frozen=True)
class Ranked:
    """A competence and the share of those it is required of who do not meet it."""

    competence: Competence
    share: float
    not_met: int
    unknown: int

    @property
    def bar(self) -> str:
        return f"{100 * self.share:.1f}"


def ranking(cols: Columns, counts: Counts, hidden: np.ndarray | None = None) -> list[Ranked]:
    """Competences that most people do not meet, most first; empty when fewer than 60% are measured."""
    if not counts.enough:
        return []
    found = [
        Ranked(row, counts.not_met[k] / counts.required[k], int(counts.not_met[k]), int(counts.unknown[k]))
        for k, row in ((row.index, row) for row in cols.competences)
        if counts.required[k] and not (hidden is not None and hidden[k])
    ]
    return sorted((row for row in found if row.not_met), key=lambda row: -row.share)[:MOST_RANKED]


@dataclass(frozen=True)
class Column:
    """One column of the histogram, in a 272 × 240 picture."""

    x: float
    y: float
    height: float
    share: float
    words: list[str]

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The words below it with their height in the picture."""
        return [(206 + 14 * n, word) for n, word in enumerate(self.words) if word]


def spread(table: GapTable | Sums) -> list[Column]:
    """Share of people expected at each level over what is required of them, as columns of a histogram."""
    shares = level_shares(table)
    top, width = max(float(shares.max()), 0.01), 272 / len(shares)
    return [
        Column(n * width + 5, 190 - 150 * float(share) / top, 150 * float(share) / top, float(share), words)
        for n, (share, words) in enumerate(zip(shares, _lines(table.frame.labels), strict=True))
    ]


def _lines(names: Sequence[str]) -> list[list[str]]:
    """Names of columns on two lines; where neighbours would touch every second one stands a line lower."""
    words = [name.split() for name in names]
    halves = [[" ".join(of[: max(1, len(of) // 2)]), " ".join(of[max(1, len(of) // 2) :])] for of in words]
    longest = [max(map(len, half)) for half in halves]
    low = any(a + b > _BESIDE for a, b in pairwise(longest))
    return [["", *half] if low and n % 2 else half for n, half in enumerate(halves)]


@dataclass(frozen=True)
class Mark:
    """One person and competence: met, missing so many levels, not yet known, or not required."""

    state: str
    missing: float

    @property
    def css(self) -> str:
        if self.state == NOT_MET:
            return f"b{2 + int(np.searchsorted([0.45, 0.75, 1.05, 1.45], self.missing, side='right'))}"
        return {MET: "ok", UNKNOWN: "bx"}.get(self.state, "nr")


@dataclass(frozen=True)
class PersonRow:
    """One person over the competences; `worst` the largest shortfalls for the phone; `namesake`: shares the name.

    `twin`: shares the name and the position, so that only the staff number tells them apart.
    """

    person: Person
    marks: list[Mark]
    worst: list[tuple[Competence, float]]
    namesake: bool = False
    twin: bool = False

    def count(self, state: str) -> int:
        return sum(mark.state == state for mark in self.marks)

    @property
    def not_met(self) -> int:
        return self.count(NOT_MET)

    @property
    def unknown(self) -> int:
        return self.count(UNKNOWN)

    @property
    def met(self) -> int:
        return self.count(MET)

    @property
    def strip(self) -> list[dict[str, str]]:
        """One rectangle a competence: full height met or not met, low not yet known."""
        step = 100 / max(1, len(self.marks))
        css = {MET: "k-met", NOT_MET: "k-gap", UNKNOWN: "k-unk"}
        return [
            {
                "x": f"{i * step + 0.3:.2f}", "width": f"{step - 0.6:.2f}", "css": css.get(mark.state, "k-no"),
                "y": "4" if mark.state == UNKNOWN else "0", "height": "6" if mark.state == UNKNOWN else "14",
            }
            for i, mark in enumerate(self.marks)
        ]  # fmt: skip


def person_rows(table: GapTable, people: Sequence[Person], competences: Sequence[Competence]) -> list[PersonRow]:
    """Every person, the largest total shortfall first; `people` in the table's order."""
    made, names = [], Counter(person.full_name for person in people)
    posts = Counter((person.full_name, person.position_id) for person in people)
    for i, person in enumerate(people):
        marks = [Mark(str(table.state[i, c.index]), float(table.missing[i, c.index])) for c in competences]
        short = [(c, m.missing) for c, m in zip(competences, marks, strict=True) if m.state == NOT_MET]
        worst = sorted(short, key=lambda pair: -pair[1])[:2]
        twin = posts[person.full_name, person.position_id] > 1
        made.append(PersonRow(person, marks, worst, names[person.full_name] > 1, twin))
    total = {row.person.pk: sum(m.missing for m in row.marks if m.state == NOT_MET) for row in made}
    return sorted(made, key=lambda row: (-total[row.person.pk], row.person.sort_key))


@dataclass(frozen=True)
class Need:
    """A competence with how many do not meet it, how many are not yet known, and (where allowed) who."""

    competence: Competence
    not_met: int
    unknown: int
    who: list[Person]


def needs(
    counts: Counts, competences: Sequence[Competence], who: dict[int, list[Person]], hidden: np.ndarray | None = None
) -> list[Need]:
    """Who needs what, most people first; `who` by index of the competence, as far as names may be seen."""
    found = [
        Need(c, int(counts.not_met[c.index]), int(counts.unknown[c.index]), who.get(c.index, []))
        for c in competences
        if counts.not_met[c.index] and not (hidden is not None and hidden[c.index])
    ]
    return sorted(found, key=lambda need: (-need.not_met, need.competence.index))


def short_of(table: GapTable, people: Sequence[Person]) -> dict[int, list[Person]]:
    """By index of the competence who does not meet it, the largest shortfall first; `people` in the table's order."""
    short = table.codes == levels.CODES.index(NOT_MET)
    places = {k: np.flatnonzero(short[:, k]) for k in range(table.frame.size)}
    ordered = {k: at[np.argsort(-table.missing[at, k], kind="stable")] for k, at in places.items()}
    return {k: [people[i] for i in at] for k, at in ordered.items()}


def concentration(found: Sequence[Need]) -> dict[str, Any] | None:
    """How much of all shortfalls the first three competences hold; None when there are fewer than four needs."""
    total = sum(need.not_met for need in found)
    if len(found) < 4:
        return None
    first = found[:3]
    return {
        "n": sum(need.not_met for need in first),
        "total": total,
        "names": ", ".join(n.competence.short for n in first),
    }
