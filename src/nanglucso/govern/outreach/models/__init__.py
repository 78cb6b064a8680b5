"""Library and campaigns."""

from nanglucso.govern.outreach.models.library import DocumentVersion, LawDocument, RegisterImport
from nanglucso.govern.outreach.models.spreading import Campaign, Notice, Reading, ReadingAnswer, Receipt

__all__ = [
    "Campaign",
    "DocumentVersion",
    "LawDocument",
    "Notice",
    "Reading",
    "ReadingAnswer",
    "Receipt",
    "RegisterImport",
]
