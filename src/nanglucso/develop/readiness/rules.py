"""Who may fill in a unit's survey."""

from typing import Any

from nanglucso.core.models import Role


def heads(access: Any) -> bool:
    """Whether the role in use answers for its units: a head of unit, a training officer."""
    return access.role in (Role.HEAD, Role.TRAINING)
