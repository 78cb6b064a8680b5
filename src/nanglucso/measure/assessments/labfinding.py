"""What lies in a place of a simulated system now: its filters and its search, both told by the task's file.

`where: [field, op, value]`, or a list of such triples that must all hold. A value `$object.field` is read from the
state: a filter that the taker has set decides. `match: {words: object.field, in: [field, ...]}`: an object is found
when each word stands in one of its fields, tone marks and case aside; nothing is found before a word is typed.
"""

from collections.abc import Mapping
from typing import Any

from nanglucso.engines.lab_predicates import compare, value_at
from nanglucso.kit.text import fold

Objects = Mapping[str, Mapping[str, Any]]


def conditions(place: Mapping[str, Any]) -> list[list[Any]]:
    """The place's filters as triples, [] where it shows all its objects."""
    told: list[Any] = place.get("where", [])
    return told if not told or isinstance(told[0], list) else [told]


def held(place: Mapping[str, Any], objects: Objects) -> list[str]:
    """Codes of the place's objects that fit now, in the file's order."""
    fitting = [code for code in place["of"] if all(_fits(objects, code, *one) for one in conditions(place))]
    if "match" not in place:
        return fitting
    words = fold(str(value_at(objects, place["match"]["words"]) or "")).split()
    return [code for code in fitting if words and all(_found(objects[code], place, word) for word in words)]


def _fits(objects: Objects, code: str, name: str, op: str, wanted: Any) -> bool:
    if isinstance(wanted, str) and wanted.startswith("$"):
        wanted = value_at(objects, wanted[1:])
    return compare(objects[code].get(name), op, wanted)


def _found(fields: Mapping[str, Any], place: Mapping[str, Any], word: str) -> bool:
    return any(word in fold(str(fields.get(name) or "")) for name in place["match"]["in"])
