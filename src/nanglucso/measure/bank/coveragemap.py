"""What the bank can carry: competence x level x type, how many people at the exposure cap, and what to write next.

A test of `length` questions asks each of K competences q = ceil(length / K) times. An item may meet at most the share
`cap` of N people, so n items of a competence serve n cap N answers of the q N wanted: they carry
min(N, floor(N n cap / q)) people in full. A level wants q / (cap L) items, rounded up: `queries.wanted_per_level` with
the campaign's own length.
"""

from collections import Counter
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from django.db.models import Count

from nanglucso.measure.bank.models import Item
from nanglucso.measure.bank.queries import EXPOSURE_CAP
from nanglucso.workforce.framework.models import Competence, Framework, Level

ENOUGH, THIN, MISSING = "enough", "thin", "missing"
FEWEST_TYPES = 4
MOST_SINGLE = 0.6
# Middle of the share that a bank gives each type (content rules 3.2), for choosing what is written next.
SHARES = {"single": 0.5, "multiple": 0.1, "sjt": 0.1, "order": 0.05, "match": 0.05, "cloze": 0.065, "hotspot": 0.065,
          "numeric": 0.04}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """Items in use of one competence and level; `types`: (name, how many)."""

    level: int
    have: int
    wanted: int
    types: list[tuple[str, int]]

    @property
    def state(self) -> str:
        return MISSING if not self.have else THIN if self.have < self.wanted else ENOUGH

    @property
    def lack(self) -> int:
        return max(0, self.wanted - self.have)


@dataclass(frozen=True)
class Row:
    """One competence: cells by level, how many people it carries, times a year one person can be asked anew."""

    competence: Competence
    cells: list[Cell]
    by_type: list[int]
    people: int
    asked: int
    repeats: int

    @property
    def total(self) -> int:
        return sum(cell.have for cell in self.cells)

    @property
    def few_types(self) -> bool:
        return sum(n > 0 for n in self.by_type) < FEWEST_TYPES

    @property
    def carries(self) -> bool:
        return self.people >= self.asked


@dataclass(frozen=True)
class Need:
    """One thing to write: where, which type, how many, and why."""

    competence: Competence
    level: int
    kind: str
    kind_label: str
    number: int
    state: str


@dataclass(frozen=True)
class Map:
    """The whole: rows, the people carried by all competences, and needs, the most pressing first."""

    rows: list[Row]
    per_competence: int
    wanted: int
    people: int
    asked: int
    needs: list[Need]

    @property
    def states(self) -> Counter[str]:
        return Counter(cell.state for row in self.rows for cell in row.cells)

    @property
    def narrow(self) -> list[Row]:
        """Competences that carry fewer people than the campaign has, the narrowest first."""
        return sorted((row for row in self.rows if not row.carries), key=lambda row: row.people)


def carried(items: int, people: int, per_competence: int, cap: float = EXPOSURE_CAP) -> int:
    """People whom n items of a competence serve in full without any item above the cap."""
    return min(people, floor(people * items * cap / per_competence + 1e-9))


def _types(counts: Counter[tuple[int, int, str]], competence: int, level: int) -> list[tuple[str, int]]:
    found = [(str(label), counts[competence, level, kind]) for kind, label in Item.Type.choices]
    return sorted((one for one in found if one[1]), key=lambda one: -one[1])


def coverage_map(framework: Framework, *, people: int, length: int, cap: float = EXPOSURE_CAP) -> Map:
    """The map for a campaign of `people` with tests of at most `length` questions."""
    levels = list(framework.levels.order_by("number"))
    rows = list(framework.competences.select_related("domain").order_by("index"))
    asked = ceil(length / max(1, len(rows)))
    wanted = ceil(asked / cap / max(1, len(levels)))
    live = Item.objects.filter(status=Item.Status.LIVE, practice=False, competence__framework=framework)
    grouped = live.order_by().values_list("competence", "level", "type").annotate(n=Count("id"))
    counts: Counter[tuple[int, int, str]] = Counter({(c, level, kind): n for c, level, kind, n in grouped})
    made = [_row(one, levels, counts, wanted, people, asked, cap) for one in rows]
    carry = min((row.people for row in made), default=0)
    return Map(made, asked, wanted, carry, people, _needs(made, counts))


def _row(
    one: Competence, levels: list[Level], counts: Any, wanted: int, people: int, asked: int, cap: float
) -> Row:  # fmt: skip
    cells = []
    for level in levels:
        types = _types(counts, one.pk, level.number)
        cells.append(Cell(level.number, sum(n for _name, n in types), wanted, types))
    total = sum(cell.have for cell in cells)
    by_type = [sum(counts[one.pk, level.number, kind] for level in levels) for kind in Item.Type.values]
    return Row(one, cells, by_type, carried(total, people, asked, cap), people, total // asked)


def _needs(rows: list[Row], counts: Any) -> list[Need]:
    """Empty cells first, then those of competences that carry fewest people; the type that the competence lacks most.

    At most 60% single choice: the shares of `SHARES` against what the competence has, single choice left out above it.
    """
    needs = []
    for row in rows:
        have = dict(zip(Item.Type.values, row.by_type, strict=True))
        for cell in sorted(row.cells, key=lambda one: -one.lack):
            if cell.lack:
                kind = _lacking(have)
                have[kind] += cell.lack
                label = str(Item.Type(kind).label)
                needs.append((row.people, Need(row.competence, cell.level, kind, label, cell.lack, cell.state)))
    needs.sort(key=lambda one: (one[1].state != MISSING, one[0], -one[1].number))
    return [one for _people, one in needs]


def _lacking(have: dict[str, int]) -> str:
    total = sum(have.values()) + 1
    open_ = [kind for kind in SHARES if kind != "single" or (have[kind] + 1) / total <= MOST_SINGLE]
    return max(open_, key=lambda kind: SHARES[kind] - have[kind] / total)
