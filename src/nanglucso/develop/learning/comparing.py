"""Two versions of a lesson, part by part, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from nanglucso.develop.learning.lessons import lesson_of
from nanglucso.develop.learning.models import LessonVersion
from nanglucso.develop.learning.queries.player import part_names

Piece = tuple[bool, str]


@dataclass(frozen=True)
class Difference:
    """One part: its name and both texts in pieces; True marks a piece that the other side lacks."""

    name: str
    left: list[Piece]
    right: list[Piece]
    changed: bool


def _parts(version: LessonVersion) -> dict[str, str]:
    """The facts and each part as they stand in the file."""
    lesson = lesson_of(version)
    lines = version.source.split("\n")
    starts = [part.line for part in lesson.parts]
    told = {_("Facts"): "\n".join(lines[: lesson.first - 1]).strip("-\n ")}
    told[_("Title and promise")] = "\n".join(lines[lesson.first - 1 : (starts or [len(lines) + 1])[0] - 1]).strip()
    names = dict(enumerate(part_names(), 1))
    for part, end in zip(lesson.parts, [*starts[1:], len(lines) + 1], strict=True):
        name = f"{part.number}. {names[part.number]}" if part.number in names else lines[part.line - 1].lstrip("# ")
        told[name] = "\n".join(lines[part.line : end - 1]).strip()
    return told


def _pieces(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    a, b = re.findall(r"\S+\s*", left), re.findall(r"\S+\s*", right)
    mine, theirs = [], []
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if a1 > a0:
            mine.append((kind != "equal", "".join(a[a0:a1])))
        if b1 > b0:
            theirs.append((kind != "equal", "".join(b[b0:b1])))
    return mine, theirs


def compare(left: LessonVersion, right: LessonVersion) -> list[Difference]:
    """Every part that either side has, in the order of the left one."""
    one, other = _parts(left), _parts(right)
    every = [*one, *(name for name in other if name not in one)]
    return [
        Difference(name, *_pieces(one.get(name, ""), other.get(name, "")), one.get(name) != other.get(name))
        for name in every
    ]
