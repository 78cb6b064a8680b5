"""Whom a campaign is for."""

from django.db.models import Q, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.govern.outreach.models import Campaign
from nanglucso.workforce.people.models import Person


def people_of(campaign: Campaign) -> QuerySet[Person]:
    """Active people with a place, of the units named and everything below them, in one of the positions named."""
    paths = tuple(campaign.units.values_list("path", flat=True))
    within = Scope(paths=paths, everything=not paths)
    found = Person.objects.filter(within.units("unit__path"), active=True, unit__isnull=False)
    families = list(campaign.families.values_list("pk", flat=True))
    positions = list(campaign.positions.values_list("pk", flat=True))
    if families or positions:
        found = found.filter(Q(position__family__in=families) | Q(position__in=positions))
    return found
