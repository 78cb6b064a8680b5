"""A lesson file: front matter and Markdown → parts, exercise, questions; or sentences that say what is wrong where.

The format is described in `content/README.md`, "Lessons". Sentences are said in the active language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from nanglucso.develop.learning import exercises, questions
from nanglucso.develop.learning.exercises import Exercise
from nanglucso.develop.learning.problems import Problem
from nanglucso.develop.learning.questions import Question

HEADINGS = (
    "1. Tình huống (1 phút)", "2. Xem cách làm (3 phút)", "3. Làm thử (3 phút)", "4. Tự kiểm tra (2 phút)",
    "5. Việc tại cơ quan (trong 7 ngày)",
)  # fmt: skip
PARTS = len(HEADINGS)
TRY, CHECK, TASK = 3, 4, 5
PROMISE, REMEMBER = "> Sau bài này", "**Nhớ một câu:**"
FENCE = re.compile(r"^```\s*([\w-]*)")


@dataclass(frozen=True)
class Part:
    """One of the five parts: its Markdown without exercise and questions, and the file line of its heading.

    `after`: what stands behind the exercise; "" for other parts.
    """

    number: int
    text: str
    line: int
    after: str = ""


@dataclass(frozen=True)
class Lesson:
    """One lesson as written. `words`: whitespace tokens of the body; `lines`: its lines, from file line `first` on.

    `fact_lines`: file line of each fact.
    """

    meta: Mapping[str, Any]
    title: str
    promise: str
    parts: tuple[Part, ...]
    exercise: Exercise | None
    questions: tuple[Question, ...]
    remember: str
    words: int
    lines: tuple[str, ...] = field(repr=False, default=())
    first: int = 1
    fact_lines: Mapping[str, int] = field(repr=False, default_factory=dict)

    @property
    def code(self) -> str:
        return str(self.meta.get("id", ""))

    @property
    def minutes(self) -> int:
        told = self.meta.get("minutes", 10)
        return told if isinstance(told, int) and told > 0 else 10


def _front(lines: list[str], found: list[Problem]) -> tuple[dict[str, Any], int]:
    """The front matter, and the index of the first line behind it."""
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
    if not lines or lines[0].strip() != "---" or not end:
        text = _("The file begins with a block of facts between two lines “---”; write it first.")
        found.append(Problem("L01", 1, text))
        return {}, 0
    try:
        told = yaml.safe_load("\n".join(lines[1:end]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        text = _("The block of facts is not readable here (YAML); put texts with a colon in quotes.")
        found.append(Problem("L01", mark.line + 2 if mark else 2, text))
        return {}, end + 1
    if not isinstance(told, dict):
        found.append(Problem("L01", 2, _("The block of facts needs lines like “id: BH-3.3-TC-01”.")))
        return {}, end + 1
    return told, end + 1


def _outside_fences(lines: list[str]) -> list[bool]:
    """For each line whether it stands outside of fenced blocks."""
    inside, told = False, []
    for line in lines:
        fence = line.startswith("```")
        told.append(not inside and not fence)
        inside ^= fence
    return told


def _split(lines: list[str], first: int, found: list[Problem]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """What stands above the first part, and (file line, lines) of each part; headings must be exactly the five."""
    free = _outside_fences(lines)
    places = [n for n, line in enumerate(lines) if free[n] and line.startswith("## ")]
    told = [lines[n][3:].strip() for n in places]
    for number, wanted in enumerate(HEADINGS):
        if number >= len(told) or told[number] != wanted:
            line = first + (places[number] if number < len(places) else len(lines) - 1)
            text = _("Part %(n)s needs the heading “## %(wanted)s”, exactly so.")
            found.append(Problem("L03", line, text % {"n": number + 1, "wanted": wanted}))
            break
    else:
        if len(told) > PARTS:
            text = _("There are five parts; put “%(heading)s” inside one of them.") % {"heading": told[PARTS]}
            found.append(Problem("L03", first + places[PARTS], text))
    ends = [*places[1:], len(lines)][: len(places)]
    parts = [(first + a, lines[a + 1 : b]) for a, b in zip(places, ends, strict=True)]
    return lines[: places[0] if places else len(lines)], parts[:PARTS]


def _head(lines: list[str], first: int, found: list[Problem]) -> tuple[str, str]:
    """Title and promise."""
    title = next((line[2:].strip() for line in lines if line.startswith("# ")), "")
    promise = " ".join(line.lstrip("> ").strip() for line in lines if line.startswith(">"))
    if not title:
        found.append(Problem("L03", first, _("The body begins with the title: “# …”.")))
    if not any(line.startswith(PROMISE) for line in lines):
        text = _("Below the title stands what one can do afterwards: “> Sau bài này đồng chí …”.")
        quote = next((n for n, line in enumerate(lines) if line.startswith(">")), 1)
        found.append(Problem("L03", first + quote, text))
    return title, promise


def _remember(parts: list[tuple[int, list[str]]], found: list[Problem]) -> str:
    """The last line, taken out of the last part."""
    if not parts:
        return ""
    line, lines = parts[-1]
    last = next((n for n in range(len(lines) - 1, -1, -1) if lines[n].strip()), None)
    if last is None or not lines[last].startswith(REMEMBER):
        found.append(Problem("L03", line + len(lines), _("The last line of the lesson is “**Nhớ một câu:** …”.")))
        return ""
    said = lines[last][len(REMEMBER) :].strip()
    del lines[last:]
    return said


def _read_part(
    number: int, line: int, lines: list[str], found: list[Problem]
) -> tuple[Part, Exercise | None, tuple[Question, ...]]:
    exercise: Exercise | None = None
    asked: tuple[Question, ...] = ()
    after: list[str] = []
    if number == TRY:
        lines, after, exercise = exercises.take(lines, line + 1, found)
    if number == CHECK:
        lines, asked = questions.take(lines, line + 1, found)
    return Part(number, "\n".join(lines).strip(), line, "\n".join(after).strip()), exercise, asked


def read_lesson(text: str) -> tuple[Lesson, list[Problem]]:
    """Read one lesson. What could not be read is missing in it and named in the problems; none = the shape is right."""
    found: list[Problem] = []
    lines = text.replace("\r\n", "\n").split("\n")
    meta, start = _front(lines, found)
    body, first = lines[start:], start + 1
    above, parts = _split(body, first, found)
    title, promise = _head(above, first, found)
    said = _remember(parts, found)
    exercise: Exercise | None = None
    asked: tuple[Question, ...] = ()
    read: list[Part] = []
    for number, (line, own) in enumerate(parts, 1):
        part, exercise_here, asked_here = _read_part(number, line, own, found)
        read.append(part)
        exercise, asked = exercise_here or exercise, asked_here or asked
    words = len(" ".join(body).split())
    facts = {line.split(":")[0]: n for n, line in enumerate(lines[:start], 1) if re.match(r"\w+:", line)}
    lesson = Lesson(meta, title, promise, tuple(read), exercise, asked, said, words, tuple(body), first, facts)
    return lesson, sorted(found, key=lambda one: one.line)
