"""Writing an item: the list of drafts, the form with its live preview, and the way to publication."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank import authoring, drafting
from nanglucso.measure.bank.draftforms import DraftEditor
from nanglucso.measure.bank.forms import NewDraftForm, NoteForm
from nanglucso.measure.bank.models import Item, ItemDraft
from nanglucso.measure.bank.previewing import preview
from nanglucso.workforce.framework.queries import current_framework

State = ItemDraft.State


def found(pk: uuid.UUID) -> ItemDraft:
    return get_object_or_404(ItemDraft.objects.select_related("author", "item", "base"), pk=pk)


@need("bank.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Drafts: one's own, those that wait for a reader, approved ones, and what became of the rest."""
    chosen = request.GET.get("state", "")
    rows = drafting.drafts(user=request.user, state=chosen)  # type: ignore[arg-type]
    shown = {
        "page": Paginator(rows, 40).get_page(request.GET.get("page")),
        "chosen": chosen,
        "counts": drafting.counts(request.user),  # type: ignore[arg-type]
    }
    return render(request, "bank/drafts.html", shown)


@need("bank.change")
def new(request: HttpRequest) -> HttpResponse:
    """Choose competence, level and type; the code is given by the system."""
    framework = current_framework()
    form = NewDraftForm(request.POST or None, initial=request.GET.dict(), framework=framework)
    if request.method == "POST" and form.is_valid():
        told = drafting.beginning(framework, **form.cleaned_data)
        draft = authoring.start(actor=request.user, at=now(), **told)  # type: ignore[arg-type]
        return redirect("bank:draft", draft.pk)
    return render(request, "bank/draft_new.html", {"form": form}, status=422 if form.errors else 200)


@need("bank.change")
@require_POST
def revise(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a new version of an item."""
    item = get_object_or_404(Item, code=code)
    try:
        draft = authoring.revise(actor=request.user, item=item, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
        return redirect("bank:item", code)
    return redirect("bank:draft", draft.pk)


def _editor(draft: ItemDraft, data: Any = None) -> DraftEditor:
    indicators, cut = drafting.indicators(draft.raw)
    return DraftEditor(draft.raw, indicators, cut, data)


def page(request: HttpRequest, draft: ItemDraft, **more: Any) -> HttpResponse:
    """The draft as this viewer may see it: the form for its author, else the preview, with the key where allowed."""
    user, status = request.user, more.pop("status", 200)
    sees_key = drafting.sees_key(draft, user)  # type: ignore[arg-type]
    if sees_key and draft.author_id != user.pk:
        authoring.note_draft_key_read(actor=user, draft=draft, at=now())  # type: ignore[arg-type]
    mine = draft.author_id == user.pk
    if mine and draft.state == State.WRITING:
        more.setdefault("editor", _editor(draft))
    shown = {
        "draft": draft,
        "mine": mine,
        "sees_key": sees_key,
        "p": preview(draft.raw, today()),
        "note_form": NoteForm(),
        "readings": draft.readings.select_related("reader").exclude(verdict=""),
        "about": drafting.about(draft.raw),
        **more,
    }
    return render(request, "bank/draft.html", shown, status=status)


@need("bank.change")
def draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The form; what was typed is kept even when it is refused."""
    row = found(pk)
    if request.method != "POST":
        return page(request, row)
    editor = _editor(row, request.POST)
    if not editor.is_valid():
        return page(request, row, editor=editor, status=422)
    then, at, actor = request.POST.get("then", ""), now(), request.user
    try:
        authoring.save(actor=actor, draft=row, raw=editor.to_raw(), at=at)  # type: ignore[arg-type]
        if then == "submit":
            authoring.submit(actor=actor, draft=row, at=at)  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        said = _("The draft waits for a second reader.") if then == "submit" else _("The draft is saved.")
        messages.success(request, said)
    return redirect("bank:draft", pk)


@need("bank.change")
@require_POST
def look(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is typed, drawn as the official will see it; nothing is saved."""
    row = found(pk)
    if row.author_id != request.user.pk or row.state != State.WRITING:
        return HttpResponse(status=409)
    editor = _editor(row, request.POST)
    if not editor.is_valid():
        return render(request, "bank/draft_unread.html", {"editor": editor})
    shown = {"p": preview(editor.to_raw(), today()), "sees_key": True, "live": True}
    return render(request, "bank/draft_preview.html", shown)


@need("bank.change")
@require_POST
def do(request: HttpRequest, pk: uuid.UUID, verb: str) -> HttpResponse:
    """Take back, set aside, publish."""
    row, told = found(pk), {"actor": request.user, "at": now()}
    form = NoteForm(request.POST)
    try:
        if verb == "take_back":
            authoring.take_back(draft=row, **told)  # type: ignore[arg-type]
        elif verb == "drop":
            reason = form.data.get("note", "")[:2000]
            authoring.drop(draft=row, reason=reason, **told)  # type: ignore[arg-type]
        else:
            version = authoring.publish(draft=row, **told, **drafting.place(row.raw))  # type: ignore[arg-type]
            messages.success(request, _("%(item)s is published.") % {"item": version})
            return redirect("bank:item", row.code)
    except Refused as no:
        if no.field == "note":
            form.add_error("note", str(no))
            return page(request, row, note_form=form, status=422)
        messages.error(request, str(no))
    return redirect("bank:draft", pk)
