"""What would change if positions required other levels: computed for the page that asks, never stored."""

from dataclasses import dataclass

import numpy as np

from nanglucso.measure.gaps.queries import Counts, GapTable, whole
from nanglucso.workforce.people.models import RequirementDraft

RAISE, LOWER, SET = "raise", "lower", "set"


@dataclass(frozen=True)
class Change:
    """Which positions (of one family, or a single one), which competences (indexes), and how their level changes."""

    competences: tuple[int, ...]
    how: str
    family: int | None = None
    position: int | None = None
    level: int = 0


@dataclass(frozen=True, eq=False)
class Preview:
    """Tables before and after, of the same people; `touched` (N,) who holds a position that changed."""

    before: GapTable
    after: GapTable
    touched: np.ndarray

    @property
    def requirements(self) -> int:
        """Requirements of people that would change."""
        differs = self.before.posts.required != self.after.posts.required
        return int(differs[self.before.place].sum())

    @property
    def counts(self) -> tuple[Counts, Counts]:
        return whole(self.before), whole(self.after)

    @property
    def of_touched(self) -> tuple[Counts, Counts]:
        return self.before.rows(self.touched), self.after.rows(self.touched)


def required_after(table: GapTable, change: Change) -> np.ndarray:
    """The levels (P, K) that positions would require, kept within 0 and the highest level.

    Raising one competence makes it required where it was not; raising several leaves alone what is not required.
    """
    posts, top = table.posts, table.frame.levels
    chosen = posts.ids == change.position if change.position else posts.family == change.family
    after = posts.required.copy()
    for k in change.competences:
        now = after[chosen, k]
        if change.how == SET:
            new = np.full(len(now), change.level)
        elif change.how == LOWER:
            new = now - 1
        else:
            new = np.where((now > 0) | (len(change.competences) == 1), now + 1, 0)
        after[chosen, k] = np.clip(new, 0, top)
    return after


def drafted(table: GapTable, draft: RequirementDraft) -> np.ndarray:
    """The levels (P, K) that positions would require under a draft of the requirement matrix."""
    posts, after = table.posts, table.posts.required.copy()
    rows, columns = {int(pk): p for p, pk in enumerate(posts.ids)}, {pk: k for k, pk in enumerate(table.frame.ids)}
    for position, cells in draft.cells.items():
        for competence, cell in cells.items():
            if int(position) in rows and int(competence) in columns:
                after[rows[int(position)], columns[int(competence)]] = cell[2]
    return after


def preview(table: GapTable, change: Change) -> Preview:
    """Both tables; people whose positions keep all their levels are counted as they are."""
    return preview_of(table, required_after(table, change))


def preview_of(table: GapTable, required: np.ndarray) -> Preview:
    """The same for levels (P, K) that somebody else worked out."""
    after = table.asking(required)
    differs = (after.posts.required != table.posts.required).any(1)
    return Preview(table, after, differs[table.place])
