"""Verbs of survey rounds: ask units, remind the late ones, close."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.readiness.models import Slip, SurveyRound
from nanglucso.develop.readiness.questionnaire import current
from nanglucso.workforce.people.models import Person, Unit


def open_round(
    *, actor: User | None, name: str, due: date, units: Iterable[Unit], at: datetime, note: str = ""
) -> SurveyRound:
    """Ask units to fill in the survey in force until `due`. The contact of a unit's last slip is kept.

    Raises Refused for a day that is past, for no unit, and while another round is open.
    """
    asked, day = list(units), local_day(at)
    if due < day:
        raise Refused(_("The last day lies in the past."), field="due")
    if not asked:
        raise Refused(_("Choose at least one kind of unit."), field="kinds")
    contacts = dict(Slip.objects.exclude(contact=None).order_by("pk").values_list("unit_id", "contact_id"))
    with act(actor, "readiness.open_round", at=at, name=name, units=len(asked), due=due.isoformat()) as this:
        if SurveyRound.objects.select_for_update().filter(closed_at=None).exists():
            raise Refused(_("Another round is still open: close it first, so that each unit has one slip to fill in."))
        row = SurveyRound.objects.create(
            name=name, version=current(day).version, due=due, note=note, opened_by=actor, opened_at=at
        )
        this.subject = row
        Slip.objects.bulk_create(Slip(round=row, unit=unit, contact_id=contacts.get(unit.pk)) for unit in asked)
    return row


def close_round(*, actor: User | None, row: SurveyRound, at: datetime) -> None:
    """Nobody fills in a slip of the round any more; what was sent stays. Raises Refused when it is closed already."""
    with act(actor, "readiness.close_round", row, at=at) as this:
        row = SurveyRound.objects.select_for_update().get(pk=row.pk)
        if row.closed_at:
            raise Refused(_("This round is closed already."))
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        this.note(silent=row.slips.filter(sent_at=None).count())


def remind(*, actor: User | None, row: SurveyRound, slips: Iterable[int], at: datetime) -> int:
    """Write down that these units were reminded; returns how many owed an answer. Raises Refused for a closed round."""
    if row.closed_at:
        raise Refused(_("This round is closed already."))
    with act(actor, "readiness.remind", row, at=at) as this:
        owing = list(row.slips.select_for_update().filter(pk__in=list(slips), sent_at=None))
        for slip in owing:
            slip.reminders, slip.reminded_at = slip.reminders + 1, at
        Slip.objects.bulk_update(owing, ["reminders", "reminded_at"])
        this.note(units=len(owing))
    return len(owing)


def set_contact(*, actor: User | None, slip: Slip, person: Person | None, at: datetime) -> None:
    """Name the person who fills in a unit's slip beside its head. Raises Refused for somebody of another unit."""
    if person and not (person.active and person.unit and person.unit.path.startswith(slip.unit.path)):
        raise Refused(_("The contact must work in this unit."), field="contact")
    with act(actor, "readiness.set_contact", slip, at=at, person_id=person.pk if person else None):
        slip.contact = person
        slip.save(update_fields=["contact"])
