"""What a page says, read over HTTP from the served city, without a browser: its words as they were written."""

import http.client
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lxml import html

SILENT = {"script", "style", "noscript"}


@dataclass
class Reader:
    """One visitor: `cookies` of a log-in and the language asked for. Pieces that a page loads by itself are read too."""

    port: int
    cookies: dict[str, str]
    read: list[str] = field(default_factory=list)

    def fetch(self, path: str, **headers: str) -> Any:
        """The parsed answer. Follows redirects; raises AssertionError at a fault of the server."""
        for _ in range(5):
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            line.request("GET", path, headers={"Cookie": kept, **headers})
            answer = line.getresponse()
            body = answer.read()
            line.close()
            if answer.status not in (301, 302, 303):
                break
            path = urljoin(path, answer.headers["Location"])
        assert answer.status < 500, f"{answer.status} {path}"
        self.read.append(path)
        if not body.strip():
            return html.Element("body")
        return html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))

    def texts(self, node: Any, path: str, other: str) -> Iterator[str]:
        """Texts outside of what is marked as `other` (a language) or as never translated, with what the page loads."""
        if not isinstance(node.tag, str) or node.tag in SILENT:
            return
        if node.get("lang") == other or node.get("translate") == "no":
            return
        if node.text and node.text.strip():
            yield node.text
        for child in node:
            yield from self.texts(child, path, other)
            if child.tail and child.tail.strip():
                yield child.tail
        if node.get("hx-trigger") == "load":
            address = urljoin(path, node.get("hx-get"))
            assert self.read.count(address) < 3, f"{address} loads itself"
            piece = self.fetch(address, **{"HX-Request": "true"})
            yield from self.texts(piece, address, other)
