"""Cases: the list, one case, giving it to a reviewer, deciding it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import labfeedback
from nanglucso.measure.bank.queries import key_rows
from nanglucso.measure.quality import queries, services
from nanglucso.measure.quality.forms import DecisionForm, ReviewerForm
from nanglucso.measure.quality.models import Appeal

PER_PAGE = 40


def _seen(request: HttpRequest) -> Any:
    access = request.access  # type: ignore[attr-defined]
    return queries.appeals(access.scope, request.user, sees_units=access.may("appeals.assign"))  # type: ignore[arg-type]


@need("appeals.review")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Open cases first, the most urgent on top."""
    at, state = now(), request.GET.get("state", "")
    rows = _seen(request).filter(status=state) if state in Appeal.Status.values else _seen(request)
    page = Paginator(rows.order_by("decided_at", "due_at"), PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "rows": [(row, queries.clock(row, at)) for row in page],
        "states": Appeal.Status.choices,
        "state": state,
        "names": request.access.may("appeals.assign"),  # type: ignore[attr-defined]
    }
    return render(request, "quality/appeals.html", shown)


def _page(request: HttpRequest, row: Appeal, forms: dict[str, Any], status: int = 200) -> HttpResponse:
    at, access = now(), request.access  # type: ignore[attr-defined]
    mine = row.reviewer_id == request.user.pk and row.status == Appeal.Status.REVIEW
    undecided = row.status in (Appeal.Status.RECEIVED, Appeal.Status.REVIEW)
    assigns = access.may("appeals.assign") and undecided and _within(access, row)
    version, answer = row.item_version if mine else None, queries.answer_in_question(row)
    shown = {
        "row": row,
        "clock": queries.clock(row, at),
        "answer": answer,
        "choice": queries.choice_words(row, answer) if answer and mine else "",
        "key": key_rows(version) if version else [],
        "q": labfeedback.feedback(row.lab.run) if mine and row.lab and row.lab.run else None,
        "names": access.may("appeals.assign"),
        "decision": forms.get("decision") or (DecisionForm(about_item=_has_part(row)) if mine else None),
        "reviewer": forms.get("reviewer") or (ReviewerForm(people=queries.reviewers(row, at)) if assigns else None),
        "corrections": row.corrections.all() if access.may("corrections.change") else [],
    }
    return render(request, "quality/appeal.html", shown, status=status)


def _has_part(row: Appeal) -> bool:
    """Whether there is something to take out of everybody's results: an item, or a practice task."""
    return bool(row.item_version_id or row.lab_id)


def _within(access: Any, row: Appeal) -> bool:
    unit = row.person.unit
    return bool(access.scope.everything or (unit and access.scope.covers(unit.path)))


@need("appeals.review")
@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One case; the reviewer also sees the key of the item. Every reading leaves a trace."""
    row = get_object_or_404(_seen(request), pk=pk)
    services.note_read(actor=request.user, appeal=row, at=now())  # type: ignore[arg-type]
    return _page(request, row, {})


@need("appeals.assign")
@require_POST
def assign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the case to a reviewer."""
    row = get_object_or_404(_seen(request), pk=pk)
    form = ReviewerForm(request.POST, people=queries.reviewers(row, now()))
    if form.is_valid():
        try:
            services.assign_reviewer(actor=request.user, appeal=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The case is with %(name)s.") % {"name": row.reviewer})
            return redirect("quality:appeal", pk)
    return _page(request, row, {"reviewer": form}, status=422)


@need("appeals.review")
@require_POST
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The reviewer's decision with its reasons."""
    row = get_object_or_404(_seen(request), pk=pk)
    form = DecisionForm(request.POST, about_item=_has_part(row))
    if form.is_valid():
        try:
            services.decide(actor=request.user, appeal=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The decision is kept; the person can read it now."))
            return redirect("quality:appeal", pk)
    return _page(request, row, {"decision": form}, status=422)
