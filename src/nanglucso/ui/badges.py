"""Numbers beside menu entries: things waiting for the viewer, never totals.

A room registers its counter once, in its `apps.ready()`:

    from nanglucso.ui.badges import badge
    badge("training:list", lambda request: requests(request.access.scope))

A counter gives the rows that wait, also of several kinds. All entries of a menu are counted in one statement.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Counter = Callable[[Any], "QuerySet[Any] | tuple[QuerySet[Any], ...]"]
_COUNTERS: dict[str, Counter] = {}


def badge(name: str, counter: Counter) -> None:
    """Show how many of `counter(request)` there are beside the entry with this URL name when there are any."""
    _COUNTERS[name] = counter


def waiting(request: Any, names: Iterable[str]) -> dict[str, int]:
    """How many things wait behind each of these entries."""
    found = {name: _COUNTERS[name](request) for name in names if name in _COUNTERS}
    rows = {name: one if isinstance(one, tuple) else (one,) for name, one in found.items()}
    numbers = iter(_counts([one for parts in rows.values() for one in parts]))
    return {name: sum(islice(numbers, len(parts))) for name, parts in rows.items()}


def _counts(found: Iterable[QuerySet[Any]]) -> list[int]:
    """The number of rows of each, in one statement."""
    parts: list[str] = []
    params: list[Any] = []
    for n, rows in enumerate(found):
        try:
            sql, told = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
        else:
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS w{n})")  # noqa: S608
            params += told
    if all(part == "0" for part in parts):
        return [0] * len(parts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return list(cursor.fetchone())
