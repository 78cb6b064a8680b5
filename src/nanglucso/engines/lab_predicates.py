"""The closed predicate language of practice tasks.

A predicate is data, a mapping with exactly one of these keys; nothing in it is code:
`state: [path, op, value]` · `log: {verb, where, count, before, after, before_first}` ·
`text: {field, must, must_not, min_words, max_words}` ·
`cell: {sheet, ref | formula, value | value_of | formula_like, op, tol}` · `all: [...]` · `any: [...]` · `not: {...}`.
Times are seconds since the run began. A cell's value is what the sheet shows; `formula` is worked out beside it;
`value_of` names a field of the state that holds the wanted value; `formula_like` is a part that the cell's own formula
must have, spellings parted by `|`, without regard to case, spaces and `;` or `,`.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from nanglucso.engines.lab_sheet import Book, SheetRefused, place

OPERATORS = ("==", "!=", "<", "<=", ">", ">=", "in", "has")
LOG_KEYS = {"verb", "where", "count", "before", "after", "before_first"}
TEXT_KEYS = {"field", "must", "must_not", "min_words", "max_words"}
CELL_KEYS = {"sheet", "ref", "formula", "value", "value_of", "formula_like", "op", "tol"}
Objects = Mapping[str, Mapping[str, Any]]
Log = Sequence[Mapping[str, Any]]


class LabFault(ValueError):
    """A practice task's file says something the language does not know; the message names the place."""


def value_at(objects: Objects, path: str) -> Any:
    """The field at `object.field`, None where either is absent."""
    name, _, field = path.partition(".")
    return objects.get(name, {}).get(field)


def compare(left: Any, op: str, right: Any) -> bool:
    """`left op right`; an order between unlike kinds is false, never an error."""
    if op in ("==", "!="):
        return bool(left == right) == (op == "==")
    try:
        if op == "in":
            return left in right
        if op == "has":
            return right in left
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]
    except TypeError:
        return False


def holds(predicate: Mapping[str, Any], objects: Objects, log: Log) -> bool:
    """Whether the predicate is true of this state and this log of applied acts."""
    ((kind, body),) = predicate.items()
    if kind == "all":
        return all(holds(part, objects, log) for part in body)
    if kind == "any":
        return any(holds(part, objects, log) for part in body)
    if kind == "not":
        return not holds(body, objects, log)
    if kind == "state":
        path, op, wanted = body
        return compare(value_at(objects, path), op, wanted)
    if kind == "log":
        return _logged(body, log)
    if kind == "text":
        return _worded(body, value_at(objects, body["field"]))
    return _cell(body, objects)


def check(predicate: Any, where: str) -> None:
    """Raises LabFault at the first part that is not in the language."""
    if not isinstance(predicate, dict) or len(predicate) != 1:
        raise LabFault(f"{where}: a predicate is one key with its content")
    ((kind, body),) = predicate.items()
    if kind in ("all", "any"):
        if not isinstance(body, list) or not body:
            raise LabFault(f"{where}.{kind}: a list of predicates is needed")
        for number, part in enumerate(body):
            check(part, f"{where}.{kind}[{number}]")
    elif kind == "not":
        check(body, f"{where}.not")
    elif kind == "state":
        if not isinstance(body, list) or len(body) != 3 or body[1] not in OPERATORS or "." not in str(body[0]):
            raise LabFault(f"{where}.state: [object.field, operator, value] is needed")
    else:
        _check_leaf(kind, body, where)


def _check_leaf(kind: str, body: Any, where: str) -> None:
    known = {"log": LOG_KEYS, "text": TEXT_KEYS, "cell": CELL_KEYS}
    needed = {"log": {"verb"}, "text": {"field"}, "cell": {"sheet"}}
    if kind not in known:
        raise LabFault(f"{where}: unknown predicate {kind!r}")
    if not isinstance(body, dict) or set(body) - known[kind] or needed[kind] - set(body):
        raise LabFault(f"{where}.{kind}: keys {sorted(known[kind])}, of them {sorted(needed[kind])} always")
    if kind == "cell":
        _check_cell(body, where)
    if kind == "log" and "before_first" in body:
        _check_leaf("log", body["before_first"], f"{where}.before_first")


def _check_cell(body: Mapping[str, Any], where: str) -> None:
    wanted = {"value", "value_of", "formula_like"} & set(body)
    if len({"ref", "formula"} & set(body)) != 1 or len(wanted) != 1 or ("formula" in body and "formula_like" in body):
        raise LabFault(f"{where}.cell: `ref` or `formula`, and one of `value`, `value_of`, `formula_like` with a `ref`")
    if body.get("op", "==") not in OPERATORS:
        raise LabFault(f"{where}.cell: `op` is one of {', '.join(OPERATORS)}")


def _cell(body: Mapping[str, Any], objects: Objects) -> bool:
    sheet = body["sheet"]
    if "rows" not in objects.get(sheet, {}):
        return False
    if "formula_like" in body:
        return any(_bare(way) in _own_formula(objects, sheet, body["ref"]) for way in body["formula_like"].split("|"))
    book = Book(objects)
    found = book.work(sheet, body["formula"]) if "formula" in body else book.value(sheet, body["ref"])
    wanted = value_at(objects, body["value_of"]) if "value_of" in body else body["value"]
    if body.get("op", "==") == "==":
        return _near(found, wanted, body.get("tol", 0))
    return compare(found, body["op"], wanted)


def _own_formula(objects: Objects, sheet: str, ref: str) -> str:
    """The cell's formula in its bare form, "" where it holds none."""
    rows = objects[sheet]["rows"]
    try:
        row, column = place(ref, rows)
    except SheetRefused:
        return ""
    raw = rows[row][column]
    return _bare(raw) if isinstance(raw, str) and raw.startswith("=") else ""


def _bare(formula: str) -> str:
    return "".join(formula.upper().replace(";", ",").replace("$", "").split())


def _logged(body: Mapping[str, Any], log: Log) -> bool:
    found = [row for row in log if _fits(row, body)]
    if "before_first" in body:
        later = [row["seq"] for row in log if _fits(row, body["before_first"])]
        found = [row for row in found if not later or row["seq"] < later[0]]
    return len(found) >= body.get("count", 1)


def _fits(row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    if not _one_of(row["verb"], body["verb"]):
        return False
    if not body.get("after", 0) <= row["t"] <= body.get("before", float("inf")):
        return False
    return all(_one_of(row["args"].get(name), wanted) for name, wanted in body.get("where", {}).items())


def _one_of(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else bool(value == wanted)


def _worded(body: Mapping[str, Any], text: Any) -> bool:
    said = unicodedata.normalize("NFC", str(text or "")).casefold()
    words = len(said.split())
    if not body.get("min_words", 0) <= words <= body.get("max_words", words):
        return False
    return all(_says(said, way) for way in body.get("must", ())) and not any(
        _says(said, way) for way in body.get("must_not", ())
    )


def _says(said: str, ways: str) -> bool:
    """`ways` are spellings parted by `|`; one of them is enough. Tone marks count."""
    return any(unicodedata.normalize("NFC", way).casefold() in said for way in ways.split("|"))


def _near(found: Any, wanted: Any, tolerance: float) -> bool:
    if isinstance(found, bool) or not isinstance(found, int | float):
        return bool(found == wanted)
    return isinstance(wanted, int | float) and abs(found - wanted) <= tolerance + 1e-9
