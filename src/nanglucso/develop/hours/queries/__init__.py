"""Nouns of the yearly duty."""

from nanglucso.develop.hours.queries.lists import (
    NamedRow,
    PersonRow,
    TotalRow,
    UnitTotals,
    below,
    listing,
    named,
    named_like,
    outside_waiting,
    reached,
    tops,
    totals,
)
from nanglucso.develop.hours.queries.standing import Standing, closed, corrections, standing, years

__all__ = [
    "NamedRow",
    "PersonRow",
    "Standing",
    "TotalRow",
    "UnitTotals",
    "below",
    "closed",
    "corrections",
    "listing",
    "named",
    "named_like",
    "outside_waiting",
    "reached",
    "standing",
    "tops",
    "totals",
    "years",
]
