"""Encryption of a stream under one key: AES-256-GCM in chunks, the last one marked, so that nothing can be cut off.

File: `MAGIC`, a salt of 16 bytes, then chunks of `CHUNK` bytes each with its tag of 16. The key of a file comes from
the keeper's key and the salt by HKDF-SHA256 (RFC 5869); the nonce is the chunk's number and a byte that is 1 on the
last chunk (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár 2015).
"""

import base64
import io
import os
import secrets
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"NLSSEAL1"
SALT, CHUNK, TAG = 16, 1 << 20, 16


class BadSeal(Exception):
    """The stream was sealed under another key, was changed or was cut off."""


def make_key(path: Path) -> None:
    """Write a new key that only its owner reads. Raises FileExistsError: a key is never overwritten."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(32)) + b"\n")


def read_key(path: Path) -> bytes:
    """The 32 bytes of a key file. Raises OSError or ValueError."""
    key = base64.b64decode(path.read_bytes().strip(), validate=True)
    if len(key) != 32:
        raise ValueError(f"{path} holds {len(key)} bytes, a key has 32")
    return key


def is_sealed(path: Path) -> bool:
    """Whether the file begins as a sealed stream does."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"nanglucso backup").derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealer(io.RawIOBase):
    """A writer that seals what is written to it; `close()` writes the last chunk and leaves the file below open."""

    def __init__(self, below: IO[bytes], key: bytes) -> None:
        salt = secrets.token_bytes(SALT)
        self.below, self.cipher, self.number, self.kept = below, _cipher(key, salt), 0, bytearray()
        below.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.kept += data
        while len(self.kept) > CHUNK:
            self._chunk(bytes(self.kept[:CHUNK]), last=False)
            del self.kept[:CHUNK]
        return len(data)

    def _chunk(self, data: bytes, *, last: bool) -> None:
        self.below.write(self.cipher.encrypt(_nonce(self.number, last), data, MAGIC))
        self.number += 1

    def close(self) -> None:
        if not self.closed:
            self._chunk(bytes(self.kept), last=True)
        super().close()


class Opener(io.RawIOBase):
    """A reader of a sealed stream. Raises BadSeal on the first chunk that does not fit."""

    def __init__(self, below: IO[bytes], key: bytes) -> None:
        head = below.read(len(MAGIC) + SALT)
        if len(head) < len(MAGIC) + SALT or not head.startswith(MAGIC):
            raise BadSeal
        self.below, self.cipher, self.number = below, _cipher(key, head[len(MAGIC) :]), 0
        self.ahead, self.opened = below.read(CHUNK + TAG), memoryview(b"")

    def readable(self) -> bool:
        return True

    def _next(self) -> None:
        data, self.ahead = self.ahead, self.below.read(CHUNK + TAG)
        try:
            self.opened = memoryview(self.cipher.decrypt(_nonce(self.number, not self.ahead), data, MAGIC))
        except InvalidTag as error:
            raise BadSeal from error
        self.number += 1

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self.opened and self.ahead:
            self._next()
        size = min(len(buffer), len(self.opened))
        buffer[:size] = self.opened[:size]
        self.opened = self.opened[size:]
        return size
