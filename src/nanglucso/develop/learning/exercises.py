"""The exercise of part 3: one fenced block ```lam-thu, of three kinds.

each: one choice for every row · order: steps written in the right order · fill: short texts or numbers.
"""

from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from nanglucso.develop.learning.problems import Problem

BLOCK = "lam-thu"
KINDS = ("each", "order", "fill")
KEYS = {"each": {"type", "choices", "rows"}, "order": {"type", "steps", "why"}, "fill": {"type", "fields"}}
FEWEST_ROWS, MOST_ROWS = 4, 7
FEWEST_FIELDS, MOST_FIELDS = 2, 4
FEWEST_CHOICES, MOST_CHOICES = 2, 5


@dataclass(frozen=True)
class Row:
    """What is asked in one place, and what is said about it. `accept`: right answers, the first one is shown."""

    text: str
    accept: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class Exercise:
    """`rows`: rows, steps in the right order (accept empty) or fields; `why`: feedback on the whole (order)."""

    kind: str
    rows: tuple[Row, ...]
    choices: tuple[str, ...] = ()
    why: str = ""
    line: int = 0


def _find(lines: list[str]) -> list[tuple[int, int]]:
    """(opening, closing) indices of the fenced exercise blocks."""
    found, start = [], None
    for n, line in enumerate(lines):
        if start is None and line.strip() == f"```{BLOCK}":
            start = n
        elif start is not None and line.strip() == "```":
            found.append((start, n))
            start = None
    return found


def take(lines: list[str], first: int, found: list[Problem]) -> tuple[list[str], list[str], Exercise | None]:
    """Take the block out of part 3: lines before it, lines behind it, the exercise (None: see `found`)."""
    blocks = _find(lines)
    if len(blocks) != 1:
        text = _("Part 3 holds exactly one exercise between “```lam-thu” and “```”.")
        found.append(Problem("L04", first + (blocks[1][0] if len(blocks) > 1 else 0), text))
    if not blocks:
        return lines, [], None
    a, b = blocks[0]
    return lines[:a], lines[b + 1 :], _read("\n".join(lines[a + 1 : b]), first + a, found)


def _read(text: str, line: int, found: list[Problem]) -> Exercise | None:
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        text = _("The exercise is not readable here (YAML); put texts with a colon in quotes.")
        found.append(Problem("L04", line + 1 + (mark.line if mark else 0), text))
        return None
    if not isinstance(told, dict) or told.get("type") not in KINDS:
        found.append(
            Problem("L04", line + 1, _("The exercise begins with “type: each”, “type: order” or “type: fill”."))
        )
        return None
    kind = str(told["type"])
    extra = sorted(str(key) for key in set(told) - KEYS[kind])
    if extra:
        text = _("An exercise “%(kind)s” has no line “%(extra)s”.") % {"kind": kind, "extra": extra[0]}
        found.append(Problem("L04", line + 1, text))
    read = {"each": _each, "order": _order, "fill": _fill}[kind]
    try:
        return read(told, line, found)
    except (KeyError, TypeError, AttributeError):
        text = _("Each row of an exercise “%(kind)s” needs all its lines; see the format of lessons.") % {"kind": kind}
        found.append(Problem("L04", line + 1, text))
        return None


def _number(n: int, few: int, most: int, line: int, found: list[Problem]) -> None:
    if not few <= n <= most:
        text = _("The exercise has %(n)s rows, steps or fields; it needs %(few)s to %(most)s.")
        found.append(Problem("L04", line + 1, text % {"n": n, "few": few, "most": most}))


def _rows(told: dict[str, Any], name: str) -> list[Any]:
    """A list under this name. Raises KeyError without it, TypeError for anything else."""
    if not isinstance(told[name], list):
        raise TypeError(name)
    return told[name]


def _each(told: dict[str, Any], line: int, found: list[Problem]) -> Exercise:
    choices = tuple(str(one).strip() for one in _rows(told, "choices"))
    rows = tuple(
        Row(str(r["text"]).strip(), (str(r["key"]).strip(),), str(r["why"]).strip()) for r in _rows(told, "rows")
    )
    _number(len(rows), FEWEST_ROWS, MOST_ROWS, line, found)
    if not FEWEST_CHOICES <= len(set(choices)) == len(choices) <= MOST_CHOICES:
        found.append(Problem("L04", line + 2, _("Give two to five different choices.")))
    for row in rows:
        if row.accept[0] not in choices:
            text = _("The key “%(key)s” is none of the choices.") % {"key": row.accept[0]}
            found.append(Problem("L04", line + 3, text))
    if len({row.accept for row in rows}) == 1:
        found.append(Problem("L04", line + 3, _("Every row has the same key; use at least two of the choices.")))
    return Exercise("each", rows, choices, line=line)


def _order(told: dict[str, Any], line: int, found: list[Problem]) -> Exercise:
    rows = tuple(Row(str(one).strip(), ()) for one in _rows(told, "steps"))
    _number(len(rows), FEWEST_ROWS, MOST_ROWS, line, found)
    if len({row.text for row in rows}) != len(rows):
        found.append(Problem("L04", line + 2, _("The same step stands there twice.")))
    return Exercise("order", rows, why=str(told["why"]).strip(), line=line)


def _fill(told: dict[str, Any], line: int, found: list[Problem]) -> Exercise:
    rows = tuple(
        Row(str(r["label"]).strip(), tuple(str(one).strip() for one in _rows(r, "accept")), str(r["why"]).strip())
        for r in _rows(told, "fields")
    )
    _number(len(rows), FEWEST_FIELDS, MOST_FIELDS, line, found)
    if not all(row.accept and all(row.accept) for row in rows):
        found.append(Problem("L04", line + 2, _("A field needs at least one accepted answer.")))
    return Exercise("fill", rows, line=line)
