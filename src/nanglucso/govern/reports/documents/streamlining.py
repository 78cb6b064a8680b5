"""BÁO CÁO kết quả rà soát chức năng, nhiệm vụ chồng chéo: counts in the text, the pairs in annexes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nanglucso.govern.reports.documents.content import (
    Annex,
    Block,
    OfficialDocument,
    Row,
    columns,
    heading,
    lead,
    table,
    text,
)
from nanglucso.govern.reports.documents.wording import (
    BLANK,
    agency_lines,
    number,
    organisation,
    place_date,
    said_name,
    short_date,
    wording,
)


@dataclass(frozen=True)
class PairLine:
    """One pair: both duties with their holders, verdict and action as codes, who is responsible, and until when."""

    one: str
    other: str
    verdict: str
    action: str
    owner: str
    due: date | None
    closed_on: date | None
    closing: str = ""
    plan: str = ""


@dataclass(frozen=True)
class ReviewFigures:
    """`duties` in force, pairs `waiting` for review, `lines` of all reviewed pairs; `made_up`: a demonstration city."""

    day: date
    duties: int
    waiting: int
    made_up: bool
    lines: Sequence[PairLine] = field(default_factory=tuple)


def streamlining_report(figures: ReviewFigures) -> OfficialDocument:
    """The document; write it with `to_docx` and `to_pdf`."""
    told, names = wording("streamlining"), organisation()
    said = {
        "as_of": short_date(figures.day), "issuer": said_name(names["issuer"], names["place"]),
        "superior": said_name(names["superior"], names["place"]), "symbol": names["symbol"],
        "duties": number(figures.duties), "waiting": number(figures.waiting), "reviewed": number(len(figures.lines)),
    }  # fmt: skip
    notes = ["draft"] + ["made_up"] * figures.made_up
    return OfficialDocument(
        superior=agency_lines(names["superior"]), issuer=names["issuer"],
        number=f"Số:{BLANK}/{told['code']}-{names['symbol']}", place_date=place_date(names["place"], figures.day),
        kind=told["kind"], subject=tuple(told["subject"]), to=told["to"].format(**said),
        notes=tuple(told["notes"][name].format(**said) for name in notes), bases=(),
        blocks=tuple(_blocks(figures, told, said)), annexes=tuple(_annexes(figures, told, said)),
        recipients=(
            *(f"- {line.format(**said)};" for line in told["recipients"]),
            f"- {told['last_recipient'].format(**said)}.",
        ),
        signer=(names["signer_title"],), signer_name=names["signer_name"],
    )  # fmt: skip


def _open(figures: ReviewFigures) -> list[PairLine]:
    found = [line for line in figures.lines if line.verdict != "different" and not line.closed_on]
    return sorted(found, key=lambda line: line.due or date.max)


def _closed(figures: ReviewFigures) -> list[PairLine]:
    return [line for line in figures.lines if line.closed_on]


def _blocks(figures: ReviewFigures, told: dict[str, Any], said: dict[str, str]) -> Iterator[Block]:
    part = told["review"]
    yield text(told["intro"].format(**said))
    yield heading(part["title"])
    yield text(part["done"].format(**said))
    yield lead(part["lead"])
    rows = []
    for verdict, name in part["rows"].items():
        held = [line for line in figures.lines if line.verdict == verdict]
        rows.append(Row((name, number(len(held)), number(sum(bool(line.closed_on) for line in held)))))
    rows.append(Row((part["total"], number(len(figures.lines)), number(len(_closed(figures)))), bold=True))
    yield table(columns(part["columns"], (8, 3, 3), "lrr"), rows)
    for name, lines in (("open", _open(figures)), ("closed", _closed(figures))):
        yield heading(told[name]["title"])
        if not lines:
            yield text(told[name]["none"])
            continue
        yield text(told["see"].format(annex=told["annex"][name], number=number(len(lines))))
        late = sum(bool(line.due and line.due < figures.day) for line in lines)
        if name == "open" and late:
            yield text(told[name]["late"].format(late=number(late)))
    yield text(told["closing"].format(**said))


def _annexes(figures: ReviewFigures, told: dict[str, Any], said: dict[str, str]) -> Iterator[Annex]:
    verdicts = told["review"]["rows"]
    for name, lines, heads in (
        ("open", _open(figures), told["columns"]), ("closed", _closed(figures), told["closed_columns"]),
    ):  # fmt: skip
        if not lines:
            continue
        rows = [
            Row((
                str(n), line.one, line.other, verdicts[line.verdict], _action(line, told), line.owner,
                f"{line.closing}, {short_date(line.closed_on)}" if line.closed_on else _day(line.due),
            ))
            for n, line in enumerate(lines, 1)
        ]  # fmt: skip
        made = table(columns(heads, (1, 6, 6, 3, 4, 3.4, 2.6), "cllllll"), rows)
        under = told["annex"]["under"].format(**said)
        yield Annex(told["annex"][name], told[name]["title"].split(". ", 1)[1], under, (made,), landscape=True)


def _day(day: date | None) -> str:
    return short_date(day) if day else ""


def _action(line: PairLine, told: dict[str, Any]) -> str:
    said = str(told["actions"][line.action])
    return f"{said}: {line.plan}" if line.plan else said
