"""Two main campaigns on one scale: from the ledger's answers to the engine of the trend and back to figures.

Both years are read with the parameters that the shared questions had in the first one, whatever the bank or a new
calibration says of them today, and on the competences of the framework in force. Formulas: `engines.trend`.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, Max, QuerySet

from nanglucso.engines import trend as engine
from nanglucso.engines.calibration import Answers
from nanglucso.engines.irt import Floats, ItemBank
from nanglucso.govern.reports.leaderrules import LeaderRules
from nanglucso.measure.assessments.models import Campaign, Sitting
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.folding import Frame
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.translating import readings
from nanglucso.workforce.framework.models import Framework

FORMULA = 1  # a change of what is worked out needs another
CHUNK = 400
MARK = "sitting:"
Pair = tuple[Campaign, Campaign]


def pair(rules: LeaderRules) -> Pair | None:
    """The newest main campaign of the whole city with tests in the ledger, and the last one long enough before it.

    A campaign that holds its results back takes no part before they are released.
    """
    rows = Campaign.objects.filter(purpose=Campaign.Purpose.MAIN, unit=None).exclude(status=Campaign.Status.DRAFT)
    rows = rows.filter(sittings__status=Sitting.Status.SCORED).distinct().order_by("-opens_at")
    shown = [one for one in rows if not one.hold_results or one.status == Campaign.Status.RELEASED]
    earlier = [one for one in shown[1:] if one.opens_at + rules.apart <= shown[0].opens_at]
    return (earlier[0], shown[0]) if earlier else None


def key(framework: Framework, both: Pair, rules: LeaderRules) -> str:
    """Of all that the figures are made of: ledger, framework, prior, rules."""
    ledger = Evidence.objects.filter(kind=Evidence.Kind.SITTING).aggregate(n=Count("id"), last=Max("id"))
    prior = folding.prior_in_force(framework.pk)
    states = [(one.pk, one.status) for one in both]
    told = [FORMULA, framework.pk, prior, states, ledger["n"], ledger["last"], asdict(rules.trend)]
    return blake2b(json.dumps(told).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, eq=False)
class _Entry:
    """An answer as the ledger has it, read in the framework in force; item: version id."""

    person: int
    item: int
    code: str
    a: float
    b: tuple[float, ...]
    c: float
    score: int


@dataclass
class _Year:
    """People measured {person: test}, those of them drawn by lot, their answers, answers that found no place."""

    sittings: dict[int, UUID]
    drawn: list[int] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)
    unplaced: int = 0


def figures(framework: Framework, both: Pair, rules: LeaderRules) -> dict[str, Any]:
    """What the page says, JSON: see `_told`; {"why": ...} with the counts alone when nothing can be compared."""
    frame = folding.frame_in_force(framework)
    years = [_Year(dict(_sittings(one))) for one in both]
    groups = _groups(years[0].sittings, years[1].sittings)
    rng = np.random.default_rng(both[1].pk)
    some = [_some(group, rules.trend.most_people, rng) for group in groups]
    for year, group in zip(years, (some[1], some[2]), strict=True):
        year.drawn = [*some[0], *group]
        _read(frame, year)
    counts = [len(group) for group in groups]
    if counts[0] < rules.trend.fewest_people:  # then nobody's answers need be looked at
        return {"why": "people", "people": counts}
    bank, codes, answers, items = _joined(frame, years)
    told = {"people": counts, "items": items, "unplaced": sum(year.unplaced for year in years)}
    try:
        if not len(codes):
            raise engine.CannotCompare("items")
        found = engine.compare(
            bank, answers[0], answers[1], frame.prior_cov, rules.trend, sizes=(counts[0], counts[1], counts[2])
        )
    except engine.CannotCompare as no:
        return {"why": no.why, **told}
    return {"why": "", **told, **_told(frame, found, codes, [frame.codes[n] for n in bank.competence])}


def _sittings(campaign: Campaign) -> QuerySet[Sitting, tuple[int, UUID]]:
    rows = Sitting.objects.filter(campaign=campaign, attempt=1, status=Sitting.Status.SCORED)
    return rows.order_by("person_id").values_list("person_id", "pk")


def _groups(first: dict[int, UUID], second: dict[int, UUID]) -> tuple[list[int], list[int], list[int]]:
    """People measured both times, only the first, only the second."""
    return sorted(first.keys() & second), sorted(first.keys() - second), sorted(second.keys() - first)


def _some(people: list[int], most: int, rng: np.random.Generator) -> list[int]:
    if len(people) <= most:
        return people
    return [people[n] for n in np.sort(rng.choice(len(people), most, replace=False)).tolist()]


def _read(frame: Frame, year: _Year) -> None:
    """Fill in the answers of those drawn: of rows that stand, not of files that two people rated."""
    steps: dict[int, Any] = {}
    for row in _rows(year.drawn):
        test, rest = row.source.removeprefix(MARK)[:36], row.source[len(MARK) + 36 :]
        if test != str(year.sittings[row.person_id]) or rest.startswith(":file:"):
            continue
        told = list(row.entries)
        if row.framework_id and row.framework_id != frame.framework_id:
            if row.framework_id not in steps:
                steps[row.framework_id] = readings(row.framework_id, frame.framework_id)
            for step in steps[row.framework_id]:
                told = step.entries(row.kind, told)
        placed = [_entry(row.person_id, one) for one in told if one["k"] in frame.codes]
        year.entries += placed
        year.unplaced += len(row.entries) - len(placed)


def _rows(people: list[int]) -> Iterator[Evidence]:
    fields = ("person_id", "kind", "source", "entries", "framework_id", "voids_id")
    for start in range(0, len(people), CHUNK):
        rows = Evidence.objects.filter(kind=Evidence.Kind.SITTING, person__in=people[start : start + CHUNK])
        yield from folding.standing(list(rows.only(*fields).order_by("at", "id")))


def _entry(person: int, told: dict[str, Any]) -> _Entry:
    return _Entry(person, told["item"], told["k"], told["a"], tuple(told["b"]), told["c"], int(told["score"]))


def _joined(frame: Frame, years: list[_Year]) -> tuple[ItemBank, list[str], list[Answers], list[int]]:
    """The shared questions as a bank with the first year's parameters and competences, their codes, both years' answers
    to them, and how many questions were asked in the first year, in the second, in both."""
    same = _same({one.item for year in years for one in year.entries})
    asked: list[dict[str, _Entry]] = [{}, {}]
    for known, year in zip(asked, years, strict=True):
        for one in year.entries:
            known.setdefault(same[one.item], one)
    shared = sorted(name for name in asked[0] if name in asked[1] and len(asked[0][name].b) == len(asked[1][name].b))
    place = {name: j for j, name in enumerate(shared)}
    of_bank = [asked[0][name] for name in shared]
    bank = ItemBank.build(
        [frame.index(one.code) for one in of_bank], [one.a for one in of_bank], [list(one.b) for one in of_bank],
        [one.c for one in of_bank],
    )  # fmt: skip
    answers = []
    for year in years:
        rows = [(one.person, place[same[one.item]], one.score) for one in year.entries if same[one.item] in place]
        answers.append(Answers(*np.array(rows, np.int64).reshape(-1, 3).T))
    codes = dict(ItemVersion.objects.filter(pk__in=[one.item for one in of_bank]).values_list("pk", "item__code"))
    return bank, [codes[one.item] for one in of_bank], answers, [len(asked[0]), len(asked[1]), len(shared)]


def _same(versions: set[int]) -> dict[int, str]:
    """Version id → what is the same for versions of an item with the same wording and key."""
    rows = ItemVersion.objects.filter(pk__in=versions).values_list("pk", "item_id", "body", "key")
    return {pk: json.dumps([item, body, key], sort_keys=True) for pk, item, body, key in rows}


def _told(frame: Frame, found: engine.Trend, codes: list[str], of_items: list[str]) -> dict[str, Any]:
    """Values in levels [value, low, high]: of those measured both times, of who came in and went out, of the whole
    (None where a group is too small); one row a competence; questions left out with their drift in logits; `link`:
    share of the variance that comes from the questions."""
    k = len(found.kept)
    widths = np.diff(frame.cuts, axis=1).mean(1)[found.kept]
    even = np.full(k, 1 / k)
    width = float(widths.mean())
    stayed, (entering, leaving, whole) = found.mean_of(even), found.parts(even)
    rest = [n for n in range(frame.size) if n not in found.kept]
    return {
        "width": round(width, 4), "level": found.rules.level, "stayed": _three(stayed, width),
        "entering": _three(entering, width), "leaving": _three(leaving, width), "whole": _three(whole, width),
        "kept": [
            {
                "code": frame.codes[n], "change": _three(found.mean_of(np.eye(k)[i]), float(widths[i])),
                "items": int(found.shares[n]), "answers": found.answers[:, n].tolist(),
            }
            for i, n in enumerate(found.kept.tolist())
        ],
        "apart": [
            {"code": frame.codes[n], "items": int(found.shares[n]), "answers": found.answers[:, n].tolist()}
            for n in rest
        ],
        "moved": [
            {"item": codes[j], "code": of_items[j], "drift": round(float(found.drift.value[j]), 3)}
            for j in np.flatnonzero(found.drift.moved).tolist()
        ],
        "link": round(_share(found, even), 4),
    }  # fmt: skip


def _three(told: engine.Told | None, width: float) -> list[float] | None:
    return [round(one / width, 4) for one in (told.value, told.low, told.high)] if told else None


def _share(found: engine.Trend, weights: Floats) -> float:
    whole = float(weights @ found.error @ weights)
    return float(found.link @ weights**2) / whole if whole > 0 else 0.0
