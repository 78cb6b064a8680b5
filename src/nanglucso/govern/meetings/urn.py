"""The urn of a secret vote: totals encrypted in the database, the key a file outside it, renewed with every ballot.

A key lies at `BALLOTS_ROOT/vote-<number>.key` as two halves of 32 bytes. Totals of turn t are encrypted
(ChaCha20-Poly1305) under half t mod 2; dropping a ballot in writes a fresh random key into the other half and encrypts
the new totals under it. After the commit the half of turn t is overwritten. So the file opens the totals that stand now
and none that stood before, whatever copies of the database there are; when the vote closes the file is overwritten and
removed. A transaction that fails leaves the half of turn t as it was. See docs/adr/0022.
"""

import fcntl
import os
import secrets
import struct
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings
from django.db import transaction

HALF, NONCE = 32, 12
Totals = list[int]


class Lost(Exception):
    """The key is gone or does not fit: these totals can never be read again."""


def _path(vote: int) -> Path:
    return Path(settings.BALLOTS_ROOT) / f"vote-{vote}.key"


def _bound(vote: int, turn: int) -> bytes:
    return f"vote {vote} turn {turn}".encode()


def _packed(totals: Sequence[int]) -> bytes:
    """Four bytes a total: the length says how many options there are and nothing else."""
    return struct.pack(f">{len(totals)}I", *totals)


def _sealed(key: bytes, vote: int, turn: int, totals: Sequence[int]) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, _packed(totals), _bound(vote, turn))


def _write(path: Path, offset: int, data: bytes, *, over: bytes = b"") -> None:
    """In place and onto the disk: the bytes that stood there are gone as far as a program can see to it.

    With `over` only when these bytes still stand there, so that nobody overwrites the key of whoever came next.
    """
    file = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not over or os.pread(file, len(over), offset) == over:
            os.pwrite(file, data, offset)
            os.fsync(file)
    finally:
        os.close(file)


def begin(vote: int, options: int) -> bytes:
    """Make the key and return the encrypted totals of an empty urn, turn 0. A key that lay there is replaced."""
    destroy(vote)
    path, key = _path(vote), secrets.token_bytes(2 * HALF)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return _sealed(key[:HALF], vote, 0, [0] * (options + 2))


def totals(vote: int, turn: int, sealed: bytes) -> Totals:
    """Votes by option, then blank ballots, then all ballots. Raises Lost."""
    try:
        kept = _path(vote).read_bytes()
    except OSError as error:
        raise Lost from error
    start = turn % 2 * HALF
    try:
        told = ChaCha20Poly1305(kept[start : start + HALF]).decrypt(sealed[:NONCE], sealed[NONCE:], _bound(vote, turn))
    except (InvalidTag, ValueError) as error:
        raise Lost from error
    return list(struct.unpack(f">{len(told) // 4}I", told))


def drop_in(vote: int, turn: int, sealed: bytes, chosen: Sequence[int]) -> bytes:
    """Add one ballot (positions of the options chosen, none = blank); returns the encrypted totals of `turn` + 1.

    Call under the lock of the vote's row, inside its transaction. Raises Lost.
    """
    held = totals(vote, turn, sealed)
    for position in chosen or [len(held) - 2]:
        held[position] += 1
    held[-1] += 1
    key, path, start = secrets.token_bytes(HALF), _path(vote), turn % 2 * HALF
    used = path.read_bytes()[start : start + HALF]
    _write(path, HALF - start, key)
    transaction.on_commit(lambda: _forget(path, start, used))
    return _sealed(key, vote, turn + 1, held)


def _forget(path: Path, start: int, used: bytes) -> None:
    """Overwrite the key of totals that no longer stand. The vote may have closed meanwhile."""
    with suppress(FileNotFoundError):
        _write(path, start, secrets.token_bytes(HALF), over=used)


def destroy(vote: int) -> None:
    """Overwrite the key and remove its file; one that is gone already is no fault."""
    path = _path(vote)
    with suppress(FileNotFoundError):
        _write(path, 0, secrets.token_bytes(2 * HALF))
        path.unlink()


def kept() -> list[int]:
    """Votes whose key lies here."""
    found = Path(settings.BALLOTS_ROOT).glob("vote-*.key")
    return sorted(int(path.stem.removeprefix("vote-")) for path in found)
