"""Required levels edited in bulk: a draft, checks, a second person's approval, versions, undo."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people import matrix
from nanglucso.workforce.people.models import Position, PositionVersion, Requirement, RequirementDraft

Status = RequirementDraft.Status
NEW_WEIGHT = 1.0
MOST_CELLS = 5000


def requirement_draft(*, actor: User, at: datetime) -> RequirementDraft:
    """The actor's open draft, or a new one."""
    row = RequirementDraft.objects.filter(author=actor, status=Status.OPEN, brought_by=None).first()
    if row is None:
        with act(actor, "people.start_requirements", at=at) as this:
            this.subject = row = RequirementDraft.objects.create(author=actor, made_at=at)
    return row


def set_cells(
    *, actor: User, draft: RequirementDraft, revision: int, cells: Sequence[tuple[int, int, int, bool]], at: datetime
) -> RequirementDraft:
    """Put cells (position, competence, level, must-have) into an own open draft; a cell as in force leaves it.

    Raises `Refused` for a draft that another window changed, an unknown position or competence, a level outside 0..L,
    must-have without a level, and a position that would require nothing.
    """
    if draft.author_id != actor.pk or draft.status != Status.OPEN:
        raise Refused(_("This draft is not open for you to edit."))
    if revision != draft.revision:
        raise Refused(_("Another window changed this draft: load the page again."))
    framework = current_framework()
    positions = set(Position.objects.filter(framework=framework).values_list("pk", flat=True))
    competences, top = set(framework.competences.values_list("pk", flat=True)), framework.levels.count()
    if len(cells) > MOST_CELLS or any(p not in positions or c not in competences for p, c, _l, _m in cells):
        raise Refused(_("A cell names a position or a competence that the framework in force does not have."))
    if any(not 0 <= level <= top for _p, _c, level, _m in cells):
        raise Refused(_("A level lies between 0 and %(top)s.") % {"top": top})
    made = {position: dict(row) for position, row in draft.cells.items()}
    now = matrix.held(list({cell[0] for cell in cells}))
    for position, competence, level, must in cells:
        before = now[position].get(competence, matrix.NOTHING)
        after = (level, must and level > 0)
        row = made.setdefault(str(position), {})
        if after == before:
            row.pop(str(competence), None)
        else:
            row[str(competence)] = [*before, *after]
    draft.cells = {position: row for position, row in made.items() if row}
    _not_empty(draft)
    with act(actor, "people.set_requirements", draft, at=at, cells=len(cells)):
        draft.revision += 1
        draft.save(update_fields=["cells", "revision"])
    return draft


def _not_empty(draft: RequirementDraft) -> None:
    now = matrix.held([int(pk) for pk in draft.cells])
    for pk, row in draft.cells.items():
        after = {str(key): pair[0] for key, pair in now[int(pk)].items()} | {key: cell[2] for key, cell in row.items()}
        if not any(after.values()):
            raise Refused(
                _("%(position)s would require nothing at all.") % {"position": Position.objects.get(pk=pk).title}
            )


def ask_requirements(*, actor: User, draft: RequirementDraft, reason: str, at: datetime) -> None:
    """Hand an own draft to the approver, with the reason."""
    if draft.author_id != actor.pk or draft.status != Status.OPEN:
        raise Refused(_("This draft is not open for you to edit."))
    if not draft.cells:
        raise Refused(_("Nothing has been changed yet."))
    if len(reason.strip()) < 10:
        raise Refused(
            _("Please say why the requirements change: the approver and every holder will read it."), field="reason"
        )
    with act(actor, "people.ask_requirements", draft, at=at, cells=draft.size):
        draft.status, draft.reason = Status.ASKED, reason.strip()[:2000]
        draft.save(update_fields=["status", "reason"])


def drop_requirements(*, actor: User, draft: RequirementDraft, at: datetime) -> None:
    """Set a draft aside before it is decided."""
    _drop(actor, draft, "", at)


def refuse_requirements(*, actor: User, draft: RequirementDraft, answer: str, at: datetime) -> None:
    """Say no to a draft that waits: it is set aside, and the approver's answer stands under its reason.

    Refused to the author, to a draft that does not wait, and without an answer.
    """
    _check_decider(actor, draft)
    if len(answer.strip()) < 10:
        raise Refused(_("Please say why it is not approved: whoever made the draft will read it."), field="answer")
    _drop(actor, draft, answer.strip(), at)


def _drop(actor: User, draft: RequirementDraft, answer: str, at: datetime) -> None:
    if draft.status not in (Status.OPEN, Status.ASKED):
        raise Refused(_("This draft has been decided already."))
    with act(actor, "people.drop_requirements", draft, at=at):
        if answer:
            draft.reason = f"{draft.reason}\n\n{actor}: {answer}"
        draft.status, draft.decided_by, draft.decided_at = Status.DROPPED, actor, at
        draft.save(update_fields=["status", "reason", "decided_by", "decided_at"])


def _check_decider(actor: User, draft: RequirementDraft) -> None:
    if draft.status != Status.ASKED:
        raise Refused(_("This draft does not wait for approval."))
    if draft.author_id == actor.pk:
        raise Refused(_("Who made the draft does not approve it; another person does."))


def approve_requirements(*, actor: User, draft: RequirementDraft, at: datetime) -> None:
    """Put a draft into force and keep the version before and after of every position.

    Weights of a position add up to 100 again; a new requirement begins with weight 1. Refused to the author, and when
    a cell is no longer what the draft began with.
    """
    _check_decider(actor, draft)
    positions = [int(pk) for pk in draft.cells]
    _as_begun(draft, matrix.held(positions))
    with act(actor, "people.approve_requirements", draft, at=at, cells=draft.size, positions=len(positions)):
        draft.inverse = _rows(positions)
        for row in Position.objects.filter(pk__in=positions):
            if not row.versions.exists():
                _keep(row, None, at)
            _change(row, draft)
            _keep(row, draft, at)
        draft.status, draft.decided_by, draft.decided_at = Status.APPLIED, actor, at
        draft.save(update_fields=["status", "decided_by", "decided_at", "inverse"])


def _as_begun(draft: RequirementDraft, now: matrix.Held) -> None:
    for pk, row in draft.cells.items():
        for competence, cell in row.items():
            if now[int(pk)].get(int(competence), matrix.NOTHING) != (cell[0], cell[1]):
                title = Position.objects.get(pk=pk).title
                raise Refused(_("%(position)s was changed since; make the draft again.") % {"position": title})


def _change(position: Position, draft: RequirementDraft) -> None:
    for competence, cell in draft.cells[str(position.pk)].items():
        level, must = int(cell[2]), bool(cell[3])
        if not level:
            position.requirements.filter(competence=int(competence)).delete()
            continue
        told = {"level": level, "must_have": must}
        new = told | {"weight": NEW_WEIGHT, "reason": draft.reason}
        position.requirements.update_or_create(competence_id=int(competence), defaults=told, create_defaults=new)
    rows = list(position.requirements.all())
    whole = sum(row.weight for row in rows)
    if whole:
        for row in rows:
            row.weight = round(100 * row.weight / whole, 4)
        Requirement.objects.bulk_update(rows, ["weight"])


def _keep(position: Position, draft: RequirementDraft | None, at: datetime) -> None:
    last = position.versions.values_list("number", flat=True).first() or 0
    rows = position.requirements.select_related("competence").order_by("competence__index")
    told = [[row.competence.code, row.level, row.weight, row.must_have, row.reason] for row in rows]
    PositionVersion.objects.create(position=position, number=last + 1, rows=told, draft=draft, at=at)


def _rows(positions: Sequence[int]) -> list[dict[str, Any]]:
    fields = ("position_id", "competence_id", "level", "weight", "must_have", "reason")
    return list(Requirement.objects.filter(position__in=positions).order_by("pk").values(*fields))


def undo_requirements(*, actor: User, draft: RequirementDraft, at: datetime) -> None:
    """Put every requirement back as it was. Refused once one of the positions has a later version."""
    if draft.status != Status.APPLIED:
        raise Refused(_("Only changes in force can be undone."))
    positions = [int(pk) for pk in draft.cells]
    for row in Position.objects.filter(pk__in=positions):
        last = row.versions.first()
        if last is None or last.draft_id != draft.pk:
            raise Refused(_("%(position)s was changed later; undo that change first.") % {"position": row.title})
    with act(actor, "people.undo_requirements", draft, at=at, positions=len(positions)):
        Requirement.objects.filter(position__in=positions).delete()
        Requirement.objects.bulk_create([Requirement(**row) for row in draft.inverse], batch_size=500)
        PositionVersion.objects.filter(draft=draft).delete()
        draft.status, draft.decided_by, draft.decided_at = Status.UNDONE, actor, at
        draft.save(update_fields=["status", "decided_by", "decided_at"])
