"""Saved views that somebody may see."""

from django.db.models import Q, QuerySet

from nanglucso.core.models import User
from nanglucso.core.scope import Scope
from nanglucso.measure.gaps.models import SavedView
from nanglucso.workforce.people.models import Unit

NAMES_NEEDED = (SavedView.Page.PEOPLE,)


def saved_views(*, user: User, scope: Scope, names: bool) -> QuerySet[SavedView]:
    """One's own views and those shared over a unit in which one's scope lies; never of a unit outside one's scope.

    `names`: whether pages with names of people are open to the viewer.
    """
    shared = Q(shared=True, shared_over=None)
    for path in scope.paths:
        prefixes = [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]
        shared |= Q(shared=True, shared_over__path__in=prefixes)
    if scope.everything:
        shared |= Q(shared=True, shared_over__depth=1)
    inside = Q(unit=None) | Q(scope.units("unit__path"), unit__isnull=False)
    found = SavedView.objects.filter(Q(owner=user) | shared, inside).select_related("owner", "unit")
    return found if names else found.exclude(page__in=NAMES_NEEDED)
