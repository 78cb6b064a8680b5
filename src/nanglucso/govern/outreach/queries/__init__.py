"""Nouns of the outreach room."""

from nanglucso.govern.outreach.queries.library import (
    Wanted,
    campaigns,
    documents,
    late_for,
    own_campaigns,
    registers,
)
from nanglucso.govern.outreach.queries.mine import (
    Line,
    lagging,
    lines_of,
    read_before,
    readings_of,
    receipts_for,
    waiting_for,
)
from nanglucso.govern.outreach.queries.pages import Progress, checks, progress
from nanglucso.govern.outreach.queries.reach import Counts, Reach, by_unit, listed, reach, receipts_at, total

__all__ = [
    "Counts",
    "Line",
    "Progress",
    "Reach",
    "Wanted",
    "by_unit",
    "campaigns",
    "checks",
    "documents",
    "lagging",
    "late_for",
    "lines_of",
    "listed",
    "own_campaigns",
    "progress",
    "reach",
    "read_before",
    "readings_of",
    "receipts_at",
    "receipts_for",
    "registers",
    "total",
    "waiting_for",
]
