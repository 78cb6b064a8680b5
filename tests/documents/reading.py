"""The words of a DOCX and of a PDF, for comparison."""

from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader


def squeezed(text: str) -> str:
    """Without any blank: line ends and cell borders fall elsewhere in the two files."""
    return "".join(text.split())


def docx_text(data: bytes) -> str:
    """Every paragraph of the body and of its tables, in order."""
    body = Document(BytesIO(data)).element.body
    return squeezed("".join(node.text or "" for node in body.iter(qn("w:t"))))


def heads(document) -> list[str]:
    """The heading rows of the document's tables, longest first."""
    parts = (document.blocks, *(annex.blocks for annex in document.annexes))
    rows = {"".join(column.title for column in b.columns) for blocks in parts for b in blocks if b.kind == "table"}
    return sorted((squeezed(row) for row in rows), key=len, reverse=True)


def pdf_pages(data: bytes) -> list[str]:
    """The words of every page."""
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(data)).pages]


def pdf_text(data: bytes, document, expected: str) -> str:
    """The words of all pages without page numbers and without heading rows repeated on a new page.

    What a page repeats can only be told by what is expected next; any other difference stays in the text.
    """
    whole = ""
    for page in pdf_pages(data):
        rest = expected[len(whole) :]
        digits = page[: len(page) - len(page.lstrip("0123456789"))]
        choices = [page]
        choices += [page[cut:] for cut in range(1, len(digits) + 1)]
        choices += [one[len(head) :] for one in [*choices] for head in heads(document) if one.startswith(head)]
        whole += next((one for one in choices if rest.startswith(one)), page)
    return whole
