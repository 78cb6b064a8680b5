"""Signs of life: a part writes its own row every now and then, and its silence is seen."""

from datetime import datetime, timedelta
from typing import Any

from nanglucso.core.db import write_turn
from nanglucso.core.models import Pulse

SILENT = timedelta(minutes=2)  # after which a part that reports every few seconds is taken for dead


def beat(name: str, *, at: datetime, **told: Any) -> None:
    """Note that the part was well at that moment, and what it had to tell."""
    with write_turn():
        Pulse.objects.update_or_create(name=name, defaults={"at": at, "told": told})


def last(name: str) -> Pulse | None:
    """The part's last sign of life."""
    return Pulse.objects.filter(name=name).first()
