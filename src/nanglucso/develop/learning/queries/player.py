"""What the player shows: parts as HTML, the exercise and the questions without their keys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nanglucso.develop.learning import grading, timing
from nanglucso.develop.learning.exercises import Exercise
from nanglucso.develop.learning.lessonfile import PARTS, Lesson
from nanglucso.develop.learning.lessons import lesson_of, option_order, step_order
from nanglucso.develop.learning.models import CheckAnswer, Study
from nanglucso.develop.learning.passing import may_repeat_at, rights
from nanglucso.develop.learning.questions import ENOUGH, WANTED, Question
from nanglucso.develop.learning.rendering import inline, render

MINUTES = (1, 3, 3, 2, 1)


def part_names() -> list[str]:
    """Names of the five parts in the active language."""
    return [_("The situation"), _("See how it is done"), _("Try it"), _("Check yourself"), _("The task at work")]


@dataclass(frozen=True)
class Screen:
    """One part on one screen."""

    number: int
    name: str
    minutes: int
    html: SafeString
    after: SafeString
    opened: bool


def screens_of(lesson: Lesson, opened: list[int]) -> list[Screen]:
    """The five parts of a lesson."""
    told = zip(lesson.parts, part_names(), MINUTES, strict=False)
    return [
        Screen(part.number, name, minutes, render(part.text), render(part.after), part.number in opened)
        for part, name, minutes in told
    ]


def progress(study: Study) -> dict[str, Any]:
    """How far the study is: seconds counted and needed, parts opened, questions right, percent of the whole."""
    needed = timing.needed(study.version.minutes)
    spent, right = min(study.seconds, needed), min(rights(study), ENOUGH)
    share = spent / needed + len(study.opened) / PARTS + right / ENOUGH
    return {
        "done": study.finished_at is not None,
        "percent": 100 if study.finished_at else min(99, round(100 * share / 3)),
        "minutes_left": 0 if study.finished_at else -(-int(needed - spent) // 60),
        "time": spent >= needed,
        "parts": len(study.opened),
        "all_parts": len(study.opened) == PARTS,
        "right": right,
        "passed": right >= ENOUGH,
    }


def exercise_of(lesson: Lesson, study: Study | None, given: list[str] | None = None) -> dict[str, Any] | None:
    """The exercise without its keys, as it stands on the page; after a try with the feedback of the last one.

    `given`: what was chosen in a try that was refused. Without a study: as a writer sees it.
    """
    exercise = lesson.exercise
    if exercise is None:
        return None
    tried = (study.tried or {}).get("given") if study else None
    told = _told(exercise, tried)
    kept = given if given is not None else list(tried or [])
    order = _order(exercise, study, kept)
    rows = []
    for place, number in enumerate(order):
        chosen = kept[place] if place < len(kept) and exercise.kind != "order" else ""
        row = exercise.rows[number]
        shown = {"number": number, "place": place + 1, "text": inline(row.text), "chosen": chosen}
        rows.append(shown | {"told": told[place] if told else None})
    right = sum(one.right for one in told)
    return {
        "kind": exercise.kind, "rows": rows, "choices": [(str(n), one) for n, one in enumerate(exercise.choices)],
        "tried": bool(told), "right": right, "count": len(rows), "why": inline(exercise.why) if told else "",
        "steps": [row.text for row in exercise.rows] if told and right < len(rows) and exercise.kind == "order" else [],
    }  # fmt: skip


def _told(exercise: Exercise, tried: list[str] | None) -> list[grading.Told]:
    try:
        return grading.grade(exercise, tried) if tried else []
    except grading.BadTry:  # tried on an older text of the lesson
        return []


def _order(exercise: Exercise, study: Study | None, kept: list[str]) -> list[int]:
    count = len(exercise.rows)
    if exercise.kind != "order":
        return list(range(count))
    places = [int(one) for one in kept if one.isdecimal()]
    if sorted(places) == list(range(count)):
        return places
    return step_order(study, count) if study else list(range(count))


def _question(study: Study, number: int, one: Question, held: CheckAnswer | None) -> dict[str, Any]:
    """One question; feedback of the chosen option only."""
    options = []
    for shown, place in enumerate(option_order(study, number, len(one.options))):
        chosen = held is not None and held.choice == place
        feedback = inline(one.options[place].feedback) if chosen else ""
        options.append({"value": shown, "text": inline(one.options[place].text), "chosen": chosen, "said": feedback})
    right = held.right if held else None
    return {
        "number": number,
        "text": render(one.text),
        "options": options,
        "answered": held is not None,
        "right": right,
    }


def questions_of(study: Study, at: datetime) -> dict[str, Any]:
    """The questions of the present round with the answers given in it."""
    asked = lesson_of(study.version).questions
    held = {row.question: row for row in study.answers.all() if row.round == study.round}
    free = may_repeat_at(study)
    return {
        "round": study.round,
        "rows": [_question(study, n, one, held.get(n)) for n, one in enumerate(asked, 1)],
        "over": len(held) == WANTED,
        "right": sum(row.right for row in held.values()),
        "count": WANTED,
        "passed": rights(study) >= ENOUGH,
        "again": free is not None,
        "wait": max(0, round((free - at).total_seconds())) if free else 0,
    }
