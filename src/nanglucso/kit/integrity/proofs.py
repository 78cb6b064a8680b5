"""Data Integrity proofs: `eddsa-rdfc-2022` and `eddsa-jcs-2022` (W3C, Data Integrity EdDSA Cryptosuites v1.0).

A proof signs sha256(canonical proof without its value) ‖ sha256(canonical document without its proof) with Ed25519.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from nanglucso.kit.integrity import canon, multibase

RDFC: Final = "eddsa-rdfc-2022"
JCS: Final = "eddsa-jcs-2022"
PROOF_TYPE: Final = "DataIntegrityProof"
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Hashed:
    """Every value on the way to a signature. `signed`: the 64 bytes that are signed, hash of the proof first."""

    document: str
    proof: str

    @property
    def document_hash(self) -> bytes:
        return hashlib.sha256(self.document.encode()).digest()

    @property
    def proof_hash(self) -> bytes:
        return hashlib.sha256(self.proof.encode()).digest()

    @property
    def signed(self) -> bytes:
        return self.proof_hash + self.document_hash


class BadProof(ValueError):
    """A proof that cannot be judged. `reason`: missing, several, suite or shape."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def _canonical(suite: str, load: Any) -> Callable[[Document], str]:
    if suite == RDFC:
        return lambda document: canon.rdfc(document, load)
    if suite == JCS:
        return canon.jcs
    raise BadProof("suite")


def hashed(document: Document, options: Document, load: Any = None) -> Hashed:
    """Canonical forms of a document without proof and of proof options without `proofValue`.

    For `eddsa-rdfc-2022` the options take the document's contexts. Raises `BadProof`, `canon.NotCanonical`.
    """
    if options.get("type") != PROOF_TYPE:
        raise BadProof("suite")
    canonical = _canonical(str(options.get("cryptosuite")), load)
    plain = {key: value for key, value in document.items() if key != "proof"}
    config = {key: value for key, value in options.items() if key != "proofValue"}
    if options["cryptosuite"] == RDFC:
        config["@context"] = document.get("@context")
    return Hashed(canonical(plain), canonical(config))


def options_of(method: str, created: str, *, suite: str = RDFC) -> dict[str, str]:
    """Proof options for an assertion. `created`: `2026-03-01T00:00:00Z`."""
    return {
        "type": PROOF_TYPE, "cryptosuite": suite, "created": created, "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }  # fmt: skip


@lru_cache(maxsize=32)
def _options_hash(contexts: tuple[str, ...], method: str, created: str) -> bytes:
    """Proofs of one key and second share their options: they are brought into canonical form once."""
    config = {"@context": list(contexts), **options_of(method, created)}
    return hashlib.sha256(canon.rdfc(config).encode()).digest()


def sign(
    document: Document,
    key: Ed25519PrivateKey,
    *,
    method: str,
    created: str,
    canonical: Callable[[Document], str] = canon.rdfc,
) -> dict[str, Any]:
    """The document with an `eddsa-rdfc-2022` proof; its contexts are bundled ones. Raises `canon.NotCanonical`.

    `canonical`: a quicker way to the same text as `canon.rdfc`, as `mould.Mould.canonical`.
    """
    config = _options_hash(tuple(document["@context"]), method, created)
    body = hashlib.sha256(canonical(document).encode()).digest()
    proof = options_of(method, created) | {"proofValue": multibase.encode(key.sign(config + body))}
    return {**document, "proof": proof}


def proof_of(document: Document) -> Document:
    """The one proof of a document. Raises `BadProof`."""
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if proof is None or proof == []:
        raise BadProof("missing")
    if isinstance(proof, list):
        raise BadProof("several")
    if not isinstance(proof, dict) or not isinstance(proof.get("verificationMethod"), str):
        raise BadProof("shape")
    return proof


def holds(document: Document, key: Ed25519PublicKey, load: Any = None) -> bool:
    """Whether the proof was made over exactly this document with this key, for the purpose of an assertion.

    Raises `BadProof`, `canon.NotCanonical`.
    """
    proof = proof_of(document)
    if proof.get("proofPurpose") != "assertionMethod":
        return False
    own = proof.get("@context")
    if own is not None and not _begins(document.get("@context"), own):
        return False
    try:
        value = multibase.decode(proof.get("proofValue"))
        key.verify(value, hashed(document, proof, load).signed)
    except (multibase.BadText, InvalidSignature):
        return False
    return True


def _begins(whole: Any, start: Any) -> bool:
    """Whether contexts begin with the proof's own ones (eddsa-jcs-2022, section 3.3.2)."""
    many, first = (value if isinstance(value, list) else [value] for value in (whole, start))
    return many[: len(first)] == first
