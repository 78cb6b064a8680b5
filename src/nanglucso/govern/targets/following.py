"""What of the targets follows when units are merged, divided or dissolved.

Who answers for a target follows to the successor. Figures stay with the unit that they are of: what a commune was in
a year does not become another's; `queries.standing.judged` leaves out units that have ended.
"""

from collections.abc import Set

from django.utils.translation import gettext_lazy as _

from nanglucso.govern.targets.models import Indicator
from nanglucso.workforce.people.events import Follower


def following() -> tuple[Follower, ...]:
    """Targets answered for by a unit that ends."""
    return (
        Follower("targets.responsible", _("targets they answer for"), _answered, "targets.Indicator", "responsible"),
    )


def _answered(units: Set[int], people: Set[int]) -> int:
    return Indicator.objects.filter(responsible__in=units).count() if units else 0
