"""An official document as PDF, set by Typst; data travel as JSON and are never read as source."""

import json
from pathlib import Path
from typing import Any

import typst

from nanglucso.govern.reports.documents.content import OfficialDocument
from nanglucso.govern.reports.documents.wording import folder

FONTS = Path(__file__).resolve().parent.parent / "fonts"
TEMPLATE = "official.typ"


def to_pdf(document: OfficialDocument) -> bytes:
    """The whole file, tagged for screen readers, with its fonts inside."""
    return set_pages(TEMPLATE, document.as_dict())


def set_pages(template: str, data: dict[str, Any]) -> bytes:
    """Pages of a template in `documents/` filled with data. Raises typst.TypstError for a broken template."""
    place = folder()
    return bytes(
        typst.compile(
            str(place / template),
            root=str(place),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
        )
    )
