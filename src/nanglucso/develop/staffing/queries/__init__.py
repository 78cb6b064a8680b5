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
from nanglucso.develop.staffing.queries.fitting import Candidate, FitTable, fit_table, figures
from nanglucso.develop.staffing.queries.vacancies import (
    Following,
    Line,
    candidates,
    latest_suggestion,
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
    "overlaps",
    "per_unit",
    "pool",
    "succession",
    "suggestion_lines",
    "suggestions",
    "vacancies",
    "waiting_after",
]
