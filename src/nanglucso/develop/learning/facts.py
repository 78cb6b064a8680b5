"""Rules on the front matter of a lesson: its place in the framework, sources, day of review."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.develop.learning.lessonfile import Lesson
from nanglucso.develop.learning.problems import Problem
from nanglucso.kit.dates import format_date

NEEDED = (
    "id", "title", "title_en", "competence", "level", "indicator", "minutes", "prerequisites", "source", "review_by",
    "status",
)  # fmt: skip
SOURCE = {"doc", "ref", "as_of", "effective_from", "effective_to", "confidence"}
CONFIDENCE = ("S", "S2", "M")
STATUS = "đề xuất"
MINUTES = 10
LONG, SHORT = 12, 3
ID = re.compile(r"^BH-(\d\.\d)-(CB|TC|NC|CS)-(\d{2})$")
LAW = re.compile(r"\d+/\d{4}/[\w-]+")


def line_of(lesson: Lesson, key: str) -> int:
    """The file line of a fact; of one that is not there the first line of the facts."""
    return lesson.fact_lines.get(key, 2)


def check_facts(lesson: Lesson, indicators: set[str], lessons: set[str]) -> Iterator[Problem]:
    """Keys, id, level, indicator, minutes, prerequisites."""
    meta = lesson.meta
    for key in NEEDED:
        if key not in meta:
            yield Problem("L01", 2, _("The fact “%(key)s” is missing.") % {"key": key})
    for key in sorted(str(one) for one in set(meta) - set(NEEDED)):
        yield Problem("L01", line_of(lesson, key), _("There is no fact “%(key)s”; take it out.") % {"key": key})
    read = ID.match(lesson.code)
    if not read:
        yield Problem("L02", line_of(lesson, "id"), _("The id must look like BH-3.3-TC-01."))
    elif (str(meta.get("competence")), meta.get("level")) != (read[1], read[2]):
        text = _("Competence or level does not agree with the id.")
        yield Problem("L02", line_of(lesson, "competence"), text)
    yield from _place(lesson, indicators)
    if meta.get("minutes") != MINUTES:
        text = _("A lesson takes %(n)s minutes: write “minutes: %(n)s”.") % {"n": MINUTES}
        yield Problem("L07", line_of(lesson, "minutes"), text)
    if meta.get("status") != STATUS:
        text = _("Nobody has approved the lesson yet: write “status: %(status)s”.") % {"status": STATUS}
        yield Problem("L01", line_of(lesson, "status"), text)
    if lesson.title and str(meta.get("title", "")).strip() != lesson.title:
        yield Problem("L02", line_of(lesson, "title"), _("The title in the facts and above the body must be the same."))
    yield from _prerequisites(lesson, lessons)


def _place(lesson: Lesson, indicators: set[str]) -> Iterator[Problem]:
    ref = str(lesson.meta.get("indicator", ""))
    if not ref.startswith(f"{lesson.meta.get('competence')}.{lesson.meta.get('level')}."):
        text = _("Indicator %(ref)s is not of this competence and level.")
        yield Problem("L02", line_of(lesson, "indicator"), text % {"ref": ref or "–"})
    elif ref not in indicators:
        text = _("Indicator %(ref)s is not in the framework.") % {"ref": ref}
        yield Problem("L02", line_of(lesson, "indicator"), text)


def _prerequisites(lesson: Lesson, lessons: set[str]) -> Iterator[Problem]:
    told = lesson.meta.get("prerequisites", [])
    if not isinstance(told, list) or not all(isinstance(one, str) and one.strip() for one in told):
        text = _("Prerequisites are a list of short texts or lesson ids; an empty list is “[]”.")
        yield Problem("L01", line_of(lesson, "prerequisites"), text)
        return
    for one in told:
        code = one.split()[0]
        if ID.match(code) and (code == lesson.code or code not in lessons):
            text = _("There is no lesson %(code)s to be done before; name another one or write what one must know.")
            yield Problem("L18", line_of(lesson, "prerequisites"), text % {"code": code})


def _month_end(day: date, months: int) -> date:
    """The last day of the month that lies `months` later."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def check_sources(lesson: Lesson, laws: set[str], today: date) -> Iterator[Problem]:
    """Sources with their dates; a law is in the register; the review comes in time.

    The review lies at most twelve months after the month in which the sources were looked at; at most three when one
    is from memory (M) or a text of that year.
    """
    told = lesson.meta.get("source", [])
    line = line_of(lesson, "source")
    rows: list[dict[str, Any]] = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    if not rows or len(rows) != len(told):
        yield Problem(
            "L12", line, _("Name a source: {doc: “kỹ năng chung”, as_of: 2026-11-30} when it rests on skill.")
        )
        return
    months = LONG
    for one in rows:
        numbers = LAW.findall(str(one.get("doc", "")))
        if not one.get("doc") or not isinstance(one.get("as_of"), date) or set(one) - SOURCE:
            yield Problem("L12", line, _("A source has doc, ref, as_of (day) and confidence, and nothing unknown."))
            return
        if (numbers and not one.get("confidence")) or one.get("confidence", "S") not in CONFIDENCE:
            yield Problem("L12", line, _("The confidence of a source is S, S2 or M."))
        if one.get("confidence") == "M" or any(n.split("/")[1] == str(one["as_of"].year) for n in numbers):
            months = SHORT
        for number in numbers:
            if number not in laws:
                text = _("%(number)s is not in the register of laws") % {"number": number}
                yield Problem("L13", line, text)
    yield from _review(lesson, _month_end(max(one["as_of"] for one in rows), months), today)


def _review(lesson: Lesson, latest: date, today: date) -> Iterator[Problem]:
    day, line = lesson.meta.get("review_by"), line_of(lesson, "review_by")
    if not isinstance(day, date):
        yield Problem("L12", line, _("The day of review is written 2027-11-30."))
    elif day < today:
        yield Problem("L12", line, _("Its review was due on %(day)s; read it again.") % {"day": format_date(day)})
    elif day > latest:
        text = _("The review comes too late: set it to %(day)s or earlier.") % {"day": format_date(latest)}
        yield Problem("L12", line, text)
