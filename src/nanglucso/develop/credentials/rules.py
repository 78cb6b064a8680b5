"""Numbers, codes and the digest of a certificate: predicates and small values of one object."""

import hashlib
import json
import re
from typing import Any

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
_NUMBER = re.compile(r"^\d{5}/\d{4}/XN$")
_BETWEEN = re.compile(r"[\s\-.]+")


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def number_of(count: int, year: int) -> str:
    """Number in the issue book of a year: 00012/2026/XN."""
    return f"{count:05d}/{year}/XN"


def is_number(text: str) -> bool:
    """Whether this is written like a number of the issue book."""
    return bool(_NUMBER.match(text))


def tidy(text: str) -> str:
    """A code or number as people type it: capitals, without blanks, hyphens and dots."""
    return _BETWEEN.sub("", text).upper()


def initials(name: str) -> str:
    """Nguyễn Thị Hoa → N. T. H."""
    return " ".join(f"{word[0].upper()}." for word in name.split())
