"""Password hashing sized for a log-in storm, and words that no password is built on."""

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nanglucso.core.access_rules import access_rules
from nanglucso.kit.text import fold

OWN = 6

_AT_ONCE = threading.BoundedSemaphore(4)


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP's minimum: about 21 ms), at most four at a time."""

    algorithm = "argon2id_nls"
    time_cost = 2
    memory_cost = 19456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _AT_ONCE:
            return super().verify(password, encoded)


class LocalWordsValidator:
    """Refuses a password that is little more than a word everybody here would try first.

    Without marks, digits and signs, and without the words of `content/access.yaml`, at least `OWN` letters must stay.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        letters = "".join(one for one in fold(password) if one.isalpha())
        left = letters
        for word in access_rules().password_words:
            left = left.replace(word, "")
        if left != letters and len(left) < OWN:
            raise ValidationError(self.get_help_text(), code="password_local_word")

    def get_help_text(self) -> str:
        """Also said before anything was typed."""
        return _("Not built on the name of the city, of this system or of the year: add words of your own.")
