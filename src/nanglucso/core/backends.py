"""Checking a password: the same work for every name, known or not."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class EvenBackend(AuthenticationBackend):
    """The library looks for an address twice, as a name and as an address: it would hash twice where there is one."""

    def _check_password(self, user: Any, password: str) -> Any:
        checked = self.__dict__.setdefault("_checked", set())
        if user is None or user.pk in checked:
            return None
        checked.add(user.pk)
        return super()._check_password(user, password)
