"""Verbs of the item bank."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.content import root
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank.labfiles import read_labs
from nanglucso.measure.bank.models import Item, ItemVersion, Lab, LabVersion
from nanglucso.measure.bank.reading import ItemRow, read_items
from nanglucso.workforce.framework.models import Competence, Framework


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def load_items(*, actor: User | None = None, framework: Framework, at: datetime, folder: Path | None = None) -> int:
    """Bring item files into the bank; returns how many versions are new.

    Idempotent: a version that is already there is never changed; a higher number becomes the current one. New items
    go into use at once. Raises BadItemFile.
    """
    rows = read_items(folder or root() / "items")
    competences = {row.code: row for row in framework.competences.all()}
    numbers = {level.code: level.number for level in framework.levels.all()}
    made = 0
    with act(actor, "bank.load_items", framework, at=at) as this:
        for row in rows:
            made += _store(row, competences, numbers)
        this.note(new_versions=made, items=len(rows))
        if folder is None:
            load_labs(actor=actor, framework=framework, at=at)
    return made


def load_labs(*, actor: User | None = None, framework: Framework, at: datetime, folder: Path | None = None) -> int:
    """Bring practice tasks into the bank; returns how many versions are new. A stored version never changes.

    Raises BadItemFile.
    """
    made = 0
    with act(actor, "bank.load_labs", framework, at=at) as this:
        for body in read_labs(folder or root() / "labs"):
            words = {"title_vi": body["title"], "title_en": body["title_en"], "minutes": body["minutes"]}
            lab, _made = Lab.objects.get_or_create(code=body["id"], defaults=words)
            _version, new = LabVersion.objects.get_or_create(
                lab=lab, number=body["version"], defaults={"body": body, "counts": bool(body["score"])}
            )
            lab.competences.set(framework.competences.filter(code__in=list(body["score"])))
            made += int(new)
        this.note(new_versions=made)
    return made


def _store(row: ItemRow, competences: dict[str, Competence], numbers: dict[str, int]) -> int:
    item, _made = Item.objects.get_or_create(
        code=row.code,
        defaults={
            "competence": competences[row.competence],
            "indicator": row.indicator,
            "level": numbers[row.level],
            "type": row.type,
            "family": row.family,
            "status": Item.Status.LIVE,
            "gloss_en": row.gloss_en,
            "review_by": row.review_by,
            "practice": row.practice,
        },
    )
    fields = {"body": row.body, "key": row.key, "notes": row.notes, "a": row.a, "b": row.b, "c": row.c}
    _version, new = ItemVersion.objects.get_or_create(
        item=item, number=row.version, defaults={**fields, "minutes": row.minutes}
    )
    if new:
        item.versions.exclude(number=row.version).update(current=False)
    return int(new)


def set_status(*, actor: User | None, item: Item, status: str, reason: str, at: datetime) -> None:
    """Put an item into use, mark it for review, or retire it; running campaigns keep the bank they opened with.

    Raises Refused without a reason, for an unknown status, or when nothing would change.
    """
    if status not in Item.Status.values:
        raise Refused(_("There is no such status."), field="status")
    if status == item.status:
        raise Refused(_("The item has this status already; nothing was changed."), field="status")
    if not reason.strip():
        raise Refused(_("Please say why: the next reader of this item needs it."), field="reason")
    today = _day(at)
    if status == Item.Status.LIVE and item.practice_ended and item.practice_ended.year == today.year:
        text = _("This item was practised this year; it can be an exam item from 01/01/%(year)s.")
        raise Refused(text % {"year": today.year + 1}, field="status")
    with act(actor, "bank.set_status", item, at=at, old=item.status, new=status, reason=reason.strip()):
        item.status = status
        item.save(update_fields=["status"])


def set_practice(*, actor: User | None, item: Item, practice: bool, reason: str, at: datetime) -> None:
    """Release an item for practice, with its key, or end that: then it waits for a review and, this year, for no exam.

    Whether an exam of this year asks it is the caller's to know (`assessments.practising`).
    """
    if item.practice == practice:
        raise Refused(_("Nothing was changed: the item is in this state already."))
    if not reason.strip():
        raise Refused(_("Please say why: the next reader of this item needs it."), field="reason")
    if practice and item.type == Item.Type.FILE:
        raise Refused(_("An item that is answered by a file cannot be practised: people rate it."))
    if practice and item.status not in (Item.Status.LIVE, Item.Status.RETIRED):
        raise Refused(_("Only an item in use or a retired one can be released for practice."))
    with act(actor, "bank.set_practice", item, at=at, practice=practice, reason=reason.strip()):
        item.practice = practice
        if not practice:
            item.practice_ended, item.status = _day(at), Item.Status.REVIEW
        item.save(update_fields=["practice", "practice_ended", "status"])


def note_key_read(*, actor: User, item: Item, at: datetime) -> None:
    """Leave a trace that somebody read an item's answer key."""
    with act(actor, "bank.read_key", item, at=at):
        pass
