"""Nouns of readiness: what units have, who was asked, the map over competence, what an investment would enable."""

from nanglucso.develop.readiness.queries.facts import (
    Held,
    Readied,
    decisions,
    facts_of,
    held_now,
    held_on,
    is_fresh,
    ready_units,
    surveyed_units,
)
from nanglucso.develop.readiness.queries.investing import Investment, investments
from nanglucso.develop.readiness.queries.mapping import (
    BOTH,
    HIDDEN,
    MACHINES,
    NEITHER,
    QUARTERS,
    SKILLS,
    UNKNOWN,
    Place,
    ReadinessMap,
    readiness_map,
)
from nanglucso.develop.readiness.queries.summary import ReadinessSummary, readiness_summary
from nanglucso.develop.readiness.queries.surveys import (
    fillable,
    late,
    rounds,
    sheets,
    slip_counts,
    slips,
    waiting_slips,
)

__all__ = [
    "BOTH", "HIDDEN", "MACHINES", "NEITHER", "QUARTERS", "SKILLS", "UNKNOWN", "Held", "Investment", "Place",
    "Readied", "ReadinessMap", "ReadinessSummary", "decisions", "facts_of", "fillable", "held_now", "held_on",
    "investments", "is_fresh", "late", "readiness_map", "readiness_summary", "ready_units", "rounds", "sheets",
    "slip_counts", "slips", "surveyed_units", "waiting_slips",
]  # fmt: skip
