"""BÁO CÁO kết quả thực hiện số tiết bồi dưỡng: of a unit with its people in an annex, or of the city by unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nanglucso.develop.hours.lawrules import Duty
from nanglucso.govern.reports.documents.content import (
    Annex,
    Block,
    OfficialDocument,
    Row,
    columns,
    heading,
    sub,
    table,
    text,
)
from nanglucso.govern.reports.documents.wording import (
    BLANK,
    agency_lines,
    number,
    organisation,
    percent,
    place_date,
    said_name,
    short_date,
    wording,
)

Told = dict[str, Any]


@dataclass(frozen=True)
class GroupLine:
    """One regime or unit: people, how many met the duty (None: no figure to hold against), periods together."""

    name: str
    people: int
    met: int | None
    tiet: int
    owed: int | None = None


@dataclass(frozen=True)
class PersonLine:
    """One person; `missing` None where the duty is not known."""

    name: str
    unit: str
    position: str
    regime: str
    tiet: int
    missing: int | None


@dataclass(frozen=True)
class CorrectionLine:
    """One entry after closing."""

    name: str
    day: date
    tiet: int
    document: str


@dataclass(frozen=True)
class HoursFigures:
    """`unit` "" = the whole city; `people` empty where names may not stand; `closed_on` None = the year is open."""

    year: int
    day: date
    unit: str
    made_up: bool
    closed_on: date | None
    rules: str
    duties: Sequence[Duty]
    unclear: Sequence[str]
    groups: Sequence[GroupLine]
    units: Sequence[GroupLine]
    people: Sequence[PersonLine] = field(default_factory=tuple)
    corrections: Sequence[CorrectionLine] = field(default_factory=tuple)
    corrected: int = 0


def hours_report(figures: HoursFigures) -> OfficialDocument:
    """The document; write it with `to_docx` and `to_pdf`."""
    told, city = wording("hours_report"), organisation()
    own = {"issuer": figures.unit.upper(), "symbol": "", "signer_title": told["signer_title"], "signer_name": ""}
    names = organisation(own) if figures.unit else city
    to = said_name(city["issuer"], city["place"]) if figures.unit else said_name(city["superior"], city["place"])
    said = {
        "year": figures.year, "as_of": short_date(figures.day), "to": to, "rules": figures.rules,
        "issuer": figures.unit or said_name(city["issuer"], city["place"]),
        "closed": short_date(figures.closed_on) if figures.closed_on else "",
    }  # fmt: skip
    notes = ["draft", *["open"] * (figures.closed_on is None), *["made_up"] * figures.made_up]
    return OfficialDocument(
        superior=agency_lines(names["superior"]), issuer=names["issuer"],
        number=f"Số:{BLANK}/{told['code']}-{names['symbol']}", place_date=place_date(names["place"], figures.day),
        kind=told["kind"], subject=tuple(line.format(**said) for line in told["subject"]),
        to=told["to"].format(**said), notes=tuple(told["notes"][name].format(**said) for name in notes), bases=(),
        blocks=tuple(_blocks(figures, told, said)),
        recipients=(*(f"- {line.format(**said)};" for line in told["recipients"]), f"- {told['last_recipient']}"),
        signer=(names["signer_title"],), signer_name=names["signer_name"],
        annexes=tuple(_annex(figures, told, said)),
    )  # fmt: skip


def _blocks(figures: HoursFigures, told: Told, said: Told) -> Iterator[Block]:
    yield text(told["intro"].format(**said))
    if figures.closed_on:
        yield text(told["closed"].format(**said))
    yield from _basis(figures, told)
    yield from _results(figures, told)
    yield from _corrections(figures, told)
    yield text(told["closing"].format(**said))


def _basis(figures: HoursFigures, told: Told) -> Iterator[Block]:
    part = told["basis"]
    yield heading(part["title"])
    for duty in figures.duties:
        article = f"{duty.article}, " if duty.article else ""
        line = part["line"].format(
            name=told["regime_names"][duty.regime], article=article, document=duty.document, says=duty.says["vi"]
        )
        yield text(f"{line}{part['sure'][duty.confidence]}")
    yield text(part["unclear"])
    yield from (text(f"- {one}") for one in (*figures.unclear, part["regimes"]))


def _group(one: GroupLine, unknown: str, bold: bool = False) -> Row:
    known = one.met is not None
    cells = (
        one.name, number(one.people), number(one.owed) if one.owed is not None else unknown,
        number(one.met or 0) if known else "", number(one.people - (one.met or 0)) if known else "",
        percent((one.met or 0) / max(1, one.people)) if known else "", number(one.tiet),
    )  # fmt: skip
    return Row(cells, bold=bold)


def _unit(one: GroupLine) -> Row:
    known = one.met is not None
    met, lack = (number(one.met or 0), number(one.people - (one.met or 0))) if known else ("", "")
    return Row((one.name, number(one.people), met, lack, number(one.tiet)))


def _results(figures: HoursFigures, told: Told) -> Iterator[Block]:
    part = told["results"]
    yield heading(part["title"])
    if not figures.groups:
        yield text(part["none"])
        return
    yield sub(part["lead"])
    rows = [_group(one, told["unknown"]) for one in figures.groups]
    yield table(columns(told["columns"]["results"], (4, 2, 2.4, 2.4, 2.6, 2, 2.4), "lrrrrrr"), rows)
    if figures.units:
        yield sub(part["units"])
        yield table(columns(told["columns"]["units"], (8, 2, 2.6, 2.8, 2.6), "lrrrr"), map(_unit, figures.units))
    if figures.people:
        yield text(told["annex"]["see"].format(n=number(len(figures.people))))


def _corrections(figures: HoursFigures, told: Told) -> Iterator[Block]:
    if figures.closed_on is None:
        return
    part = told["corrections"]
    yield heading(part["title"])
    if not figures.corrected:
        yield text(part["none"])
        return
    yield text(part["count"].format(n=number(figures.corrected)))
    if figures.corrections:
        rows = [
            Row((str(n), one.name, short_date(one.day), f"{one.tiet:+d}".replace("-", "\u2212"), one.document))
            for n, one in enumerate(figures.corrections, 1)
        ]
        yield table(columns(told["columns"]["corrections"], (1, 6, 3, 2, 6), "clcrl"), rows)


def _annex(figures: HoursFigures, told: Told, said: Told) -> Iterator[Annex]:
    if not figures.people:
        return
    part, names = told["annex"], told["regime_names"]
    rows = [
        Row((
            str(n), one.name, one.unit, one.position, names.get(one.regime, one.regime), number(one.tiet),
            told["unknown"] if one.missing is None else number(one.missing),
        ))
        for n, one in enumerate(figures.people, 1)
    ]  # fmt: skip
    made = table(columns(told["columns"]["people"], (1, 5, 5, 5, 2.6, 1.8, 2.4), "clllcrr"), rows)
    yield Annex(part["label"], part["title"], part["under"].format(**said), (made,), landscape=True)
