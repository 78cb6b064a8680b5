"""Nouns of the staffing room."""

from nanglucso.develop.staffing.queries.duties import (
    STATES,
    DutyFilter,
    chosen,
    common_words,
    counts,
    duties,
    overlaps,
    per_unit,
    waiting_after,
)
from nanglucso.develop.staffing.queries.fitting import Candidate, FitTable, figures, fit_table
from nanglucso.develop.staffing.queries.vacancies import (
    Following,
    Line,
    candidates,
    latest_suggestion,
    leading,
    pool,
    succession,
    suggestion_lines,
    suggestions,
    vacancies,
)

__all__ = [
    "STATES",
    "Candidate",
    "DutyFilter",
    "FitTable",
    "Following",
    "Line",
    "candidates",
    "chosen",
    "common_words",
    "counts",
    "duties",
    "figures",
    "fit_table",
    "latest_suggestion",
    "leading",
    "overlaps",
    "per_unit",
    "pool",
    "succession",
    "suggestion_lines",
    "suggestions",
    "vacancies",
    "waiting_after",
]
