"""The requirement matrix: edit, hand over, approve, undo."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.kit.jsonread import read_json
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people import matrix, queries
from nanglucso.workforce.people.models import Position, PositionFamily, RequirementDraft
from nanglucso.workforce.people.services import matrix as services
from nanglucso.workforce.people.views.asked import Asked


class AskForm(forms.Form):
    """Why requirements change."""

    reason = forms.CharField(
        label=gettext_lazy("Why do the requirements change?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class RefuseForm(forms.Form):
    """Why a draft is not approved."""

    answer = forms.CharField(
        label=gettext_lazy("Why is it not approved?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )


def _family(request: Asked) -> PositionFamily | None:
    asked = request.GET.get("family", "")
    return PositionFamily.objects.filter(code=asked).first() or PositionFamily.objects.first()


@need("positions.change")
@require_GET
def edit(request: Asked) -> HttpResponse:
    """Positions × competences of one family."""
    check_whole_city(request)
    framework, family = current_framework(), _family(request)
    draft = RequirementDraft.objects.filter(author=request.user, status="open", brought_by=None).first()
    shown = {
        "rows": matrix.rows(framework, draft, family), "competences": framework.competences.order_by("index"),
        "levels": list(framework.levels.all()), "families": queries.families(), "family": family, "draft": draft,
    }  # fmt: skip
    return render(request, "people/matrix.html", shown)


def _cells(data: dict[str, Any]) -> list[tuple[int, int, int, bool]]:
    return [(int(p), int(c), int(level), bool(must)) for p, c, level, must in data["cells"]]


@need("positions.change")
@require_POST
def save(request: Asked) -> HttpResponse:
    """Cells from the matrix, as JSON: {revision, cells: [[position, competence, level, must-have]]}."""
    check_whole_city(request)
    try:
        data = read_json(request.body)
        told: dict[str, Any] = {"revision": int(data["revision"]), "cells": _cells(data)}
    except (ValueError, KeyError, TypeError, OverflowError):
        return JsonResponse({"text": _("The request could not be read: load the page again.")}, status=400)
    try:
        draft = services.requirement_draft(actor=request.user, at=now())
        draft = services.set_cells(actor=request.user, draft=draft, at=now(), **told)
    except Refused as no:
        return JsonResponse({"text": str(no)}, status=409)
    text = _("Saved in your draft: %(n)s changed cells.") % {"n": draft.size}
    return JsonResponse({"revision": draft.revision, "size": draft.size, "text": text})


@need("positions.change")
def one(request: Asked, pk: int) -> HttpResponse:
    """The requirements of one position as a form: for phones, and where no script runs."""
    check_whole_city(request)
    row = get_object_or_404(Position.objects.select_related("family"), pk=pk, framework=current_framework())
    draft = services.requirement_draft(actor=request.user, at=now()) if request.method == "POST" else None
    levels = list(row.framework.levels.all())
    refused = ""
    if draft is not None:
        try:
            cells = [
                _posted(request, pk, c, len(levels)) for c in row.framework.competences.values_list("pk", flat=True)
            ]
            services.set_cells(actor=request.user, draft=draft, revision=draft.revision, cells=cells, at=now())
        except Refused as no:
            refused = str(no)
        else:
            return redirect("people:requirement_draft", draft.pk)
    held = RequirementDraft.objects.filter(author=request.user, status="open", brought_by=None).first()
    found = next(r for r in matrix.rows(row.framework, held, row.family) if r.position.pk == pk)
    typed = request.POST if refused else None
    shown = {"row": row, "cells": [_shown(cell, typed) for cell in found.cells], "levels": levels, "refused": refused}
    return render(request, "people/matrix_one.html", shown, status=422 if refused else 200)


def _posted(request: Asked, pk: int, competence: int, top: int) -> tuple[int, int, int, bool]:
    level = request.POST.get(f"level-{competence}", "0")
    number = int(level) if level.isascii() and level.isdigit() and len(level) < 3 else top + 1
    return pk, competence, number, f"must-{competence}" in request.POST


def _shown(cell: matrix.Cell, typed: Any) -> tuple[matrix.Cell, int, bool]:
    if typed is None:
        return cell, cell.level, cell.must
    level = typed.get(f"level-{cell.competence.pk}", "")
    return cell, int(level) if level.isdigit() else cell.level, f"must-{cell.competence.pk}" in typed


@need("positions.view")
@require_GET
def drafts(request: Asked) -> HttpResponse:
    """Changes of requirements, newest first; drafts of others are shown once they wait for approval."""
    rows = RequirementDraft.objects.select_related("author", "decided_by").exclude(status="open")
    mine = RequirementDraft.objects.filter(author=request.user, status="open").select_related("brought_by")
    may = request.access.may("positions.change") and request.access.scope.everything
    return render(request, "people/requirement_drafts.html", {"rows": rows[:100], "mine": mine, "may": may})


def _draft(request: Asked, pk: int) -> RequirementDraft:
    row = get_object_or_404(RequirementDraft.objects.select_related("author", "decided_by"), pk=pk)
    if row.status == "open" and row.author_id != request.user.pk:
        raise PermissionDenied
    return row


def _page(
    request: Asked, row: RequirementDraft, form: AskForm, status: int = 200, refusal: RefuseForm | None = None
) -> HttpResponse:
    whole, mine = request.access.scope.everything, row.author_id == request.user.pk
    lines = _lines(row)
    starred = any(cell["was"] or cell["must"] for line in lines for cell in line["cells"])
    shown = {
        "row": row, "lines": lines, "starred": starred,
        "remarks": matrix.remarks(row) if row.status in ("open", "asked") else [],
        "form": form, "refusal": refusal or RefuseForm(), "mine": mine,
        "may_change": request.access.may("positions.change") and whole,
        "may_approve": request.access.may("positions.approve") and whole and not mine,
        "previews": request.access.may("gaps.preview"),
    }  # fmt: skip
    return render(request, "people/requirement_draft.html", shown, status=status)


def _lines(row: RequirementDraft) -> list[dict[str, Any]]:
    """Positions with their changed cells and how many people hold them."""
    positions = Position.objects.filter(pk__in=[int(pk) for pk in row.cells]).select_related("framework")
    found = []
    for position in positions:
        names = {str(c.pk): c for c in position.framework.competences.all()}
        levels = {level.number: level for level in position.framework.levels.all()}
        told = row.cells[str(position.pk)].items()
        cells = [_changed(names[key], cell, levels) for key, cell in told if key in names]
        cells.sort(key=lambda cell: cell["competence"].index)
        holders = position.people.filter(active=True).count()
        found.append({"position": position, "cells": cells, "holders": holders})
    return found


def _changed(competence: Any, cell: list[Any], levels: dict[int, Any]) -> dict[str, Any]:
    before, was, after, must = cell
    sides = {"before": levels.get(before), "after": levels.get(after)}
    return sides | {"competence": competence, "was": was, "must": must}


@need("positions.view")
@require_GET
def draft(request: Asked, pk: int) -> HttpResponse:
    """What a draft changes, for whom, and what a careful reader would ask."""
    return _page(request, _draft(request, pk), AskForm())


@need("positions.change")
@require_POST
def ask(request: Asked, pk: int) -> HttpResponse:
    """Hand the draft to the approver."""
    form = AskForm(request.POST)
    return _sent(request, pk, form, services.ask_requirements, _("The draft waits for approval."), form=form)


def _sent(
    request: Asked, pk: int, filled: AskForm | RefuseForm, service: Callable[..., None], said: str, *, form: AskForm,
    refusal: RefuseForm | None = None,
) -> HttpResponse:  # fmt: skip
    """Hand what was typed to the service; the draft's page again with `form` and `refusal` when it is refused."""
    check_whole_city(request)
    row = _draft(request, pk)
    if filled.is_valid():
        try:
            service(actor=request.user, draft=row, at=now(), **filled.cleaned_data)
        except Refused as no:
            no.show_on(filled)
        else:
            messages.success(request, said)
            return redirect("people:requirement_draft", pk)
    return _page(request, row, form, status=422, refusal=refusal)


def _decide(request: Asked, pk: int, service: Callable[..., None], said: str) -> HttpResponse:
    check_whole_city(request)
    try:
        service(actor=request.user, draft=_draft(request, pk), at=now())
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, said)
    return redirect("people:requirement_draft", pk)


@need("positions.approve")
@require_POST
def approve(request: Asked, pk: int) -> HttpResponse:
    """Put the draft into force; say no to it when an answer is sent."""
    if "answer" in request.POST:
        return _refuse(request, pk)
    return _decide(request, pk, services.approve_requirements, _("The new requirements are in force."))


def _refuse(request: Asked, pk: int) -> HttpResponse:
    refusal, said = RefuseForm(request.POST), _("The draft is not approved; nothing was changed.")
    return _sent(request, pk, refusal, services.refuse_requirements, said, form=AskForm(), refusal=refusal)


@need("positions.change")
@require_POST
def drop(request: Asked, pk: int) -> HttpResponse:
    """Set the draft aside."""
    return _decide(request, pk, services.drop_requirements, _("The draft is set aside; nothing was changed."))


@need("positions.approve")
@require_POST
def undo(request: Asked, pk: int) -> HttpResponse:
    """Put the requirements back."""
    return _decide(request, pk, services.undo_requirements, _("Every requirement is as it was before."))
