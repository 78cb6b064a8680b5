"""Conditions of sitting that one person needs: more time, pauses, no limit, other items, large print.

The measures are one row, applied by the server's clock; the reason is another, read only by who decides.
"""

import math
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.engines import eligibility
from nanglucso.engines.irt import Ints
from nanglucso.measure.assessments import delivery
from nanglucso.measure.assessments.models import Accommodation, AccommodationReason, Answer, Campaign, Sitting
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.bank.queries import live_versions
from nanglucso.measure.profiles import folding
from nanglucso.workforce.people.models import Person

DAY = 86_400.0
MOST_PERCENT, MOST_PAUSE = 200, 240
# What an item asks of a person beyond reading and typing: a drawn screen is pointed at, whatever stands beside it.
NEEDS = {Item.Type.HOTSPOT: frozenset({"sight"})}
LEAST_FAMILIES = 1


@dataclass(frozen=True)
class Measures:
    """What is given: percent of extra time, minutes of pause beside the campaign's, and three switches."""

    extra_percent: int = 0
    pause_minutes: int = 0
    no_limit: bool = False
    screen_reader: bool = False
    large_print: bool = False


def of(campaign: Campaign, person: Person) -> Accommodation | None:
    """What this person was given in this campaign."""
    return Accommodation.objects.filter(campaign=campaign, person=person).first()


def minutes(campaign: Campaign, given: Accommodation | Measures | None, extra: int = 0) -> int | None:
    """Minutes of one test, whole and rounded up; None = no limit."""
    if given is not None and given.no_limit:
        return None
    percent = given.extra_percent if given else 0
    return math.ceil(campaign.minutes * (100 + percent) / 100) + extra


def allowance(campaign: Campaign, given: Accommodation | Measures | None) -> timedelta:
    """How long the clock may stand still in one test, all pauses together."""
    return timedelta(minutes=campaign.pause_minutes + (given.pause_minutes if given else 0))


def pause_left(sitting: Sitting) -> timedelta:
    """What is left of the allowance before the present pause."""
    spent = timedelta(seconds=sitting.paused_seconds)
    return max(timedelta(), allowance(sitting.campaign, of(sitting.campaign, sitting.person)) - spent)


# ---------------------------------------------------------------- which items
def closed_items(here: delivery.Desk, person: Person, given: Accommodation | None, at: datetime) -> list[int]:
    """Versions of the deck that this person may not be asked: met within twelve months, also as a variant of the same
    family; not accessible to them; no longer counted."""
    since = at - timedelta(days=eligibility.REPEAT_DAYS)
    answers = Answer.objects.filter(sitting__person=person, at__gt=since)
    met = {
        family: moment.timestamp() / DAY
        for family, moment in answers.order_by("at").values_list("item_version__item__family", "at")
    }
    rows, others = here.deck.versions, here.files
    seen = {j: met[row.item.family] for j, row in enumerate(rows) if row.item.family in met}
    closed = {rows[j].pk for j in _closed(here, bool(given and given.screen_reader), seen, at)}
    closed |= {row.pk for row in others if row.item.family in met}
    neutral = ItemVersion.objects.filter(pk__in=[row.pk for row in (*rows, *others)], counted=False)
    return sorted(closed | set(neutral.values_list("pk", flat=True)))


def _closed(here: delivery.Desk, screen_reader: bool, met: dict[int, float], at: datetime) -> Ints:
    vietnamese = frozenset({"vi"})
    access = {
        j: eligibility.Access(vietnamese, NEEDS[row.item.type])  # type: ignore[index]
        for j, row in enumerate(here.deck.versions)
        if row.item.type in NEEDS
    }
    without = frozenset({"sight"}) if screen_reader else frozenset()
    sitter = eligibility.Sitter("vi", without, met)
    return eligibility.forbidden(here.deck.bank, access, sitter, at.timestamp() / DAY)


def lacking(campaign: Campaign, at: datetime) -> list[str]:
    """Codes of competences that the campaign would have no accessible item for."""
    live = live_versions(campaign.framework, campaign.competences).values_list("pk", flat=True)
    here = delivery.desk_of(campaign, tuple(campaign.items) or tuple(live))
    asked = set(np.unique(here.deck.bank.competence).tolist())
    left = eligibility.lacking(here.deck.bank, _closed(here, True, {}, at), asked, LEAST_FAMILIES)
    codes = folding.frame(campaign.framework).codes
    return [codes[k] for k in left]


# ---------------------------------------------------------------- giving
def _check(actor: User, campaign: Campaign, person: Person, new: Measures, reason: str, basis: str) -> None:
    if campaign.status not in (Campaign.Status.DRAFT, Campaign.Status.OPEN):
        raise Refused(_("The campaign is over; conditions of sitting are given before or while it is open."))
    if person.user_id == actor.pk:
        raise Refused(_("Nobody gives conditions to themselves."), field="staff_code")
    if new == Measures():
        raise Refused(_("Please choose at least one condition."), field="extra_percent")
    if not 0 <= new.extra_percent <= MOST_PERCENT:
        raise Refused(_("Extra time lies between 0 and 200 percent."), field="extra_percent")
    if not 0 <= new.pause_minutes <= MOST_PAUSE:
        raise Refused(_("Extra pause lies between 0 and 240 minutes."), field="pause_minutes")
    if not reason.strip():
        raise Refused(_("Please say why; only those who decide on conditions read it."), field="reason")
    if new.no_limit and not basis.strip():
        raise Refused(_("A test without a time limit needs the legal text that allows it."), field="basis")


def give(
    *, actor: User, campaign: Campaign, person: Person, measures: Measures, reason: str, at: datetime, basis: str = ""
) -> Accommodation:
    """Give or change what one person's test is like; a test under way gets its new end at once.

    The log keeps the measures and who gave them, never the reason.
    """
    _check(actor, campaign, person, measures, reason, basis)
    if measures.screen_reader and (bare := lacking(campaign, at)):
        text = _("Without drawn screens this campaign has no question on %(codes)s.")
        raise Refused(text % {"codes": ", ".join(bare)}, field="screen_reader")
    old = of(campaign, person)
    before = asdict(_measures(old)) if old else None
    with act(actor, "assessments.accommodate", campaign, at=at, person_id=person.pk, before=before) as this:
        told = asdict(measures) | {"given_by": actor, "given_at": at}
        row, _made = Accommodation.objects.update_or_create(campaign=campaign, person=person, defaults=told)
        why = {"text": reason.strip(), "basis": basis.strip()}
        AccommodationReason.objects.update_or_create(accommodation=row, defaults=why)
        this.note(after=asdict(measures), moved=_move(campaign, person, old, row))
    return row


def withdraw(*, actor: User, accommodation: Accommodation, at: datetime) -> None:
    """Take the conditions back, before the person has begun."""
    campaign, person = accommodation.campaign, accommodation.person
    if campaign.sittings.filter(person=person).exclude(status=Sitting.Status.ASSIGNED).exists():
        raise Refused(_("This person has begun the test with these conditions; they can be changed, not taken back."))
    before = asdict(_measures(accommodation))
    with act(actor, "assessments.withdraw_accommodation", campaign, at=at, person_id=person.pk, before=before):
        accommodation.delete()


def note_reason_read(*, actor: User, accommodation: Accommodation, at: datetime) -> None:
    """Leave a trace that somebody read why."""
    campaign, person = accommodation.campaign, accommodation.person_id
    with act(actor, "assessments.read_accommodation", campaign, at=at, person_id=person):
        pass


def _measures(row: Accommodation) -> Measures:
    return Measures(row.extra_percent, row.pause_minutes, row.no_limit, row.screen_reader, row.large_print)


def _move(campaign: Campaign, person: Person, old: Accommodation | None, new: Accommodation) -> int:
    """New ends of the tests under way; returns how many were moved."""
    live = (Sitting.Status.RUNNING, Sitting.Status.PAUSED)
    rows = list(Sitting.objects.select_for_update().filter(campaign=campaign, person=person, status__in=live))
    for one in rows:
        whole, was = (minutes(campaign, given, one.extra_minutes) for given in (new, old))
        if whole is None:
            one.deadline = None
        elif was is not None and one.deadline:
            one.deadline += timedelta(minutes=whole - was)
        elif one.started_at:
            one.deadline = one.started_at + timedelta(minutes=whole, seconds=one.paused_seconds)
        one.save(update_fields=["deadline"])
    return len(rows)


def in_scope(campaign: Campaign, scope: Scope) -> QuerySet[Accommodation]:
    """What was given to people of the scope in a campaign, in name order; without the reasons."""
    rows = Accommodation.objects.filter(scope.units("person__unit__path"), campaign=campaign)
    return rows.select_related("person__unit", "given_by", "campaign")
