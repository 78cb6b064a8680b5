"""A campaign is sent in batches that a kill cannot split: each is one act.

What is left to do is read from the tables, never from the job: whoever runs it after a kill goes on with the people
who have no receipt yet. Nobody is sent a campaign twice, for the pair of campaign and person is unique.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.govern.outreach.models import Campaign, Notice, Receipt
from nanglucso.govern.outreach.targets import people_of

BATCH = 1000
Tell = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Nobody watches."""


def _unsent(campaign: Campaign, after: int) -> list[int]:
    held = Receipt.objects.filter(campaign=campaign, person=OuterRef("pk"))
    rows = people_of(campaign).filter(~Exists(held), pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _batch(campaign: Campaign, after: int, actor: User | None, at: datetime) -> list[int]:
    """Send to the next people; whom it reached. The campaign is locked, so two workers take turns."""
    with act(actor, "outreach.send", campaign, at=at) as this:
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        people = _unsent(campaign, after)
        Receipt.objects.bulk_create([Receipt(campaign=campaign, person_id=pk, sent_at=at) for pk in people])
        told = {"kind": Notice.Kind.SENT, "on": local_day(at)}
        Notice.objects.bulk_create([Notice(campaign=campaign, person_id=pk, **told) for pk in people])
        this.note(document=campaign.document.number, people=len(people))
    return people


def send_all(*, actor: User | None, campaign: Campaign, at: datetime, tell: Tell = silent) -> int:
    """Send to everybody who has not been sent it; `tell(done, total)` hears of every batch. Returns how many now."""
    total = people_of(campaign).count()
    before = done = campaign.receipts.count()
    after = 0
    while people := _unsent(campaign, after):
        reached = _batch(campaign, after, actor, at)
        after = (reached or people)[-1]
        done += len(reached)
        tell(done, total)
    return done - before


def tell_all(
    *, campaign: Campaign, kind: str, at: datetime, actor: User | None = None,
    receipts: QuerySet[Receipt] | None = None, tell: Tell = silent,
) -> int:  # fmt: skip
    """Write down that these people (None = all) of a campaign are told something today.

    Again on the same day tells nobody twice, so that a killed work is simply begun anew.
    """
    day, after, done = local_day(at), 0, 0
    rows = campaign.receipts.filter(person__active=True) if receipts is None else receipts
    total = rows.count()
    while True:
        told = Notice.objects.filter(campaign=campaign, person=OuterRef("person"), kind=kind, on=day)
        left = rows.filter(~Exists(told), person__gt=after).order_by("person").values_list("person", flat=True)
        people = list(left[:BATCH])
        if not people:
            return done
        with act(actor, "outreach.tell", campaign, at=at, kind=kind, people=len(people)):
            made = [Notice(campaign=campaign, person_id=pk, kind=kind, on=day) for pk in people]
            Notice.objects.bulk_create(made, ignore_conflicts=True)
        after, done = people[-1], done + len(people)
        tell(done, total)
