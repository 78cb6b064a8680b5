"""Bitstring Status List v1.0 (W3C): one bit a credential, packed by gzip, told as multibase base64url.

Bit 0 is the leftmost bit of the first byte (section 3.2). At least 131,072 bits, so that an index hides in a crowd.
"""

import gzip
import io
import zlib
from collections.abc import Iterable

from nanglucso.kit.integrity import multibase

BITS = 131_072
MOST_BYTES = 8 * 2**20


class BadList(ValueError):
    """Not a status list that can be read."""


def pack(revoked: Iterable[int], bits: int = BITS) -> str:
    """`encodedList` with these bits set. The same bits give the same text. Raises `ValueError` for one out of range."""
    field = bytearray(bits // 8)
    for index in revoked:
        if not 0 <= index < bits:
            raise ValueError(f"{index} is not in a list of {bits}")
        field[index >> 3] |= 0x80 >> (index & 7)
    return multibase.encode(gzip.compress(bytes(field), mtime=0), "u")


def unpack(text: object) -> bytes:
    """The bits of an `encodedList`. Raises `BadList`; a list that unpacks to more than 8 MB is none."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(multibase.decode(text))) as stream:
            field = stream.read(MOST_BYTES + 1)
    except (multibase.BadText, OSError, EOFError, zlib.error) as error:
        raise BadList(str(error)) from error
    if not BITS // 8 <= len(field) <= MOST_BYTES:
        raise BadList("a list has 131,072 bits at least")
    return field


def is_set(field: bytes, index: int) -> bool:
    """Whether a bit is set. Raises `BadList` when the list is too short."""
    if not 0 <= index < 8 * len(field):
        raise BadList("the index is beyond the end of the list")
    return bool(field[index >> 3] & (0x80 >> (index & 7)))
