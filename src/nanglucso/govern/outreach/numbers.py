"""Numbers of legal texts, and what a search looks through."""

from nanglucso.govern.outreach.models import LawDocument
from nanglucso.kit.text import fold


def key_of(number: str) -> str:
    """By what a number is recognised: no marks, no spaces; the words in brackets stay, as numbers repeat by place."""
    return "".join(fold(number).split())[:120]


def folded(row: LawDocument) -> str:
    """What the search looks through."""
    return fold(f"{row.number} {row.title_vi} {row.title_en} {row.issuer}")
