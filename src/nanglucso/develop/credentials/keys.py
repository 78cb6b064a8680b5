"""The keys that sign: made, used, ended. A private key is a file of mode 0600, outside the database (docs/adr/0015)."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials.models import SigningKey
from nanglucso.kit.integrity import multibase

ISSUER_PATH = "/chung-nhan/don-vi-cap/"


@dataclass(frozen=True)
class Signer:
    """A key in use with its private half."""

    row: SigningKey
    private: Ed25519PrivateKey


def issuer_id() -> str:
    """The address that names the city as issuer; its profile with the public keys is served there."""
    return f"{settings.PUBLIC_URL}{ISSUER_PATH}"


def _path(name: str) -> Path:
    return Path(settings.KEYS_ROOT) / f"{name}.key"


def _kept(name: str) -> Ed25519PrivateKey:
    """A new key, written to its file before anything is signed with it."""
    private = Ed25519PrivateKey.generate()
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(multibase.private_multikey(private))
        file.flush()
        os.fsync(file.fileno())
    return private


def rotate(*, actor: User | None, at: datetime) -> SigningKey:
    """End the key in use and begin a new one; what the old one signed still verifies."""
    issuer = issuer_id()
    with act(actor, "credentials.rotate_key", at=at) as this:
        SigningKey.objects.filter(issuer=issuer, ended_at=None).update(ended_at=at)
        begins = at.replace(microsecond=0)  # proofs are dated to the second: the first one must not seem older
        name = f"k{SigningKey.objects.count() + 1}-{local_day(at):%Y%m%d}"
        public = multibase.public_multikey(_kept(name).public_key())
        this.subject = SigningKey.objects.create(
            name=name, issuer=issuer, public=public, valid_from=begins, made_by=actor
        )
        this.note(key=name, public=public)
    return this.subject


def signer(*, at: datetime) -> Signer:
    """The key that signs now; the first one is made when it is needed.

    Raises `Refused` when its file is gone, is open to others, or holds another key.
    """
    row = SigningKey.objects.filter(issuer=issuer_id(), ended_at=None).first() or rotate(actor=None, at=at)
    path = _path(row.name)
    told = {"name": path.name}
    try:
        if path.stat().st_mode & 0o077:
            raise Refused(_("The key file %(name)s can be read by others: set its mode to 0600.") % told)
        private = multibase.read_private(path.read_text(encoding="ascii").strip())
    except (OSError, UnicodeError, multibase.BadText) as error:
        text = _("The key file %(name)s is missing or damaged: bring it back from a backup, or begin a new key.")
        raise Refused(text % told) from error
    if multibase.public_multikey(private.public_key()) != row.public:
        raise Refused(_("The key file %(name)s holds another key than the one in use.") % told)
    return Signer(row, private)
