"""Multibase texts and Ed25519 Multikeys: base58-btc (`z…`), base64url without padding (`u…`), `did:key` names.

Sources: W3C Controlled Identifiers 1.0, sections 2.2.2 (Multikey) and 2.4 (Multibase); did:key method, v0.7.
"""

import base64
import binascii

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_PUBLIC, _PRIVATE = b"\xed\x01", b"\x80\x26"
MOST_LETTERS = 1000  # base58 is quadratic; keys and signatures have under 100


class BadText(ValueError):
    """Not a multibase text or Multikey of a kind known here."""


def to_base58(data: bytes) -> str:
    """Base58-btc of bytes, without the leading `z`; every leading zero byte is a `1`."""
    number, text = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        text = _DIGITS[rest] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    """The inverse of `to_base58`. Raises `BadText`."""
    if len(text) > MOST_LETTERS or not all(letter in _VALUES for letter in text):
        raise BadText("not base58-btc")
    number = 0
    for letter in text:
        number = number * 58 + _VALUES[letter]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def encode(data: bytes, base: str = "z") -> str:
    """Multibase text of bytes in base `z` or `u`."""
    return "z" + to_base58(data) if base == "z" else "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: object) -> bytes:
    """Bytes of a multibase text in base `z` or `u`. Raises `BadText`."""
    if not isinstance(text, str) or text[:1] not in {"z", "u"}:
        raise BadText("neither base58-btc nor base64url")
    if text[0] == "z":
        return from_base58(text[1:])
    try:
        return base64.b64decode(text[1:] + "=" * (-(len(text) - 1) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadText("not base64url") from error


def public_multikey(key: Ed25519PublicKey) -> str:
    """`z6Mk…`: header ed01 and the 32 bytes of the key."""
    return encode(_PUBLIC + key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def private_multikey(key: Ed25519PrivateKey) -> str:
    """`z3u2…`: header 8026 and the 32 bytes of the seed."""
    return encode(_PRIVATE + key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))


def read_public(text: object) -> Ed25519PublicKey:
    """The key of a public Multikey. Raises `BadText` for any other kind of key."""
    data = decode(text)
    if data[:2] != _PUBLIC or len(data) != 34:
        raise BadText("not an Ed25519 public key")
    return Ed25519PublicKey.from_public_bytes(data[2:])


def read_private(text: object) -> Ed25519PrivateKey:
    """The key of a private Multikey. Raises `BadText`."""
    data = decode(text)
    if data[:2] != _PRIVATE or len(data) != 34:
        raise BadText("not an Ed25519 private key")
    return Ed25519PrivateKey.from_private_bytes(data[2:])


def key_of_did(method: str) -> tuple[str, Ed25519PublicKey]:
    """(DID, its key) of a verification method `did:key:z6Mk…#z6Mk…`. Raises `BadText`."""
    did, mark, fragment = method.partition("#")
    name = did.removeprefix("did:key:")
    if name == did or (mark and fragment != name):
        raise BadText("not a did:key")
    return did, read_public(name)
