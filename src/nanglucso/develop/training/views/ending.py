"""The end of a class on one page: who completed it, what it has cost against plan and books, advance, settlement."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget.forms import PostForm
from nanglucso.develop.budget.queries import rates_by_code
from nanglucso.develop.plans.classlines import class_lines
from nanglucso.develop.training import forms, queries, services
from nanglucso.develop.training.models import TrainingClass
from nanglucso.develop.training.services import money
from nanglucso.develop.training.views.classes import managed
from nanglucso.workforce.framework.queries import current_framework

OTHER_IDS = "move_%s"  # two forms of one page share names of fields


def _settlement(row: TrainingClass, data: Any = None) -> forms.SettlementForm:
    lines = class_lines(row.planned, rates_by_code(row.planned.first_day)) if row.planned else []
    first = {"cost": None if row.costs or not row.settled_at else row.cost}
    return forms.SettlementForm(data, lines=lines, spent=row.costs, initial=first)


def _people(request: HttpRequest, row: TrainingClass) -> dict[str, Any]:
    """Who will have completed the class."""
    held = queries.sessions(row, now())
    total = sum(one.session.tiet for one in held)
    needed = services.COMPLETE_SHARE * total
    lines = queries.attendance_rows(row, request.access.scope, held)  # type: ignore[attr-defined]
    return {
        "total": total, "needed": needed, "share": services.COMPLETE_SHARE,
        "completed": [one for one in lines if one.tiet and one.tiet >= needed],
        "partly": [one for one in lines if 0 < one.tiet < needed],
        "absent": [one for one in lines if not one.tiet],
        "unmarked": [one for one in held if not one.n_present],
    }  # fmt: skip


def _page(request: HttpRequest, row: TrainingClass, **told: Any) -> HttpResponse:
    book = money.book_of(row)
    shown = {
        "row": row, "book": book, "entries": book.entries.select_related("by") if book else [],
        "settlement": _settlement(row),
        "movement": PostForm(row=book, auto_id=OTHER_IDS) if book else None,
        **(_people(request, row) if row.is_live else {}), **told,
    }  # fmt: skip
    return render(request, "training/finish.html", shown, status=422 if told else 200)


def _finish(request: HttpRequest, row: TrainingClass) -> HttpResponse:
    """End the class, and settle it at once when its cost was entered."""
    form = _settlement(row, request.POST)
    if form.is_valid():
        try:
            framework, told = current_framework(), form.told()
            services.finish_class(actor=request.user, framework=framework, training_class=row, at=now(), **told)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The class is finished; who completed it is known."))
            return redirect("training:show", row.pk)
    row.refresh_from_db()
    return _page(request, row, settlement=form)


def _settle(request: HttpRequest, row: TrainingClass) -> HttpResponse:
    form = _settlement(row, request.POST)
    if form.is_valid() and form.told()["cost"] is None:
        form.add_error("cost", _("Enter what the class has cost, as a whole or line by line."))
    if form.is_valid():
        try:
            services.settle_cost(actor=request.user, training_class=row, at=now(), **form.told())  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The amount is entered."))
            return redirect("training:finish", row.pk)
    row.refresh_from_db()
    return _page(request, row, settlement=form)


def _move(request: HttpRequest, row: TrainingClass) -> HttpResponse:
    """An advance, a payment, what came back: one line in the class's book."""
    book = money.book_of(row)
    form = PostForm(request.POST, row=book, auto_id=OTHER_IDS) if book else None
    if form and form.is_valid():
        try:
            money.move(actor=request.user, training_class=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("Entered in the book."))
            return redirect("training:finish", row.pk)
    return _page(request, row, movement=form)


VERBS = {"finish": _finish, "settle": _settle, "move": _move}


@need("classes.change")
@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Before: what finishing will do, person by person. Then and afterwards: the class's money, until it is settled."""
    row = managed(request, pk)
    if request.method == "POST":
        return VERBS.get(request.POST.get("do", "finish"), _finish)(request, row)
    return _page(request, row)
