"""Where a year's money stands: by source, by course, by unit. Held, advanced and spent add up alike in all three."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from nanglucso.develop.budget.models import EFFECTS, Commitment, Entry, FundingSource, PlanLine
from nanglucso.workforce.people.models import Unit

PARTS = ("planned", "held", "advanced", "spent")


@dataclass
class Line:
    """One row of a table; đồng. `limit`: the source's amount; `planned`: the approved plan; `n`: commitments."""

    name: str
    code: str = ""
    kind: str = ""
    limit: int = 0
    planned: int = 0
    held: int = 0
    advanced: int = 0
    spent: int = 0
    n: int = 0

    @property
    def free(self) -> int:
        return self.limit - self.held

    @property
    def over(self) -> bool:
        """The plan means to spend more than the source has."""
        return self.planned > self.limit


@dataclass
class Report:
    """A year's three tables, and the sum of each column."""

    year: int
    by_source: list[Line] = field(default_factory=list)
    by_course: list[Line] = field(default_factory=list)
    by_unit: list[Line] = field(default_factory=list)

    @property
    def total(self) -> Line:
        return total(self.by_source)


def total(lines: Iterable[Line]) -> Line:
    """The sum of a table."""
    made = Line("")
    for line in lines:
        for part in ("limit", *PARTS, "n"):
            setattr(made, part, getattr(made, part) + getattr(line, part))
    return made


def shared(amount: int, weights: Mapping[Any, int]) -> dict[Any, int]:
    """Whole đồng in proportion to weights, adding up exactly (largest remainder; of equals the first)."""
    whole = sum(weights.values())
    if not whole:
        return {}
    parts = {key: amount * weight // whole for key, weight in weights.items()}
    late = sorted(weights, key=lambda key: -(amount * weights[key] % whole))
    for key in late[: amount - sum(parts.values())]:
        parts[key] += 1
    return parts


def report(year: int) -> Report:
    """Commitments and spending of a year; what no unit or course was named for stands in a row of its own."""
    rows = list(Commitment.objects.filter(source__year=year).select_related("source"))
    plan = list(PlanLine.objects.filter(source__year=year))
    return Report(year, _by_source(year, rows, plan), _by_course(rows, plan), _by_unit(rows))


def _by_source(year: int, rows: list[Commitment], plan: list[PlanLine]) -> list[Line]:
    lines = {
        row.pk: Line(row.name, row.code, limit=row.amount) for row in FundingSource.objects.filter(year=year)
    }  # fmt: skip
    for told in plan:
        lines[told.source_id].planned += told.amount
    for row in rows:
        _add(lines[row.source_id], row)
    return list(lines.values())


def _by_course(rows: list[Commitment], plan: list[PlanLine]) -> list[Line]:
    lines: dict[str, Line] = {}
    for told in plan:
        lines.setdefault(told.course, Line(told.name, told.course)).planned += told.amount
    for row in rows:
        name = row.name if row.course else ""
        _add(lines.setdefault(row.course, Line(name, row.course)), row)
    return sorted(lines.values(), key=lambda line: (not line.code, -line.held, line.code))


def _by_unit(rows: list[Commitment]) -> list[Line]:
    """Divided by heads between agencies, communes and wards; the plan's figure is that of the opened classes."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    tops = {unit.path: unit for unit in units.values() if unit.depth <= 2}
    lines: dict[str, Line] = defaultdict(lambda: Line(""))
    for row in rows:
        heads: Counter[str] = Counter()
        for pk, people in row.units.items():
            unit = units.get(int(pk))
            heads[unit.path[: 2 * Unit.steplen] if unit else ""] += int(people)
        split = {part: shared(getattr(row, part), heads or {"": 1}) for part in PARTS}
        for path in heads or {"": 1}:
            line = lines[path]
            line.n += 1
            if path in tops:
                line.name, line.code, line.kind = tops[path].name, tops[path].code, tops[path].get_kind_display()
            for part in PARTS:
                setattr(line, part, getattr(line, part) + split[part][path])
    return sorted(lines.values(), key=lambda line: (not line.name, -line.held, line.name))


def _add(line: Line, row: Commitment) -> None:
    line.n += 1
    for part in PARTS[1:]:
        setattr(line, part, getattr(line, part) + getattr(row, part))


def disagreements(year: int) -> list[str]:
    """Sources and commitments whose sums differ from their entries; empty as long as the books are right."""
    found = []
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    entries = Entry.objects.filter(commitment__source__year=year).order_by()
    for pk, kind, amount in entries.values_list("commitment", "kind").annotate(sum=Sum("amount")):
        for i, sign in enumerate(EFFECTS[kind]):
            sums[pk][i] += sign * amount
    held: Counter[int] = Counter()
    for row in Commitment.objects.filter(source__year=year):
        held[row.source_id] += row.held
        if [row.held, row.advanced, row.spent] != sums[row.pk]:
            found.append(str(row))
    for source in FundingSource.objects.filter(year=year):
        if source.held != held[source.pk] or source.held > source.amount:
            found.append(str(source))
    return found
