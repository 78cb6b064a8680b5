"""Formulas of the simulated sheet: a small closed language, read by descent; nothing is ever run as code.

    formula    := "=" comparison
    comparison := sum [("=" | "<>" | "<=" | ">=" | "<" | ">") sum]
    sum        := product {("+" | "-") product}      product := unary {("*" | "/") unary}      unary := {"-" | "+"} atom
    atom       := number | "text" | [Sheet!]A1[:B2] | NAME(comparison {(";" | ",") comparison}) | "(" comparison ")"

Functions: SUM, COUNT, COUNTA, COUNTIF, SUMIF, AVERAGE, IF, ROUND, MIN, MAX. As in a real sheet a number or a date kept
as text is not summed or counted; that is what the tasks are about. A value is a number, text, bool, date, None for an
empty cell, or `CellError`.
"""

import operator
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from nanglucso.engines.lab_criteria import alike, matcher

Value = Any
Reader = Callable[[str, str, str], list[Value]]
LONGEST = 160
DEEPEST = 10
_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"[^\"]*\")|(?P<ref>(?:[^\W\d]\w*!)?\$?[A-Za-z]{1,2}\$?\d{1,3}(?:\s*:\s*\$?[A-Za-z]{1,2}\$?\d{1,3})?)(?![\w(])"
    r"|(?P<name>[A-Za-z]+)(?=\s*\()|(?P<number>\d+(?:\.\d+)?)|(?P<op><=|>=|<>|[-+*/=<>();,]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b), "<>": lambda a, b: bool(a != b), "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b), ">": lambda a, b: bool(a > b), ">=": lambda a, b: bool(a >= b),
}  # fmt: skip


class CellError(Exception):
    """What a cell shows instead of a value: #NAME?, #VALUE!, #DIV/0!, #REF! or #ERROR!."""

    @property
    def code(self) -> str:
        return str(self.args[0])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CellError) and other.code == self.code

    def __hash__(self) -> int:
        return hash(self.code)


def evaluate(text: str, read: Reader) -> Value:
    """Value of a formula; `read(sheet or "", first ref, last ref)` gives cells row by row. Raises CellError."""
    if len(text) > LONGEST:
        raise CellError("#ERROR!")
    found = _Parser(_tokens(text[1:]), read)
    value = found.comparison()
    if found.at < len(found.tokens):
        raise CellError("#ERROR!")
    return one(value)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise CellError("#NAME?" if text[at:].strip()[:1].isalpha() else "#ERROR!")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], read: Reader) -> None:
        self.tokens, self.read, self.at, self.depth = tokens, read, 0, 0

    def take(self, *ops: str) -> str:
        """The operator that stands here if it is one of `ops`, else ""."""
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "op" and self.tokens[self.at][1] in ops:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def comparison(self) -> Value:
        left = self.sum()
        op = self.take(*_COMPARE)
        if not op:
            return left
        return reckon(lambda a, b: _COMPARE[op](*level(a, b)), one, left, self.sum())

    def sum(self) -> Value:
        value = self.product()
        while op := self.take("+", "-"):
            value = reckon(operator.add if op == "+" else operator.sub, number, value, self.product())
        return value

    def product(self) -> Value:
        value = self.unary()
        while op := self.take("*", "/"):
            value = reckon(operator.mul if op == "*" else operator.truediv, number, value, self.unary())
        return value

    def unary(self) -> Value:
        signs = []
        while sign := self.take("-", "+"):
            signs.append(sign)
        value = self.atom()
        return reckon(operator.mul, number, value, (-1) ** signs.count("-")) if signs else value

    def atom(self) -> Value:
        if self.take("("):
            return self.inside(self.comparison)
        if self.at >= len(self.tokens):
            raise CellError("#ERROR!")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "text":
            return text[1:-1]
        if kind == "ref":
            return self.cells(text)
        if kind == "name" and self.take("("):
            return call(text.upper(), self.inside(self.arguments))
        raise CellError("#ERROR!")

    def inside(self, part: Callable[[], Value]) -> Value:
        self.depth += 1
        if self.depth > DEEPEST:
            raise CellError("#ERROR!")
        value = part()
        if not self.take(")"):
            raise CellError("#ERROR!")
        self.depth -= 1
        return value

    def arguments(self) -> list[Value]:
        found = [self.comparison()]
        while self.take(";", ","):
            found.append(self.comparison())
        return found

    def cells(self, text: str) -> list[Value]:
        sheet, _, refs = text.replace("$", "").replace(" ", "").rpartition("!")
        first, _, last = refs.upper().partition(":")
        return self.read(sheet, first, last or first)


def reckon(do: Callable[..., Value], kind: Callable[[Value], Value], *values: Value) -> Value:
    """`do` of the values. An error is a value here, so that IF may leave the branch with the error alone."""
    try:
        return do(*[kind(value) for value in values])
    except CellError as error:
        return error
    except ZeroDivisionError:
        return CellError("#DIV/0!")
    except (TypeError, OverflowError):
        return CellError("#VALUE!")


def one(value: Value) -> Value:
    """A single value; a range of one cell is its cell. Raises CellError."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else CellError("#VALUE!")
    if isinstance(value, CellError):
        raise value
    return value


def level(a: Value, b: Value) -> tuple[Value, Value]:
    """Both sides of a comparison: an empty cell is 0 beside a number and "" beside a text; texts without case."""
    kinds = {type(side) for side in (a, b)} - {type(None)}
    empty = "" if kinds == {str} else 0
    sides = [empty if side is None else alike(side) for side in (a, b)]
    return sides[0], sides[1]


def number(value: Value) -> Any:
    """A number to reckon with; an empty cell is 0. Raises CellError for text and dates."""
    value = one(value)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CellError("#VALUE!")
    return value


def _flat(args: Sequence[Value]) -> list[Value]:
    found = [cell for arg in args for cell in (arg if isinstance(arg, list) else [arg])]
    for cell in found:
        if isinstance(cell, CellError):
            raise cell
    return found


def _numbers(args: Sequence[Value]) -> list[Any]:
    return [cell for cell in _flat(args) if isinstance(cell, int | float) and not isinstance(cell, bool)]


def call(name: str, args: list[Value]) -> Value:
    """The function's value, an error as a value. Raises CellError for an unknown name."""
    if name not in _CALLS:
        raise CellError("#NAME?")
    try:
        return _CALLS[name](*args) if name in _FIXED else _CALLS[name](args)
    except CellError as error:
        return error
    except (TypeError, IndexError, OverflowError, ValueError):
        return CellError("#VALUE!")


def _average(args: list[Value]) -> float:
    found = _numbers(args)
    if not found:
        raise CellError("#DIV/0!")
    return float(sum(found) / len(found))


def _countif(cells: Value, wanted: Value) -> int:
    fits = matcher(one(wanted))
    return sum(1 for cell in _flat([cells]) if fits(cell))


def _sumif(cells: Value, wanted: Value, summed: Value = None) -> Any:
    fits, values = matcher(one(wanted)), _flat([summed if summed is not None else cells])
    return sum(_numbers([value for cell, value in zip(_flat([cells]), values, strict=False) if fits(cell)]))


def _round(value: Value, places: Value = 0) -> Any:
    """Half away from zero, as sheets do (Python rounds half to even)."""
    shift = 10 ** min(9, max(-9, int(number(places))))
    found = number(value)
    whole = int(abs(found) * shift + 0.5) * (1 if found >= 0 else -1)
    return whole / shift if shift > 1 else whole


_FIXED = {"COUNTIF", "SUMIF", "ROUND", "IF"}
_CALLS: dict[str, Callable[..., Value]] = {
    "SUM": lambda args: sum(_numbers(args)),
    "COUNT": lambda args: sum(
        1 for cell in _flat(args) if isinstance(cell, int | float | date) and not isinstance(cell, bool)
    ),
    "COUNTA": lambda args: sum(1 for cell in _flat(args) if cell not in (None, "")),
    "AVERAGE": _average,
    "MIN": lambda args: min(_numbers(args), default=0),
    "MAX": lambda args: max(_numbers(args), default=0),
    "COUNTIF": _countif,
    "SUMIF": _sumif,
    "ROUND": _round,
    "IF": lambda test, yes, no=False: one(yes) if one(test) else one(no),
}
