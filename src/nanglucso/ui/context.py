"""What every page of the shell needs."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Viewer for the shell's templates."""
    return {"access": getattr(request, "access", None)}
