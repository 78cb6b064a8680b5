"""What a person does to the own log-in: a new password."""

from datetime import datetime

from nanglucso.core.acts import act
from nanglucso.core.idling import lift_own_lock, may_lift_own_lock
from nanglucso.core.models import User
from nanglucso.core.services import person_id_of


def set_own_password(*, user: User, password: str, at: datetime) -> None:
    """Keep a password that has passed the validators; opens an account whose lock the person may lift.

    Called after the old password or the link in a mail was shown. An account switched off or locked otherwise stays so.
    """
    with act(user, "core.set_password", user, at=at, person_id=person_id_of(user)):
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        if may_lift_own_lock(user, at=at):
            lift_own_lock(user=user, at=at)
