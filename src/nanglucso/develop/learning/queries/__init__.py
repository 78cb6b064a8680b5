"""Nouns of the learning room."""

from nanglucso.develop.learning.queries.desk import desk, next_number, rules_now, tabs, to_review, versions_of
from nanglucso.develop.learning.queries.finished import finished, tasks_confirmed, tasks_waiting
from nanglucso.develop.learning.queries.packages import (
    package_progress,
    package_versions,
    packages_going,
    packages_in_use,
    state_for,
    units_of,
    version_for,
)
from nanglucso.develop.learning.queries.paths import Path, Step, every_lesson, path_of
from nanglucso.develop.learning.queries.player import exercise_of, part_names, progress, questions_of, screens_of

__all__ = [
    "Path",
    "Step",
    "desk",
    "every_lesson",
    "exercise_of",
    "finished",
    "next_number",
    "package_progress",
    "package_versions",
    "packages_going",
    "packages_in_use",
    "part_names",
    "path_of",
    "progress",
    "questions_of",
    "rules_now",
    "screens_of",
    "state_for",
    "tabs",
    "tasks_confirmed",
    "tasks_waiting",
    "to_review",
    "units_of",
    "version_for",
    "versions_of",
]
