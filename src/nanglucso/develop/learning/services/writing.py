"""Lessons are written by one person and published by another; shipped files come in as published."""

from datetime import date, datetime
from pathlib import Path

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import facts, shipped
from nanglucso.develop.learning.checking import check_source
from nanglucso.develop.learning.lessonfile import Lesson as Read
from nanglucso.develop.learning.lessonfile import read_lesson
from nanglucso.develop.learning.models import Lesson, LessonVersion
from nanglucso.develop.learning.queries.desk import rules_now
from nanglucso.kit.text import clean

LEVELS = ("CB", "TC", "NC", "CS")
LONGEST = 60_000
State = LessonVersion.State


def _words(read: Read) -> dict[str, object]:
    """What lists show of a text."""
    told = read.meta.get("prerequisites", [])
    day = read.meta.get("review_by")
    return {
        "title_vi": str(read.meta.get("title") or read.title)[:200],
        "title_en": str(read.meta.get("title_en", ""))[:200],
        "minutes": min(read.minutes, 60),
        "prerequisites": [str(one) for one in told] if isinstance(told, list) else [],
        "review_by": day if isinstance(day, date) else None,
    }


def _lesson(code: str) -> Lesson:
    found = facts.ID.match(code)
    if not found:
        raise Refused(_("The id must look like BH-3.3-TC-01."), field="source")
    place = {"competence": found[1], "level": LEVELS.index(found[2]) + 1}
    return Lesson.objects.get_or_create(code=code, defaults=place)[0]


def _add(lesson: Lesson, source: str, read: Read, author: User | None, at: datetime) -> LessonVersion:
    last = lesson.versions.aggregate(last=Max("number"))["last"] or 0
    return LessonVersion.objects.create(
        lesson=lesson, number=last + 1, source=source, author=author, changed_at=at, **_words(read)
    )


def _put_in_use(version: LessonVersion, by: User | None, at: datetime) -> None:
    version.state, version.published_by, version.published_at = State.PUBLISHED, by, at
    version.save(update_fields=["state", "published_by", "published_at"])
    version.lesson.live = version
    version.lesson.save(update_fields=["live"])


def load_lessons(*, actor: User | None = None, at: datetime, folder: Path | None = None) -> int:
    """Bring lesson files in as published versions; returns how many are new.

    A text that is there already is left alone, and so is a lesson whose version in use was written here. Raises
    OSError, and Refused for a file without the shape of a lesson.
    """
    made = 0
    with act(actor, "learning.load_lessons", at=at) as this:
        for path in sorted((folder or shipped.folder()).glob("*.md")):
            source = path.read_text(encoding="utf-8")
            read, found = read_lesson(source)
            if any(one.stops for one in found):
                raise Refused(_("%(file)s cannot be read; run “nanglucso content check”.") % {"file": path.name})
            lesson = _lesson(read.code)
            written_here = lesson.live is not None and lesson.live.author_id is not None
            if written_here or lesson.versions.filter(source=source).exists():
                continue
            _put_in_use(_add(lesson, source, read, None, at), None, at)
            made += 1
        this.note(new_versions=made)
    return made


def _checked_text(source: str) -> str:
    source = source.replace("\r\n", "\n")
    if len(source) > LONGEST:
        raise Refused(_("A lesson has at most 60,000 letters; this is no lesson of ten minutes."), field="source")
    return source if source.endswith("\n") else f"{source}\n"


def start_draft(*, actor: User, source: str, at: datetime) -> LessonVersion:
    """A new version of the lesson whose id stands in the text, or a new lesson. It may have faults yet.

    Raises Refused for an id of the wrong form and while another version of the lesson is being written or read.
    """
    source = _checked_text(source)
    read = read_lesson(source)[0]
    with act(actor, "learning.save_draft", at=at, lesson=read.code) as this:
        lesson = _lesson(read.code)
        if lesson.versions.filter(state__in=(State.DRAFT, State.REVIEW)).exists():
            raise Refused(
                _("Another version of this lesson is being written or read; go on with that one."), field="source"
            )
        this.subject = version = _add(lesson, source, read, actor, at)
    return version


def save_draft(*, actor: User, version: LessonVersion, source: str, at: datetime) -> LessonVersion:
    """Keep a changed text. Raises Refused for somebody else's draft, one that is being read, and a changed id."""
    source = _checked_text(source)
    read = read_lesson(source)[0]
    if version.state != State.DRAFT:
        raise Refused(_("Only a draft can be changed; take it back from review first."))
    if version.author_id != actor.pk:
        raise Refused(_("Only its author changes a draft."))
    if read.code != version.lesson.code:
        text = _("The id stays %(id)s; another lesson begins as a new draft.") % {"id": version.lesson.code}
        raise Refused(text, field="source")
    with act(actor, "learning.save_draft", version, at=at, lesson=read.code):
        version.source, version.changed_at = source, at
        for name, value in _words(read).items():
            setattr(version, name, value)
        version.save()
    return version


def _refuse_faults(version: LessonVersion, at: datetime) -> None:
    found = [one for one in check_source(version.source, rules_now(local_day(at)))[1] if one.stops]
    if found:
        told = {"n": len(found), "line": found[0].line, "text": found[0].text}
        raise Refused(_("%(n)s faults stand in the way; the first is in line %(line)s: %(text)s") % told)


def send(*, actor: User, version: LessonVersion, at: datetime) -> None:
    """Give the draft to a second reader. Raises Refused while it has faults, or for somebody else's draft."""
    if version.state != State.DRAFT or version.author_id != actor.pk:
        raise Refused(_("Only its author gives a draft to review, once."))
    _refuse_faults(version, at)
    with act(actor, "learning.send", version, at=at, lesson=version.lesson.code):
        version.state, version.note = State.REVIEW, ""
        version.save(update_fields=["state", "note"])


def send_back(*, actor: User, version: LessonVersion, note: str, at: datetime) -> None:
    """Back to the author: by a reader with a reason, or by the author. Raises Refused without a reason."""
    note = clean(note)[:500]
    if version.state != State.REVIEW:
        raise Refused(_("This lesson does not wait for a reader."))
    if version.author_id != actor.pk and len(note) < 10:
        raise Refused(_("Say in a sentence what the author should change."), field="note")
    with act(actor, "learning.send_back", version, at=at, lesson=version.lesson.code):
        version.state, version.note = State.DRAFT, note
        version.save(update_fields=["state", "note"])


def publish(*, actor: User, version: LessonVersion, at: datetime) -> None:
    """Put the version in use. Raises Refused for its author, for one not given to review, and while it has faults."""
    if version.state != State.REVIEW:
        raise Refused(_("Only a lesson that waits for a second reader can be published."))
    if version.author_id == actor.pk:
        raise Refused(_("Nobody publishes a lesson of their own; another person reads and publishes it."))
    _refuse_faults(version, at)
    with act(actor, "learning.publish", version, at=at, lesson=version.lesson.code, number=version.number):
        _put_in_use(version, actor, at)


def drop(*, actor: User, version: LessonVersion, at: datetime) -> None:
    """Set a draft aside. Raises Refused for a published one or somebody else's."""
    if not version.is_open or version.author_id != actor.pk:
        raise Refused(_("Only its author sets a draft aside."))
    with act(actor, "learning.drop", version, at=at, lesson=version.lesson.code):
        version.state = State.DROPPED
        version.save(update_fields=["state"])
