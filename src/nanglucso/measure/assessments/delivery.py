"""Answer in, next item out: the adaptive engine as a sitting sees it. No writing here.

The draw is seeded by HMAC(sitting), so a replay after a restore meets the same items.
"""

import hashlib
import hmac
import uuid
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.conf import settings

from nanglucso.engines import belief as engine
from nanglucso.engines import pool as pools
from nanglucso.engines import selection
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.bank.queries import Deck, deck
from nanglucso.measure.profiles import folding

TRIAL_FACTOR = 6


@dataclass(frozen=True, eq=False)
class Desk:
    """What a campaign needs at the answer door, kept for the life of the process: its bank never changes.

    `files`: items answered by a file, one of which is asked last.
    """

    frame: folding.Frame
    deck: Deck
    pool: pools.Pool
    rule: selection.SittingRule
    files: tuple[ItemVersion, ...] = ()

    def version(self, pk: int) -> ItemVersion:
        """An item of the campaign, adaptive or answered by a file. Raises KeyError for another one."""
        if pk in self.deck.index:
            return self.deck.versions[self.deck.index[pk]]
        return {row.pk: row for row in self.files}[pk]


@lru_cache(maxsize=16)
def _desk(
    framework_id: int, items: tuple[int, ...], rule: str, most: int, least: int, early: bool = True,
    files: tuple[int, ...] = (),
) -> Desk:  # fmt: skip
    frame = folding.frame_by_id(framework_id)
    cards = deck(items)
    pool = pools.build_pool(cards.bank, frame.domains.tolist(), frame.cuts)
    found = ItemVersion.objects.select_related("item__competence__domain").in_bulk(files)
    return Desk(frame, cards, pool, _rule(frame, rule, most, least, early), tuple(found[pk] for pk in files))


def _rule(frame: folding.Frame, rule: str, most: int, least: int, early: bool) -> selection.SittingRule:
    name = "precision" if rule == "precision" else "decision"
    return selection.SittingRule(
        rule=name,  # type: ignore[arg-type]
        max_items=most,
        min_items=least,
        stop_decided=early,
        domain_min=selection.domain_quota(frame.domains.tolist(), least),
    )


def desk(campaign: Campaign) -> Desk:
    """The campaign's desk."""
    return desk_of(campaign, tuple(campaign.items), tuple(campaign.files))


def desk_of(campaign: Campaign, items: tuple[int, ...], files: tuple[int, ...] = ()) -> Desk:
    """The desk that the campaign would have with these item versions."""
    most, least = campaign.items_max, campaign.items_min
    return _desk(campaign.framework_id, items, campaign.rule, most, least, campaign.stop_early, files)


def seed(sitting_id: uuid.UUID) -> int:
    """A number that only this server and this sitting share."""
    digest = hmac.new(settings.SECRET_KEY.encode(), sitting_id.bytes, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big")


def start_bytes(belief: engine.Belief) -> bytes:
    """mean (K,) then covariance (K, K) as float64 bytes."""
    return folding.pack(np.concatenate([belief.mean, belief.cov.ravel()]))


_KEPT: OrderedDict[bytes, engine.Belief] = OrderedDict()
_KEPT_MOST = 1024


def _mark(start: bytes | memoryview, asked: list[int], scores: list[int]) -> bytes:
    return hashlib.blake2b(bytes(start) + repr((asked, scores)).encode(), digest_size=16).digest()


def belief_now(here: Desk, start: bytes | memoryview, asked: list[int], scores: list[int]) -> engine.Belief:
    """The running belief: the start moved by every answer so far.

    The belief one answer ago is kept in the process under a digest of what led to it, so that a step costs one
    update; in another process, or after a restart, the same answers give the same belief from the start.
    """
    kept = _KEPT.get(_mark(start, asked[:-1], scores[:-1])) if asked else None
    if kept is None:
        k = here.frame.size
        values = folding.unpack(start, (k + k * k,))
        belief, todo = engine.Belief(values[:k].copy(), values[k:].reshape(k, k).copy()), slice(0, None)
    else:
        belief, todo = kept, slice(-1, None)
    for version_id, score in zip(asked[todo], scores[todo], strict=True):
        version = here.deck.versions[here.deck.index[version_id]]
        answer = engine.ItemAnswer(0.0, version.item.competence.index, version.a, tuple(version.b), version.c, score)
        belief = engine.update(belief, answer)
    _KEPT[_mark(start, asked, scores)] = belief
    if len(_KEPT) > _KEPT_MOST:
        _KEPT.popitem(last=False)
    return belief


@dataclass(frozen=True)
class Turn:
    """What comes next: an item version to serve, or the reason to stop (decided, items, bank, file)."""

    version: ItemVersion | None
    stop: str = ""


def next_turn(
    here: Desk,
    sitting_id: uuid.UUID,
    start: bytes | memoryview,
    state: dict,
    seen: selection.Exposure | None = None,
) -> Turn:
    """Choose the next item from the stored start and state; the same state and counters give the same item.

    `seen`: how often each row of the deck was served and what the cap leaves; None = nothing is capped.
    """
    if state.get("files"):
        return Turn(None, "file")
    asked, scores = state["asked"], state["scores"]
    belief = belief_now(here, start, asked, scores)
    rows = [here.deck.index[pk] for pk in asked]
    required = state["required"]
    stop = selection.done(here.pool, here.rule, belief.mean, belief.var, required, rows)
    if stop:
        return _last(here, belief, state, stop)
    forbidden = [here.deck.index[pk] for pk in state["forbidden"] if pk in here.deck.index]
    found = selection.choose_next(
        here.pool,
        here.rule,
        belief.mean,
        belief.cov,
        required,
        rows,
        seed(sitting_id),
        seen or selection.Exposure(np.zeros(here.deck.bank.size, np.int64)),
        forbidden,
    )
    return _last(here, belief, state, "bank") if found is None else Turn(here.deck.versions[found])


def _last(here: Desk, belief: engine.Belief, state: dict, stop: str) -> Turn:
    """The one file that is asked when the rest is done: on the required competence that is known least, if any."""
    open_ = [row for row in here.files if row.pk not in state["forbidden"]]
    open_ = [row for row in open_ if state["required"][row.item.competence.index] > 0]
    if not open_:
        return Turn(None, stop)
    return Turn(max(open_, key=lambda row: (float(belief.var[row.item.competence.index]), -row.pk)))


def shown_order(sitting_id: uuid.UUID, version: ItemVersion) -> dict:
    """The item as the taker sees it: its body with options, steps and answers in this sitting's own order, no key."""
    rng = np.random.default_rng([seed(sitting_id), version.pk])
    body = dict(version.body)
    for part in ("options", "steps", "right"):
        if part in body:
            order = rng.permutation(len(body[part]))
            body[part] = [body[part][i] for i in order]
    return body
