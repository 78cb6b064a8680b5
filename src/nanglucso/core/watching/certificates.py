"""How long the site's TLS certificate is good for."""

from datetime import datetime
from pathlib import Path

from cryptography import x509


def days_left(path: str, *, at: datetime) -> int | None:
    """Whole days until the certificate in a PEM file ends, negative when it has; None without a file to look at."""
    try:
        found = x509.load_pem_x509_certificate(Path(path).read_bytes()) if path else None
    except (OSError, ValueError):
        return None
    return (found.not_valid_after_utc - at).days if found else None
