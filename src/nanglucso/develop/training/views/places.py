"""Places of a class person by person, the terms they are given under, what becomes of a class that stays small."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import forms_places, queries, services
from nanglucso.develop.training.models import LecturerAccount, TrainingClass
from nanglucso.develop.training.views.classes import managed, may_manage, the_class


@need("classes.view")
@require_GET
def places(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody of the viewer's units who ever stood in this class: where the place stands and how it came there."""
    row = the_class(request, pk)
    lines = queries.place_lines(row, request.access.scope)  # type: ignore[attr-defined]
    shown = {"row": row, "lines": lines, "funnel": queries.funnel(row), "may_change": may_manage(request)}
    return render(request, "training/places.html", shown)


def _account(row: TrainingClass) -> LecturerAccount | None:
    return LecturerAccount.objects.select_related("user", "lecturer").filter(lecturer=row.lecturer_id).first()


def _carry_out(do: str, row: TrainingClass, told: dict[str, Any]) -> None:
    if do == "hold":
        services.hold_anyway(training_class=row, **told)
    elif do == "link" and row.lecturer:
        services.link_lecturer(lecturer=row.lecturer, **told)
    else:
        services.set_terms(training_class=row, **told)


@need("classes.change")
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Seats, minimum, approvals; the lecturer's log-in; the decision about a class below its minimum."""
    row = managed(request, pk)
    account, do = _account(row), request.POST.get("do", "terms")
    sent = {do: request.POST} if request.method == "POST" else {}
    form, hold = forms_places.TermsForm(sent.get("terms"), row=row), forms_places.HoldForm(sent.get("hold"))
    link = forms_places.AccountForm(sent.get("link"), initial={"username": account.user.username if account else ""})
    asked: Any = {"hold": hold, "link": link}.get(do, form)
    if request.method == "POST" and asked.is_valid():
        try:
            _carry_out(do, row, {"actor": request.user, "at": now(), **asked.cleaned_data})
        except Refused as no:
            no.show_on(asked)
        else:
            messages.success(request, _("Saved."))
            return redirect("training:show", pk)
    small = queries.below_minimum(today()).filter(pk=row.pk).first()
    shown = {"row": row, "form": form, "hold": hold, "link": link, "small": small, "funnel": queries.funnel(row)}
    shown |= {"account": account, "other": bool(account and account.user.full_name not in ("", account.lecturer.name))}
    return render(request, "training/terms.html", shown, status=422 if request.method == "POST" else 200)


@need("own.view")
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """The notices on "My classes" were read."""
    person = request.access.person  # type: ignore[attr-defined]
    if person is not None:
        services.see_notices(actor=request.user, person=person, at=now())  # type: ignore[arg-type]
    return redirect("training:mine")
