"""How made-up people answer: drawn from the same response functions that the engine believes in."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from nanglucso.core.acts import act
from nanglucso.core.refusals import Refused
from nanglucso.engines import irt
from nanglucso.measure.assessments.answering import Sent, take_answer
from nanglucso.measure.assessments.models import Sitting
from nanglucso.measure.assessments.services import finish, score_sittings, start_sitting
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.bank.scoring import BadChoice, regions, score
from nanglucso.workforce.people.models import Person

FAMILY_MEAN = {
    "lanh_dao_ubnd_xa": -0.1, "lanh_dao_so": 0.2, "truong_pho_phong": 0.45, "chuyen_vien_tham_muu": 0.4,
    "chuyen_trach_cntt": 1.4, "van_thu_luu_tru": 0.3, "ho_tro_phuc_vu": -1.1,
}  # fmt: skip
MINUTES_AN_ITEM = 1.2
PER_ACT = 25


def abilities(people: list[Person], cov: np.ndarray, rng: np.random.Generator) -> dict[int, np.ndarray]:
    """Person id → true ability (K,) in logits: family mean, unit effect, then the framework's covariance shrunk."""
    root = np.linalg.cholesky(cov)
    tops = sorted({p.unit.path[:8] for p in people if p.unit})
    of_unit = dict(zip(tops, rng.normal(0, 0.35, len(tops)), strict=True))
    weak = np.zeros(len(cov))
    weak[[6, 8, 12, 19]] = -0.35
    found = {}
    for p in people:
        mean = FAMILY_MEAN.get(p.position.family.code if p.position else "", 0.0)
        path = p.unit.path[:8] if p.unit else ""
        found[p.pk] = mean + of_unit.get(path, 0.0) + weak + 0.75 * (root @ rng.normal(size=len(cov)))
    return found


def answer_like(version: ItemVersion, theta: float, rng: np.random.Generator) -> Any:
    """A choice whose score is drawn from the item's response function at this ability."""
    chances = irt.categories(theta, version.a, np.asarray(version.b, float), version.c)
    wanted = int(rng.choice(len(chances), p=np.asarray(chances) / np.sum(chances)))
    return choice_with(version, wanted, rng)


def choice_with(version: ItemVersion, wanted: int, rng: np.random.Generator) -> Any:
    """Some choice that scores `wanted`; tries random ones, nearest to the right answer first."""
    kind, body, key = version.item.type, version.body, version.key
    if kind in ("single", "sjt"):
        keys = [k for k, s in key["scores"].items() if s == wanted]
        return str(rng.choice(keys)) if keys else str(rng.choice(list(key["scores"])))
    if kind in ("numeric", "cloze"):
        right = str(key["answer"]).replace(".", ",") if kind == "numeric" else key["answer"]
        return right if wanted else ("0" if kind == "numeric" else "không rõ")
    if kind == "hotspot":
        return str(rng.choice([k for k in regions(body) if score(kind, body, key, k) == wanted]))
    for _ in range(60):
        guess = _spoilt(kind, body, key, 2 - wanted, rng)
        try:
            if score(kind, body, key, guess) == wanted:
                return guess
        except BadChoice:
            continue
    return _spoilt(kind, body, key, 0 if wanted == 2 else 2, rng)


def _spoilt(kind: str, body: dict[str, Any], key: dict[str, Any], faults: int, rng: np.random.Generator) -> Any:
    """The right answer with about `faults` mistakes in it."""
    if kind == "multiple":
        right = list(key["answer"])
        wrong = [o["key"] for o in body["options"] if o["key"] not in right]
        n = min(faults, len(right), len(wrong))
        return sorted(right[n:] + [str(k) for k in rng.permutation(wrong)[:n]])
    if kind == "order":
        steps = list(key["answer"])
        if faults == 1:
            i = int(rng.integers(len(steps) - 1))
            steps[i], steps[i + 1] = steps[i + 1], steps[i]
        return steps if faults < 2 else [str(s) for s in rng.permutation(steps)]
    answer = dict(key["answer"])
    for k in rng.permutation(list(answer))[: faults if faults < 2 else len(answer)]:
        answer[str(k)] = str(rng.choice([r["key"] for r in body["right"]]))
    return answer


def sit(sitting: Sitting, theta: np.ndarray, rng: np.random.Generator, at: datetime) -> None:
    """One whole sitting through the answer door, item after item. Who has met every item lately does not sit."""
    try:
        sitting = start_sitting(actor=None, sitting=sitting, at=at)
    except Refused:
        return
    version, moment = sitting.served_item, at
    for seq in range(sitting.campaign.items_max):
        if version is None:
            break
        moment += timedelta(minutes=float(rng.uniform(0.5, 2.0)) * MINUTES_AN_ITEM)
        choice = answer_like(version, float(theta[version.item.competence.index]), rng)
        key = uuid.UUID(bytes=rng.bytes(16), version=4)
        sent = Sent(seq, key, version.pk, choice, int(rng.integers(15_000, 110_000)))
        reply = take_answer(sitting_id=sitting.pk, person_id=sitting.person_id, epoch=0, sent=sent, at=moment)
        version = reply.version
    finish(actor=None, sitting=sitting, at=moment, later=False)


def sit_many(
    sittings: list[Sitting], truth: dict[int, np.ndarray], rng: np.random.Generator, begin: datetime, end: datetime
) -> None:
    """Sittings spread evenly over a window, many in one act, then weighed together day by day."""
    step = (end - begin) / max(1, len(sittings))
    for start in range(0, len(sittings), PER_ACT):
        part = sittings[start : start + PER_ACT]
        at = begin + start * step
        with act(None, "demo.sittings", at=at, sittings=len(part)):
            for one in part:
                sit(one, truth[one.person_id], rng, at)
            rows = Sitting.objects.filter(pk__in=[s.pk for s in part]).select_related("campaign", "person__position")
            score_sittings(actor=None, sittings=rows, at=at + timedelta(hours=2))
