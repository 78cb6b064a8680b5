"""Background work of the core: copies of the whole installation."""

from typing import Any

from django.conf import settings

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.core.keeping import services


@job(services.TASK)
def back_up(progress: Progress) -> dict[str, Any]:
    """Take a copy, prove it, drop what is past its term."""
    at, folder = now(), settings.BACKUP_DIR
    row = services.back_up(actor=None, at=at, folder=folder, key=services.own_key())
    progress.step(0.9)
    return {"name": row.name, "proven": bool(row.proven_at), "dropped": services.drop_old(at=at, folder=folder)}
