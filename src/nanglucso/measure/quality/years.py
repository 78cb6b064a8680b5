"""Two calibrations on one scale: the items they share, how the later group stands, and which items drifted.

Each calibration takes its own group as the zero of its scale. The shared items (same wording, same key, enough answers
in both) give the line old = slope x new + shift (Stocking & Lord 1983), so the later group's mean lies at `shift` on
the earlier scale. The second way needs no second calibration: the shared items keep the earlier parameters and the
later group's mean and spread are estimated by them (fixed parameters: Kim 2006). Formulas: `engines.linking`.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from django.db.models import Avg, Count

from nanglucso.engines import linking
from nanglucso.engines.irt import ItemBank
from nanglucso.measure.quality.calibrating import answers_of
from nanglucso.measure.quality.models import CalibrationLine, CalibrationRun

FEWEST = 3
DRIFT, Z = 0.3, 1.96
MISFIT = 0.08
MOST_PEOPLE = 20_000
Pair = tuple[CalibrationLine, CalibrationLine]


def shared(before: CalibrationRun, after: CalibrationRun) -> list[Pair]:
    """Lines of both runs about the same item with the same wording and key, both with enough answers."""
    earlier, later = _lines(before), _lines(after)
    pairs = [(earlier[item], later[item]) for item in sorted(set(earlier) & set(later))]
    return [(a, b) for a, b in pairs if a.version.body == b.version.body and a.version.key == b.version.key]


def in_both(before: CalibrationRun, after: CalibrationRun) -> list[str]:
    """Codes of campaigns whose answers both runs rest on. Where there is one, the groups are not apart and nothing
    follows from the comparison."""
    return [code for code in before.campaigns if code in after.campaigns]


def _lines(run: CalibrationRun) -> dict[int, CalibrationLine]:
    """The line with most answers of every item."""
    rows = run.lines.filter(enough=True).select_related("version__item__competence").order_by("n")
    return {line.version.item_id: line for line in rows}


def work_out(before: CalibrationRun, after: CalibrationRun) -> dict[str, Any]:
    """{"links": one a competence with three shared items or more, "items": one a shared item, "apart": competence codes
    with too few}. All numbers in logits or shares; None where nothing can be said."""
    pairs = shared(before, after)
    facility = {run.pk: _facility(run) for run in (before, after)}
    by_code: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_code.setdefault(pair[0].version.item.competence.code, []).append(pair)
    links, items, apart = [], [], []
    for code, group in by_code.items():
        if len(group) < FEWEST:
            apart.append(code)
            items += [_item(code, pair, None, 0.0, facility, before, after) for pair in group]
            continue
        link = linking.stocking_lord(_bank(a for a, _b in group), _bank(b for _a, b in group))
        links.append(_link(code, group, link, after))
        items += [
            _item(code, pair, link, float(link.misfit[j]), facility, before, after) for j, pair in enumerate(group)
        ]
    return {"links": links, "items": items, "apart": sorted(apart)}


def _bank(lines: Iterable[CalibrationLine]) -> ItemBank:
    rows = list(lines)
    return ItemBank.build(
        competence=[0] * len(rows), a=[one.a for one in rows], b=[one.b for one in rows],
        c=[one.version.c for one in rows], family=[str(n) for n in range(len(rows))], minutes=[1.0] * len(rows),
    )  # fmt: skip


def _facility(run: CalibrationRun) -> dict[int, tuple[float, int]]:
    rows = answers_of(run.campaigns).values_list("item_version_id").annotate(mean=Avg("score"), n=Count("id"))
    return {pk: (float(mean), n) for pk, mean, n in rows.order_by()}


def _link(code: str, group: list[Pair], link: linking.Link, after: CalibrationRun) -> dict[str, Any]:
    told = {"slope": link.slope, "shift": link.shift, "slope_se": link.slope_se, "shift_se": link.shift_se}
    sure = abs(link.shift) > Z * link.shift_se
    word = ("higher" if link.shift > 0 else "lower") if sure else "same"
    return {"code": code, "n": len(group), "word": word, **_rounded(told), **_fixed(group, after)}


def _fixed(group: list[Pair], after: CalibrationRun) -> dict[str, Any]:
    """Mean and sd of the later group by the shared items with their earlier parameters."""
    place = {b.version_id: j for j, (_a, b) in enumerate(group)}
    rows = answers_of(after.campaigns).filter(item_version__in=list(place)).exclude(score=None)
    rows = rows.order_by("sitting__person_id")
    met: dict[int, list[tuple[int, int]]] = {}
    for person, version, score in rows.values_list("sitting__person_id", "item_version_id", "score"):
        met.setdefault(person, []).append((place[version], int(score or 0)))
    people = list(met.values())[:MOST_PEOPLE]
    if len(people) < 2:
        return {"people": len(people), "mean": None, "sd": None, "mean_se": None, "sd_se": None}
    width = max(map(len, people))
    items, scores = (np.full((len(people), width), fill, np.int64) for fill in (-1, 0))
    for i, told in enumerate(people):
        items[i, : len(told)], scores[i, : len(told)] = zip(*told, strict=True)
    try:
        got = linking.population(_bank(a for a, _b in group), items, scores)
    except np.linalg.LinAlgError:  # everybody answered the same: nothing tells mean and spread apart
        return {"people": len(people), "mean": None, "sd": None, "mean_se": None, "sd_se": None}
    found = {"mean": got.mean, "sd": got.sd, "mean_se": got.mean_se, "sd_se": got.sd_se}
    return {"people": len(people), **_rounded(found)}


def _rounded(told: dict[str, float]) -> dict[str, float | None]:
    return {name: round(float(value), 4) if np.isfinite(value) else None for name, value in told.items()}


def _item(
    code: str, pair: Pair, link: linking.Link | None, misfit: float, facility: Any, before: CalibrationRun,
    after: CalibrationRun,
) -> dict[str, Any]:  # fmt: skip
    a, b = pair
    top = len(a.b)
    told: dict[str, Any] = {
        "code": a.version.item.code, "competence": code, "version": b.version.number, "steps": top,
        "facility": [_share(facility[run.pk].get(line.version_id), top) for run, line in ((before, a), (after, b))],
        "n": [a.n, b.n], "a": [a.a, b.a], "b": [float(np.mean(a.b)), float(np.mean(b.b))], "linked": None,
        "drift": None, "se": None, "misfit": round(misfit, 4), "drifted": False,
    }  # fmt: skip
    if link is None:
        return told
    linked = link.slope * told["b"][1] + link.shift
    errors = [np.square(line.se_b).sum() / top**2 for line in pair]
    se = float(np.sqrt(errors[0] + link.slope**2 * errors[1] + link.shift_se**2))
    drift = linked - told["b"][0]
    far = abs(drift) > DRIFT and abs(drift) > Z * se
    return {
        **told, "linked": round(linked, 4), "drift": round(drift, 4), "se": round(se, 4),
        "drifted": bool(far or misfit > MISFIT),
    }  # fmt: skip


def _share(found: tuple[float, int] | None, top: int) -> float | None:
    return round(found[0] / top, 4) if found else None
