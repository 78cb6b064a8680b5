"""The one door to Vietnamese text: folds, sort keys, names, likeness, and the keyed hash of identity numbers."""

from __future__ import annotations

import hashlib
import hmac

from nanglucso.kit.collation import sort_key
from nanglucso.kit.letters import clean, fold, looks_legacy, nfc, tone_key, unmark
from nanglucso.kit.names import PersonName, name_sort_key, proper_name, split_name
from nanglucso.kit.similar import Match, NearIndex, best_matches, similar

__all__ = [
    "Match",
    "NearIndex",
    "PersonName",
    "best_matches",
    "clean",
    "fold",
    "keyed_hash",
    "looks_legacy",
    "mask_tail",
    "name_sort_key",
    "nfc",
    "proper_name",
    "similar",
    "sort_key",
    "split_name",
    "tone_key",
    "unmark",
]

_SHORTEST_KEY = 16


def keyed_hash(value: str, *, key: bytes) -> str:
    """HMAC-SHA-256 of an identity number as 64 hex digits; spaces, dots and dashes in the number do not matter.

    There are only 10^12 citizen numbers, so a hash without a secret key could be searched through in hours.
    Raises ``ValueError`` when the key is shorter than 16 bytes or the number is empty.
    """
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"The key must be at least {_SHORTEST_KEY} bytes long.")
    plain = "".join(letter for letter in fold(value) if letter.isalnum())
    if not plain:
        raise ValueError("There is no number to hash.")
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


def mask_tail(value: str, shown: int = 4) -> str:
    """The last ``shown`` characters behind dots, for lists: "079080001234" → "••••1234"."""
    text = clean(value)
    return f"••••{text[-shown:]}" if len(text) > shown else "••••" * bool(text)
