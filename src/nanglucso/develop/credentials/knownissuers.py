"""Issuers of badges whose public keys are known: `content/certificates/issuers.yaml`, and the city itself."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nanglucso.core import content
from nanglucso.develop.credentials.keys import issuer_id
from nanglucso.develop.credentials.models import SigningKey


@dataclass(frozen=True)
class KnownKey:
    """A public key, whose it is, and when it may sign (None: at any time)."""

    issuer: str
    name: str
    public: str
    ours: SigningKey | None = None


@lru_cache(maxsize=1)
def _listed() -> dict[str, KnownKey]:
    read: Any = content.read_yaml(content.root() / "certificates" / "issuers.yaml")
    return {
        method: KnownKey(row["id"], row["name"], public)
        for row in read["issuers"]
        for method, public in row["keys"].items()
    }


def known_key(method: str) -> KnownKey | None:
    """The key that a verification method names, when it is one of ours or of a listed issuer."""
    issuer, _mark, name = method.partition("#")
    ours = SigningKey.objects.filter(issuer=issuer, name=name).first()
    return KnownKey(ours.issuer, "", ours.public, ours) if ours else _listed().get(method)


def is_ours(issuer: str) -> bool:
    """Whether an issuer's address is the city's, now or under an earlier public address."""
    return issuer == issuer_id() or SigningKey.objects.filter(issuer=issuer).exists()
