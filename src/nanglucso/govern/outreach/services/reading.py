"""A person reads a document: opened, time that the server saw go by, the checks, what was done at work."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.db import write_turn
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import timing
from nanglucso.develop.learning.clocks import lock_signs
from nanglucso.govern.outreach.models import Campaign, DocumentVersion, LawDocument, Reading, ReadingAnswer, Receipt
from nanglucso.govern.outreach.rules import needed_seconds, rights_needed
from nanglucso.govern.outreach.shuffling import option_order
from nanglucso.govern.outreach.texts import asked
from nanglucso.kit.text import clean
from nanglucso.workforce.people.models import Person


def begin(*, actor: User | None, person: Person, document: LawDocument, at: datetime) -> Reading:
    """The person's reading of the document as it is now: the one under way, or a new one. Raises `Refused`."""
    if document.live is None:
        raise Refused(_("There is no summary of this document to read yet."))
    held = Reading.objects.filter(person=person, document=document, epoch=document.epoch).first()
    if held:
        return held
    with act(actor, "outreach.begin", document, at=at, person_id=person.pk, number=document.number):
        told = {"opened_at": at, "seen_at": at}
        return Reading.objects.get_or_create(person=person, document=document, epoch=document.epoch, defaults=told)[0]


def _locked(reading_id: uuid.UUID, person_id: int) -> tuple[Reading, datetime]:
    """The reading and the person's last sign of life anywhere; inside a write turn. Raises Reading.DoesNotExist."""
    last = lock_signs(person_id).last
    row = Reading.objects.select_related("document__live").get(pk=reading_id, person_id=person_id)
    return row, last or row.seen_at


def _live(row: Reading) -> DocumentVersion:
    if row.document.live is None or row.epoch != row.document.epoch:
        raise Refused(_("The document has changed in an important point since: open it anew."))
    return row.document.live


def beat(*, reading_id: uuid.UUID, person_id: int, at: datetime) -> Reading:
    """A sign of life: worth the time since the person's last one on any page, and never more than `timing.LONGEST`.

    Raises Reading.DoesNotExist for somebody else's, `Refused` after a significant change. The sum of the time stands
    in the reading; that it is enough is an act of its own.
    """
    with write_turn():
        row, last = _locked(reading_id, person_id)
        if row.read_at:
            return row
        live = _live(row)
        row.spent = round(row.spent + timing.credit(last, at), 1)
        row.seen_at = max(row.seen_at, at)
        row.save(update_fields=["spent", "seen_at"])
        if row.spent >= needed_seconds(live.words):
            told = {"number": row.document.number, "seconds": round(row.spent)}
            with act(row.person.user, "outreach.read", row.document, at=at, person_id=person_id, **told):
                row.read_at = at
                row.save(update_fields=["read_at"])
    return row


def answer(
    *, actor: User | None, reading_id: uuid.UUID, person_id: int, version: int, round: int,
    given: Mapping[int, int], at: datetime,
) -> Reading:  # fmt: skip
    """Keep the answers to all checks of a round; a second time changes nothing.

    `given`: question (from 1) → place of the option on the page; `version`: the text that the page showed. Raises
    Reading.DoesNotExist, and `Refused` before the reading is done, for a gap, and for a text or round that is past.
    """
    with write_turn():
        row, _last = _locked(reading_id, person_id)
        live = _live(row)
        if row.read_at is None:
            raise Refused(_("Read the summary first; the questions come after it."))
        if row.answers.filter(round=round).exists():
            return row
        if live.pk != version or row.round != round:
            raise Refused(_("The text was edited a moment ago: look at the questions anew."))
        questions = asked(live.checks_vi)
        chosen = [_choice(row, n, len(one.options), given) for n, one in enumerate(questions, 1)]
        rights = [questions[n].options[choice].right for n, choice in enumerate(chosen)]
        with act(actor, "outreach.answer", row.document, at=at, person_id=person_id, round=round, right=sum(rights)):
            told = {"reading": row, "version": live, "round": round, "at": at}
            ReadingAnswer.objects.bulk_create(
                ReadingAnswer(**told, question=n, choice=choice, right=right)
                for n, (choice, right) in enumerate(zip(chosen, rights, strict=True), 1)
            )
            row.round_ended_at = at
            row.understood_at = row.understood_at or (at if sum(rights) >= rights_needed(len(rights)) else None)
            row.save(update_fields=["round_ended_at", "understood_at"])
    return row


def _choice(row: Reading, question: int, count: int, given: Mapping[int, int]) -> int:
    shown = given.get(question, -1)
    if not 0 <= shown < count:
        raise Refused(_("Question %(n)s has no answer yet: choose one option of each.") % {"n": question})
    return option_order(row, question, count)[shown]


def free_at(row: Reading) -> datetime | None:
    """When the checks may be asked anew; None = the round is not over or was passed."""
    if row.understood_at or row.round_ended_at is None:
        return None
    return row.round_ended_at + timedelta(seconds=timing.PAUSE)


def again(*, actor: User | None, reading_id: uuid.UUID, person_id: int, at: datetime) -> Reading:
    """Ask the checks anew, shuffled. Raises `Refused` before a minute of reading has passed."""
    with write_turn():
        row, _last = _locked(reading_id, person_id)
        _live(row)
        free = free_at(row)
        if free is None:
            return row
        if at < free:
            raise Refused(_("Read the summary again first; the questions open one minute after the last answers."))
        with act(actor, "outreach.again", row.document, at=at, person_id=person_id, round=row.round + 1):
            row.round += 1
            row.round_ended_at = None
            row.save(update_fields=["round", "round_ended_at"])
    return row


def report_task(*, actor: User | None, receipt: Receipt, note: str, at: datetime) -> Receipt:
    """The person says what was done at work: the follow-up of a campaign that asks for it. Raises `Refused`."""
    campaign, note = receipt.campaign, clean(note)[:500]
    if campaign.follow_up != Campaign.FollowUp.TASK or not campaign.is_open:
        raise Refused(_("This campaign asks for no report."))
    known = Reading.objects.filter(person=receipt.person_id, document=campaign.document_id, epoch=campaign.epoch)
    if not known.exclude(understood_at=None).exists():
        raise Refused(_("Read the document and answer its questions first."))
    if len(note) < 10:
        raise Refused(_("Say in a sentence what was done and where it can be seen."), field="note")
    with act(actor, "outreach.report_task", campaign, at=at, person_id=receipt.person_id):
        receipt.done_note, receipt.followed_at, receipt.followed_by = note, at, actor
        receipt.followed_epoch = campaign.epoch
        receipt.save(update_fields=["done_note", "followed_at", "followed_by", "followed_epoch"])
    return receipt
