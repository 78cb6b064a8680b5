"""What has reached the end of its term: `content/retention.yaml` looked up in the tables; nothing is written here."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from nanglucso.core import retention
from nanglucso.core.days import local_day
from nanglucso.workforce.people.models import Appointment, Disposal, Double, Person, StaffImport
from nanglucso.workforce.people.queries import place_of, unit_chain

SHOWN = 200


def leavers(until: datetime) -> QuerySet[Person]:
    """Records not yet erased of people whose last position ended before the day, the longest gone first."""
    merged = Double.objects.filter(status=Double.Status.MERGED).values("gone")
    rows = Person.objects.filter(active=False, erased_at=None).exclude(pk__in=merged)
    rows = rows.filter(~Exists(Appointment.objects.filter(person=OuterRef("pk"), until=None)))
    return rows.annotate(last=Max("appointments__until")).filter(last__lt=local_day(until)).order_by("last", "pk")


def imports(until: datetime) -> QuerySet[StaffImport]:
    """Imports begun before the moment that still hold the rows of their file."""
    return StaffImport.objects.filter(created_at__lt=until).exclude(summary__has_key="cleared").order_by("pk")


def _plain(model: str, moment: str) -> Callable[[datetime], QuerySet[Any]]:
    def rows(until: datetime) -> QuerySet[Any]:
        found: Any = apps.get_model(model)
        return found.objects.filter(**{f"{moment}__lt": until}).order_by("pk")

    return rows


# The rows of a term; of those that are not people or imports the whole row goes.
RULES: dict[str, Callable[[datetime], QuerySet[Any]]] = {
    "leavers": leavers,
    "import_rows": imports,
    "accommodation_reasons": _plain("assessments.AccommodationReason", "accommodation__campaign__closes_at"),
    "reminders": _plain("assessments.Reminder", "at"),
}


def rows_of(term: str, at: datetime) -> QuerySet[Any]:
    """What is due under a term at this moment. Raises KeyError for a term without a rule."""
    return RULES[term](at - retention.terms()[term].age)


def lines(row: Disposal) -> list[tuple[str, str, Any]]:
    """The first rows of a list as (name, place or file, day), for whoever may see names."""
    keys = row.rows[:SHOWN]
    if row.term in ("leavers", Disposal.REQUEST):
        return _people(keys)
    if row.term == "import_rows":
        found = StaffImport.objects.filter(pk__in=keys).order_by("pk")
        return [(one.file_name, str(one.get_kind_display()), one.created_at) for one in found]
    return []


def _people(keys: Sequence[int]) -> list[tuple[str, str, Any]]:
    people = Person.objects.filter(pk__in=keys).select_related("unit").annotate(last=Max("appointments__until"))
    found = list(people.order_by("sort_key", "pk"))
    chains = unit_chain(one.unit for one in found)
    return [(one.full_name, place_of(one, chains), one.last) for one in found]


def waiting(user_id: int) -> QuerySet[Disposal]:
    """Lists that wait for somebody else than who put them forward."""
    rows = Disposal.objects.filter(status=Disposal.Status.ASKED)
    return rows.exclude(Q(asked_by=user_id))
