"""The training officer's desk: documents, their summaries and checks, publishing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning.rendering import render as markdown
from nanglucso.govern.outreach import forms, services
from nanglucso.govern.outreach.models import DocumentVersion, LawDocument
from nanglucso.govern.outreach.rules import needed_seconds, rules
from nanglucso.govern.outreach.texts import asked, faults


def _edit(request: HttpRequest, document: LawDocument | None) -> HttpResponse:
    first = forms.about(document) if document else {}
    form = forms.DocumentForm(request.POST or None, request.FILES or None, initial=first, document=document)
    if request.method == "POST" and form.is_valid():
        try:
            sent = form.cleaned_data.pop("file")
            services.check_document(about=form.wanted(), document=document)
            file = services.keep_file(actor=request.user, stream=sent, name=sent.name, at=now()) if sent else None  # type: ignore[arg-type]
            row = services.save_document(
                actor=request.user,  # type: ignore[arg-type]
                about=form.wanted(),
                at=now(),
                document=document,
                file=file,
            )
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("Kept in the library."))
            return redirect("outreach:document", row.pk)
    context = {"form": form, "document": document}
    return render(request, "outreach/document_edit.html", context, status=422 if form.errors else 200)


@need("outreach.change")
@whole_city
@require_http_methods(["GET", "POST"])
def document_new(request: HttpRequest) -> HttpResponse:
    """Enter a document."""
    return _edit(request, None)


@need("outreach.change")
@whole_city
@require_http_methods(["GET", "POST"])
def document_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a document."""
    return _edit(request, get_object_or_404(LawDocument, pk=pk))


def _shown(document: LawDocument, version: DocumentVersion, form: Any) -> dict[str, Any]:
    found = faults(version)
    return {
        "document": document, "version": version, "seen": services.mark_of(version), "form": form,
        "faults": found, "rules": rules(),
        "summary": markdown(version.summary_vi), "asked": asked(version.checks_vi),
        "seconds": round(needed_seconds(version.words)), "publish": forms.PublishForm(first=document.live is None),
    }  # fmt: skip


@need("outreach.change")
@whole_city
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Write summary and checks; faults are told, and the draft is kept with them."""
    document = get_object_or_404(LawDocument.objects.select_related("live"), pk=pk)
    if request.method == "POST":
        form = forms.DraftForm(request.POST)
        if form.is_valid():
            texts, seen = form.cleaned_data, request.POST.get("seen")
            try:
                services.save_draft(actor=request.user, document=document, texts=texts, seen=seen, at=now())  # type: ignore[arg-type]
            except Refused as no:
                no.show_on(form)
            else:
                messages.success(request, _("The draft is kept; readers do not see it yet."))
                return redirect("outreach:draft", pk)
    version = services.draft_of(actor=request.user, document=document, at=now())  # type: ignore[arg-type]
    if request.method == "GET":
        form = forms.DraftForm(initial={name: getattr(version, name) for name in forms.DraftForm.base_fields})
    return render(request, "outreach/draft.html", _shown(document, version, form), status=422 if form.errors else 200)


@need("outreach.change")
@whole_city
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the draft before the readers."""
    document = get_object_or_404(LawDocument.objects.select_related("live"), pk=pk)
    version = get_object_or_404(
        DocumentVersion.objects.select_related("document__live"), document=document, state="draft"
    )
    form = forms.PublishForm(request.POST, first=document.live is None)
    if form.is_valid():
        try:
            services.publish(actor=request.user, version=version, at=now(), **form.wanted())  # type: ignore[arg-type]
            messages.success(request, _("Published: readers see it now."))
            return redirect("outreach:document", pk)
        except Refused as no:
            no.show_on(form)
    first = forms.DraftForm(initial={name: getattr(version, name) for name in forms.DraftForm.base_fields})
    context = _shown(document, version, first) | {"publish": form}
    return render(request, "outreach/draft.html", context, status=422)


@need("outreach.change")
@whole_city
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    services.drop_draft(actor=request.user, document=get_object_or_404(LawDocument, pk=pk), at=now())  # type: ignore[arg-type]
    messages.success(request, _("The draft is gone; what readers see has not changed."))
    return redirect("outreach:document", pk)
