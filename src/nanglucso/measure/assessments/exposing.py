"""How often the items of a campaign were served, and what its cap still leaves: counted in the answer's transaction.

The cap is exact: a question is served only if one guarded UPDATE finds its counter below the limit. What choosing knows
of the counters may be some seconds old, which costs at most a second draw. Shadow prices, worked out when the campaign
opens, spread the items over all that will come, so that the last ones do not meet an emptied bank.
"""

import math
import time
import uuid
from dataclasses import dataclass

import numpy as np

from nanglucso.engines import selection, sittings
from nanglucso.engines.irt import Floats, Ints
from nanglucso.measure.assessments import delivery
from nanglucso.measure.assessments.models import Campaign, Exposure, Sitting
from nanglucso.measure.assessments.previewing import required_rows
from nanglucso.measure.assessments.statements import count_served
from nanglucso.measure.profiles import folding

FRESH_SECONDS = 5.0
PRICE_SEED = 20260302


@dataclass
class _Kept:
    """Counters of a campaign as this process last read them."""

    counts: Ints
    prices: Floats | None
    limit: int | None
    until: float


_KEPT: dict[int, _Kept] = {}


def forget_exposures() -> None:
    """Read the counters again at the next question (prices were worked out, or a test has a new database)."""
    _KEPT.clear()


def people_of(campaign: Campaign) -> int:
    """People who have a test in the campaign; a second test of the same person repeats no item and counts once."""
    rows = campaign.sittings.exclude(status=Sitting.Status.VOIDED)
    return rows.values("person").distinct().count()


def limit_of(campaign: Campaign) -> int | None:
    """Sittings that one item may be served in; None while the bank is a trial bank, whose exposure is only reported."""
    return None if campaign.trial_bank else max(1, math.ceil(campaign.exposure_cap * people_of(campaign) - 1e-9))


def begin_counting(campaign: Campaign) -> None:
    """A counter for every item of a campaign that opens; those that are there stay as they are."""
    rows = [Exposure(campaign=campaign, item_version_id=pk) for pk in campaign.items]
    Exposure.objects.bulk_create(rows, ignore_conflicts=True)


def _read(here: delivery.Desk, campaign: Campaign) -> _Kept:
    kept = _KEPT.get(campaign.pk)
    if kept is not None and time.monotonic() < kept.until:
        return kept
    counts, prices = np.zeros(here.deck.bank.size, np.int64), np.zeros(here.deck.bank.size)
    rows = list(campaign.exposures.values_list("item_version_id", "served", "price"))
    if not rows:
        begin_counting(campaign)  # else nothing could be served
    for pk, served, price in rows:
        counts[here.deck.index[pk]], prices[here.deck.index[pk]] = served, price
    limit = limit_of(campaign)
    kept = _Kept(counts, None if limit is None else prices, limit, time.monotonic() + FRESH_SECONDS)
    _KEPT[campaign.pk] = kept
    return kept


def next_served(
    here: delivery.Desk, campaign: Campaign, sitting_id: uuid.UUID, start: bytes | memoryview, state: dict
) -> delivery.Turn:
    """The next item, already counted as served; to be called in the transaction that stores it.

    Whoever draws an item that reached its limit meanwhile draws again without it.
    """
    kept = _read(here, campaign)
    while True:
        seen = selection.Exposure(kept.counts, kept.limit, kept.prices)
        turn = delivery.next_turn(here, sitting_id, start, state, seen)
        row = here.deck.index.get(turn.version.pk) if turn.version else None
        if turn.version is None or row is None or count_served(campaign.pk, turn.version.pk, kept.limit):
            return turn
        kept.counts[row] = kept.limit or 0


def price(campaign: Campaign) -> int:
    """Work out and keep the shadow prices of a campaign's items; returns how many carry one.

    Population: the prior in force, N(0, covariance), with the required levels of the people who have a test.
    """
    here = delivery.desk(campaign)
    need = required_rows(here, campaign)
    begin = sittings.Start(np.zeros(here.frame.size), folding.frame_in_force(campaign.framework).prior_cov, need)
    found = sittings.shadow_prices(here.pool, here.rule, begin, campaign.exposure_cap, PRICE_SEED)
    rows = list(campaign.exposures.all())
    for row in rows:
        row.price = float(found[here.deck.index[row.item_version_id]])
    Exposure.objects.bulk_update(rows, ["price"], batch_size=200)
    forget_exposures()
    return int((found > 0).sum())
