"""Nouns of the targets: what is demanded by when, what is known of it, what is late and whose."""

from nanglucso.govern.targets.queries.lists import Row, figures, imports, own_unit, points, rows, units_for
from nanglucso.govern.targets.queries.skills import Skill, Skills, linked, skill_lines, skills
from nanglucso.govern.targets.queries.standing import (
    LateTarget,
    TargetSummary,
    late_targets,
    of_the_city,
    status_of,
    target_summary,
    units_late,
)

__all__ = [
    "LateTarget", "Row", "Skill", "Skills", "TargetSummary", "figures", "imports", "late_targets", "linked",
    "of_the_city", "own_unit", "points", "rows", "skill_lines", "skills", "status_of", "target_summary", "units_for",
    "units_late",
]  # fmt: skip
