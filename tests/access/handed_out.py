"""Which addresses hand out a file, told from the code of their views."""

import dis
import inspect
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from nanglucso.core import downloads

MAKERS = (downloads.download, downloads.workbook, downloads.table, downloads.kept)
CLASSES = {"FileResponse", "StreamingHttpResponse"}


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def _named(function: FunctionType) -> Iterator[Any]:
    """Everything global that a function names, also as an attribute of a module."""
    for code in _codes(function.__code__):
        for name in {one.argval for one in dis.get_instructions(code) if one.opname in ("LOAD_GLOBAL", "LOAD_NAME")}:
            found = function.__globals__.get(name)
            yield found
            if isinstance(found, ModuleType):
                yield from (getattr(found, other, None) for other in code.co_names)


def hands_out(view: Callable[..., Any]) -> bool:
    """Whether a view, or a function of the rooms' views that it calls, makes a reply to be kept as a file."""
    todo, seen = [inspect.unwrap(view)], set()
    while todo:
        function = todo.pop()
        if function in seen or not isinstance(function, FunctionType):
            continue
        seen.add(function)
        named = list(_named(function))
        consts = [one for code in _codes(function.__code__) for one in code.co_consts]
        if any(one in MAKERS for one in named if callable(one)) or "Content-Disposition" in consts:
            return True
        if any(isinstance(one, type) and one.__name__ in CLASSES for one in named):
            return True
        todo += [
            inspect.unwrap(one) for one in named if callable(one) and ".views" in (getattr(one, "__module__", "") or "")
        ]
    return False
