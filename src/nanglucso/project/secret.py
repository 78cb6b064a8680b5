"""A secret key for a machine whose owner has set none."""

import os
import secrets
from pathlib import Path


def local_secret(home: Path) -> str:
    """Return the key kept in `home/secret.key`, making it with mode 0600 on first use."""
    path = home / "secret.key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    value = secrets.token_urlsafe(64)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(value)
    return value
