"""Papers handed out, and the notes that a reader makes."""

import hashlib
import shutil
import uuid
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import StoredFile, User
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings.models import AgendaItem, Meeting, Note, Paper
from nanglucso.govern.meetings.services.calling import check_live
from nanglucso.kit.pdfs import BadPdf, CleanPdf, harmless
from nanglucso.workforce.people.models import Person

FOLDER, KIND, MOST_MB = "meetings", "meeting-paper", 40
WHY = {
    "not_pdf": _("The file %(name)s is not a PDF, whatever its name: save it as PDF and choose that one."),
    "encrypted": _("The file %(name)s is locked with a password: save a copy without a password."),
    "damaged": _("The file %(name)s is damaged: open it, print it to a new PDF and choose that one."),
    "no_pages": _("The file %(name)s has no page."),
    "too_many_pages": _("The file %(name)s has more than 400 pages: split it."),
    "too_heavy": _("The file %(name)s needs more memory or time than is allowed: print it to a new PDF."),
}


def add_paper(
    *, actor: User | None, meeting: Meeting, item: AgendaItem | None, title: str, stream: IO[bytes], name: str,
    at: datetime,
) -> Paper:  # fmt: skip
    """Keep a harmless copy of a PDF with pictures of its pages. What was sent is not kept, only its sha256."""
    check_live(meeting)
    if item and item.meeting_id != meeting.pk:
        raise Refused(_("This point is not on the agenda."), field="item")
    short = Path(name).name[-120:] or "pdf"
    data = stream.read(MOST_MB * 2**20 + 1)
    if len(data) > MOST_MB * 2**20:
        told = {"name": short, "limit": MOST_MB}
        raise Refused(_("The file %(name)s is larger than %(limit)s MB: make it smaller.") % told, field="file")
    try:
        with harmless(data) as clean:
            return _kept(actor, meeting, item, title.strip() or Path(short).stem, clean, data, at)
    except BadPdf as no:
        raise Refused(WHY[no.code] % {"name": short}, field="file") from no


def _kept(
    actor: User | None,
    meeting: Meeting,
    item: AgendaItem | None,
    title: str,
    clean: CleanPdf,
    data: bytes,
    at: datetime,
) -> Paper:
    key = uuid.uuid4()
    folder = Path(settings.MEDIA_ROOT) / FOLDER / key.hex
    folder.mkdir(parents=True, mode=0o700)
    try:
        for path in (clean.file, *(clean.picture(n) for n in range(1, clean.pages + 1))):
            shutil.copyfile(path, folder / path.name)
        for n, text in enumerate(clean.texts, 1):
            (folder / f"{n}.txt").write_text(text, encoding="utf-8")
        made = (folder / "clean.pdf").read_bytes()
        with act(actor, "meetings.add_paper", meeting, at=at, title=title, removed=clean.removed) as this:
            file = StoredFile.objects.create(
                id=key, kind=KIND, name=f"{title[:190]}.pdf", content_type="application/pdf", size=len(made),
                sha256=hashlib.sha256(made).hexdigest(), path=f"{FOLDER}/{key.hex}/clean.pdf", created_by=actor,
                created_at=at,
            )  # fmt: skip
            number = 1 + max(meeting.papers.values_list("number", flat=True), default=0)
            paper = Paper.objects.create(
                meeting=meeting, item=item, number=number, title=title[:250], file=file, pages=clean.pages,
                received_sha256=hashlib.sha256(data).hexdigest(), removed=clean.removed, added_at=at,
            )  # fmt: skip
            this.note(paper=paper.pk, sha256=file.sha256)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return paper


def withdraw_paper(*, actor: User | None, paper: Paper, at: datetime) -> None:
    """Hand a paper out no longer; the record and everybody's own notes stay."""
    check_live(paper.meeting)
    with act(actor, "meetings.withdraw_paper", paper.meeting, at=at, paper=paper.pk, title=paper.title):
        paper.withdrawn_at = at
        paper.save(update_fields=["withdrawn_at"])


def write_note(*, actor: User | None, paper: Paper, person: Person, page: int, text: str, at: datetime) -> None:
    """Keep, change or (with an empty text) delete one's own note beside a page. Its words stand in no log."""
    if not 1 <= page <= paper.pages:
        raise Refused(_("This paper has no such page."))
    with act(actor, "meetings.note", paper.meeting, at=at, person_id=person.pk):
        own = Note.objects.filter(paper=paper, person=person, page=page)
        if text.strip():
            own.update_or_create(
                defaults={"text": text.strip()[:4000], "at": at},
                create_defaults={"paper": paper, "person": person, "page": page, "text": text.strip()[:4000], "at": at},
            )
        else:
            own.delete()


def file_of(paper: Paper, name: str = "clean.pdf") -> Path:
    """Where the copy, a page's picture or its text lies."""
    return (Path(settings.MEDIA_ROOT) / paper.file.path).parent / name
