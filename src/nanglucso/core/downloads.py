"""Files handed out to a browser."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from django.http import HttpResponse

from nanglucso.kit.filekinds import KINDS
from nanglucso.kit.xlsxwrite import OutSheet, write_csv, write_xlsx

TYPES = KINDS | {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file named `name`.`kind` to be saved; `kind`: a key of `TYPES`, `name`: plain letters."""
    reply = HttpResponse(content, content_type=TYPES[kind])
    reply["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return reply


def workbook(name: str, sheets: Sequence[OutSheet], *, at: datetime) -> HttpResponse:
    """Sheets as an Excel file."""
    file = BytesIO()
    write_xlsx(file, sheets, created=at)
    return download(file.getvalue(), name, "xlsx")


def table(name: str, sheet: OutSheet, kind: str, *, at: datetime) -> HttpResponse:
    """One table as "xlsx", or as "csv" without its titles."""
    if kind == "xlsx":
        return workbook(name, [sheet], at=at)
    file = BytesIO()
    write_csv(file, [column.title for column in sheet.columns], sheet.rows)
    return download(file.getvalue(), name, kind)
