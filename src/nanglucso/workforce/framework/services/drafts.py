"""A draft of the next version: made from a version, edited, talked over, published."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework.models import Comment, Framework
from nanglucso.workforce.framework.outline import (
    BehaviourOutline,
    CompetenceOutline,
    LevelOutline,
    Outline,
    Words,
    framework_uid,
    outline,
)
from nanglucso.workforce.framework.services.writing import write

Status = Framework.Status


def start_draft(*, actor: User | None, source: Framework, version: str, at: datetime) -> Framework:
    """A copy of a version under a new number, to be edited. Raises `Refused` when the number is taken or empty."""
    version = version.strip()
    if not version or len(version) > 20:
        raise Refused(_("Give the new version a number of at most 20 letters."), field="version")
    if Framework.objects.filter(code=source.code, version=version).exists():
        raise Refused(_("There is a version %(version)s already.") % {"version": version}, field="version")
    told = replace(outline(source), version=version, uid=framework_uid(source.code, version))
    with act(actor, "framework.start_draft", at=at, source=str(source), version=version) as this:
        row = Framework(code=source.code, version=version, based_on=source, uid=told.uid, **told.about)
        row.save()
        this.subject = write(told, framework=row, at=at)
    return row


def drop_draft(*, actor: User | None, draft: Framework, at: datetime) -> None:
    """Delete a draft with its comments."""
    _open(draft)
    with act(actor, "framework.drop_draft", draft, at=at):
        draft.delete()


def edit(
    *, actor: User | None, draft: Framework, change: Callable[[Outline], Outline], what: str, at: datetime
) -> Framework:
    """Apply one change to a draft's outline. `what` goes into the log. Raises `Refused` as `writing.write` does."""
    _open(draft)
    before = outline(draft)
    told = change(before)
    if told == before:
        return draft
    with act(actor, "framework.edit", draft, at=at, what=what):
        links = _held_links(draft)
        write(told, framework=draft, at=at)
        _tie_again(draft, links)
    return draft


def _held_links(draft: Framework) -> list[tuple[Any, str, uuid.UUID]]:
    """Links of crosswalks that lead into or out of the draft: parts are written anew, links stay."""
    into = [
        (link, "target", link.target.uid) for way in draft.ways_in.all() for link in way.links.select_related("target")
    ]
    out = [
        (link, "source", link.source.uid) for way in draft.ways_out.all() for link in way.links.select_related("source")
    ]
    return into + out


def _tie_again(draft: Framework, links: list[tuple[Any, str, uuid.UUID]]) -> None:
    held = {row.uid: row for row in draft.competences.all()}
    for link, end, uid in links:
        if uid in held:
            link.pk = None
            setattr(link, end, held[uid])
            link.save(force_insert=True)


def _open(draft: Framework) -> None:
    if not draft.is_open:
        raise Refused(_("%(framework)s is no draft: start a new version to change it.") % {"framework": draft})


def with_about(told: Outline, fields: dict[str, Any]) -> Outline:
    """Other texts or cut points of the whole framework."""
    return replace(told, about=told.about | fields)


def with_levels(told: Outline, levels: list[LevelOutline], cuts: list[float]) -> Outline:
    """Other levels; behaviours of a level that is gone go with it, own cut points of competences are dropped."""
    codes = {row.code for row in levels}
    kept = tuple(row for row in told.behaviours if not row.level or row.level in codes)
    competences = told.competences
    if len(levels) != len(told.levels):
        competences = tuple(replace(row, cuts=()) for row in competences)
    about = told.about | {"cuts": cuts}
    return replace(told, levels=tuple(levels), behaviours=kept, competences=competences, about=about)


def with_competence(told: Outline, row: CompetenceOutline, behaviours: list[BehaviourOutline]) -> Outline:
    """A competence in place of the one with its uid, or behind the last of its group, with these behaviours."""
    old = next((one for one in told.competences if one.uid == row.uid), None)
    if old:
        rows = [row if one.uid == row.uid else one for one in told.competences]
    else:
        last = max(
            (i for i, one in enumerate(told.competences) if one.group == row.group), default=len(told.competences) - 1
        )
        rows = [*told.competences[: last + 1], row, *told.competences[last + 1 :]]
    others = [one for one in told.behaviours if one.competence not in {row.code, old.code if old else row.code}]
    mine = [replace(one, competence=row.code) for one in behaviours]
    outside = [replace(o, competence=row.code) if old and o.competence == old.code else o for o in told.outside]
    return replace(told, competences=tuple(rows), behaviours=tuple(others + mine), outside=tuple(outside))


def without_competence(told: Outline, uid: uuid.UUID) -> Outline:
    """The outline without one competence and all that hangs on it."""
    code = next((row.code for row in told.competences if row.uid == uid), None)
    return replace(
        told,
        competences=tuple(row for row in told.competences if row.uid != uid),
        behaviours=tuple(row for row in told.behaviours if row.competence != code),
        outside=tuple(row for row in told.outside if row.competence != code),
    )


def new_words(name_vi: str, name_en: str, old: Words | None = None) -> Words:
    """Words under a new name; a short name that was written by hand stays, one cut from the name is cut anew."""
    if old is None:
        return Words(name_vi, name_en)
    short_vi = old.short_vi if old.name_vi == name_vi or not old.name_vi.startswith(old.short_vi.rstrip("…")) else ""
    return replace(old, name_vi=name_vi, name_en=name_en, short_vi=short_vi)


def ask_review(*, actor: User, draft: Framework, at: datetime) -> None:
    """Close the draft to edits and let readers comment."""
    _open(draft)
    with act(actor, "framework.ask_review", draft, at=at):
        draft.status, draft.asked_by = Status.REVIEW, actor
        draft.save(update_fields=["status", "asked_by"])


def back_to_draft(*, actor: User, draft: Framework, at: datetime) -> None:
    """Open a version in review to edits again; its comments stay."""
    if draft.status != Status.REVIEW:
        raise Refused(_("Only a version in review goes back to its authors."))
    with act(actor, "framework.back_to_draft", draft, at=at):
        draft.status = Status.DRAFT
        draft.save(update_fields=["status"])


def comment(*, actor: User, framework: Framework, about: str, text: str, at: datetime) -> Comment:
    """Say something of one place of a draft or a version in review."""
    if framework.status not in (Status.DRAFT, Status.REVIEW):
        raise Refused(_("Only drafts and versions in review take comments."))
    about, text = about.strip(), text.strip()
    if len(text) < 5:
        raise Refused(_("Please write at least a few words."), field="text")
    if about and not _has(framework, about):
        raise Refused(_("This version has no part with the code %(code)s.") % {"code": about}, field="about")
    with act(actor, "framework.comment", framework, at=at, about=about) as this:
        row = Comment.objects.create(framework=framework, about=about, text=text[:4000], author=actor, at=at)
        this.note(comment=row.pk)
    return row


def _has(framework: Framework, code: str) -> bool:
    told = outline(framework)
    codes = [row.code for row in (*told.levels,)] + [row.code for row in told.groups]
    return code in {*codes, *(row.code for row in told.competences), *(row.ref for row in told.behaviours)}


def close_comment(*, actor: User, row: Comment, answer: str, at: datetime) -> None:
    """Answer a comment and close it."""
    if row.closed_at:
        raise Refused(_("This comment has been answered already."))
    if len(answer.strip()) < 3:
        raise Refused(_("Please say what was done about it."), field="answer")
    with act(actor, "framework.close_comment", row.framework, at=at, comment=row.pk):
        row.answer, row.closed_by, row.closed_at = answer.strip()[:4000], actor, at
        row.save(update_fields=["answer", "closed_by", "closed_at"])


def publish(*, actor: User, draft: Framework, at: datetime) -> None:
    """Publish a version in review; positions and results do not move yet (see `moves.move`).

    Refused to whoever asked for the review, and while a comment is open.
    """
    if draft.status != Status.REVIEW:
        raise Refused(_("Only a version in review can be published."))
    if draft.asked_by_id == actor.pk:
        raise Refused(_("Who asked for the review does not publish; another person does."))
    waiting = draft.comments.filter(closed_at=None).count()
    if waiting:
        raise Refused(_("%(n)s comments are still open: answer them first.") % {"n": waiting})
    with act(actor, "framework.publish", draft, at=at):
        draft.status, draft.published_on, draft.changed_at = Status.READY, local_day(at), at
        draft.save(update_fields=["status", "published_on", "changed_at"])
