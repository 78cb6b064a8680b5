"""Heat maps as pages show them and workbooks repeat them: heads, groups of rows, cells with a number or a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from nanglucso.measure.gaps.queries import (
    CORE,
    NICE,
    SMALL_GROUP,
    Counts,
    GapTable,
    Sums,
    Veil,
    families,
    tally,
    unit_tally,
    whole,
)
from nanglucso.measure.gaps.queries.counting import UnitLike
from nanglucso.ui.figures import num, pct
from nanglucso.workforce.framework.models import Competence, Domain, Framework
from nanglucso.workforce.people.models import Unit

EVERY = "all"
BY_NAME = "name"
GAP, STILL_UNKNOWN, REACHED, MISSING = "", "unknown", "met", "missing"
QUARTER_LEVEL = 0.25
AGENCIES = {Unit.Kind.AGENCY, Unit.Kind.OFFICE, Unit.Kind.INSPECTORATE, Unit.Kind.SERVICE}


@dataclass(frozen=True)
class Asked:
    """What a map is asked for: a domain code or `all`, a kind of unit, an order, which requirements, which figure."""

    domain: str = ""
    kind: str = ""
    sort: str = ""
    need: str = ""
    show: str = GAP


def measures() -> dict[str, str]:
    """Figures that a cell can show, by their code in the address."""
    return {
        GAP: _("Not met"), STILL_UNKNOWN: _("Not yet known"), REACHED: _("Met"), MISSING: _("Missing levels"),
    }  # fmt: skip


def measure_titles() -> dict[str, str]:
    """The same as headings."""
    return {
        GAP: _("Share of requirements that are not met"),
        STILL_UNKNOWN: _("Share of requirements not yet known to be met"),
        REACHED: _("Share of requirements that are met"),
        MISSING: _("Expected missing levels per requirement"),
    }


def requirement_kinds() -> dict[str, str]:
    """Must-have or nice-to-have, by their code in the address."""
    return {"": _("All requirements"), CORE: _("Must-have"), NICE: _("Nice-to-have")}


@dataclass(frozen=True)
class Head:
    """A column: `code` for the address, `text` on the head, `name` in full, `drill` = the domain that it opens."""

    code: str
    text: str
    name: str
    drill: str = ""


@dataclass(frozen=True)
class Columns:
    """Heads with the competence indexes of each; `competences` are all of those, `domain` the one asked for."""

    heads: list[Head]
    places: list[np.ndarray]
    competences: list[Competence]
    domains: list[Domain]
    domain: Domain | None
    size: int

    @property
    def everything(self) -> np.ndarray:
        return np.concatenate(self.places) if self.places else np.zeros(0, np.int64)

    @cached_property
    def taken(self) -> np.ndarray:
        """(size, columns + 1) 1 where a competence belongs to a column; the last column is all of them."""
        taken = np.zeros((self.size, len(self.places) + 1), np.int64)
        for column, place in enumerate(self.places):
            taken[place, [[column], [-1]]] = 1
        return taken


def columns(framework: Framework, domain: str = "") -> Columns:
    """The domains; or the competences of one domain (`S3`); or all competences (`all`). One statement."""
    return columns_of(list(framework.competences.select_related("domain").order_by("index")), domain)


def columns_of(rows: list[Competence], domain: str = "") -> Columns:
    """The same of competences at hand, with their domains, in index order."""
    domains = sorted({row.domain_id: row.domain for row in rows}.values(), key=lambda one: one.number)
    chosen = next((one for one in domains if one.code == domain), None)
    if not domain:
        places = [np.array([r.index for r in rows if r.domain_id == d.pk], np.int64) for d in domains]
        heads = [Head(d.code, d.head, d.name, d.code) for d in domains]
        return Columns(heads, places, rows, domains, None, len(rows))
    kept = [row for row in rows if domain in (EVERY, row.domain.code)]
    heads = [Head(row.code, row.code if domain == EVERY else row.short, row.name) for row in kept]
    return Columns(heads, [np.array([row.index]) for row in kept], kept, domains, chosen, len(rows))


@dataclass(frozen=True)
class Square:
    """One cell: a share 0..1 (or missing levels), or None with the reason why there is no number; the counts behind.

    `drill`: the domain that it opens.
    """

    share: float | None
    reason: str
    heat: int | None
    drill: str = ""
    show: str = GAP
    met: int = 0
    not_met: int = 0
    unknown: int = 0
    missing: float = 0.0

    @property
    def css(self) -> str:
        return "bx" if self.heat is None else f"b{self.heat}"

    @property
    def text(self) -> str:
        if self.share is None:
            return "–"
        return num(self.share, 2) if self.show == MISSING else pct(self.share, 0)

    @property
    def required(self) -> int:
        return self.met + self.not_met + self.unknown

    @property
    def each(self) -> float:
        """Missing levels per requirement."""
        return self.missing / max(1, self.required)


@dataclass(frozen=True)
class Row:
    """A unit or a group of positions: its cells and the figure over all its columns."""

    key: int
    name: str
    people: int
    measured: int | None
    squares: list[Square]
    overall: Square
    hidden: bool


@dataclass(frozen=True)
class Heat:
    """A whole map: `groups` (title, rows), and the row of everybody. `kept_back`: some figures are not shown."""

    heads: list[Head]
    groups: list[tuple[str, list[Row]]]
    everybody: Row
    kept_back: bool = False

    @property
    def rows(self) -> list[Row]:
        return [row for _title, rows in self.groups for row in rows]


def _step(share: float, show: str) -> int:
    if show == MISSING:
        return min(6, int(share / QUARTER_LEVEL))
    return min(6, int(10 * (1 - share if show == REACHED else share) + 1e-9))


def _squares(counts: Counts, hidden: np.ndarray, cols: Columns, asked: Asked) -> list[Square]:
    """A figure for every column, and for all of them together, over those competences that are not kept back."""
    shown = ~hidden[: cols.size]
    required, most = counts.required @ cols.taken, (counts.required[:, None] * cols.taken).max(axis=0, initial=0)
    parts = np.stack([counts.met, counts.not_met, counts.unknown]) * shown @ cols.taken
    missing = (counts.missing * shown) @ cols.taken
    drills = [*(head.drill for head in cols.heads), ""]
    told = zip(drills, required.tolist(), most.tolist(), parts.T.tolist(), missing.tolist(), strict=True)
    return [_square(counts, asked, *one) for one in told]


def _square(
    counts: Counts, asked: Asked, drill: str, required: int, most: int, parts: list[int], missing: float
) -> Square:
    """`required` of them with what is kept back, `most` of one competence; met, not met and unknown without it."""
    if not required:
        return Square(None, _("not required"), None, drill)
    met, gap, unknown = parts
    if not met + gap + unknown:
        few = counts.people < SMALL_GROUP or most < SMALL_GROUP
        return Square(None, _("fewer than five people") if few else _("kept back"), None, drill)
    told = (drill, asked.show, met, gap, unknown, missing)
    if not counts.enough and asked.show != STILL_UNKNOWN:
        return Square(None, _("fewer than 60% measured"), None, *told)
    share = {GAP: gap, STILL_UNKNOWN: unknown, REACHED: met, MISSING: missing}[asked.show] / (met + gap + unknown)
    return Square(share, "", _step(share, asked.show), *told)


def _row(key: int, name: str, counts: Counts, hidden: np.ndarray, cols: Columns, asked: Asked) -> Row:
    *squares, overall = _squares(counts, hidden, cols, asked)
    gone = bool(hidden[-1])
    return Row(key, name, counts.people, None if gone else counts.measured, squares, overall, gone)


def _ordered(rows: list[Row], heads: Sequence[Head], sort: str) -> list[Row]:
    """By name, or worst first by one column or by everything; rows without a number come last."""
    if sort == BY_NAME:
        return rows
    place = next((i for i, head in enumerate(heads) if head.code == sort), None)

    def worst(row: Row) -> tuple[bool, float, str]:
        square = row.overall if place is None else row.squares[place]
        share = square.share or 0.0
        return (square.share is None, share if square.show == REACHED else -share, row.name)

    return sorted(rows, key=worst)


def _group_of(kind: str) -> str:
    return "so" if kind in AGENCIES else kind if kind in (Unit.Kind.COMMUNE, Unit.Kind.WARD) else ""


def group_titles() -> dict[str, str]:
    """Kinds of units by their code in the address."""
    return {"so": _("Departments and agencies"), "xa": _("Communes"), "phuong": _("Wards"), "": _("Units")}


Rows = list[tuple[str, Row]]


def _heat(cols: Columns, everybody: Row, found: Rows, titles: dict[str, str], asked: Asked, veil: Veil | None) -> Heat:
    groups = [
        (titles[code], _ordered([row for of, row in found if of == code and row.people], cols.heads, asked.sort))
        for code in titles
        if not asked.kind or code == asked.kind
    ]
    kept_back = veil is not None and bool(veil.rows.any() or veil.total.any())
    return Heat(cols.heads, [(title, rows) for title, rows in groups if rows], everybody, kept_back)


def _nothing_hidden(cols: Columns, rows: int) -> Veil:
    return Veil(np.zeros(cols.size + 1, bool), np.zeros((rows, cols.size + 1), bool))


def unit_heat(
    cols: Columns,
    table: GapTable | Sums,
    units: Sequence[UnitLike],
    asked: Asked,
    *,
    veil: Veil | None = None,
    known: dict[int, str] | None = None,
) -> Heat:
    """Units × domains or competences, grouped by kind. The table holds everybody of the page; veil rows = the units."""
    table, over = table.only(asked.need), veil or _nothing_hidden(cols, len(units))
    counted = unit_tally(table, [unit.path for unit in units], known)
    found = [
        (_group_of(unit.kind), _row(unit.pk, unit.name, counted.counts(g), over.rows[g], cols, asked))
        for g, unit in enumerate(units)
    ]
    everybody = _row(0, _("Everybody"), whole(table), over.total, cols, asked)
    return _heat(cols, everybody, found, group_titles(), asked, veil)


def position_heat(cols: Columns, table: GapTable, asked: Asked, *, veil: Any = None) -> Heat:
    """Groups of positions × domains or competences; `veil(group, count)` says what is kept back."""
    table = table.only(asked.need)
    kept, group = families(table)
    over = veil(group, len(kept)) if veil and kept else _nothing_hidden(cols, len(kept))
    counted = tally(table, group, max(1, len(kept)))
    found = [
        ("", _row(family.pk, family.name, counted.counts(g), over.rows[g], cols, asked))
        for g, family in enumerate(kept)
    ]
    found.sort(key=lambda pair: pair[1].name)
    everybody = _row(0, _("Everybody"), whole(table), over.total, cols, asked)
    asked = Asked(asked.domain, "", asked.sort, asked.need, asked.show)
    return _heat(cols, everybody, found, {"": _("Groups of positions")}, asked, over if veil else None)


@dataclass(frozen=True)
class Line:
    """One competence (or a domain) of a group with its counts; the three parts of a bar in percent of its width."""

    code: str
    name: str
    square: Square

    @property
    def bar(self) -> list[dict[str, str]]:
        """Rectangles met, not yet known, not met from the left."""
        of, x, made = max(1, self.square.required), 0.0, []
        parts = (("k-met", self.square.met), ("k-unk", self.square.unknown), ("k-gap", self.square.not_met))
        for css, n in parts:
            made.append({"css": css, "x": f"{100 * x / of:.2f}", "width": f"{100 * n / of:.2f}"})
            x += n
        return made


def lines(cols: Columns, counts: Counts, hidden: np.ndarray | None, show: str = STILL_UNKNOWN) -> list[Line]:
    """Every column as a line of counts, whatever the share measured: the counts say themselves what is not known."""
    gone = np.zeros(cols.size + 1, bool) if hidden is None else hidden
    squares = _squares(counts, gone, cols, Asked(show=show))[:-1]
    return [Line(head.code, head.name, square) for head, square in zip(cols.heads, squares, strict=True)]
