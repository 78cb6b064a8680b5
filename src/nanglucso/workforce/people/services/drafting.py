"""Required levels that arrive by a file: a draft that another person approves, as for those typed in the matrix."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people import matrix
from nanglucso.workforce.people.models import Position, RequirementDraft, StaffImport
from nanglucso.workforce.people.services.applying import Written
from nanglucso.workforce.people.services.changes import ImportPlan, RowChange
from nanglucso.workforce.people.services.listing import requirement_facts

Status = RequirementDraft.Status
WAITING = (Status.OPEN, Status.ASKED)


def draft_levels(*, actor: User | None, plan: ImportPlan, row: StaffImport, at: datetime) -> Written:
    """Open a draft with the levels of a plan; nothing is in force before it is approved. Inside an act.

    The same levels in a draft that still waits make no second one. Raises `Refused` without a person who drafts.
    """
    if actor is None:
        raise Refused(_("Required levels are drafted by a person and approved by another: say who drafts (--user)."))
    done, cells = Written(inverse={"draft": None}), {}
    for change in plan.changed:
        position = Position.objects.filter(pk=change.person_id or 0).select_related("framework").first()
        facts = requirement_facts([position])[position.pk] if position else {}
        if position is None or any(facts.get(code) != told for code, told in change.old.items()):
            why = "changed" if position else "gone_thing"
            done.conflicts.append({"sheet": change.sheet, "row": change.row, "name": change.name, "why": why})
        else:
            cells[str(position.pk)] = _cells(position, change)
    same = next((one for one in RequirementDraft.objects.filter(status__in=WAITING) if one.cells == cells), None)
    if cells and same is None:
        draft = RequirementDraft.objects.create(author=actor, made_at=at, brought_by=row, cells=cells)
        done.inverse["draft"], done.changed = draft.pk, len(cells)
    return done


def _cells(position: Position, change: RowChange) -> dict[str, list[Any]]:
    """{competence: [level before, must-have before, level, must-have]} of one position."""
    keys = dict(position.framework.competences.filter(code__in=change.values).values_list("code", "pk"))
    now = matrix.held([position.pk])[position.pk]
    return {
        str(keys[code]): [*now.get(keys[code], matrix.NOTHING), *(told or matrix.NOTHING)]
        for code, told in change.values.items()
    }


def drop_draft(*, actor: User | None, row: StaffImport, at: datetime) -> Written:
    """Drop the draft of an import. Raises `Refused` once it is in force: that is undone where it was approved."""
    done = Written()
    for draft in RequirementDraft.objects.select_for_update().filter(brought_by=row):
        if draft.status == Status.APPLIED:
            raise Refused(_("These levels are in force by now: undo the change under Changes of requirements."))
        if draft.status in WAITING:
            draft.status, draft.decided_by, draft.decided_at = Status.DROPPED, actor, at
            draft.save(update_fields=["status", "decided_by", "decided_at"])
            done.changed += len(draft.cells)
    return done
