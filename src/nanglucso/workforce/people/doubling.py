"""Records that may be two of one person: who they are, and what tells for and against it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_noop as _

from nanglucso.core.scope import Scope
from nanglucso.kit.text import tone_key
from nanglucso.workforce.people import queries
from nanglucso.workforce.people.models import Double, Person

SAME_BIRTH = _("same name, born the same day")
SAME_UNIT = _("same name in one unit, and no birth date that tells them apart")
SAME_EMAIL = _("same e-mail address")
MOST = 500


@dataclass(frozen=True)
class Pair:
    """Two records and why they may be one person; the older record first. `marks`: the names agree in every mark."""

    one: Person
    other: Person
    why: str
    marks: bool


def merges() -> QuerySet[Double]:
    """Merges in force and undone, newest first."""
    held = Double.objects.exclude(status=Double.Status.DIFFERENT)
    return held.select_related("kept__unit", "gone__unit", "decided_by")


def merged_into(person: Person) -> Person | None:
    """Whom the record was merged into, if it was."""
    row = Double.objects.filter(gone=person, status=Double.Status.MERGED).select_related("kept").first()
    return row.kept if row else None


def pairs(*, scope: Scope) -> list[Pair]:
    """At most `MOST` pairs that nobody has decided on yet, surest first. Seven statements, however many people."""
    people = queries.people(scope=scope).filter(active=True)
    settled = {frozenset(pair) for pair in _settled()}
    found: dict[frozenset[int], Pair] = {}
    for why, rows in _groups(people):
        for one, other in rows:
            key = frozenset((one.pk, other.pk))
            if key not in settled and key not in found and not _clash(one, other):
                found[key] = Pair(one, other, why, tone_key(one.full_name) == tone_key(other.full_name))
    order = {SAME_BIRTH: 0, SAME_EMAIL: 1, SAME_UNIT: 2}
    return sorted(found.values(), key=lambda pair: (not pair.marks, order[pair.why], pair.one.sort_key))[:MOST]


def _settled() -> Iterable[tuple[int, int]]:
    return Double.objects.exclude(status=Double.Status.UNDONE).values_list("kept", "gone")


def _groups(people: QuerySet[Person]) -> Iterable[tuple[str, Iterable[tuple[Person, Person]]]]:
    kinds: tuple[tuple[str, tuple[str, ...], Q], ...] = (
        (SAME_BIRTH, ("fold", "birth_date"), Q(birth_date=None)),
        (SAME_EMAIL, ("email",), Q(email="")),
        (SAME_UNIT, ("fold", "unit_id"), Q(unit=None)),
    )
    for why, fields, without in kinds:
        rows = people.exclude(without).order_by().values_list(*fields).annotate(n=Count("pk")).filter(n__gt=1)
        keys = {tuple(row[:-1]) for row in rows[:MOST]}
        # Only keys and numbers first: a name that is held twice in one unit may be held by hundreds in the city.
        near = people.filter(**{f"{fields[0]}__in": {key[0] for key in keys}}).order_by("pk").values_list("pk", *fields)
        groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for pk, *key in near if keys else ():
            if tuple(key) in keys:
                groups[tuple(key)].append(pk)
        told = [pair for group in groups.values() for pair in combinations(group, 2)][:MOST]
        held = people.select_related("unit", "position").in_bulk({pk for pair in told for pk in pair})
        yield why, [(held[one], held[other]) for one, other in told]


def _clash(one: Person, other: Person) -> bool:
    """Whether something says that they are two people: two citizen numbers, two births."""
    if one.citizen_hash and other.citizen_hash and one.citizen_hash != other.citizen_hash:
        return True
    if one.birth_date and other.birth_date:
        return one.birth_date != other.birth_date
    return bool(one.birth_year and other.birth_year and one.birth_year != other.birth_year)
