"""A simple brake on a public page: so many tries from one address in a minute."""

from django.core.cache import cache
from django.http import HttpRequest

TRIES = 30
SECONDS = 60


def too_many(request: HttpRequest, name: str) -> bool:
    """Count this try; True when the address has used up its tries of the minute."""
    key = f"throttle:{name}:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, SECONDS):
        return False
    try:
        return cache.incr(key) > TRIES
    except ValueError:  # it ran out between the two calls
        return False
