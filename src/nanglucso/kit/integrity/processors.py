"""PyLD's processors, made strict. `canon` is the door; it loads them when the first document comes."""

from collections.abc import Iterator
from typing import Any

from pyld.canon import URDNA2015
from pyld.jsonld import JsonLdError, JsonLdProcessor

from nanglucso.kit.integrity.canon import NOWHERE, NotCanonical, is_absolute

__all__ = ["Bounded", "JsonLdError", "Strict"]
MOST_TWINS = 6  # blank nodes that only their neighbours tell apart: their orders are tried one by one
MOST_STEPS = 500


def _undefined(key: object) -> None:
    raise NotCanonical("undefined", str(key))


class Strict(JsonLdProcessor):  # type: ignore[misc]
    """Refuses what plain JSON-LD would leave out in silence."""

    def __init__(self) -> None:
        super().__init__(on_property_dropped=_undefined)

    def expand(self, input_: Any, options: Any) -> Any:
        expanded = super().expand(input_, options)
        for text in _names(expanded):
            if text.startswith(NOWHERE) or not is_absolute(text):
                raise NotCanonical("undefined", text.removeprefix(NOWHERE))
        return expanded


def _names(node: Any) -> Iterator[str]:
    """Every identifier, type and datatype of an expanded document."""
    if isinstance(node, list):
        for one in node:
            yield from _names(one)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in {"@id", "@type"}:
                yield from (one for one in (value if isinstance(value, list) else [value]) if one != "@json")
            elif key != "@value":
                yield from _names(value)


class Bounded(URDNA2015):  # type: ignore[misc]
    """Gives up on a graph made to take for ever (RDFC-1.0, section 7.1: dataset poisoning)."""

    steps = 0

    def create_hash_to_related(self, id_: Any, issuer: Any) -> Any:
        self.steps += 1
        found = super().create_hash_to_related(id_, issuer)
        if self.steps > MOST_STEPS or any(len(twins) > MOST_TWINS for twins in found.values()):
            raise NotCanonical("tangled")
        return found
