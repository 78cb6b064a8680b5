"""Documents, and what is said about them: written as a draft, published as a version that never changes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import StoredFile, User
from nanglucso.core.refusals import Refused
from nanglucso.govern.outreach.models import Campaign, DocumentVersion, LawDocument
from nanglucso.govern.outreach.numbers import folded, key_of
from nanglucso.govern.outreach.rules import rules
from nanglucso.govern.outreach.texts import faults, words
from nanglucso.kit.text import clean
from nanglucso.ui.figures import vmoment

State = DocumentVersion.State


@dataclass(frozen=True)
class About:
    """What is known of a document, apart from what is said about it; every field of the form."""

    number: str
    title_vi: str
    title_en: str = ""
    issuer: str = ""
    issued: date | None = None
    effective: date | None = None
    ended: date | None = None
    standing: str = LawDocument.Standing.UNKNOWN
    note: str = ""
    confidence: str = ""
    link: str = ""
    supersedes: tuple[LawDocument, ...] = ()


def check_document(*, about: About, document: LawDocument | None) -> None:
    """Whether it could be saved, before a file is kept for it. Raises `Refused` as `save_document` does."""
    row = document
    if not key_of(about.number):
        raise Refused(_("Write the number of the document, for example 171/2025/NĐ-CP."), field="number")
    if len(clean(about.title_vi)) < 5:
        raise Refused(_("Write what the document is about."), field="title_vi")
    held = LawDocument.objects.filter(key=key_of(about.number)).first()
    if held and held != row:
        raise Refused(_("The library already holds %(number)s.") % {"number": held.number}, field="number")
    if about.issued and about.ended and about.ended < about.issued:
        raise Refused(_("The last day lies before the day of issue."), field="ended")
    if row and row in about.supersedes:
        raise Refused(_("A document cannot supersede itself."), field="supersedes")


def save_document(
    *,
    actor: User | None,
    about: About,
    at: datetime,
    document: LawDocument | None = None,
    file: StoredFile | None = None,
) -> LawDocument:
    """Enter a document or change what is known of it; readers' states stay as they are.

    Raises `Refused` for a number that is held already, a title without words, days in the wrong order.
    """
    check_document(about=about, document=document)
    row = document or LawDocument(added_by=actor, added_at=at)
    with act(actor, "outreach.save_document", at=at, number=about.number) as this:
        row.number, row.key = clean(about.number), key_of(about.number)
        for name in ("title_vi", "title_en", "issuer", "note", "link"):
            setattr(row, name, clean(getattr(about, name)))
        for name in ("issued", "effective", "ended", "standing", "confidence"):
            setattr(row, name, getattr(about, name))
        row.issued_words = "" if about.issued else row.issued_words
        row.effective_words = "" if about.effective else row.effective_words
        row.file, row.fold = file or row.file, folded(row)
        row.save()
        row.supersedes.set(about.supersedes)
        this.subject = row
    return row


def draft_of(*, actor: User | None, document: LawDocument, at: datetime) -> DocumentVersion:
    """The draft that is being written; a new one begins as a copy of the version in use. Not yet saved when new."""
    held = document.versions.filter(state=State.DRAFT).first()
    if held:
        return held
    last = document.versions.first()
    row = DocumentVersion(document=document, number=last.number + 1 if last else 1, author=actor, changed_at=at)
    if document.live:
        for name in ("summary_vi", "summary_en", "checks_vi", "checks_en"):
            setattr(row, name, getattr(document.live, name))
    return row


def mark_of(version: DocumentVersion | None) -> str:
    """What a writer saw: when the draft was last kept, "" where there was none."""
    return version.changed_at.isoformat() if version and version.pk else ""


def _check_seen(document: LawDocument, seen: str) -> None:
    """Raises `Refused` when the draft is not the one that the writer saw."""
    held = document.versions.select_for_update().filter(state=State.DRAFT).first()
    if mark_of(held) == seen:
        return
    last = held or document.versions.first()
    told = {"name": str(last.author or "–") if last else "–", "time": vmoment(last.changed_at) if last else ""}
    text = _(
        "%(name)s changed this draft on %(time)s, after you had opened it. What you wrote still stands here: look at "
        "theirs in another window, or keep the draft once more to put yours in its place."
    )
    raise Refused(text % told)


def save_draft(
    *, actor: User | None, document: LawDocument, texts: dict[str, str], at: datetime, seen: str | None = None
) -> DocumentVersion:
    """Keep summary and checks as a draft, faults and all. `texts`: the four boxes by name.

    `seen`: `mark_of` the draft that the writer began from, None = not asked. Raises `Refused` when somebody else has
    kept or published another one since.
    """
    with act(actor, "outreach.save_draft", document, at=at) as this:
        if seen is not None:
            _check_seen(document, seen)
        row = draft_of(actor=actor, document=document, at=at)
        for name in ("summary_vi", "summary_en", "checks_vi", "checks_en"):
            setattr(row, name, texts.get(name, "").replace("\r\n", "\n").strip())
        row.words, row.author, row.changed_at = words(row.summary_vi), actor, at
        row.save()
        this.note(number=document.number, version=row.number)
    return row


def publish(
    *, actor: User | None, version: DocumentVersion, significant: bool, change: str, at: datetime
) -> DocumentVersion:
    """Put the draft before the readers. `significant`: whoever read an earlier version reads anew.

    The first version is always significant. Open campaigns go over to the new epoch, get days enough to read again,
    and everybody in them is told by a job. Raises `Refused` while the draft has faults, and for a change without words.
    """
    document, first = version.document, version.document.live is None
    if version.state != State.DRAFT:
        raise Refused(_("This version is published already."))
    if not first and len(clean(change)) < 10:
        raise Refused(_("Say in a sentence what has changed; readers see it."), field="change")
    found = faults(version)
    if found:
        raise Refused(_("%(n)s faults stand in the way; the first: %(text)s") % {"n": len(found), "text": found[0]})
    significant = significant or first
    with act(actor, "outreach.publish", document, at=at, number=document.number, version=version.number) as this:
        now = DocumentVersion.objects.select_for_update().get(pk=version.pk)
        if (now.state, now.changed_at) != (State.DRAFT, version.changed_at):
            raise Refused(_("Somebody wrote at this draft a moment ago: look at it anew, then publish."))
        version.state, version.significant, version.change = State.PUBLISHED, significant, clean(change)[:300]
        version.published_by, version.published_at = actor, at
        version.save()
        document.live = version
        document.epoch += significant
        document.save(update_fields=["live", "epoch"])
        reset = _move_campaigns(document, at) if significant and not first else 0
        this.note(significant=significant, change=version.change, campaigns_reset=reset)
    return version


def _move_campaigns(document: LawDocument, at: datetime) -> int:
    """Open campaigns ask for the new reading; how many."""
    least = local_day(at) + timedelta(days=rules().days_after_change)
    rows = list(Campaign.objects.select_for_update().filter(document=document, status__in=("opening", "open")))
    for row in rows:
        row.epoch, row.due, row.escalated_on = document.epoch, max(row.due, least), None
        row.save(update_fields=["epoch", "due", "escalated_on"])
        enqueue("outreach.tell_again", actor=None, at=at, campaign_id=row.pk)
    return len(rows)


def drop_draft(*, actor: User | None, document: LawDocument, at: datetime) -> None:
    """Throw the draft away; readers never saw it."""
    with act(actor, "outreach.drop_draft", document, at=at, number=document.number):
        document.versions.filter(state=State.DRAFT).delete()
