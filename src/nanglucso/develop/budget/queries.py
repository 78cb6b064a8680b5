"""Nouns of money."""

from datetime import date

from django.db.models import Q, QuerySet, Sum

from nanglucso.develop.budget.models import FundingSource, Rate


def rates_on(day: date) -> QuerySet[Rate]:
    """Rates in force on a day, the newest of each code last."""
    begun = Q(effective_from=None) | Q(effective_from__lte=day)
    return Rate.objects.filter(begun & (Q(effective_to=None) | Q(effective_to__gte=day))).order_by(
        "kind", "code", "effective_from"
    )


def amounts_on(day: date) -> dict[str, int]:
    """Rate code → amount in đồng on a day; rates without an amount are left out."""
    return {rate.code: rate.amount for rate in rates_on(day) if rate.amount is not None}


def sources(year: int) -> QuerySet[FundingSource]:
    """Funding sources of a year in their order of use."""
    return FundingSource.objects.filter(year=year)


def total(year: int) -> int:
    """Money of a year, đồng."""
    return sources(year).aggregate(sum=Sum("amount"))["sum"] or 0
