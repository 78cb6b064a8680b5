"""Verbs of the staffing room."""

from nanglucso.develop.staffing.services.duties import add_duty, end_duty, take_profiles
from nanglucso.develop.staffing.services.overlaps import (
    close_overlap,
    find_overlaps,
    note_export,
    queue_search,
    resolve_overlap,
    review_overlap,
)
from nanglucso.develop.staffing.services.vacancies import (
    add_vacancy,
    decide,
    suggest,
    withdraw_vacancy,
)

__all__ = [
    "add_duty",
    "add_vacancy",
    "close_overlap",
    "decide",
    "end_duty",
    "find_overlaps",
    "note_export",
    "queue_search",
    "resolve_overlap",
    "review_overlap",
    "suggest",
    "take_profiles",
    "withdraw_vacancy",
]
