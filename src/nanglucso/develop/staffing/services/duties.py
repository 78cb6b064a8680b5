"""The register: functions that units enter, duties taken from position profiles."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.staffing.models import Duty
from nanglucso.kit.text import clean, fold, tone_key
from nanglucso.workforce.people.models import Position, Unit

SECTION = "III_cong_viec"
LONGEST = 600


def add_duty(
    *, actor: User | None, unit: Unit, text: str, since: date, at: datetime, legal_basis: str = "", output: str = ""
) -> Duty:
    """Enter a function of a unit from a day on.

    Raises `Refused` for a text without letters or too long, and when the unit already has the same one in force.
    """
    text = clean(text).rstrip(" .;,")
    if sum(letter.isalpha() for letter in text) < 5:
        raise Refused(_("Write what the unit does, for example: Tiếp nhận và trả kết quả hồ sơ đất đai."), field="text")
    if len(text) > LONGEST:
        raise Refused(_("A function has at most 600 characters; enter it as several."), field="text")
    held = Duty.objects.filter(unit=unit, until=None).values_list("text", flat=True)
    if tone_key(text) in {tone_key(one) for one in held}:
        raise Refused(_("This unit already has this function."), field="text")
    with act(actor, "staffing.add_duty", at=at, unit=unit.name) as this:
        told = {"legal_basis": clean(legal_basis)[:200], "output": clean(output)[:300], "since": since}
        row = Duty.objects.create(unit=unit, text=text, fold=fold(text), entered_by=actor, **told)
        this.subject = row
    return row


def end_duty(*, actor: User | None, duty: Duty, until: date, at: datetime) -> Duty:
    """The duty holds until the day before `until`. Raises `Refused` when it has ended, or before it began."""
    if duty.until is not None:
        raise Refused(_("This duty has ended already."))
    if duty.position_id:
        raise Refused(_("This duty comes from the position's profile; change the profile."))
    if until < duty.since:
        raise Refused(_("The last day lies before the first one."), field="until")
    with act(actor, "staffing.end_duty", duty, at=at, unit=duty.unit.name):  # type: ignore[union-attr]
        duty.until = until
        duty.save(update_fields=["until"])
    return duty


def take_profiles(*, actor: User | None, at: datetime) -> tuple[int, int]:
    """Bring the duties of all position profiles into the register; returns how many were added and ended.

    A duty whose text was changed in the profile ends and begins anew; a second run changes nothing.
    """
    day = local_day(at)
    held = {(row.position_id, row.key): row for row in Duty.objects.exclude(position=None).filter(until=None)}
    fresh, gone = [], dict(held)
    for position in Position.objects.filter(is_generic=False):
        for told in position.profile.get(SECTION, []):
            key, text = str(told.get("id", ""))[:20], clean(str(told.get("viec", "")))[:LONGEST]
            old = held.get((position.pk, key))
            if old is not None and old.text == text:
                gone.pop((position.pk, key), None)
            elif text:
                output = clean(str(told.get("san_pham", "")))[:300]
                told_by = {"output": output, "since": day, "entered_by": actor}
                fresh.append(Duty(position=position, key=key, text=text, fold=fold(text), **told_by))
    with act(actor, "staffing.take_profiles", at=at, added=len(fresh), ended=len(gone)):
        Duty.objects.filter(pk__in=[row.pk for row in gone.values()]).update(until=day)
        Duty.objects.bulk_create(fresh, batch_size=500)
    return len(fresh), len(gone)
