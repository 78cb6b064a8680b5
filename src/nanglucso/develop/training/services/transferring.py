"""The head of unit says what a learner uses of a class, three to six months after it."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training.models import Enrolment, TransferView
from nanglucso.develop.training.services.retests import refuse_outside_window
from nanglucso.develop.training.transfer import UNSEEN, transfer_rules

NOTE_LENGTH = 300


def give_transfer(
    *, actor: User | None, enrolment: Enrolment, answers: Mapping[str, int], at: datetime, note: str = ""
) -> TransferView:  # fmt: skip
    """Keep or correct a head's view: every statement 1 to 5, or 0 for no chance to observe.

    Who may say it of whom is a matter of scope (`queries.transfer_places`). Raises Refused about oneself, of somebody
    who did not complete the class, outside the window, incomplete, with a note too long, and where another head has
    given it. The log says which statements a correction changed, not how: the person reads the view, others do not.
    """
    if actor is not None and enrolment.person.user_id == actor.pk:
        raise Refused(_("Nobody gives this view about themselves."))
    if enrolment.status != Enrolment.Status.COMPLETED:
        raise Refused(_("The view is given of people who completed the class."))
    row = enrolment.training_class
    refuse_outside_window(row, at)
    given, said = _checked(answers), note.strip()
    if len(said) > NOTE_LENGTH:
        raise Refused(_("The note has more than %(n)s characters; shorten it.") % {"n": NOTE_LENGTH}, field="note")
    with act(actor, "training.give_transfer", row, at=at, person_id=enrolment.person_id) as this:
        # The lock on the place makes two heads at the same moment see each other's row.
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        held = TransferView.objects.select_related("by").filter(enrolment=enrolment).first()
        if held is not None:
            if held.by != actor:
                raise Refused(_("Another head has given this view already; only they can correct it."))
            this.note(corrected=_changed(held, given, said))
        fields = {"answers": given, "note": said, "by": actor, "at": at}
        view, _made = TransferView.objects.update_or_create(enrolment=enrolment, defaults=fields)
    return view


def _changed(held: TransferView, given: Mapping[str, int], note: str) -> list[str]:
    """Statements whose answer differs from the one kept, and "note"."""
    changed = [key for key, value in given.items() if held.answers.get(key) != value]
    return changed + (["note"] if held.note != note else [])


def _checked(answers: Mapping[str, int]) -> dict[str, int]:
    told = transfer_rules()
    values = {UNSEEN, *(int(one.code) for one in told.scale)}
    missing = [n for n, one in enumerate(told.statements, 1) if answers.get(one.id) not in values]
    if missing:
        raise Refused(_("Answer every sentence; still open: %(numbers)s.") % {"numbers": ", ".join(map(str, missing))})
    return {one.id: int(answers[one.id]) for one in told.statements}
