"""Two days side by side: kept counts of units and competences, or today's people as they were known on both days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from nanglucso.core.scope import Scope
from nanglucso.measure.gaps.heat import Columns
from nanglucso.measure.gaps.models import GapSnapshot
from nanglucso.measure.gaps.pages import Summary, of_snapshot
from nanglucso.measure.gaps.queries import ENOUGH_MEASURED, SMALL_GROUP, Counts, Place, Tally, Tree, Veil
from nanglucso.measure.gaps.queries.protecting import hide
from nanglucso.workforce.framework.models import Framework


@dataclass(frozen=True)
class Change:
    """A unit (or a competence) on two days."""

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
        """Both days rest on at least 60% measured."""
        return min(self.first.measured_share, self.second.measured_share) >= ENOUGH_MEASURED


def moments(tree: Tree) -> list[GapSnapshot]:
    """Snapshots that can be compared, newest first: those of the scope's top unit."""
    return list(GapSnapshot.objects.filter(unit=tree.top.pk).order_by("-at")) if tree.top else []


def _asked(rows: Sequence[GapSnapshot], codes: Sequence[str]) -> np.ndarray:
    """(G, C + 1) people of whom each competence was required, then everybody."""
    return np.array([[*(int(row.counts.get(code, [0])[0]) for code in codes), row.people] for row in rows], np.int64)


def _kept_back(tops: Sequence[GapSnapshot], groups: Sequence[GapSnapshot], codes: Sequence[str]) -> np.ndarray:
    """(G, C + 1) what of these units is kept back beside the figures of the unit above them."""
    n, above = _asked(groups, codes), _asked(tops, codes)[0]
    start = np.zeros(n.shape, bool)
    whole = hide(n[None, :, -1:], (above - n.sum(0))[None, -1:], start[:, -1:])
    return hide(n[None], (above - n.sum(0))[None], start | whole)


def changes(scope: Scope, first: GapSnapshot, second: GapSnapshot, *, hides: bool) -> list[Change]:
    """Units kept on both days with five people or more, by how much the share met rose.

    `hides`: for somebody who may not see names; then competences are left out as on the map of either day.
    """
    rows = GapSnapshot.objects.filter(scope.units("unit__path"), at__in=(first.at, second.at)).select_related("unit")
    days: dict[datetime, dict[int, GapSnapshot]] = {first.at: {}, second.at: {}}
    for row in rows.exclude(unit=second.unit_id).order_by("unit__path"):
        days[row.at][row.unit_id] = row
    both = [pk for pk in days[first.at] if pk in days[second.at]]
    codes = [code for code in second.counts if code in first.counts]
    gone = np.zeros((len(both), len(codes) + 1), bool)
    for top in (first, second) if hides and both else ():
        gone |= _kept_back([top], [days[top.at][pk] for pk in both], codes)
    found = []
    for g, pk in enumerate(both):
        shown = [code for c, code in enumerate(codes) if not gone[g, c]]
        one, two = days[first.at][pk], days[second.at][pk]
        if shown and min(one.people, two.people) >= SMALL_GROUP:
            found.append(Change(two.unit.name, of_snapshot(one, shown), of_snapshot(two, shown)))
    return sorted(found, key=lambda row: (-row.met_change, row.name))


def competence_changes(framework: Framework, first: GapSnapshot, second: GapSnapshot, *, hides: bool) -> list[Change]:
    """The same two moments, competence by competence."""
    least = SMALL_GROUP if hides else 0
    return [
        Change(f"{row.code} {row.short}", of_snapshot(first, [row.code]), of_snapshot(second, [row.code]))
        for row in framework.competences.order_by("index")
        if row.code in first.counts
        and row.code in second.counts
        and min(first.counts[row.code][0], second.counts[row.code][0]) >= least
    ]


def of_counts(counts: Counts, k: np.ndarray) -> Summary:
    """Counts over some competences as the same figures."""
    required, met, gap = (int(part[k].sum()) for part in (counts.required, counts.met, counts.not_met))
    of = max(1, required)
    missing = float(counts.missing[k].sum())
    return Summary(None, "", counts.people, counts.measured, met / of, missing / of, gap / of)


def unit_changes(units: Sequence[Place], first: Tally, second: Tally, cols: Columns, veil: Veil | None) -> list[Change]:
    """Units whose figures differ on the two days, largest rise of the share met first."""
    found = []
    for g, unit in enumerate(units):
        k = cols.everything if veil is None else cols.everything[~veil.rows[g][cols.everything]]
        one, two = first.counts(g), second.counts(g)
        if len(k) and one.required[k].sum() + two.required[k].sum():
            found.append(Change(unit.name, of_counts(one, k), of_counts(two, k)))
    moved = [row for row in found if abs(row.met_change) >= 0.05 or abs(row.missing_change) >= 0.005]
    return sorted(moved, key=lambda row: (-row.met_change, row.name))
