"""What earlier releases have told already: who lays two of them side by side must not learn more than from one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from nanglucso.govern.exchange.exchangerules import rules
from nanglucso.govern.exchange.models import Release

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Memory:
    """Rows of one table in the releases that still count, newest first; `by` names the columns that tell rows apart."""

    by: tuple[str, ...]
    tables: list[list[Row]] = field(default_factory=list)

    def kept(self, keys: Sequence[Key], names: Sequence[str]) -> np.ndarray:
        """What the newest of them keeps back, bool (U, C): it stays so, whatever has become of the count."""
        if not self.tables:
            return np.zeros((len(keys), len(names)), bool)
        rows = self._found(self.tables[0])
        return np.array([[key in rows and rows[key][name] is None for name in names] for key in keys], bool)

    def known(self, keys: Sequence[Key], names: Sequence[str], counts: np.ndarray) -> np.ndarray:
        """Counts that any of them shows and that are the same now, bool (U, C)."""
        seen = np.zeros(counts.shape, bool)
        for table in self.tables:
            rows = self._found(table)
            told = [[rows[key][name] if key in rows else None for name in names] for key in keys]
            seen |= np.array(
                [
                    [one is not None and one == now for one, now in zip(*row, strict=True)]
                    for row in zip(told, counts.tolist(), strict=True)
                ],
                bool,
            )
        return seen

    def again(self, **only: Any) -> list[Row]:
        """Rows of the newest as they stand there, those with the given values."""
        return [row for row in self.tables[0] if all(row[name] == value for name, value in only.items())]

    def _found(self, rows: list[Row]) -> dict[Key, Row]:
        return {tuple(row[name] for name in self.by): row for row in rows}


def memory(code: str, by: tuple[str, ...], at: datetime) -> Memory:
    """Memory of a table at a moment: releases are remembered for `protection.remember_days`."""
    since = at - timedelta(days=int(rules()["protection"]["remember_days"]))
    found = Release.objects.filter(at__gte=since, at__lt=at).order_by("-at")
    return Memory(by, [one.tables[code] for one in found if one.tables[code]])
