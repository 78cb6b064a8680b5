"""What the gap pages show beside the heat map: figures, change since the last snapshot, spread, who needs what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from nanglucso.core.scope import Scope
from nanglucso.measure.gaps.models import GapSnapshot
from nanglucso.measure.gaps.queries import ENOUGH_MEASURED, MET, NOT_MET, UNKNOWN, GapTable, level_shares
from nanglucso.workforce.framework.models import Competence, Framework
from nanglucso.workforce.people.models import Person, Unit

SMALL_UNIT = 40
MOST_RANKED = 6


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


def _top(scope: Scope) -> Unit | None:
    return Unit.objects.filter(scope.units("path")).order_by("depth", "path").first()


def figures(table: GapTable, scope: Scope) -> Figures:
    """Today's figures against the newest snapshot of the same unit. Urgent = a must-have requirement is not met."""
    counts = table.rows(np.ones(len(table.ids), bool))
    gap = float(counts.not_met.sum() / max(1, counts.required.sum()))
    now = Summary(None, "", counts.people, counts.measured, counts.share_met(), counts.mean_missing(), gap)
    top = _top(scope)
    last = GapSnapshot.objects.filter(unit=top).order_by("-at").first() if top else None
    urgent = int(((table.state == NOT_MET) & table.core).any(1).sum())
    return Figures(now, of_snapshot(last) if last else None, urgent)


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


def ranking(framework: Framework, table: GapTable) -> list[Ranked]:
    """Competences that most people do not meet, most first; empty when fewer than 60% are measured."""
    counts = table.rows(np.ones(len(table.ids), bool))
    if not counts.enough:
        return []
    found = [
        Ranked(row, float(counts.not_met[k] / counts.required[k]), int(counts.not_met[k]), int(counts.unknown[k]))
        for k, row in enumerate(framework.competences.select_related("domain").order_by("index"))
        if counts.required[k]
    ]
    return sorted((row for row in found if row.not_met), key=lambda row: -row.share)[:MOST_RANKED]


@dataclass(frozen=True)
class Column:
    """One column of the histogram, in a 272 × 236 picture."""

    x: float
    y: float
    height: float
    share: float
    words: list[str]


def spread(table: GapTable) -> list[Column]:
    """Share of people expected at each level over what is required of them, as columns of a histogram."""
    shares = level_shares(table)
    top, width = max(float(shares.max()), 0.01), 272 / len(shares)
    return [
        Column(n * width + 5, 190 - 150 * float(share) / top, 150 * float(share) / top, float(share), _two_lines(name))
        for n, (share, name) in enumerate(zip(shares, table.frame.labels, strict=True))
    ]


def _two_lines(name: str) -> list[str]:
    words = name.split()
    half = max(1, len(words) // 2)
    return [" ".join(words[:half]), " ".join(words[half:])]


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
    """One person over the competences; `worst` the largest shortfalls for the phone."""

    person: Person
    marks: list[Mark]
    worst: list[tuple[Competence, float]]

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
    made = []
    for i, person in enumerate(people):
        marks = [Mark(str(table.state[i, c.index]), float(table.missing[i, c.index])) for c in competences]
        short = [(c, m.missing) for c, m in zip(competences, marks, strict=True) if m.state == NOT_MET]
        made.append(PersonRow(person, marks, sorted(short, key=lambda pair: -pair[1])[:2]))
    total = {row.person.pk: sum(m.missing for m in row.marks if m.state == NOT_MET) for row in made}
    return sorted(made, key=lambda row: (-total[row.person.pk], row.person.sort_key))


@dataclass(frozen=True)
class Need:
    """A competence with how many do not meet it, how many are not yet known, and (where allowed) who."""

    competence: Competence
    not_met: int
    unknown: int
    who: list[Person]


def needs(table: GapTable, competences: Sequence[Competence], people: Sequence[Person] | None) -> list[Need]:
    """Who needs what: most people first; names only when `people` (the table's order) is given."""
    found = []
    for c in competences:
        short = np.flatnonzero(table.state[:, c.index] == NOT_MET)
        order = short[np.argsort(-table.missing[short, c.index], kind="stable")]
        who = [people[i] for i in order] if people is not None else []
        if len(short):
            found.append(Need(c, len(short), int((table.state[:, c.index] == UNKNOWN).sum()), who))
    return sorted(found, key=lambda need: (-need.not_met, need.competence.index))


def concentration(found: Sequence[Need]) -> dict[str, Any] | None:
    """How much of all shortfalls the first three competences hold; None when there are fewer than four needs."""
    total = sum(need.not_met for need in found)
    if len(found) < 4:
        return None
    first = found[:3]
    return {
        "n": sum(need.not_met for need in first),
        "total": total,
        "codes": ", ".join(n.competence.code for n in first),
    }


@dataclass(frozen=True)
class Change:
    """A unit (or a competence) at two snapshots."""

    name: str
    first: Summary
    second: Summary

    @property
    def met_change(self) -> float:
        return 100 * (self.second.met - self.first.met)

    @property
    def missing_change(self) -> float:
        return self.second.missing - self.first.missing

    @property
    def sure(self) -> bool:
        """Both snapshots rest on at least 60% measured."""
        return min(self.first.measured_share, self.second.measured_share) >= ENOUGH_MEASURED


def moments(scope: Scope) -> list[GapSnapshot]:
    """Snapshots that can be compared, newest first: those of the scope's top unit."""
    top = _top(scope)
    return list(GapSnapshot.objects.filter(unit=top).order_by("-at")) if top else []


def changes(scope: Scope, first: GapSnapshot, second: GapSnapshot) -> list[Change]:
    """Units present in both snapshots with five people or more, by how much the share met rose."""
    rows = GapSnapshot.objects.filter(scope.units("unit__path"), at__in=(first.at, second.at)).select_related("unit")
    pairs: dict[int, dict[datetime, GapSnapshot]] = {}
    for row in rows:
        pairs.setdefault(row.unit_id, {})[row.at] = row
    found = [
        Change(pair[second.at].unit.name, of_snapshot(pair[first.at]), of_snapshot(pair[second.at]))
        for unit, pair in pairs.items()
        if len(pair) == 2 and unit != second.unit_id and min(row.people for row in pair.values()) >= 5
    ]
    return sorted(found, key=lambda row: (-row.met_change, row.name))


def competence_changes(framework: Framework, first: GapSnapshot, second: GapSnapshot) -> list[Change]:
    """The same two moments, competence by competence."""
    return [
        Change(f"{row.code} {row.short}", of_snapshot(first, [row.code]), of_snapshot(second, [row.code]))
        for row in framework.competences.order_by("index")
        if row.code in first.counts and row.code in second.counts
    ]
