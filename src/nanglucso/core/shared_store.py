"""Short-lived values that every process of the installation sees: tries at the doors, counted in the database.

Kept in each process's memory, ten tries would be ten a process. No page of a test reads or writes here.
"""

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache

from nanglucso.core.db import write_turn


class SharedStore(DatabaseCache):
    """Django's own store in a table, writing within the write turn."""

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        with write_turn():
            return bool(super()._base_set(mode, key, value, timeout))  # type: ignore[misc]

    def _base_delete_many(self, keys: list[str]) -> bool:
        with write_turn():
            return bool(super()._base_delete_many(keys))  # type: ignore[misc]
