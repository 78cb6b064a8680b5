"""Badges checked as another system would: nothing here imports the product, only PyLD, cryptography and hashlib."""

import gzip
import hashlib
import json
from base64 import urlsafe_b64decode
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld

CONTEXTS = Path(__file__).parents[2] / "src" / "nanglucso" / "kit" / "integrity" / "contexts"
B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(text):
    number = 0
    for letter in text:
        number = number * 58 + B58.index(letter)
    return number.to_bytes((number.bit_length() + 7) // 8)


def load(address, _options):
    names = {"credentials/v2": "credentials-v2.jsonld", "context-3.0.3.json": "ob-v3p0-3.0.3.json"}
    name = next(file for end, file in names.items() if address.endswith(end))
    return {"contextUrl": None, "documentUrl": address, "document": json.loads((CONTEXTS / name).read_text())}


def digest(document):
    told = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return hashlib.sha256(jsonld.normalize(document, told).encode()).digest()


def verified_elsewhere(document, profile):
    """Whether another system that has the issuer's published profile accepts the document."""
    body = {key: value for key, value in document.items() if key != "proof"}
    proof = dict(document["proof"])
    value = base58(proof.pop("proofValue")[1:])
    method = next(one for one in profile["verificationMethod"] if one["id"] == proof["verificationMethod"])
    assert method["id"] in profile["assertionMethod"]
    assert method["controller"] == profile["id"]
    raw = base58(method["publicKeyMultibase"][1:])
    assert raw[:2] == b"\xed\x01"
    try:
        Ed25519PublicKey.from_public_bytes(raw[2:]).verify(
            value, digest({"@context": document["@context"], **proof}) + digest(body)
        )
    except InvalidSignature:
        return False
    return True


def field(document):
    """The unpacked bits of a status list."""
    text = document["credentialSubject"]["encodedList"][1:]
    return gzip.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def bit(document, index):
    """Whether the badge at this place of a status list is revoked: 0 or 1."""
    held = field(document)
    assert len(held) * 8 == 131072
    return held[index // 8] >> (7 - index % 8) & 1
