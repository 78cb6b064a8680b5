"""An official document as PDF, set by Typst; data travel as JSON and are never read as source."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from nanglucso import ui
from nanglucso.govern.reports.documents.content import OfficialDocument
from nanglucso.govern.reports.documents.wording import folder

FONTS = Path(ui.__file__).parent / "fonts"
TEMPLATE = "official.typ"
MOST_TAGGED_ROWS = 1_500
"""Tags for screen readers take 13 times the room of the pages; a longer list is read from the DOCX or the workbook."""


def to_pdf(document: OfficialDocument) -> bytes:
    """The whole file with its fonts inside; tagged for screen readers (PDF/UA-1) up to 1,500 rows of tables."""
    parts = (document.blocks, *(annex.blocks for annex in document.annexes))
    rows = sum(len(block.rows) for blocks in parts for block in blocks)
    return set_pages(TEMPLATE, document.as_dict(), tagged=rows <= MOST_TAGGED_ROWS)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The shipped faces and no other, read once: what the machine has must not change a document."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def set_pages(template: str, data: dict[str, Any], *, tagged: bool = True) -> bytes:
    """Pages of a template in `documents/` filled with data. Raises typst.TypstError for a broken template."""
    place = folder()
    return bytes(
        typst.compile(
            str(place / template),
            root=str(place),
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"] if tagged else [],
            pdf_tags=tagged,
        )
    )
