"""What a person did in a year, line by line: what counted, what did not and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nanglucso.core.days import local_day, midnight
from nanglucso.develop.hours.lawrules import CLASS, ENTRY, LESSON, OUTSIDE, LawRules
from nanglucso.develop.hours.models import Entry
from nanglucso.develop.learning.models import Study
from nanglucso.develop.training.models import Attendance, ClassSession, Enrolment
from nanglucso.develop.training.queries import HOLDING
from nanglucso.measure.assessments.certrules import rules as certificate_rules
from nanglucso.measure.assessments.models import OutsideCertificate

MISSED, NO_RULE, NO_TIET, WAITING = "missed", "no_rule", "no_tiet", "waiting"
Bilingual = dict[str, str]


@dataclass(frozen=True)
class Line:
    """One thing of the year. `tiet` counted of `of` that it had; `why` {language: rule}; `lack`: why it counts less.

    `n`, `minutes`: of lessons, which stand in one line together. `day`: ISO, the last day of the thing.
    """

    source: str
    day: str
    title: Bilingual
    ref: str
    tiet: int
    of: int
    why: Bilingual
    lack: str = ""
    n: int = 0
    minutes: int = 0

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))  # sharing its sentences: sixty thousand people hold the same few


@dataclass(frozen=True)
class Span:
    """A year in the project's time zone up to a moment: [begin, end) of moments and the days that they mean."""

    year: int
    at: datetime

    @property
    def begin(self) -> datetime:
        return midnight(date(self.year, 1, 1))

    @property
    def end(self) -> datetime:
        return midnight(date(self.year + 1, 1, 1))


class Lines:
    """Everything of a few people in a year, read in a handful of statements. `regimes` {person: regime}."""

    def __init__(self, law: LawRules, span: Span, regimes: Mapping[int, str]) -> None:
        self.law, self.span, self.regimes = law, span, regimes
        self.found: dict[int, list[Line]] = defaultdict(list)
        self.ahead: dict[int, int] = defaultdict(int)
        self._classes()
        self._outside()
        self._entries()
        self._lessons()
        for lines in self.found.values():
            lines.sort(key=lambda one: (one.day, one.source, one.ref))

    def of(self, person: int) -> list[Line]:
        return self.found.get(person, [])

    def _why(self, person: int, source: str, day: date, code: str = "") -> tuple[bool, Bilingual]:
        rule = self.law.source(source, self.regimes[person], day, code)
        return (rule.counts, rule.why) if rule else (False, {})

    def _classes(self) -> None:
        there = set(
            Attendance.objects.filter(
                person__in=self.regimes, session__starts_at__gte=self.span.begin, session__starts_at__lt=self.span.end
            ).values_list("person_id", "session_id")
        )
        sessions: dict[int, list[ClassSession]] = defaultdict(list)
        known = ClassSession.objects.filter(starts_at__gte=self.span.begin, starts_at__lt=self.span.end)
        held = Enrolment.objects.filter(person__in=self.regimes, status__in=HOLDING)
        wanted = {*held.values_list("training_class_id", flat=True)}
        wanted |= {*known.filter(pk__in={pk for _person, pk in there}).values_list("training_class_id", flat=True)}
        for one in known.filter(training_class__in=wanted).select_related("training_class__course"):
            sessions[one.training_class_id].append(one)
        places = {(row.person_id, row.training_class_id): row.status for row in held}
        of_class = {one.pk: one.training_class_id for rows in sessions.values() for one in rows}
        pairs = {*places, *((person, of_class[pk]) for person, pk in there)}
        for person, pk in sorted(pairs):
            self._class(person, sessions.get(pk, []), there, places.get((person, pk), ""))

    def _class(self, person: int, rows: list[ClassSession], there: set[tuple[int, int]], place: str) -> None:
        past = [one for one in rows if one.starts_at < self.span.at or (person, one.pk) in there]
        if place == Enrolment.Status.BOOKED and rows and rows[0].training_class.is_live:
            self.ahead[person] += sum(one.tiet for one in rows if one.starts_at >= self.span.at)
        mine = [one for one in past if (person, one.pk) in there]
        if not past or (not mine and rows[0].training_class.status == "cancelled"):
            return
        told = [(one, *self._why(person, CLASS, local_day(one.starts_at))) for one in mine]
        counted = sum(one.tiet for one, counts, _why in told if counts)
        attended, of = sum(one.tiet for one in mine), sum(one.tiet for one in past)
        last = max(past, key=lambda one: one.starts_at)
        why = next((why for _one, _counts, why in told), self._why(person, CLASS, local_day(last.starts_at))[1])
        course = last.training_class.course
        lack = NO_RULE if not why else MISSED if attended < of else ""
        self.found[person].append(
            Line(
                CLASS, local_day(last.starts_at).isoformat(), {"vi": course.name_vi, "en": course.name_en},
                last.training_class.code, counted, of, why, lack,
            )
        )  # fmt: skip

    def _outside(self) -> None:
        rows = OutsideCertificate.objects.filter(
            person__in=self.regimes, issued_on__year=self.span.year,
            status__in=(OutsideCertificate.Status.CONFIRMED, OutsideCertificate.Status.WAITING),
        ).select_related("completion", "hour_entry")  # fmt: skip
        for row in rows:
            rule = certificate_rules().get(row.rule)
            name = {"vi": rule.name_vi, "en": rule.name_en} if rule else {"vi": row.rule, "en": row.rule}
            counts, why = self._why(row.person_id, OUTSIDE, row.issued_on, row.rule)
            stated = stated_tiet(row)
            lack = lacking(row, counts, why, stated)
            tiet = 0 if lack or not counts else stated or 0
            self.found[row.person_id].append(
                Line(OUTSIDE, row.issued_on.isoformat(), name, row.number, tiet, stated or 0, why, lack)
            )

    def _entries(self) -> None:
        rows = Entry.objects.filter(
            person__in=self.regimes, year=self.span.year, certificate=None, after_close=False
        )  # fmt: skip
        for row in rows:
            counts, why = self._why(row.person_id, ENTRY, date(self.span.year, 12, 31))
            told = {"vi": row.reason, "en": row.reason}
            tiet = row.tiet if counts else 0
            day = local_day(row.entered_at).isoformat()
            self.found[row.person_id].append(Line(ENTRY, day, told, row.document, tiet, row.tiet, why))

    def _lessons(self) -> None:
        for person, (n, minutes) in studied(self.span, self.regimes).items():
            counts, why = self._why(person, LESSON, date(self.span.year, 12, 31))
            of = minutes // self.law.period_minutes
            day = min(date(self.span.year, 12, 31), local_day(self.span.at)).isoformat()
            self.found[person].append(
                Line(LESSON, day, {}, "", of if counts else 0, of, why, "", n, minutes)
            )  # fmt: skip


def stated_tiet(row: OutsideCertificate) -> int | None:
    """Periods that the list of completions states, else those that an officer read off the certificate, else None."""
    completion = getattr(row, "completion", None)
    if completion is not None and completion.tiet:
        return int(completion.tiet)
    entry = getattr(row, "hour_entry", None)
    return int(entry.tiet) if entry is not None and not entry.after_close else None


def lacking(row: OutsideCertificate, counts: bool, why: Bilingual, stated: int | None) -> str:
    """Why an outside completion does not count although its kind may; "" when nothing is missing."""
    if row.status == OutsideCertificate.Status.WAITING:
        return WAITING
    if not why:
        return NO_RULE
    return NO_TIET if counts and stated is None else ""


def studied(span: Span, people: Iterable[int]) -> dict[int, tuple[int, int]]:
    """{person: (lessons finished in the year, minutes spent in them)}."""
    rows = Study.objects.filter(person__in=people, finished_at__gte=span.begin, finished_at__lt=span.end)
    found: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row.seconds)
    return {person: (len(each), int(sum(each) // 60)) for person, each in found.items()}
