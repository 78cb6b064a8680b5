"""Who of a campaign has come how far: by unit in counts, and by name for whoever may see names."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.govern.outreach.models import Campaign, Receipt
from nanglucso.govern.outreach.stages import ORDER, Stage
from nanglucso.measure.gaps.queries.protecting import SMALL_GROUP, veil_by_unit
from nanglucso.measure.gaps.queries.units import Place, Tree, belonging, tree


@dataclass(frozen=True)
class Counts:
    """People at each stage or beyond it, in the order of `stages.ORDER`; None = kept back, the group is too small."""

    n: tuple[int, ...] | None

    @property
    def sent(self) -> int:
        return self.n[0] if self.n else 0

    def share(self, stage: str) -> float:
        """Of those who were sent it, 0..1."""
        return self.n[ORDER.index(stage)] / self.sent if self.n and self.sent else 0.0


@dataclass(frozen=True)
class Row:
    """A unit of the map; `deeper` whether there is a page below it."""

    place: Place
    counts: Counts
    deeper: bool


@dataclass(frozen=True)
class Reach:
    """A campaign's map below one unit. `city`: everybody's counts beside those of a smaller scope, where safe."""

    tree: Tree
    place: Place | None
    total: Counts
    rows: list[Row]
    city: Counts | None = None


def _receipts(scope: Scope, campaign: Campaign) -> QuerySet[Any]:
    """Receipts of active people in scope, each with the reading that counts as `told`."""
    now = Q(person__readings__document=campaign.document_id, person__readings__epoch=campaign.epoch)
    rows = Receipt.objects.filter(scope.units("person__unit__path"), campaign=campaign, person__active=True)
    return rows.annotate(told=FilteredRelation("person__readings", condition=now))


def _followed(campaign: Campaign) -> Q:
    return Q(followed_epoch=campaign.epoch, told__understood_at__isnull=False)


def by_unit(scope: Scope, campaign: Campaign) -> tuple[np.ndarray, np.ndarray]:
    """Own units of the people (U,) and how many reached each stage (U, 5); one statement."""
    rows = _receipts(scope, campaign).values_list("person__unit").annotate(
        sent=Count("pk"), opened=Count("told__pk"), read=Count("told__read_at"), knows=Count("told__understood_at"),
        done=Count("pk", filter=_followed(campaign)),
    )  # fmt: skip
    found = np.array(list(rows.order_by("person__unit")), np.int64).reshape(-1, 1 + len(ORDER))
    return found[:, 0], found[:, 1:]


def _counted(n: np.ndarray, hidden: bool = False) -> Counts:
    return Counts(None if hidden else tuple(int(one) for one in n))


def reach(*, scope: Scope, campaign: Campaign, names: bool, unit: int | None = None) -> Reach | None:
    """The map of a campaign below a unit of the scope (None = its top); None for a unit outside.

    Who may not see names sees no figure of fewer than five people (docs/adr/0009), not even as a difference.
    """
    units = tree(scope)
    place = units.find(unit) if unit else units.top
    if place is None:
        return None if unit else Reach(units, None, _counted(np.zeros(len(ORDER), np.int64)), [])
    own, n = by_unit(scope, campaign)
    paths = units.paths()
    inside = [paths.get(int(pk), "") for pk in own]
    below = units.below(place)
    hidden, all_hidden = np.zeros(len(below), bool), False
    if not names:
        veil, _places = veil_by_unit(own, n[None, :, :1], units, place)
        all_hidden = bool(veil.total[-1])
        hidden = veil.rows[:, -1] if below else hidden
    sums = belonging(inside, [one.path for one in below]).astype(np.int64) @ n
    whole = belonging(inside, [place.path])[0].astype(np.int64) @ n
    rows = [
        Row(one, _counted(sums[i], bool(hidden[i])), bool(units.below(one)) and not hidden[i])
        for i, one in enumerate(below)
        if sums[i][0]
    ]
    return Reach(units, place, _counted(whole, all_hidden), rows, _city(scope, campaign, n))


def _city(scope: Scope, campaign: Campaign, own: np.ndarray) -> Counts | None:
    """The whole city's counts for a smaller scope, unless those outside it are too few to be told of."""
    if scope.everything:
        return None
    n = by_unit(EVERYTHING, campaign)[1].sum(0)
    outside = int(n[0] - own.sum(0)[0])
    return _counted(n) if outside >= SMALL_GROUP else None


def total(*, scope: Scope, campaign: Campaign) -> Counts:
    """The counts of a whole scope; kept back when it is small and not to be seen by name is for the caller to ask."""
    return _counted(by_unit(scope, campaign)[1].sum(0))


REACHED: dict[str, Q] = {
    Stage.SENT: Q(told__pk__isnull=True),
    Stage.OPENED: Q(told__pk__isnull=False, told__read_at__isnull=True, told__understood_at__isnull=True),
    Stage.READ: Q(told__read_at__isnull=False, told__understood_at__isnull=True),
}


def receipts_at(*, scope: Scope, campaign: Campaign, stage: str = "", unit: Place | None = None) -> QuerySet[Receipt]:
    """Receipts of people in scope who are exactly at a stage ("" = any), by unit and name."""
    rows = _receipts(scope, campaign)
    if unit:
        rows = rows.filter(Scope(paths=(unit.path,)).units("person__unit__path"))
    if stage in (Stage.UNDERSTOOD, Stage.FOLLOWED):
        done = Q(followed_epoch=campaign.epoch)
        rows = rows.filter(Q(told__understood_at__isnull=False))
        rows = rows.filter(done) if stage == Stage.FOLLOWED else rows.filter(Q(followed_epoch=None) | ~done)
    elif stage:
        rows = rows.filter(REACHED[stage])
    return rows


def listed(rows: QuerySet[Receipt]) -> QuerySet[Any]:
    """The same rows with what a list of people shows."""
    shown = rows.select_related("person__unit", "person__position", "campaign", "followed_by").annotate(
        opened_at=F("told__opened_at"), read_at=F("told__read_at"), understood_at=F("told__understood_at"),
        seconds=F("told__spent"),
    )  # fmt: skip
    return shown.order_by("person__unit__path", "person__sort_key", "pk")
