"""What a panel's entries say: the cut with its error, each judge's own, and the cut point in use beside it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.engines import panels as engine
from nanglucso.engines.irt import ItemBank
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.quality.models import Panel, PanelEntry
from nanglucso.workforce.framework.models import Competence

MOST_ITEMS = 60
FEWEST_ITEMS = 5
SURE = 1.96


@dataclass(frozen=True)
class Page:
    """One page of the ordered book: item version, its step, and where the step is earned with probability 2/3."""

    number: int
    version: ItemVersion
    step: int
    steps: int
    place: float


@dataclass(frozen=True)
class Outcome:
    """The panel's cut and the one in use, logits; `why` says why there is no cut (yet)."""

    cut: engine.PanelCut | None
    judges: list[tuple[PanelEntry, float]]
    in_use: float
    why: str = ""

    @property
    def difference(self) -> float:
        return self.cut.theta - self.in_use if self.cut else 0.0

    @property
    def apart(self) -> bool:
        """Whether the difference is larger than the panel's own error can explain."""
        return bool(self.cut and abs(self.difference) > SURE * self.cut.se)


def pool(competence: Competence) -> list[ItemVersion]:
    """Items in use of a competence, easiest level first."""
    rows = ItemVersion.objects.filter(current=True, item__competence=competence, item__status=Item.Status.LIVE)
    return list(rows.select_related("item").order_by("item__level", "item__code")[:MOST_ITEMS])


def versions(panel: Panel) -> list[ItemVersion]:
    """The panel's items in the order shown."""
    found = ItemVersion.objects.select_related("item__competence").in_bulk(panel.items)
    return [found[pk] for pk in panel.items]


def bank_of(rows: list[ItemVersion]) -> ItemBank:
    """The engine's bank; every item stands for the one competence."""
    return ItemBank.build(
        competence=[0] * len(rows), a=[v.a for v in rows], b=[v.b for v in rows], c=[v.c for v in rows],
        family=[str(v.pk) for v in rows], minutes=[v.minutes for v in rows],
    )  # fmt: skip


def book(rows: list[ItemVersion]) -> list[Page]:
    """The ordered book of a bookmark panel."""
    order, places = engine.booklet(bank_of(rows))
    return [
        Page(n, rows[item], step, len(rows[item].b), float(place))
        for n, ((item, step), place) in enumerate(zip(order, places, strict=True), 1)
    ]


def size(panel: Panel, rows: list[ItemVersion]) -> int:
    """Fields of an entry: items, or steps of the book."""
    return len(rows) if panel.method == Panel.Method.ANGOFF else sum(len(v.b) for v in rows)


def outcome(panel: Panel, rows: list[ItemVersion], entries: list[PanelEntry]) -> Outcome:
    """The cut of the entries so far."""
    cuts = panel.competence.cuts or panel.competence.framework.cuts
    in_use = float(cuts[panel.level - 1])
    if len(entries) < 2:
        return Outcome(None, [], in_use, _("A cut needs the entries of two judges or more."))
    tables: Any = [one.table for one in entries] if len({one.table for one in entries}) > 1 else None
    bank = bank_of(rows)
    try:
        if panel.method == Panel.Method.ANGOFF:
            cut = engine.angoff(bank, [one.values for one in entries], tables)
        else:
            cut = engine.bookmark(bank, [int(one.values[0]) for one in entries], tables)
    except ValueError:
        return Outcome(None, [], in_use, _("These entries lie outside what the items can tell: look at the extremes."))
    return Outcome(cut, list(zip(entries, map(float, cut.judges), strict=True)), in_use)
