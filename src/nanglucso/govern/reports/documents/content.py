"""What an official document says, before any file format: the DOCX and the PDF are both written from this."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Align = Literal["left", "center", "right"]
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF))


@dataclass(frozen=True)
class Column:
    """Title, share of the table's width (any unit), and where its cells stand."""

    title: str
    width: float = 1.0
    align: Align = "left"


@dataclass(frozen=True)
class Row:
    """Cells as texts, as many as the table has columns; bold for sums."""

    cells: tuple[str, ...]
    bold: bool = False


@dataclass(frozen=True)
class Block:
    """One piece of text: heading (bold; `centred` for the line "QUYẾT ĐỊNH:"), sub, text, lead (italic) or table."""

    kind: Literal["heading", "sub", "text", "lead", "table"]
    text: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    centred: bool = False

    @property
    def lines(self) -> list[tuple[bool, list[tuple[str, Column]]]]:
        """A table's rows for a page: whether bold, and each cell with its column."""
        return [(row.bold, list(zip(row.cells, self.columns, strict=False))) for row in self.rows]


@dataclass(frozen=True)
class Annex:
    """An annex on pages of its own: "Phụ lục I", its title, the italic line below, its blocks."""

    label: str
    title: str
    under: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True)
class OfficialDocument:
    """A document of the named kinds (kế hoạch, báo cáo) on the form of Nghị định 30/2020/NĐ-CP, Phụ lục I, Mẫu 1.4.

    Every field is the text that is printed. `signer`: lines of the post, `signer_name` may be empty. `bases` end with
    ";" and the last with ".". `superior`: lines of the agency above. `notes` stand in a box on the first page.
    """

    superior: tuple[str, ...]
    issuer: str
    number: str
    place_date: str
    kind: str
    subject: tuple[str, ...]
    to: str
    notes: tuple[str, ...]
    bases: tuple[str, ...]
    blocks: tuple[Block, ...]
    recipients: tuple[str, ...]
    signer: tuple[str, ...]
    signer_name: str
    annexes: tuple[Annex, ...] = ()
    nation: str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto: str = "Độc lập - Tự do - Hạnh phúc"
    recipients_title: str = "Nơi nhận:"

    def as_dict(self) -> dict[str, Any]:
        """The one dict from which both files are made; control characters, which no file format takes, are gone."""
        return {name: _printable(value) for name, value in asdict(self).items()}


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_CONTROL)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, (list, tuple)) else value


@dataclass(frozen=True)
class PlanDocument(OfficialDocument):
    """The plan of a year; `figures` repeats the numbers printed, for whoever wants them without reading prose."""

    figures: dict[str, Any] = field(default_factory=dict)


def table(columns: Sequence[Column], rows: Iterable[Sequence[str] | Row]) -> Block:
    """A table block; plain sequences become rows. Raises ValueError when a row has another number of cells."""
    made = tuple(row if isinstance(row, Row) else Row(tuple(row)) for row in rows)
    if any(len(row.cells) != len(columns) for row in made):
        raise ValueError("every row needs one cell for each column")
    return Block("table", columns=tuple(columns), rows=made)


def columns(titles: Sequence[str], widths: Sequence[float], aligns: str) -> tuple[Column, ...]:
    """Columns from their titles, widths and one letter each: l, c or r."""
    whole: dict[str, Align] = {"l": "left", "c": "center", "r": "right"}
    return tuple(Column(*one[:2], whole[one[2]]) for one in zip(titles, widths, aligns, strict=True))


def text(words: str) -> Block:
    """A paragraph."""
    return Block("text", words)


def heading(words: str) -> Block:
    """A part's title: "I. …"."""
    return Block("heading", words)


def sub(words: str) -> Block:
    """A title inside a part: "1. …"."""
    return Block("sub", words)


def lead(words: str) -> Block:
    """A line in italics above a table."""
    return Block("lead", words)
