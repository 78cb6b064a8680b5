"""Survey rounds: whom was asked, who is late; and the slip that a unit fills in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.core.refusals import Refused
from nanglucso.develop.readiness import queries, services
from nanglucso.develop.readiness.forms import ContactForm, RoundForm, SlipForm, typed
from nanglucso.develop.readiness.models import Slip, SurveyRound
from nanglucso.develop.readiness.questionnaire import current, questionnaires
from nanglucso.develop.readiness.rules import heads
from nanglucso.develop.readiness.views.maps import access


def _round_line(row: SurveyRound) -> dict[str, Any]:
    day = local_day(now())
    return {"round": row, "counts": queries.slip_counts(row), "days": (row.due - day).days, "over": row.due < day}


@need("readiness.survey")
@whole_city
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round, the open one first."""
    lines = [_round_line(row) for row in queries.rounds()[:50]]
    shown = {
        "lines": lines,
        "open": any(not line["round"].closed_at for line in lines),
        "asked": current(local_day(now())),
    }
    return render(request, "readiness/rounds.html", shown)


@need("readiness.survey")
@whole_city
@require_http_methods(["GET", "POST"])
def round_new(request: HttpRequest) -> HttpResponse:
    """Ask units; each gets a slip."""
    day = local_day(now())
    form = RoundForm(request.POST or None, initial={"name": _("Infrastructure survey %(year)s") % {"year": day.year}})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        units = queries.surveyed_units().filter(kind__in=data["kinds"])
        try:
            row = services.open_round(
                actor=request.user, name=data["name"], due=data["due"], units=units, note=data["note"], at=now(),  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            refused.show_on(form)
        else:
            messages.success(request, _("The survey is open; heads of unit find it under Infrastructure survey."))
            return redirect("readiness:round", pk=row.pk)
    shown = {"form": form, "asked": current(day)}
    return render(request, "readiness/round_new.html", shown, status=422 if form.errors else 200)


@need("readiness.survey")
@whole_city
@require_GET
def round_show(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: who is late, with whom to call; who has answered."""
    row = get_object_or_404(SurveyRound, pk=pk)
    slips = list(queries.slips(row))
    shown = _round_line(row) | {
        "late": queries.late(row, local_day(now())), "sent": [one for one in slips if one.sent_at],
    }  # fmt: skip
    return render(request, "readiness/round.html", shown)


@need("readiness.survey")
@whole_city
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that the ticked units were reminded."""
    row = get_object_or_404(SurveyRound, pk=pk)
    ticked = [int(one) for one in request.POST.getlist("phieu") if one.isascii() and one.isdigit() and len(one) < 12]
    try:
        n = services.remind(actor=request.user, row=row, slips=ticked, at=now())  # type: ignore[arg-type]
        messages.success(request, _("Reminders on record: %(n)s units.") % {"n": n})
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("readiness:round", pk=pk)


@need("readiness.survey")
@whole_city
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a round."""
    row = get_object_or_404(SurveyRound, pk=pk)
    try:
        services.close_round(actor=request.user, row=row, at=now())  # type: ignore[arg-type]
        messages.success(request, _("The round is closed; what was sent counts."))
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("readiness:round", pk=pk)


def _who(request: HttpRequest) -> dict[str, Any]:
    one = access(request)
    return {"scope": one.scope, "heads": heads(one), "person": one.person}


@need("own.view")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Slips that the viewer may fill in, those that wait first."""
    day, found = local_day(now()), list(queries.fillable(**_who(request))[:200])
    waiting = [one for one in found if one.sent_at is None and one.round.closed_at is None]
    open_ = [one for one in found if one.sent_at and one.round.closed_at is None]
    past = [one for one in found if one.round.closed_at]
    context = {
        "waiting": [{"slip": one, "days": (one.round.due - day).days} for one in waiting], "sent": open_, "past": past,
        "may_map": access(request).may("readiness.view"),
    }  # fmt: skip
    return render(request, "readiness/mine.html", context)


def _names_contact(request: HttpRequest, row: Slip) -> bool:
    one = access(request)
    return bool(heads(one) and one.scope.covers(row.unit.path))


def _first_values(slip: Slip) -> tuple[dict[str, Any], Any]:
    """What the form begins with: what was saved, else the unit's last figures with their day."""
    if slip.saves:
        return typed(slip.answers), None
    held = queries.held_now(slip.unit, local_day(now()))
    if held is None:
        return {}, None
    return typed({code: value for code, value in held.answers.items() if code != "note"}), held.facts.day


@need("own.view")
@require_http_methods(["GET", "POST"])
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The survey of one unit: save what is there, or send it."""
    row = get_object_or_404(queries.fillable(**_who(request)), pk=pk)
    asked, sending = questionnaires()[row.round.version], "gui" in request.POST
    first, since = _first_values(row)
    form = SlipForm(request.POST or None, asked=asked, sending=sending, initial={**first, "saves": row.saves})
    if request.method == "POST" and form.is_valid():
        try:
            services.save_slip(
                actor=request.user, slip=row, answers=form.answers(), saves=form.cleaned_data["saves"], send=sending,  # type: ignore[arg-type]
                at=now(),
            )  # fmt: skip
        except Refused as refused:
            refused.show_on(form)
        else:
            text = _("Sent: the figures of %(unit)s count from today.") if sending else _("Saved; not sent yet.")
            messages.success(request, text % {"unit": row.unit.name} if sending else text)
            return redirect("readiness:mine") if sending else redirect("readiness:slip", pk=pk)
    context = {
        "slip": row, "form": form, "sections": form.sections(), "asked": asked, "since": since,
        "closed": row.round.closed_at is not None, "days": (row.round.due - local_day(now())).days,
        "contact": ContactForm(slip=row) if _names_contact(request, row) else None,
    }  # fmt: skip
    return render(request, "readiness/slip.html", context, status=422 if form.errors else 200)


@need("readiness.contact")
@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """The head names who fills in the slip."""
    rows = queries.fillable(scope=access(request).scope, heads=heads(access(request)), person=None)
    row = get_object_or_404(rows, pk=pk)
    form = ContactForm(request.POST, slip=row)
    if form.is_valid():
        services.set_contact(actor=request.user, slip=row, person=form.cleaned_data["contact"], at=now())  # type: ignore[arg-type]
        messages.success(request, _("Saved who fills in the survey."))
    else:
        messages.error(request, _("The contact must work in this unit."))
    return redirect("readiness:slip", pk=pk)
