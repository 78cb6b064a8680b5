"""Campaigns as a person calls them, with how many people they have: runs keep codes only."""

from collections.abc import Iterable, Mapping

from django.db.models import Count, QuerySet
from django.utils.translation import ngettext

from nanglucso.measure.assessments.models import Answer, Campaign, Sitting
from nanglucso.measure.quality.calibrating import countable


def campaign_names() -> dict[str, str]:
    """Name of every campaign by its code."""
    return {one.code: one.name for one in Campaign.objects.only("code", "name_vi", "name_en")}


def named(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """The campaigns of one run; a code that no campaign has stands for itself."""
    return ", ".join(names.get(code, code) for code in codes)


def choices(campaigns: QuerySet[Campaign], people: Mapping[str, int]) -> list[tuple[str, str]]:
    """Campaigns to tick, each with its number of people."""
    return [(one.code, _with_people(one.name, people.get(one.code, 0))) for one in campaigns]


def _with_people(name: str, n: int) -> str:
    return ngettext("%(name)s (%(n)s person)", "%(name)s (%(n)s people)", n) % {"name": name, "n": n}


def people_answering() -> dict[str, int]:
    """People with an answer that may count, by campaign code."""
    rows = countable(Answer.real.all()).order_by().values_list("sitting__campaign__code")
    return dict(rows.annotate(n=Count("sitting__person", distinct=True)))


def people_scored() -> dict[str, int]:
    """People with a result, by campaign code."""
    rows = Sitting.objects.filter(status=Sitting.Status.SCORED).order_by().values_list("campaign__code")
    return dict(rows.annotate(n=Count("person", distinct=True)))
