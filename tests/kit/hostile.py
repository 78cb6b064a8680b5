"""Broken and hostile files, made by hand; shared by the tests of the readers."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def write_raw_xlsx(path: Path, rows: str, parts: Mapping[str, str | bytes] | None = None, prologue: str = "") -> Path:
    """A workbook of one sheet whose XML is ``rows``; ``parts`` are added or put in place of the usual ones."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    sheet = f'{head}{prologue}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    content: dict[str, str | bytes] = {name: head + body for name, body in _PARTS.items()}
    content["xl/worksheets/sheet1.xml"] = sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in (content | dict(parts or {})).items():
            archive.writestr(name, body)
    return path


def far_corner(path: Path, first_too: bool = True) -> Path:
    """One cell in XFD1048576, and one in A1 so that the used area is the whole sheet."""
    first = f'<row r="1">{cell("A1", "Họ và tên")}</row>' if first_too else ""
    return write_raw_xlsx(path, f'{first}<row r="1048576">{cell("XFD1048576", "x")}</row>')


def bomb(path: Path, megabytes: int = 210) -> Path:
    """A small file that unpacks to more than 200 MB."""
    plain = write_raw_xlsx(path, "")
    with zipfile.ZipFile(plain, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a.bin", "w") as part:
        for _ in range(megabytes):
            part.write(b"\0" * 2**20)
    return path
