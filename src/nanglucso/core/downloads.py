"""Files handed out to a browser."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.http import FileResponse, Http404, HttpResponse

from nanglucso.kit.filekinds import KINDS
from nanglucso.kit.xlsxwrite import OutSheet, write_csv, write_xlsx

TYPES = KINDS | {"csv": "text/csv; charset=utf-8", "json": "application/json"}
SAFE = frozenset({*KINDS.values(), "application/zip", "text/plain; charset=utf-8"})
SHOWN = frozenset({KINDS["png"], KINDS["pdf"]})
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
# Chromium shows no PDF in a sandbox; a PDF runs no script of a page, and this forbids it once more.
_PDF = "default-src 'none'; script-src 'none'; object-src 'self'; form-action 'none'; frame-ancestors 'none'"


def kept(path: Path, content_type: str, name: str, *, shown: bool = False) -> HttpResponse:
    """A file that somebody sent, as it lies on the disk: never with the rights of a page of the product.

    To be saved under `name`; with `shown` a PNG or PDF is laid open in the browser. A type that a browser would run
    becomes octets. Not found (404) when the file is gone.
    """
    if not path.is_file():
        raise Http404
    kind = content_type if content_type in SAFE else "application/octet-stream"
    opened = shown and kind in SHOWN
    plain = "".join(letter for letter in name if letter.isprintable()) or "tep"
    reply = FileResponse(path.open("rb"), content_type=kind, as_attachment=not opened, filename=plain)
    reply.headers["X-Content-Type-Options"] = "nosniff"
    reply.headers["Content-Security-Policy"] = _PDF if opened and kind == KINDS["pdf"] else _SANDBOX
    return reply  # type: ignore[return-value]


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
