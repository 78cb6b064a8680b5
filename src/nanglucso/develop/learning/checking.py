"""The checker of lessons: what stops one from being published (L) and what is only listed (W).

L01 facts · L02 place in the framework · L03 title and headings · L04 exercise · L05 questions · L06 number of words ·
L07 minutes · L08 clean text · L09 address and exclamation · L10 obsolete terms · L11 personal data · L12 sources and
day of review · L13 law not in the register · L14 feedback too short · L15 table or drawn screen · L16 too much law ·
L17 asks what an item or another lesson asks · L18 prerequisite unknown · W40 option lengths · W41 place of the right
option · W42 term that is better avoided · W43 right option longest too often in a domain. Sentences are said in the
active language.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from nanglucso.develop.learning import writing
from nanglucso.develop.learning.facts import check_facts, check_sources
from nanglucso.develop.learning.lengths import check_lengths
from nanglucso.develop.learning.lessonfile import Lesson, read_lesson
from nanglucso.develop.learning.likeness import Known
from nanglucso.develop.learning.problems import Problem
from nanglucso.measure.bank.checking import Term

FEWEST_WORDS, MOST_WORDS = 900, 1300


@dataclass(frozen=True)
class Rules:
    """What a lesson is held against. `indicators`: ids of the framework; `lessons`: ids of all lessons;
    `texts`: questions of items (by code) and of lessons (by "id Câu n").
    """

    terms: list[Term]
    laws: set[str]
    today: date
    indicators: set[str]
    lessons: set[str] = field(default_factory=set)
    texts: Known = field(default_factory=Known)


def asked_texts(lesson: Lesson) -> Iterator[tuple[str, str, int]]:
    """(name, text, line) of what the lesson asks: question with its options."""
    for n, one in enumerate(lesson.questions, 1):
        yield f"{lesson.code} Câu {n}", " ".join([one.text, *(o.text for o in one.options)]), one.line


def _words(lesson: Lesson) -> Iterator[Problem]:
    if not FEWEST_WORDS <= lesson.words <= MOST_WORDS:
        text = _("The body has %(n)s words; it needs %(few)s to %(most)s, ten minutes of reading and doing.")
        told = {"n": lesson.words, "few": FEWEST_WORDS, "most": MOST_WORDS}
        yield Problem("L06", lesson.first, text % told)


def _copies(lesson: Lesson, rules: Rules) -> Iterator[Problem]:
    for _name, text, line in asked_texts(lesson):
        for other, _share in rules.texts.near(text, without=f"{lesson.code} "):
            said = _("This question reads like %(other)s; ask about another case.") % {"other": other}
            yield Problem("L17", line, said)


def check_lesson(lesson: Lesson, rules: Rules) -> list[Problem]:
    """What is found beyond the shape, in order of lines."""
    found = [
        *check_facts(lesson, rules.indicators, rules.lessons),
        *check_sources(lesson, rules.laws, rules.today),
        *_words(lesson),
        *writing.check_text(lesson, rules.terms),
        *writing.check_feedback(lesson),
        *writing.check_layout(lesson),
        *_copies(lesson, rules),
    ]
    return sorted(found, key=lambda one: one.line)


def check_source(text: str, rules: Rules) -> tuple[Lesson, list[Problem]]:
    """Read and check one lesson; both kinds of problems together."""
    lesson, found = read_lesson(text)
    return lesson, sorted([*found, *check_lesson(lesson, rules)], key=lambda one: one.line)


def check_folder(folder: Path, rules: Rules) -> tuple[int, list[tuple[str, Problem]]]:
    """(number of lessons, [(file name, problem)]) of a folder. Raises OSError or UnicodeDecodeError."""
    read = [(path.name, read_lesson(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.md"))]
    names = [lesson.code for _file, (lesson, _found) in read]
    rules.lessons.update(names)
    for _file, (lesson, _found) in read:
        for name, text, _line in asked_texts(lesson):
            rules.texts.add(name, text)
    told: list[tuple[str, Problem]] = []
    for file, (lesson, found) in read:
        every = [*found, *check_lesson(lesson, rules)]
        if names.count(lesson.code) > 1:
            every.append(Problem("L02", 1, _("The id %(id)s occurs twice.") % {"id": lesson.code}))
        if not file.startswith(lesson.code.removeprefix("BH-") + "-"):
            text = _("The file name begins with the id: %(id)s-….md") % {"id": lesson.code.removeprefix("BH-")}
            every.append(Problem("L02", 1, text))
        told += [(file, one) for one in sorted(every, key=lambda one: one.line)]
    told += check_lengths((file, lesson) for file, (lesson, _found) in read)
    return len(read), told
