"""Nouns of the profile: beliefs as arrays, a person's standing against the position, what moved it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

import numpy as np
from django.db.models import F, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.engines import levels
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.folding import Floats, Frame
from nanglucso.measure.profiles.holding import Held
from nanglucso.measure.profiles.models import Belief, BeliefPoint, Evidence, FamilyPrior
from nanglucso.measure.profiles.reading import BeliefTable, believed, days_passed, faded, posts, priors
from nanglucso.workforce.framework.models import Competence, Domain, Framework
from nanglucso.workforce.people.models import Person

Z90 = 1.6449
SAME_SURE = 0.01
OLD_AFTER = timedelta(days=730)
NOTHING_HELD = Held()


def prior_mean(frame: Frame, person: Person) -> Floats:
    """(K,) where the person's belief begins: the position family's mean where it is known, else 0."""
    family = person.position.family_id if person.position else None
    found = FamilyPrior.objects.filter(family=family, framework_id=frame.framework_id).first() if family else None
    return np.array(found.mean) if found else np.zeros(frame.size)


def beliefs(frame: Frame, people: QuerySet[Person], *, at: datetime | None = None) -> BeliefTable:
    """Beliefs of these people in their order; the never measured get their family's prior. `at` fades to that day."""
    rows = list(people.values_list("pk", "position__family_id"))
    ids = np.array([pk for pk, _ in rows], np.int64)
    start = priors(frame, np.array([family or 0 for _, family in rows], np.int64))
    return believed(frame, ids, start, at=at)


def required_levels(frame: Frame, people: QuerySet[Person]) -> tuple[np.ndarray, Floats, np.ndarray]:
    """Required level (N, K) 0 = nothing, weight (N, K) and must-have (N, K) of each person's position, in order."""
    held = np.array([pk or 0 for pk in people.values_list("position_id", flat=True)], np.int64)
    found, _stamp = posts(frame, held)
    place = np.searchsorted(found.ids, held)
    return found.required[place], found.weight[place], found.core[place]


@dataclass(frozen=True)
class Bar:
    """One competence of one person on the level scale 0..L+1 (level n spans n..n+1), with its 90% band.

    `state`: met, not_met, not_yet_known, or "" where the position requires nothing; `missing` in levels.
    """

    competence: Competence
    required: int
    mean: float
    low: float
    high: float
    p_met: float
    state: str
    missing: float
    must_have: bool
    n_levels: int


def on_scale(theta: float, cuts: Floats) -> float:
    """A logit as a place on the level scale: cut of level n ↦ n; below the first cut by its 1-logit width; 0 .. L+1."""
    widths = np.concatenate([[levels.FIRST_WIDTH], np.diff(cuts), [cuts[-1] - cuts[-2] if len(cuts) > 1 else 1.0]])
    lows = np.concatenate([[cuts[0] - levels.FIRST_WIDTH], cuts])
    n = int(np.clip(np.searchsorted(cuts, theta, side="right"), 0, len(cuts)))
    return float(np.clip(n + (theta - lows[n]) / widths[n], 0.0, len(cuts) + 1.0))


@dataclass(frozen=True)
class Standing:
    """A person against the position: bars in competence order and the three counts.

    `old`: day of the newest evidence when even that is older than `OLD_AFTER`, else None.
    """

    person: Person
    bars: list[Bar]
    measured: bool
    as_of: datetime | None
    old: datetime | None = None

    def count(self, state: str) -> int:
        return sum(bar.state == state for bar in self.bars)

    @property
    def required(self) -> int:
        return sum(bool(bar.state) for bar in self.bars)

    @property
    def met(self) -> int:
        return self.count(levels.MET)

    @property
    def not_met(self) -> int:
        return self.count(levels.NOT_MET)

    @property
    def unknown(self) -> int:
        return self.count(levels.NOT_YET_KNOWN)


def _without(frame: Frame, person: Person, table: BeliefTable, held: Held, at: datetime | None) -> BeliefTable:
    """The person's belief as if the held evidence were not there yet."""
    counted = folding.standing(list(Evidence.objects.filter(person=person)))
    shown = [row for row in counted if row.source not in held.sources]
    row = Belief.objects.filter(person=person).first()
    start = folding.unpack(row.prior_mean, (frame.size,)) if row else prior_mean(frame, person)
    began = row.prior_id if row else folding.prior_in_force(frame.framework_id)
    after = folding.fold(folding.under(frame, began), start, shown)
    var, last = after.var, max((one.at for one in shown), default=at)
    if at is not None and last is not None and at > last:
        var = faded(var, np.diagonal(frame.prior_cov), days_passed(at, last))
    known = any(one.kind in (Evidence.Kind.SITTING, Evidence.Kind.OUTSIDE) for one in shown)
    return BeliefTable(table.ids, after.mean[None], var[None], np.array([known]))


def _is_old(person: Person, at: datetime | None, held: Held) -> datetime | None:
    rows = Evidence.objects.filter(person=person, voids=None, voided_by=None).exclude(source__in=held.sources)
    last = rows.order_by("-at").values_list("at", flat=True).first()
    return last if last is not None and at is not None and at - last > OLD_AFTER else None


def standing(
    framework: Framework, person: Person, *, at: datetime | None = None, held: Held = NOTHING_HELD
) -> Standing:
    """Where one person stands today; `held` evidence is left out as if it were not there yet."""
    frame = folding.frame(framework)
    me = Person.with_rehearsal.filter(pk=person.pk)
    table, (level, _, core) = beliefs(frame, me, at=at), required_levels(frame, me)
    if held:
        table = _without(frame, person, table, held, at)
    p = levels.p_met(table.mean, table.var, frame.cuts, level)[0]
    words = levels.words(p, level[0])
    bars = []
    for k, competence in enumerate(framework.competences.select_related("domain").order_by("index")):
        m, sd, cuts = table.mean[0, k], float(np.sqrt(table.var[0, k])), frame.cuts[k]
        place = on_scale(m, cuts)
        missing = max(0.0, level[0, k] - place) if words[k] == levels.NOT_MET else 0.0
        bars.append(
            Bar(
                competence, int(level[0, k]), place, on_scale(m - Z90 * sd, cuts), on_scale(m + Z90 * sd, cuts),
                float(p[k]), str(words[k]), missing, bool(core[0, k]), frame.cuts.shape[1],
            )
        )  # fmt: skip
    row = Belief.objects.filter(person=person).values_list("as_of", flat=True).first()
    return Standing(person, bars, bool(table.measured[0]), row, _is_old(person, at, held))


@dataclass(frozen=True)
class Line:
    """A bar and what the `track` tag draws of it."""

    bar: Bar
    track: dict[str, Any]


@dataclass(frozen=True)
class Group:
    """The bars of one domain."""

    domain: Domain
    lines: list[Line]

    @property
    def met(self) -> int:
        return sum(line.bar.state == levels.MET for line in self.lines)

    @property
    def required(self) -> int:
        return sum(bool(line.bar.state) for line in self.lines)


def _track(bar: Bar, frame: Frame) -> dict[str, Any]:
    drawn = {name: getattr(bar, name) for name in ("mean", "low", "high", "state", "n_levels")}
    return drawn | ({"required": bar.required, "required_name": frame.label(bar.required)} if bar.required else {})


def by_domain(framework: Framework, standing: Standing) -> list[Group]:
    """The bars under their domains, in the framework's order."""
    frame = folding.frame(framework)
    groups: dict[int, Group] = {}
    for bar in standing.bars:
        domain = bar.competence.domain
        groups.setdefault(domain.pk, Group(domain, [])).lines.append(Line(bar, _track(bar, frame)))
    return list(groups.values())


def nearest_gap(standing: Standing) -> Bar | None:
    """The unmet requirement that is closest to being met, must-have ones first."""
    open_ = [bar for bar in standing.bars if bar.state == levels.NOT_MET]
    return min(open_, key=lambda bar: (not bar.must_have, bar.missing), default=None)


def evidence_counts(person: Person, held: Held = NOTHING_HELD) -> dict[str, int]:
    """How many pieces of standing evidence of each kind the profile rests on."""
    rows = Evidence.objects.filter(person=person, voids=None, voided_by=None).exclude(source__in=held.sources)
    kinds = rows.values_list("kind", flat=True)
    return dict(Counter(kinds))


def in_force(rows: QuerySet[BeliefPoint]) -> QuerySet[BeliefPoint]:
    """Of these points those in the framework of the person's belief; others are from before a move."""
    return rows.filter(framework=F("person__belief__framework"))


def points(person: Person) -> QuerySet[BeliefPoint]:
    """What the belief was after each piece of evidence that still stands, in the order in which they came in."""
    rows = in_force(BeliefPoint.objects.filter(person=person, evidence__voided_by=None, evidence__voids=None))
    return rows.select_related("evidence").order_by("id")


def _known(rows: Iterable[BeliefPoint]) -> Iterator[datetime]:
    """The day of the newest evidence known at each point: a piece that came in late does not turn time back."""
    return accumulate((row.at for row in rows), max)


@dataclass(frozen=True)
class TrendPoint:
    """How many requirements of today's position were met for sure after one piece of evidence; `at`: see `_known`."""

    at: datetime
    met: int
    required: int


def trend(framework: Framework, person: Person) -> list[TrendPoint]:
    """Number met over time, against what the position requires today."""
    frame, rows = folding.frame(framework), list(points(person))
    need, _, _ = required_levels(frame, Person.with_rehearsal.filter(pk=person.pk))
    if not rows or not need.any():
        return []
    mean, sd = np.array([row.mean for row in rows]), np.array([row.sd for row in rows])
    state = levels.words(levels.p_met(mean, sd**2, frame.cuts, need), np.broadcast_to(need, mean.shape))
    return [
        TrendPoint(at, int(met), int((need > 0).sum()))
        for at, met in zip(_known(rows), (state == levels.MET).sum(1), strict=True)
    ]


@dataclass(frozen=True)
class CompetencePoint:
    """One competence after one piece of evidence, on the level scale, with its 90% band; `at`: see `_known`."""

    at: datetime
    mean: float
    low: float
    high: float


def competence_points(framework: Framework, person: Person, competence: Competence) -> list[CompetencePoint]:
    """One competence over time."""
    k, cuts = competence.index, folding.frame(framework).cuts[competence.index]
    rows = list(points(person))
    return [
        CompetencePoint(
            at,
            on_scale(row.mean[k], cuts),
            on_scale(row.mean[k] - Z90 * row.sd[k], cuts),
            on_scale(row.mean[k] + Z90 * row.sd[k], cuts),
        )
        for at, row in zip(_known(rows), rows, strict=True)
    ]


def people_in(scope: Scope) -> QuerySet[Person]:
    """People whose profile a viewer of this scope may open."""
    return Person.objects.filter(scope.units("unit__path")).select_related("unit", "position")


@dataclass(frozen=True)
class Move:
    """What one piece of evidence did: competence, place on the level scale before and after (None = first)."""

    competence: Competence
    before: float
    after: float

    @property
    def change(self) -> float:
        """The difference of the two places as they are shown, with one decimal."""
        return round(self.after, 1) - round(self.before, 1)

    @property
    def told(self) -> bool:
        return abs(self.after - self.before) >= 0.05 and abs(self.change) >= 0.05


@dataclass(frozen=True)
class Step:
    """One piece of evidence and the competences it moved most, largest first.

    `sure`: whether it left the belief surer (1), less sure (-1) or as sure as before (0) on what it speaks of.
    """

    evidence: Evidence
    moves: list[Move]
    voided: bool
    sure: int = 0


def _surer(frame: Frame, evidence: Evidence, before: Floats, after: Floats, only: Competence | None) -> int:
    """How the variance (K,) of the competences in the evidence changed: 1 smaller, -1 larger, 0 by less than 1%."""
    named = [only.code] if only else [entry["k"] for entry in evidence.entries]
    rows = sorted({frame.index(code) for code in named if code in set(frame.codes)}) or list(range(frame.size))
    ratio = float(after[rows].sum() / before[rows].sum())
    return 1 if ratio < 1 - SAME_SURE else -1 if ratio > 1 + SAME_SURE else 0


def history(framework: Framework, person: Person, most: int = 5, only: Competence | None = None) -> list[Step]:
    """What moved this person's belief, the last to come in first; moves that one decimal does not show are left out.

    `only`: tell of this competence alone.
    """
    frame = folding.frame(framework)
    competences = [only] if only else list(framework.competences.order_by("index"))
    points = list(in_force(BeliefPoint.objects.filter(person=person)).select_related("evidence").order_by("id"))
    gone = set(Evidence.objects.filter(person=person).exclude(voids=None).values_list("voids_id", flat=True))
    kept = Belief.objects.filter(person=person).first()
    before = folding.unpack(kept.prior_mean, (frame.size,)) if kept else np.zeros(frame.size)
    spread = np.diagonal(folding.under(frame, kept.prior_id if kept else None).prior_cov)
    steps = []
    for point in points:
        after, var = np.array(point.mean), np.array(point.sd) ** 2
        moves = [
            Move(c, on_scale(before[c.index], frame.cuts[c.index]), on_scale(after[c.index], frame.cuts[c.index]))
            for c in competences
        ]
        big = sorted((m for m in moves if m.told), key=lambda m: -abs(m.after - m.before))[:most]
        sure = _surer(frame, point.evidence, spread, var, only)
        steps.append(Step(point.evidence, big, point.evidence_id in gone, sure))
        before, spread = after, var
    return steps[::-1]


def measured_ids(people: Iterable[int]) -> set[int]:
    """Those of these people who have been measured by a test."""
    return set(Belief.objects.filter(person__in=list(people), measured=True).values_list("person_id", flat=True))
