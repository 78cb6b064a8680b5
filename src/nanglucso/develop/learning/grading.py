"""Whether a try of the exercise is right, row by row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nanglucso.develop.learning.exercises import Exercise, Row
from nanglucso.kit.text import clean, fold

LONGEST = 200
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")


class BadTry(ValueError):
    """A try that this exercise cannot have."""


@dataclass(frozen=True)
class Told:
    """One row after a try: what was asked, given and right, and why."""

    text: str
    given: str
    answer: str
    right: bool
    why: str


def _same(text: str) -> str:
    """How a typed answer is compared: without marks, spaces, full stops and case; 1.5 is 1,5 and 9.035 is 9035."""
    told = fold(clean(text)).strip(" .;,").replace(" ", "")
    return _DECIMAL.sub(",", _THOUSANDS.sub("", told)).replace(".", "")


def _place(text: str, count: int) -> int:
    if not text.isdecimal() or int(text) >= count:
        raise BadTry(text)
    return int(text)


def _order(exercise: Exercise, given: Sequence[str]) -> list[Told]:
    places = [_place(one, len(exercise.rows)) for one in given]
    if sorted(places) != list(range(len(exercise.rows))):
        raise BadTry("not every step once")
    told = []
    for n, place in enumerate(places):
        row, right = exercise.rows[place], exercise.rows[n]
        told.append(Told(row.text, row.text, right.text, place == n, ""))
    return told


def _row(exercise: Exercise, row: Row, given: str) -> Told:
    if exercise.kind == "each":
        said = exercise.choices[_place(given, len(exercise.choices))]
        return Told(row.text, said, row.accept[0], said == row.accept[0], row.why)
    said = clean(given)[:LONGEST]
    right = _same(said) in {_same(one) for one in row.accept}
    return Told(row.text, said, row.accept[0], right, row.why)


def grade(exercise: Exercise, given: Sequence[str]) -> list[Told]:
    """Rows in the order of the page. `given`: each = number of the choice, order = numbers of the steps as written in
    the chosen order, fill = what was typed. Raises BadTry for a try of the wrong shape.
    """
    if len(given) != len(exercise.rows):
        raise BadTry("not every row")
    if exercise.kind == "order":
        return _order(exercise, given)
    return [_row(exercise, row, one) for row, one in zip(exercise.rows, given, strict=True)]
