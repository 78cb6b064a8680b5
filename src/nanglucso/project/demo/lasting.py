"""Months after the demo's classes: some of the gain has faded, heads say what is used, people sit once more."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from nanglucso.core.refusals import Refused
from nanglucso.develop.training import proving
from nanglucso.develop.training import services as training
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.develop.training.transfer import UNSEEN, transfer_rules
from nanglucso.measure.assessments.conducting import close_ended
from nanglucso.project.demo import takers
from nanglucso.project.demo.year import City

SEED = 75
ASKED_AFTER_DAYS = 10
TOLD, SEEN = 0.85, 0.85
LEAST_KEPT = 0.45
LEFT_WAITING = 3
RECHECKED_CLASSES = 2


def look_back(city: City, finished: list[TrainingClass], measured: list[TrainingClass]) -> None:
    """The classes with the clearest gain are re-checked, and heads tell of their people; of later ones the city's head.

    It draws from numbers of its own, so that the rest of the city stays what it was.
    """
    rng = np.random.default_rng(SEED)
    due = [row for row in finished if _asked_at(row) <= city.anchor]
    clear = [row for row in measured if row in due and hasattr(row, "effect") and _closes(row) <= city.anchor]
    chosen = sorted(clear, key=lambda row: (-row.effect.low, row.pk))[:RECHECKED_CLASSES]  # type: ignore[attr-defined]
    for row in sorted(due, key=lambda one: (_asked_at(one), one.pk)):
        kept = float(rng.uniform(LEAST_KEPT, 1.0))
        _fade(city, row, kept)
        if row in chosen:
            _recheck(city, row, rng)
        if row in chosen or transfer_rules().is_open(row.closed_at, city.anchor):
            _tell(city, row, kept, rng, everybody=row in chosen)


def _asked_at(row: TrainingClass) -> datetime:
    if row.closed_at is None:
        raise ValueError("a finished class has its day")
    return row.closed_at + transfer_rules().first + timedelta(days=ASKED_AFTER_DAYS)


def _closes(row: TrainingClass) -> datetime:
    return _asked_at(row) + transfer_rules().open_for


def _fade(city: City, row: TrainingClass, kept: float) -> None:
    for pk, gain in city.gains.get(row.pk, {}).items():
        city.truth[pk] = city.truth[pk] - (1 - kept) * gain


def _tell(city: City, row: TrainingClass, kept: float, rng: np.random.Generator, *, everybody: bool) -> None:
    """The head with a log-in leaves the last of the own people waiting while the window is open."""
    rules, at, head = transfer_rules(), _asked_at(row), city.logins["head"]
    unit = head.grants.get(role="head").unit
    own: list[Enrolment] = []
    places = row.enrolments.filter(status=Enrolment.Status.COMPLETED, person__active=True)
    for place in places.select_related("training_class", "person__unit").order_by("pk"):
        mine = bool(unit and place.person.unit and place.person.unit.path.startswith(unit.path))
        if mine and place.person.user_id != head.pk:
            own.append(place)
        elif not mine and everybody and rng.random() < TOLD:
            training.give_transfer(actor=None, enrolment=place, answers=_answers(kept, rng), at=at)
    open_still = rules.is_open(row.closed_at, city.anchor)
    for place in own[:-LEFT_WAITING] if open_still else own:
        note = "Đã tự lập được bảng tổng hợp tháng, trước đây phải nhờ người khác." if place is own[0] else ""
        training.give_transfer(actor=head, enrolment=place, answers=_answers(kept, rng), at=at, note=note)


def _answers(kept: float, rng: np.random.Generator) -> dict[str, int]:
    seen = rng.random() < SEEN
    marks = rng.normal(2.2 + 2.2 * kept, 0.8, len(transfer_rules().statements))
    ids = [one.id for one in transfer_rules().statements]
    return {pk: int(min(5, max(1, round(mark)))) if seen else UNSEEN for pk, mark in zip(ids, marks, strict=True)}


def _recheck(city: City, row: TrainingClass, rng: np.random.Generator) -> None:
    told: dict[str, Any] = {"actor": city.logins["training"], "framework": city.framework, "training_class": row}
    at, closes = _asked_at(row), _closes(row)
    campaign = training.open_recheck(**told, at=at)
    rows = list(campaign.sittings.select_related("campaign", "person__position__family").order_by("pk"))
    takers.sit_many(rows, city.truth, rng, at + timedelta(days=1), at + timedelta(days=10))
    close_ended(at=min(city.anchor, closes + timedelta(days=1)))
    try:
        found = proving.measure_transfer(**told, at=min(city.anchor, closes + timedelta(days=1)))
        city.say(f"after 3 to 6 months {row.code}: {found.shift:+.2f} ({found.low:+.2f} to {found.high:+.2f})")
    except Refused as no:
        city.say(f"after 3 to 6 months {row.code}: {no}")
