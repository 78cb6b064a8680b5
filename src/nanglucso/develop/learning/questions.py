"""Questions with feedback for every option, three in part 4 of a lesson; exactly one feedback begins with “Đúng”.

A text in English may write “Question 1.” and “Right” instead.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from nanglucso.develop.learning.problems import Problem

WANTED = 3
ENOUGH = 2
_ASK = re.compile(r"^\*\*(?:Câu|Question) (\d)\.\*\*\s*(.+)$")
_OPTION = re.compile(r"^- (.+?)\s*→\s*\*(.+)\*\s*$")
_RIGHT = re.compile(r"^(?:Đúng|Right)\b")


@dataclass(frozen=True)
class Option:
    """A text to choose and what is said after it was chosen."""

    text: str
    feedback: str
    right: bool


@dataclass(frozen=True)
class Question:
    """One question in the order in which it was written; pages show the options shuffled."""

    text: str
    options: tuple[Option, ...]
    line: int

    @property
    def key(self) -> int:
        """The place of the right option."""
        return next(n for n, one in enumerate(self.options) if one.right)


def _option(line: str) -> Option | None:
    read = _OPTION.match(line)
    return Option(read[1].strip(), read[2].strip(), bool(_RIGHT.match(read[2].strip()))) if read else None


def take(lines: list[str], first: int, found: list[Problem]) -> tuple[list[str], tuple[Question, ...]]:
    """Take the questions out of part 4: what is left, and the questions that could be read."""
    rest, asked = read(lines, first, found)
    if len(asked) != WANTED:
        text = _("Part 4 asks three questions, each beginning “**Câu 1.** …”; there are %(n)s.") % {"n": len(asked)}
        found.append(Problem("L05", first - 1, text))
    return rest, tuple(one for row in asked if (one := _checked(*row, found)))


def every(lines: list[str], found: list[Problem]) -> tuple[list[str], tuple[Question, ...]]:
    """As `take`, from a text of questions alone, however many there are; lines count from 1."""
    rest, asked = read(lines, 1, found)
    return rest, tuple(one for row in asked if (one := _checked(*row, found)))


Asked = list[tuple[int, str, list[Option]]]


def read(lines: list[str], first: int, found: list[Problem]) -> tuple[list[str], Asked]:
    """What is left, and (line, text, options) of each question as it stands, before its options are judged."""
    rest: list[str] = []
    asked: Asked = []
    for n, line in enumerate(lines):
        ask = _ASK.match(line)
        option = _option(line)
        if ask:
            asked.append((first + n, ask[2].strip(), []))
        elif asked and option:
            asked[-1][2].append(option)
        elif asked and line.startswith("- "):
            text = _("An option is written “- Text. → *Đúng: why.*”, on one line.")
            found.append(Problem("L05", first + n, text))
        elif asked and line.strip() and not asked[-1][2]:
            asked[-1] = (asked[-1][0], f"{asked[-1][1]}\n{line.strip()}", asked[-1][2])
        else:
            rest.append(line)
    return rest, asked


def _checked(line: int, text: str, options: list[Option], found: list[Problem]) -> Question | None:
    rights = sum(one.right for one in options)
    if not 3 <= len(options) <= 4:
        found.append(Problem("L05", line, _("A question has three or four options, one a line below it.")))
    if rights != 1:
        said = _("Exactly one feedback begins with “Đúng”; in this question %(n)s do.") % {"n": rights}
        found.append(Problem("L05", line, said))
        return None
    if len({one.text.casefold() for one in options}) != len(options):
        found.append(Problem("L05", line, _("Two options of this question are the same.")))
    return Question(text, tuple(options), line)
