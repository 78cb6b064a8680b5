"""Periods of many people at once: sums by statement where `lines` reads each thing; both give the same figure."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import numpy as np
from django.db.models import Sum

from nanglucso.core.days import midnight
from nanglucso.develop.hours.lawrules import CLASS, ENTRY, LESSON, OUTSIDE, LawRules
from nanglucso.develop.hours.lines import Span, stated_tiet, studied
from nanglucso.develop.hours.models import Entry
from nanglucso.develop.learning.models import Study
from nanglucso.develop.training.models import Attendance
from nanglucso.measure.assessments.models import OutsideCertificate


def sums(law: LawRules, span: Span, regimes: Mapping[int, str]) -> dict[int, int]:
    """{person: periods counted} of everybody in `regimes` who has any."""
    found: dict[int, int] = defaultdict(int)
    for add in (_classes, _outside, _entries, _lessons):
        for person, tiet in add(law, span, regimes).items():
            found[person] += tiet
    return found


def with_something(span: Span) -> np.ndarray:
    """Keys of the people of whom a year holds anything that `sums` could count."""
    first, after = date(span.year, 1, 1), date(span.year + 1, 1, 1)
    sat = Attendance.objects.filter(session__starts_at__gte=midnight(first), session__starts_at__lt=midnight(after))
    outside = OutsideCertificate.objects.filter(issued_on__year=span.year, status=OutsideCertificate.Status.CONFIRMED)
    entered = Entry.objects.filter(year=span.year, certificate=None, after_close=False)
    read = Study.objects.filter(finished_at__gte=span.begin, finished_at__lt=span.end)
    kinds = (rows.order_by().values_list("person", flat=True).distinct() for rows in (sat, outside, entered, read))
    return np.unique(np.array([pk for found in kinds for pk in found], np.int64))


def _stretches(law: LawRules, year: int) -> list[tuple[date, date]]:
    """The year cut where a rule on classes begins or ends: [from, to) in which one rule speaks."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = {day for one in law.sources if one.source == CLASS for day in (one.since, one.until) if day}
    cuts = sorted({first, after, *(day for day in days if first < day < after)})
    return list(pairwise(cuts))


def _classes(law: LawRules, span: Span, regimes: Mapping[int, str]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for begin, end in _stretches(law, span.year):
        good = {regime for regime in set(regimes.values()) if _counts(law, CLASS, regime, begin)}
        if not good:
            continue
        rows = Attendance.objects.filter(session__starts_at__gte=midnight(begin), session__starts_at__lt=midnight(end))
        for person, tiet in rows.values_list("person").annotate(sum=Sum("session__tiet")).order_by():
            if regimes.get(person) in good:
                found[person] += tiet
    return found


def _counts(law: LawRules, source: str, regime: str, day: date, code: str = "") -> bool:
    rule = law.source(source, regime, day, code)
    return bool(rule and rule.counts)


def _outside(law: LawRules, span: Span, regimes: Mapping[int, str]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    rows = OutsideCertificate.objects.filter(
        issued_on__year=span.year, status=OutsideCertificate.Status.CONFIRMED
    ).select_related("completion", "hour_entry")
    for row in rows:
        regime, stated = regimes.get(row.person_id), stated_tiet(row)
        if regime and stated:
            found[row.person_id] += stated * _counts(law, OUTSIDE, regime, row.issued_on, row.rule)
    return found


def _entries(law: LawRules, span: Span, regimes: Mapping[int, str]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    rows = Entry.objects.filter(year=span.year, certificate=None, after_close=False)
    for person, tiet in rows.values_list("person_id", "tiet"):
        if person in regimes and _counts(law, ENTRY, regimes[person], date(span.year, 12, 31)):
            found[person] += tiet
    return found


def _lessons(law: LawRules, span: Span, regimes: Mapping[int, str]) -> dict[int, int]:
    day = date(span.year, 12, 31)
    good = {regime for regime in set(regimes.values()) if _counts(law, LESSON, regime, day)}
    people = [person for person, regime in regimes.items() if regime in good]
    if not people:
        return {}
    return {pk: minutes // law.period_minutes for pk, (_n, minutes) in studied(span, people).items()}
