"""Verbs of answers: keep a slip half-filled, send it, write down what a unit has."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.readiness.models import Facts, FactSheet, Slip
from nanglucso.develop.readiness.questionnaire import Questionnaire, clean, questionnaires
from nanglucso.workforce.people.models import Unit


def checked(asked: Questionnaire, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Clean answers. Raises Refused with the first fault, at its question."""
    made, faults = clean(asked, answers)
    if faults:
        raise Refused(translated(faults[0].template) % faults[0].told, field=faults[0].question)
    return made


def record(
    *, actor: User | None, unit: Unit, version: str, answers: Mapping[str, Any], day: date, at: datetime,
    slip: Slip | None = None, sheet: FactSheet | None = None,
) -> Facts:  # fmt: skip
    """Write down what a unit has on a day. Raises Refused for answers that cannot stand, or a day to come."""
    if day > local_day(at):
        raise Refused(_("The figures are of a day to come: write the day on which they were counted."), field="day")
    made = checked(questionnaires()[version], answers)
    with act(actor, "readiness.record", unit, at=at, day=day.isoformat()):
        return Facts.objects.create(
            unit=unit, day=day, version=version, answers=made, slip=slip, sheet=sheet, by=actor, at=at
        )


def save_slip(*, actor: User, slip: Slip, answers: Mapping[str, Any], saves: int, send: bool, at: datetime) -> Slip:
    """Keep what was typed; with `send` it must be complete, becomes the unit's figures and can still be sent anew.

    `saves`: how often the slip had been saved when its page was opened. Raises Refused when somebody saved it since,
    when the round is closed, or with the first fault of what is sent.
    """
    asked = questionnaires()[slip.round.version]
    known = {one.code for one in asked.questions}
    kept = {code: value for code, value in answers.items() if code in known and value not in (None, "", [])}
    with act(actor, "readiness.send_slip" if send else "readiness.save_slip", slip, at=at):
        slip = Slip.objects.select_for_update().select_related("round", "unit").get(pk=slip.pk)
        if slip.round.closed_at:
            raise Refused(_("This round is closed: ask the training officer to open another one."))
        if slip.saves != saves:
            raise Refused(_("Somebody else has saved this slip meanwhile: look at what stands there, then save again."))
        if send:
            kept = checked(asked, kept)
            record(
                actor=actor, unit=slip.unit, version=asked.version, answers=kept, day=local_day(at), at=at, slip=slip
            )
            slip.sent_at = at
        slip.answers, slip.saves, slip.saved_by, slip.saved_at = kept, slip.saves + 1, actor, at
        slip.save()
    return slip
