"""Who may do what in one meeting: predicates on a place in it."""

from typing import Any

MANAGING = ("chair", "secretary")


def manages(seat: Any) -> bool:
    """Prepares and runs the meeting: the chair and the secretary."""
    return seat is not None and seat.role in MANAGING


def chairs(seat: Any) -> bool:
    """Approves the minutes."""
    return seat is not None and seat.role == "chair"


def takes_part(seat: Any) -> bool:
    """Reads, speaks and remarks: everybody invited who did not send somebody else."""
    return seat is not None and not seat.is_replaced
