"""The report on a year's results: BÁO CÁO kết quả bồi dưỡng, from figures that the caller counted."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypedDict

from nanglucso.govern.reports.documents.content import (
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


class ResultRow(TypedDict):
    """One audience: attendances (lượt), distinct people, women and minority members among them, completions."""

    name: str
    seats: int
    people: int
    women: int
    minority: int | None
    completed: int


class ContentRow(TypedDict):
    """One content: classes held, attendances, completions."""

    name: str
    classes: int
    seats: int
    completed: int


class MoneyRow(TypedDict):
    """One source, đồng."""

    name: str
    planned: int
    spent: int


class QualityRow(TypedDict):
    """One of the six objects of evaluation: sheets returned and their mean, 1..5."""

    name: str
    answers: int
    mean: float | None


class EffectRow(TypedDict):
    """One course: people measured before and after, rise in levels with its 90% interval."""

    name: str
    people: int
    shift: float
    low: float
    high: float


class DutyRow(TypedDict):
    """One regime: people, how many reached the yearly duty, the duty in tiết; None where the figure is not known."""

    name: str
    people: int
    met: int | None
    owed: int | None


class YearFigures(TypedDict, total=False):
    """Everything the report says. Needed: year, day, people, measured, classes, finished, cancelled, tiet, results.

    `totals` is the row of sums of `results` (people are counted once, so it is no sum). `forty`: the
    duty of tiết by regime; `gap`: requirements not met at the beginning and the end. `to`: who is addressed.
    """

    year: int
    day: date
    to: str
    made_up: bool
    people: int
    measured: int
    classes: int
    finished: int
    cancelled: int
    tiet: int
    results: list[ResultRow]
    totals: ResultRow
    contents: list[ContentRow]
    money: list[MoneyRow]
    quality: list[QualityRow]
    effect: list[EffectRow]
    forty: list[DutyRow]
    gap: tuple[int, int]
    limits: list[str]
    next: list[str]


def yearly_report(content: YearFigures, organisation_names: dict[str, str] | None = None) -> OfficialDocument:
    """The document of a year's figures; write it with `to_docx` and `to_pdf`. Raises KeyError for a missing figure."""
    told, names = wording("yearly_report"), organisation(organisation_names)
    said = _said(content, names)
    notes = ["draft"] + ["made_up"] * bool(content.get("made_up"))
    to = content.get("to") or told["to_default"].format(**said)
    return OfficialDocument(
        superior=agency_lines(names["superior"]),
        issuer=names["issuer"],
        number=f"Số:{BLANK}/{told['code']}-{names['symbol']}",
        place_date=place_date(names["place"], content["day"]),
        kind=told["kind"],
        subject=tuple(line.format(**said) for line in told["subject"]),
        to=told["to"].format(to=to),
        notes=tuple(told["notes"][name].format(**said) for name in notes),
        bases=(),
        blocks=tuple(_blocks(content, told, said)),
        recipients=(
            *(f"- {line.format(**said)};" for line in told["recipients"]),
            f"- {told['last_recipient'].format(**said)}.",
        ),
        signer=(names["signer_title"],),
        signer_name=names["signer_name"],
    )


def _said(content: YearFigures, names: Mapping[str, str]) -> Told:
    plain = ("classes", "finished", "cancelled", "tiet", "people", "measured")
    before, after = content.get("gap", (0, 0))
    return {
        "year": content["year"],
        "next_year": content["year"] + 1,
        "as_of": short_date(content["day"]),
        "issuer": said_name(names["issuer"], names["place"]),
        "superior": said_name(names["superior"], names["place"]),
        "symbol": names["symbol"],
        **{name: number(content[name]) for name in plain},  # type: ignore[literal-required]
        "before": number(before),
        "after": number(after),
    }


def _share(part: float, whole: float) -> str:
    return percent(part / whole if whole else 0.0)


def _blocks(content: YearFigures, told: Told, said: Told) -> Iterator[Block]:
    yield text(told["intro"].format(**said))
    yield heading(told["work"]["title"])
    yield text(told["work"]["done"].format(**said))
    yield text(told["work"]["measured"].format(**said, percent=_share(content["measured"], content["people"])))
    yield from _results(content, told, said)
    yield from _money(content, told)
    yield from _quality(content, told, said)
    for part in ("limits", "next"):
        yield heading(told[part]["title"].format(**said))
        lines: Iterable[str] = content.get(part) or ()  # type: ignore[assignment]
        yield from (text(f"- {line}") for line in lines) if lines else iter([text(told[part]["none"].format(**said))])
    yield text(told["closing"].format(**said))


def duty_line(row: DutyRow, part: Told) -> str:
    """One regime against its duty: a share, or that the figure is not known. `part` has `forty` and `forty_unknown`."""
    people, met, owed = row["people"], row["met"], row["owed"]
    if met is None or owed is None:
        return str(part["forty_unknown"].format(name=row["name"], people=number(people)))
    return str(
        part["forty"].format(
            name=row["name"], tiet=owed, enough=number(met), people=number(people), percent=_share(met, people)
        )
    )


def _result(row: ResultRow, name: str, unknown: str, bold: bool = False) -> Row:
    minority = row["minority"]
    counts = (row["seats"], row["people"], row["women"], minority, row["completed"])
    return Row((name, *(unknown if one is None else number(one) for one in counts)), bold=bold)


def _results(content: YearFigures, told: Told, said: Told) -> Iterator[Block]:
    part = told["results"]
    yield heading(part["title"])
    yield sub(part["lead"])
    rows = [_result(row, row["name"], part["unknown"]) for row in content["results"]]
    if "totals" in content:
        rows.append(_result(content["totals"], part["total"], part["unknown"], bold=True))
    yield table(columns(told["columns"]["results"], (7, 2.4, 2.2, 2.4, 3, 3), "lrrrrr"), rows)
    if content.get("contents"):
        yield sub(part["contents"])
        lines = [
            Row((one["name"], number(one["classes"]), number(one["seats"]), number(one["completed"])))
            for one in content["contents"]
        ]
        yield table(columns(told["columns"]["contents"], (8, 2, 2.4, 3.2), "lrrr"), lines)
    for duty in content.get("forty", ()):
        yield text(duty_line(duty, part))


def _money(content: YearFigures, told: Told) -> Iterator[Block]:
    part, rows = told["money"], content.get("money", [])
    yield heading(part["title"])
    yield text(part["lead"])
    planned, spent = sum(row["planned"] for row in rows), sum(row["spent"] for row in rows)
    lines = [_money_row(row["name"], row["planned"], row["spent"]) for row in rows]
    lines.append(_money_row(part["total"], planned, spent, bold=True))
    yield table(columns(told["columns"]["money"], (7, 3.4, 3.4, 2), "lrrr"), lines)


def _money_row(name: str, planned: int, spent: int, bold: bool = False) -> Row:
    return Row((name, number(planned), number(spent), _share(spent, planned)), bold=bold)


def _quality(content: YearFigures, told: Told, said: Told) -> Iterator[Block]:
    part = told["quality"]
    yield heading(part["title"])
    rows = content.get("quality", [])
    yield sub(part["lead"]) if rows else text(part["none"])
    if rows:
        means = ((row, "" if row["mean"] is None else number(row["mean"], 2)) for row in rows)
        lines = [Row((row["name"], number(row["answers"]), mean)) for row, mean in means]
        yield table(columns(told["columns"]["quality"], (8, 3, 3.4), "lrr"), lines)
    effects = content.get("effect", [])
    yield sub(part["effect"]) if effects else text(part["no_effect"])
    if effects:
        lines = [Row((row["name"], number(row["people"]), _rise(row, told))) for row in effects]
        yield table(columns(told["columns"]["effect"], (8, 3, 4.4), "lrr"), lines)
    if "gap" in content:
        yield text(part["gap"].format(**said))


def _rise(row: EffectRow, told: Told) -> str:
    rise = {name: number(row[name], 2) for name in ("shift", "low", "high")}  # type: ignore[literal-required]
    return str(told["effect_value"].format(**rise))
