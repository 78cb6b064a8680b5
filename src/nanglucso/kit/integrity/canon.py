"""The canonical bytes of a JSON-LD document (RDFC-1.0) and of plain JSON (JCS, RFC 8785).

PyLD's algorithm is URDNA2015, which RDFC-1.0 took over; they differ in how control characters are escaped, so texts
with any but tab and line ends are refused. A key or name that the contexts do not define would be left out of what is
signed: it is refused too, or somebody could add it to a signed document unseen. Contexts come from this package alone.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import rfc8785

FOLDER = Path(__file__).with_name("contexts")
VC2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FILES = {
    VC2: "credentials-v2.jsonld",
    OPEN_BADGES: "ob-v3p0-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-v3p0-extensions.json",
    "https://w3id.org/security/data-integrity/v1": "data-integrity-v1.jsonld",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NOWHERE = "undefined://here/"  # a name that is not absolute is resolved against this, and thereby found
_ABSOLUTE = re.compile(r"^(_:|[A-Za-z][A-Za-z0-9+.\-]*:)[^\s<>\"{}|\\^`\x00-\x20]*$")


class NotCanonical(ValueError):
    """No canonical form here. `reason`: context, undefined, control, tangled or broken; `what`: where."""

    def __init__(self, reason: str, what: str = "") -> None:
        self.reason, self.what = reason, what[:200]
        super().__init__(f"{reason}: {what}")


@lru_cache(maxsize=16)
def bundled(url: str) -> Any:
    """A context of this package. Raises `NotCanonical` for any other address: nothing is ever fetched."""
    if url not in FILES:
        raise NotCanonical("context", url)
    return json.loads((FOLDER / FILES[url]).read_text(encoding="utf-8"))


def loader(more: Mapping[str, Any] | None = None) -> Any:
    """A document loader for PyLD over the bundled contexts and `more` {address: document}."""

    def load(url: str, _options: Any) -> dict[str, Any]:
        document = more[url] if more and url in more else bundled(url)
        return {"contextUrl": None, "documentUrl": url, "document": document, "contentType": "application/ld+json"}

    return load


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


def rdfc(document: Mapping[str, Any], load: Any = None) -> str:
    """Canonical N-Quads of a JSON-LD document. Raises `NotCanonical`."""
    return lines(dataset(document, load))


def checked(text: str) -> str:
    """A text that both algorithms escape alike. Raises `NotCanonical`."""
    if _CONTROL.search(text):
        raise NotCanonical("control", text)
    return text


def is_absolute(name: str) -> bool:
    """Whether an identifier means the same wherever it stands."""
    return bool(_ABSOLUTE.match(name))


def lines(quads: Any) -> str:
    """Canonical N-Quads of a dataset, whose blank nodes get their canonical labels. Raises `NotCanonical`."""
    from nanglucso.kit.integrity.processors import Bounded  # PyLD: a tenth of a second at every start

    return str(Bounded().main(quads, {"format": "application/n-quads"}))


def dataset(document: Mapping[str, Any], load: Any = None) -> Any:
    """The RDF dataset of a JSON-LD document: {graph: [{subject, predicate, object}]}. Raises `NotCanonical`."""
    from nanglucso.kit.integrity.processors import JsonLdError, Strict

    for text in _texts(document):
        checked(text)
    options = {"documentLoader": load or _LOADER, "base": NOWHERE, "processingMode": "json-ld-1.1"}
    try:
        return Strict().to_rdf(dict(document), options)
    except JsonLdError as error:
        raise _told(error) from error
    except (RecursionError, TypeError, KeyError, AttributeError, ValueError) as error:
        if isinstance(error, NotCanonical):
            raise
        raise NotCanonical("broken", str(error)) from error


def _told(error: BaseException) -> NotCanonical:
    """The reason at the bottom of PyLD's nested errors."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, NotCanonical):
            return found
        error, found = found, found.__cause__ or getattr(found, "cause", None)
    return NotCanonical("broken", str(error).split("\n")[0])


def jcs(document: Mapping[str, Any]) -> str:
    """Canonical JSON. Raises `NotCanonical`."""
    try:
        return rfc8785.dumps(dict(document)).decode()
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise NotCanonical("broken", str(error)) from error


_LOADER = loader()
