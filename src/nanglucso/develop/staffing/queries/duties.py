"""Nouns of the register and of the review desk."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.develop.staffing import vocabulary
from nanglucso.develop.staffing.models import Duty, Overlap
from nanglucso.engines.duty_words import read
from nanglucso.engines.overlap import in_common
from nanglucso.kit.text import fold, nfc, tone_key
from nanglucso.workforce.people.models import Position, Unit
from nanglucso.workforce.people.queries import place, unit_chain


def _in_scope(scope: Scope, prefix: str = "") -> Q:
    """Functions of units in scope, and duties of positions, which are the whole city's."""
    paths = Q(**{f"{prefix}unit__isnull": True})
    if scope.everything:
        return Q()
    for path in scope.paths:
        paths |= Q(**{f"{prefix}unit__path__startswith": path})
    return paths


@dataclass(frozen=True)
class DutyFilter:
    """What the register is cut to; `kind`: unit, position or "" for both."""

    text: str = ""
    kind: str = ""
    unit: Unit | None = None
    position: Position | None = None
    ended: bool = False


def duties(*, scope: Scope, wanted: DutyFilter) -> QuerySet[Duty]:
    """The register in scope; holders joined."""
    found = Duty.objects.filter(_in_scope(scope)).select_related("unit", "position")
    if wanted.kind:
        found = found.filter(**{f"{wanted.kind}__isnull": False})
    if wanted.unit:
        found = found.filter(unit__path__startswith=wanted.unit.path)
    if wanted.position:
        found = found.filter(position=wanted.position)
    if not wanted.ended:
        found = found.filter(until=None)
    for word in fold(wanted.text).split():
        found = found.filter(fold__contains=word)
    return found.order_by("unit__path", "position__name", "pk")


def overlaps(*, scope: Scope) -> QuerySet[Overlap]:
    """Pairs of which every unit lies in scope."""
    found = Overlap.objects.filter(_in_scope(scope, "one__") & _in_scope(scope, "other__"))
    return found.select_related("one__unit", "one__position", "other__unit", "other__position", "owner", "reviewed_by")


STATES: dict[str, Q] = {
    "waiting": Q(verdict=""),
    "open": Q(verdict__in=("same", "contained", "shared_by_law"), closed_on=None),
    "closed": Q(closed_on__isnull=False),
    "different": Q(verdict="different"),
}


def chosen(rows: QuerySet[Overlap], *, state: str, kind: str = "", across: str = "") -> QuerySet[Overlap]:
    """Pairs of a state; `kind` unit or position, `across` "1" between levels, "0" at one level."""
    found = rows.filter(STATES.get(state, Q()))
    if kind in ("unit", "position"):
        found = found.filter(**{f"one__{kind}__isnull": False})
    return found.filter(across_levels=across == "1") if across in ("0", "1") else found


def counts(rows: QuerySet[Overlap], today: date) -> dict[str, int]:
    """How many pairs wait, are open, late, closed, or were no overlap."""
    found: Counter[str] = Counter()
    for verdict, closed, due in rows.values_list("verdict", "closed_on", "due"):
        state = "waiting" if not verdict else "different" if verdict == "different" else "closed" if closed else "open"
        found[state] += 1
        found["late"] += state == "open" and due is not None and due < today
    return {name: found[name] for name in (*STATES, "late")}


def common_words(pair: Overlap) -> list[str]:
    """Why the finder showed a pair: the words by which the two duties meet, spelled as the duties spell them."""
    words = vocabulary.words()
    spelled = {tone_key(one): one.lower() for one in re.findall(r"\w+", nfc(f"{pair.other.text} {pair.one.text}"))}
    found = in_common(read(pair.one.text, words), read(pair.other.text, words), words)
    return [" ".join(spelled.get(key, key) for key in word.split()) for word in found]


def waiting_after(rows: QuerySet[Overlap], pair: Overlap) -> Overlap | None:
    """The next pair that waits for review, best first."""
    left = rows.filter(verdict="").exclude(pk=pair.pk)
    below = left.filter(Q(score__lt=pair.score) | Q(score=pair.score, pk__gt=pair.pk))
    return below.order_by("-score", "pk").first() or left.order_by("-score", "pk").first()


def per_unit(rows: QuerySet[Overlap]) -> list[tuple[str, int, int, int]]:
    """Of each holder (unit or position): full name, overlaps found by a person, still open, closed; most first."""
    table: dict[tuple[int | None, int | None], list[int]] = {}
    named: dict[tuple[int | None, int | None], Duty] = {}
    for pair in rows.exclude(verdict__in=("", "different")):
        both = {(duty.unit_id, duty.position_id): duty for duty in (pair.one, pair.other)}
        named |= both
        for key in both:
            line = table.setdefault(key, [0, 0, 0])
            line[0] += 1
            line[2 if pair.closed_on else 1] += 1
    chains = unit_chain(duty.unit for duty in named.values())
    names = {key: place(chains[duty.unit.pk]) if duty.unit else duty.holder for key, duty in named.items()}
    told = [(names[key], line[0], line[1], line[2]) for key, line in table.items()]
    return sorted(told, key=lambda row: (-row[1], row[0]))
