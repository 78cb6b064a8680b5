"""How an item comes into being: written, read blind by another person, approved, published as a new version.

What is published never changes; a change is a new draft of the same item. Nobody reads their own draft.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import Act, act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank.models import Item, ItemDraft, ItemReading, ItemVersion
from nanglucso.measure.bank.previewing import Preview, preview
from nanglucso.measure.bank.rawitem import SLOPE, blank, raw_of
from nanglucso.measure.bank.reading import ItemRow, read_row
from nanglucso.measure.bank.scoring import STEPS, BadChoice, score
from nanglucso.workforce.framework.models import Competence, Level

State, Verdict = ItemDraft.State, ItemReading.Verdict
LEAST_REASON = 10
FAR_LEVELS = 2
LEAST_OUTLINE = 20


def next_code(competence: Competence, level: Level) -> str:
    """The first free code of a competence and level."""
    stem = f"S{competence.code}-{level.code}-"
    taken = [Item.objects.filter(code__startswith=stem), ItemDraft.objects.filter(code__startswith=stem)]
    numbers = [int(code[len(stem) :]) for rows in taken for code in rows.values_list("code", flat=True)
               if code[len(stem) :].isdigit()]  # fmt: skip
    return f"{stem}{max(numbers, default=0) + 1:03d}"


def start(*, actor: User, competence: Competence, level: Level, kind: str, indicator: str, at: datetime) -> ItemDraft:
    """Begin a new item of a type for one indicator. Raises Refused for a type that does not exist."""
    if kind not in SLOPE:
        raise Refused(_("There is no such type of item."), field="kind")
    with act(actor, "bank.start_draft", at=at) as this:
        code = next_code(competence, level)
        raw = blank(
            code=code, competence=competence, level=level, kind=kind, indicator=indicator, family=code.lower(),
            today=local_day(at),
        )  # fmt: skip
        this.subject = draft = _make(actor, raw, at)
    return draft


def revise(*, actor: User, item: Item, at: datetime) -> ItemDraft:
    """Begin a new version of an item from its current one. Refused for a retired item or while a draft is open."""
    if item.status == Item.Status.RETIRED:
        raise Refused(_("A retired item gets no new version; write a new item."))
    if ItemDraft.objects.filter(item=item, state__in=(State.WRITING, State.READING, State.APPROVED)).exists():
        raise Refused(_("A new version of this item is being written already."))
    base = item.versions.select_related("item__competence__framework").get(current=True)
    with act(actor, "bank.start_draft", at=at, item=item.code, version=base.number) as this:
        this.subject = draft = _make(actor, {**raw_of(base), "version": _last(item) + 1}, at, base)
    return draft


def _last(item: Item) -> int:
    return int(item.versions.aggregate(last=Max("number"))["last"])


def _make(actor: User, raw: dict[str, Any], at: datetime, base: ItemVersion | None = None) -> ItemDraft:
    return ItemDraft.objects.create(
        code=raw["id"], item=base.item if base else None, base=base, raw=raw, author=actor, created_at=at, changed_at=at
    )


@contextmanager
def _turn(actor: User, verb: str, draft: ItemDraft, at: datetime, **details: Any) -> Iterator[Act]:
    """An act on the draft as it stands now, locked: of two who press at once the second finds it changed."""
    with act(actor, verb, draft, at=at, **details) as this:
        draft.refresh_from_db(from_queryset=ItemDraft.objects.select_for_update())
        yield this


def _own(actor: User, draft: ItemDraft, *states: str) -> None:
    if draft.author_id != actor.pk:
        raise Refused(_("Only the author of a draft changes it."))
    if draft.state not in states:
        raise Refused(_("This draft is no longer open for that; nothing was changed."))


def save(*, actor: User, draft: ItemDraft, raw: dict[str, Any], at: datetime) -> None:
    """Keep what was typed, finished or not. What is being read or approved is taken back first."""
    if raw == draft.raw and draft.state == State.WRITING and draft.author_id == actor.pk:
        return
    with _turn(actor, "bank.save_draft", draft, at):
        _own(actor, draft, State.WRITING)
        draft.raw, draft.changed_at = raw, at
        draft.save(update_fields=["raw", "changed_at"])


def submit(*, actor: User, draft: ItemDraft, at: datetime) -> None:
    """Give the draft to a second reader. Refused while the checker finds a fault."""
    with _turn(actor, "bank.submit_draft", draft, at):
        _own(actor, draft, State.WRITING)
        faults = preview(draft.raw, local_day(at)).faults
        if faults:
            raise Refused(_("The checker still finds %(n)s faults: mend them first.") % {"n": len(faults)})
        draft.state, draft.round, draft.changed_at = State.READING, draft.round + 1, at
        draft.save(update_fields=["state", "round", "changed_at"])


def take_back(*, actor: User, draft: ItemDraft, at: datetime) -> None:
    """Take the draft back from the reader's desk, to write on."""
    with _turn(actor, "bank.take_back_draft", draft, at):
        _own(actor, draft, State.READING, State.APPROVED)
        draft.state, draft.changed_at = State.WRITING, at
        draft.save(update_fields=["state", "changed_at"])


def drop(*, actor: User, draft: ItemDraft, reason: str, at: datetime) -> None:
    """Set a draft aside for good; it stays to be read."""
    _reasoned(reason)
    with _turn(actor, "bank.drop_draft", draft, at, reason=reason.strip()):
        _own(actor, draft, State.WRITING, State.READING, State.APPROVED)
        draft.state, draft.note, draft.changed_at = State.DROPPED, reason.strip(), at
        draft.save(update_fields=["state", "note", "changed_at"])


def _reasoned(reason: str) -> None:
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(_("Please say why, in a sentence: the next reader needs it."), field="note")


def solve_blind(*, actor: User, draft: ItemDraft, choice: Any, sure: int, level: int, at: datetime) -> ItemReading:
    """The reader's own answer, sureness and level, before the key is shown.

    Of a task with a file it is an outline of what the reader would hand in; its category comes with the verdict.

    Raises Refused to the author, when somebody else reads already, or for an answer of the wrong shape.
    """
    with _turn(actor, "bank.read_draft", draft, at, sure=sure, level=level):
        _readable(actor, draft)
        row = read_row(draft.raw, draft.code)
        if row.type == "file" and (not isinstance(choice, str) or len(choice.split()) < LEAST_OUTLINE):
            text = _("Please outline in %(n)s words or more what you would hand in; the rubric is then tried on it.")
            raise Refused(text % {"n": LEAST_OUTLINE})
        try:
            points = 0 if row.type == "file" else score(row.type, row.body, row.key, choice)
        except BadChoice as no:
            raise Refused(_("Please answer the question completely first.")) from no
        return ItemReading.objects.create(
            draft=draft, reader=actor, round=draft.round, at=at, choice=choice, score=points, sure=sure, level=level
        )


def _readable(actor: User, draft: ItemDraft) -> None:
    if draft.author_id == actor.pk:
        raise Refused(_("The author does not read the own draft; another person does."))
    if draft.state != State.READING:
        raise Refused(_("This draft does not wait for a reader."))
    if draft.readings.filter(round=draft.round).exists():
        raise Refused(_("Somebody reads this draft already."))


def may_accept(draft: ItemDraft, reading: ItemReading, level: int) -> str:
    """Why a reading does not let the draft pass, or "". `level`: the author's."""
    if reading.score < STEPS[draft.raw["type"]]:
        if draft.raw["type"] == "file":
            return str(_("The rubric does not give the reader's own outline its highest category: back to the author."))
        return str(_("The reader's own answer was not the key: the item goes back to its author."))
    if abs(reading.level - level) >= FAR_LEVELS:
        return str(_("The reader placed the item two levels away: the item goes back to its author."))
    return ""


def judge(
    *, actor: User, draft: ItemDraft, verdict: str, note: str, level: int, at: datetime, own: int | None = None
) -> None:
    """Accept, send back or set aside, after the blind answer. A reason is needed for everything but acceptance.

    `own`: of a task with a file, the category that the rubric gives to the reader's own outline.
    """
    if verdict not in Verdict.values:
        raise Refused(_("There is no such verdict."), field="verdict")
    if verdict != Verdict.ACCEPT:
        _reasoned(note)
    after = {Verdict.ACCEPT: State.APPROVED, Verdict.REVISE: State.WRITING, Verdict.DROP: State.DROPPED}
    with _turn(actor, "bank.judge_draft", draft, at, verdict=verdict, reason=note.strip()):
        reading = draft.readings.filter(round=draft.round, reader=actor).first()
        if draft.state != State.READING or reading is None:
            raise Refused(_("First answer the question yourself; then the key is shown."))
        if draft.raw["type"] == "file":
            reading.score = _category(own)
        why = may_accept(draft, reading, level)
        if verdict == Verdict.ACCEPT and why:
            raise Refused(why, field="verdict")
        reading.verdict, reading.note, reading.decided_at = verdict, note.strip(), at
        reading.save(update_fields=["score", "verdict", "note", "decided_at"])
        draft.state, draft.note, draft.changed_at = after[Verdict(verdict)], note.strip(), at
        draft.save(update_fields=["state", "note", "changed_at"])


def _category(own: int | None) -> int:
    if own is None or not 0 <= own <= STEPS["file"]:
        raise Refused(_("Say which category the rubric gives to your own outline."), field="own")
    return own


def publish(*, actor: User, draft: ItemDraft, competence: Competence, level: Level, at: datetime) -> ItemVersion:
    """Make the approved text the item's current version and put the item into use; its parameters are priors.

    Refused without approval, while the checker finds a fault, or when the item got another version meanwhile.
    """
    with _turn(actor, "bank.publish_draft", draft, at, code=draft.code) as this:
        row = _publishable(draft, at)
        item = _item(draft, row, competence, level)
        item.versions.filter(current=True).update(current=False)
        version = ItemVersion.objects.create(
            item=item, number=_last(item) + 1 if draft.base else 1, body=row.body, key=row.key, notes=row.notes,
            a=row.a, b=row.b, c=row.c, minutes=row.minutes, author=draft.author,
        )  # fmt: skip
        draft.state, draft.item, draft.published, draft.changed_at = State.PUBLISHED, item, version, at
        draft.save(update_fields=["state", "item", "published", "changed_at"])
        this.note(version=version.number)
    return version


def _publishable(draft: ItemDraft, at: datetime) -> ItemRow:
    if draft.state != State.APPROVED:
        raise Refused(_("Only an approved draft is published."))
    found: Preview = preview(draft.raw, local_day(at))
    if found.row is None or found.faults:
        raise Refused(_("The checker finds a fault since the approval: take the draft back and mend it."))
    if draft.base and not draft.base.current:
        raise Refused(_("The item has got another version since this draft was begun: begin again from that one."))
    return found.row


def _item(draft: ItemDraft, row: ItemRow, competence: Competence, level: Level) -> Item:
    said = {
        "indicator": row.indicator, "family": row.family, "gloss_en": row.gloss_en, "review_by": row.review_by,
        "status": Item.Status.LIVE,
    }  # fmt: skip
    if draft.item is None:
        if Item.objects.filter(code=row.code).exists():
            raise Refused(_("An item with the code %(code)s exists already.") % {"code": row.code})
        fixed = {"competence": competence, "level": level.number, "type": row.type}
        return Item.objects.create(code=row.code, **fixed, **said)
    if draft.item.status == Item.Status.RETIRED:
        raise Refused(_("The item was retired since this draft was begun; write a new item."))
    for name, value in said.items():
        setattr(draft.item, name, value)
    draft.item.save(update_fields=list(said))
    return draft.item


def note_draft_key_read(*, actor: User, draft: ItemDraft, at: datetime) -> None:
    """Leave a trace that somebody who did not write it saw a draft's key."""
    with act(actor, "bank.read_key", draft, at=at):
        pass
