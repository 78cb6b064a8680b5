"""How long the city's certificates count and when their end is told: `content/certificates/badges.yaml`."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from nanglucso.core import content


@dataclass(frozen=True)
class BadgeRules:
    """`valid_years` None: without an end; `courses` {course code: years or None}; `remind_days` from far to near."""

    valid_years: int | None
    courses: dict[str, int | None]
    remind_days: tuple[int, ...]

    def last_day(self, course: str, issued: date) -> date | None:
        """The last day on which a certificate counts; one of 29 February ends on 28 February."""
        years = self.courses.get(course, self.valid_years)
        if years is None:
            return None
        try:
            return issued.replace(year=issued.year + years)
        except ValueError:
            return issued.replace(year=issued.year + years, day=28)


@lru_cache(maxsize=1)
def badge_rules() -> BadgeRules:
    """The shipped rules."""
    read: Any = content.read_yaml(content.root() / "certificates" / "badges.yaml")
    days = tuple(sorted(read["remind_days"], reverse=True))
    return BadgeRules(read["valid_years"], read["courses"], days)
