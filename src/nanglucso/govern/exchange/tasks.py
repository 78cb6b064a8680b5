"""Long work of this room."""

from typing import Any

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.govern.exchange import services


@job("exchange.make_release")
def make_release(progress: Progress) -> dict[str, Any]:
    """Count and protect the tables of open data."""
    return {"release": services.make_release(actor=None, at=now()).pk}
