"""The signed ticket in the address of a package's files: an origin of its own sends no cookie.

It names who opened which version, and when; it opens files of that version only, for a few hours.
"""

from dataclasses import dataclass

from django.core import signing

HOURS = 4
SALT = "nanglucso.scorm.launch"


@dataclass(frozen=True)
class Ticket:
    """`run`: whose values are handed to the frame, "" = only looked at; `launch`: milliseconds since 1970."""

    user: int
    version: int
    run: str
    unit: str
    launch: int


def ticket(told: Ticket) -> str:
    """The text for the address: letters, digits, dash, underscore and stop."""
    signer = signing.TimestampSigner(salt=SALT, sep=".")
    return signer.sign_object([told.user, told.version, told.run, told.unit, told.launch], compress=True)


def opened(text: str) -> Ticket | None:
    """The ticket; None when forged or too old."""
    try:
        return Ticket(*signing.TimestampSigner(salt=SALT, sep=".").unsign_object(text, max_age=HOURS * 3600))
    except (signing.BadSignature, TypeError, ValueError):
        return None
