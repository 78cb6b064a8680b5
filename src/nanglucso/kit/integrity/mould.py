"""Many JSON-LD documents that differ in a few texts: the RDF of one is kept, the texts of each are put into it.

What PyLD does with a document depends on its keys, types and contexts, not on the texts of string values and
identifiers, as long as an identifier stays absolute. Blank nodes are labelled anew for each document, since their
labels hang on every text. `canonical` gives the same bytes as `canon.rdfc` (tests/kit/test_mould.py).
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from nanglucso.kit.integrity import canon

Place = tuple[str | int, ...]


def _holder(document: Any, place: Place) -> Any:
    """What holds the text of a place, or None."""
    for step in place[:-1]:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    has = isinstance(document, dict) and isinstance(document.get(place[-1]), str)
    return document if has else None


class Mould:
    """Made from one document; `places` lead to the texts that differ (a place that the document lacks is left out)."""

    def __init__(self, document: Mapping[str, Any], places: Sequence[Place]) -> None:
        self.places = [place for place in places if _holder(document, place) is not None]
        self.marks = [f"urn:mould:{number}" for number in range(len(self.places))]
        self.shape = self._hollow(document)
        self.quads = canon.dataset(self.shape)

    def _hollow(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with a mark in each place."""
        shape = copy.deepcopy(dict(document))
        for place, mark in zip(self.places, self.marks, strict=True):
            holder = _holder(shape, place)
            if holder is not None:
                holder[place[-1]] = mark
        return shape

    def fits(self, document: Mapping[str, Any]) -> bool:
        """Whether a document differs in the places alone."""
        return self._hollow(document) == self.shape

    def canonical(self, document: Mapping[str, Any]) -> str:
        """Canonical N-Quads of a document that fits. Raises `canon.NotCanonical`."""
        texts = {
            mark: canon.checked(_holder(document, place)[place[-1]])
            for place, mark in zip(self.places, self.marks, strict=True)
        }
        filled = {
            graph: [{role: _filled(part, texts) for role, part in quad.items()} for quad in quads]
            for graph, quads in self.quads.items()
        }
        return canon.lines(filled)


def _filled(part: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """A copy of one term of a quad, with the text in place of the mark."""
    value = texts.get(part["value"])
    if value is None:
        return dict(part)
    if part["type"] == "IRI" and not canon.is_absolute(value):
        raise canon.NotCanonical("undefined", value)
    return {**part, "value": value}
