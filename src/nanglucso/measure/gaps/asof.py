"""The gap of today's people against today's requirements, as it was known on an earlier day; and who moved since."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from django.db.models import Max, QuerySet

from nanglucso.engines import levels
from nanglucso.measure.gaps.queries import MET, NOT_MET, UNKNOWN, GapTable
from nanglucso.measure.profiles import reading
from nanglucso.measure.profiles.models import BeliefPoint, Evidence
from nanglucso.workforce.people.models import Person

TESTS = (Evidence.Kind.SITTING, Evidence.Kind.OUTSIDE)


def as_known(table: GapTable, people: QuerySet[Person], at: datetime) -> GapTable:
    """The table of the same people in the same order with what stood in the ledger by `at`, faded to that day."""
    frame, diagonal = table.frame, np.diagonal(table.frame.prior_cov)
    standing = BeliefPoint.objects.filter(
        person__in=people.order_by().values("pk"), at__lte=at, evidence__voided_by=None, evidence__voids=None,
        framework=frame.framework_id,
    )  # fmt: skip
    last = standing.order_by().values("person").annotate(last=Max("pk")).values("last")
    mean = table.posts.start[table.place]
    var, place = np.tile(diagonal, (len(table.ids), 1)), {pk: i for i, pk in enumerate(table.ids.tolist())}
    for point in BeliefPoint.objects.filter(pk__in=last).values_list("person_id", "mean", "sd", "at"):
        i = place[point[0]]
        mean[i] = point[1]
        var[i] = reading.faded(np.array(point[2]) ** 2, diagonal, reading.days_passed(at, point[3]))
    tested = set(standing.filter(evidence__kind__in=TESTS).values_list("person", flat=True).distinct())
    codes = levels.codes(mean, var, frame.cuts, table.required)
    measured = np.array([pk in tested for pk in table.ids.tolist()], bool)
    return replace(table, mean=mean, var=var, codes=codes, measured=measured)


@dataclass(frozen=True)
class Moved:
    """Requirements of one competence (or of all) by how they were known on two days: counts [from][to]."""

    code: str
    name: str
    counts: dict[str, dict[str, int]]

    def total(self, word: str, side: int) -> int:
        rows = self.counts.values() if side else [self.counts[word]]
        return sum(row[word] for row in rows) if side else sum(self.counts[word].values())

    @property
    def first_met(self) -> int:
        return self.total(MET, 0)

    @property
    def second_met(self) -> int:
        return self.total(MET, 1)

    @property
    def reached(self) -> int:
        """Newly met: was not met or not yet known."""
        return self.counts[NOT_MET][MET] + self.counts[UNKNOWN][MET]

    @property
    def found_short(self) -> int:
        """Newly not met: was met or not yet known."""
        return self.counts[MET][NOT_MET] + self.counts[UNKNOWN][NOT_MET]

    @property
    def uncertain(self) -> int:
        """No longer known: evidence grew old or was set aside."""
        return self.counts[MET][UNKNOWN] + self.counts[NOT_MET][UNKNOWN]

    @property
    def same(self) -> int:
        return sum(self.counts[word][word] for word in (MET, NOT_MET, UNKNOWN))


def moved(first: GapTable, second: GapTable, k: np.ndarray, code: str, name: str) -> Moved:
    """How the requirements of some competences moved between two tables of the same people."""
    pairs = np.bincount((first.codes[:, k].astype(np.int64) * 4 + second.codes[:, k]).ravel(), minlength=16)
    grid = pairs.reshape(4, 4)
    words = (MET, NOT_MET, UNKNOWN)
    code_of = {word: levels.CODES.index(word) for word in words}
    return Moved(code, name, {a: {b: int(grid[code_of[a], code_of[b]]) for b in words} for a in words})


def end_of_day(day: np.datetime64 | datetime) -> datetime:
    """A moment for a calendar day."""
    moment = day if isinstance(day, datetime) else datetime.fromisoformat(str(day))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
