"""JSON that somebody sent: bounded in depth, and only letters that can be stored and shown again."""

from __future__ import annotations

import json
import re
from typing import Any, Final

MOST_DEPTH: Final = 60
# Half a letter of UTF-16 cannot be written as UTF-8, and PostgreSQL keeps no NUL.
_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")


class BadJson(ValueError):
    """`reason`: syntax, deep or letters; `line` counts from 1 and is known for syntax alone."""

    def __init__(self, reason: str, line: int = 1) -> None:
        self.reason, self.line = reason, line
        super().__init__(reason)


def read_json(data: bytes, *, most_depth: int = MOST_DEPTH, **hooks: Any) -> Any:
    """The value in UTF-8 bytes, with or without a byte order mark; `hooks` as `json.loads` takes them.

    Raises `BadJson`, also for more than `most_depth` lists and tables within each other.
    """
    try:
        found = json.loads(data.decode("utf-8-sig"), **hooks)
    except RecursionError as error:
        raise BadJson("deep") from error
    except ValueError as error:
        raise BadJson("syntax", getattr(error, "lineno", 1)) from error
    _check(found, most_depth)
    return found


def _check(found: Any, most_depth: int) -> None:
    todo = [(found, 0)]
    while todo:
        value, depth = todo.pop()
        if isinstance(value, str) and _UNFIT.search(value):
            raise BadJson("letters")
        if isinstance(value, dict | list):
            if depth >= most_depth:
                raise BadJson("deep")
            inner = [*value, *value.values()] if isinstance(value, dict) else value
            todo += [(one, depth + 1) for one in inner]
