"""A simple brake on a public page: so many tries from one address in a minute."""

from django.http import HttpRequest

from nanglucso.core import tries

RATE = "30/m/ip"
SECONDS = 60


def too_many(request: HttpRequest, name: str) -> bool:
    """Count this try; True when the address has used up its tries of the minute."""
    return tries.too_many(request, name, RATE)
