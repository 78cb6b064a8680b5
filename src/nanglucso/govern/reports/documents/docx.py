"""An official document as DOCX, from the template that a clerk may edit."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from nanglucso.govern.reports.documents.content import Block, OfficialDocument
from nanglucso.govern.reports.documents.wording import folder

TEMPLATE = "official.docx"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TABLE, _CELLS = "NLSTable", {"left": "NLSCell", "center": "NLSCellCentre", "right": "NLSCellRight"}
_HEAD = "NLSCellHead"
_UPRIGHT, _LYING = 9354, 14855
"""Widths of the text in twentieths of a point: 165 mm upright, 262 mm lying."""


def to_docx(document: OfficialDocument) -> bytes:
    """The whole file. Every text goes in escaped: what a person typed can never become a field or a tag."""
    from docxtpl import DocxTemplate  # a fifth of a second at every start of the program

    template = DocxTemplate(folder() / TEMPLATE)
    template.render(document.as_dict(), autoescape=True)
    _end_with_last_section(template.docx.element.body)
    _shape_tables(template.docx.element.body, document)
    _centre(template.docx.paragraphs, {block.text for block in document.blocks if block.centred})
    properties = template.docx.core_properties
    properties.title = " ".join((document.kind, *document.subject))
    properties.author = document.issuer
    out = BytesIO()
    template.docx.save(out)
    return out.getvalue()


def _centre(paragraphs: Iterable[Any], lines: set[str]) -> None:
    """Lines that stand in the middle; the template knows none."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for paragraph in paragraphs:
        if paragraph.text in lines:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.first_line_indent = 0


def _end_with_last_section(body: Any) -> None:
    """Every section ends with a break; the last one is the file's own, or an empty page would follow."""
    breaks = [
        paragraph for paragraph in body.iterchildren(f"{_W}p") if paragraph.find(f"{_W}pPr/{_W}sectPr") is not None
    ]
    last = breaks[-1].find(f"{_W}pPr/{_W}sectPr")
    body.replace(body.find(f"{_W}sectPr"), last)
    body.remove(breaks[-1])


def _blocks(document: OfficialDocument) -> Iterator[tuple[Block, int]]:
    """Tables in the order of the file, with the width of the text around them."""
    parts = [(document.blocks, _UPRIGHT)] + [
        (annex.blocks, _LYING if annex.landscape else _UPRIGHT) for annex in document.annexes
    ]
    return ((block, width) for blocks, width in parts for block in blocks if block.kind == "table")


def _shape_tables(body: Any, document: OfficialDocument) -> None:
    """Set the widths of columns and the side on which each cell stands; the template knows neither."""
    tables = [one for one in body.iterchildren(f"{_W}tbl") if _style(one.find(f"{_W}tblPr/{_W}tblStyle")) == _TABLE]
    for found, (block, whole) in zip(tables, _blocks(document), strict=True):
        total = sum(column.width for column in block.columns)
        widths = [round(whole * column.width / total) for column in block.columns]
        _set_grid(found, widths)
        _keep_together(found)
        sides = [_CELLS[column.align] for column in block.columns]
        for row in found.iterchildren(f"{_W}tr"):
            for cell, width, side in zip(row.iterchildren(f"{_W}tc"), widths, sides, strict=True):
                _set_cell(cell, width, side)


def _keep_together(found: Any) -> None:
    """A caption stays with its table, the head with the first row, the last row (often a sum) with the one before."""
    rows = list(found.iterchildren(f"{_W}tr"))
    kept = [*rows[:1], *rows[-2:-1]]
    before = found.getprevious()
    paragraphs = [before] if before is not None and before.tag == f"{_W}p" else []
    for row in kept:
        paragraphs += row.iter(f"{_W}p")
    for paragraph in paragraphs:
        properties = paragraph.find(f"{_W}pPr")
        if properties is not None and properties.find(f"{_W}keepNext") is None:
            style = properties.find(f"{_W}pStyle")
            properties.insert(0 if style is None else list(properties).index(style) + 1, _keep_next(properties))


def _keep_next(parent: Any) -> Any:
    return parent.makeelement(f"{_W}keepNext", {})


def _style(element: Any) -> str:
    return element.get(f"{_W}val") if element is not None else ""


def _set_grid(found: Any, widths: list[int]) -> None:
    properties, grid = found.find(f"{_W}tblPr"), found.find(f"{_W}tblGrid")
    layout = properties.find(f"{_W}tblLayout")
    if layout is None:
        layout = properties.makeelement(f"{_W}tblLayout", {})
        properties.append(layout)
    layout.set(f"{_W}type", "fixed")
    for old in list(grid):
        grid.remove(old)
    for width in widths:
        grid.append(grid.makeelement(f"{_W}gridCol", {f"{_W}w": str(width)}))


def _set_cell(cell: Any, width: int, side: str) -> None:
    properties = cell.find(f"{_W}tcPr")
    told = properties.find(f"{_W}tcW")
    told.set(f"{_W}w", str(width))
    told.set(f"{_W}type", "dxa")
    style = cell.find(f"{_W}p/{_W}pPr/{_W}pStyle")
    if _style(style) != _HEAD:
        style.set(f"{_W}val", side)
