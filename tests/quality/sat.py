"""Tests that were really sat, for the tests of this folder."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nanglucso.core import jobs
from nanglucso.measure.assessments import services as sittings
from nanglucso.measure.assessments.answering import Sent, take_answer
from nanglucso.measure.assessments.models import Sitting
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.measure.quality.models import Correction
from tests import make


def sit(sitting: Sitting, choose: Callable[[Any], Any] = make.right_choice, at: Any = make.AT) -> Sitting:
    """Answer to the end."""
    row = sittings.start_sitting(actor=None, sitting=sitting, at=at)
    while True:
        served = Sitting.objects.select_related("served_item__item").get(pk=row.pk)
        item = served.served_item
        sent = Sent(served.seq, uuid.uuid4(), item.pk, choose(item))
        reply = take_answer(sitting_id=row.pk, person_id=row.person_id, epoch=0, sent=sent, at=at)
        if reply.finished:
            return sittings.submit(actor=None, sitting=row, at=make.at(hours=1))


def campaign_of(people: Sequence[Any], **rules: Any) -> Any:
    return make.campaign(people=list(people), **{"items_min": 6, "items_max": 10, **rules})


def shared_version(campaign: Any) -> ItemVersion:
    """The item version that most of the campaign's people met."""
    from collections import Counter

    from nanglucso.measure.assessments.models import Answer

    met = Counter(Answer.objects.filter(sitting__campaign=campaign).values_list("item_version", flat=True))
    return ItemVersion.objects.select_related("item").get(pk=met.most_common(1)[0][0])


def fold_without(person: Any, version: ItemVersion | None) -> Any:
    """The belief folded from the first rows of the ledger as if the item had never been asked."""
    frame = folding.frame(make.framework())
    start = folding.unpack(Belief.objects.get(person=person).prior_mean, (frame.size,))
    rows = []
    for row in Evidence.objects.filter(person=person, voids=None).exclude(source__contains="#"):
        row.entries = [e for e in row.entries if version is None or e.get("item") != version.pk]
        rows.append(row)
    return folding.fold(frame, start, rows)


def stored(person: Any) -> Any:
    return folding.of_row(Belief.objects.get(person=person), folding.frame(make.framework()).size)


def same(one: Any, other: Any) -> bool:
    return bool(np.abs(one.mean - other.mean).max() < 1e-9 and np.abs(one.cov - other.cov).max() < 1e-9)


def work(correction: Correction) -> Correction:
    """Run the queued job of a correction."""
    row = Correction.objects.get(pk=correction.pk)
    jobs.perform(str(row.job_id))
    return Correction.objects.get(pk=correction.pk)
