"""Services, queries and models are given the time and never meet a page: what import-linter cannot see of Django."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parent.parent / "src" / "nanglucso"
INNER = [
    path
    for path in sorted(SRC.glob("*/*/**/*.py"))
    if path.parts[len(SRC.parts)] in ("workforce", "measure", "develop", "govern")
    and ({"services", "queries", "models"} & {path.stem, path.parent.name})
]
FORBIDDEN = ("django.utils.timezone", "django.http", "django.shortcuts", "time", "nanglucso.core.clock")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_there_is_something_to_look_at():
    assert len(INNER) > 20


@pytest.mark.parametrize("path", INNER, ids=lambda path: str(path.relative_to(SRC)))
def test_no_clock_and_no_page_inside(path):
    assert imports(path) & set(FORBIDDEN) == set()
