"""Which edition of the pages this process serves, so that a page left open over an upgrade can offer a reload."""

import hashlib
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse

ROOT = Path(__file__).resolve().parents[1]
# What an open page is made of: scripts, styles and templates.
PARTS = ("ui/static/js/*.js", "ui/static/css/**/*.css", "measure/assessments/templates/**/*.html")
HEADER = "NLS-Version"


@lru_cache(maxsize=1)
def edition() -> str:
    """16 hex digits over the files an open page is made of; the same in every process of one installation."""
    seen = hashlib.sha256()
    for path in sorted(path for part in PARTS for path in ROOT.glob(part)):
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()[:16]


def versioned(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say the edition in a header of every reply."""

    @wraps(view)
    def said(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response[HEADER] = edition()
        return response

    return said
