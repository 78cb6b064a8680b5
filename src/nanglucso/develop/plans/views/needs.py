"""Units propose from below; the training officer sees the list, asks with a deadline, and answers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans import queries, services
from nanglucso.develop.plans.forms_needs import AnswerForm, ProposalForm, RoundForm
from nanglucso.develop.plans.models import Proposal, ProposalRound, Scenario
from nanglucso.develop.plans.views.scenarios import may_change, say, scenario_or_404
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Unit

A_PAGE = 50
TONES = {
    "sent": ("info", "send"), "granted": ("good", "circle-check"), "partly": ("warn", "circle-dot"),
    "declined": ("", "circle-x"), "withdrawn": ("", "undo-2"),
}  # fmt: skip


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("nam", "")
    if asked.isascii() and asked.isdigit() and len(asked) == 4:
        return int(asked)
    found = ProposalRound.objects.order_by("-year").first()
    return found.year if found else today().year + 1


def _own_unit(request: HttpRequest) -> Unit:
    """The unit whose head is asking."""
    access: Any = request.access  # type: ignore[attr-defined]
    if access.grant is None or access.grant.unit is None:
        raise PermissionDenied
    return access.grant.unit  # type: ignore[no-any-return]


def _round_form(request: HttpRequest, year: int, found: ProposalRound | None) -> RoundForm:
    first = {"year": year, "weight": found.weight if found else 1.5, "deadline": found.deadline if found else None}
    return RoundForm(initial={**first, "note": found.note if found else ""})


@need("needs.view")
@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """What the viewer's units proposed for a year, with the answers."""
    access: Any = request.access  # type: ignore[attr-defined]
    year, state = _year(request), request.GET.get("tt", "")
    rows = queries.proposals(year, access.scope)
    counts = queries.proposal_counts(rows)
    rows = rows.filter(status=state) if state in Proposal.Status.values else rows
    found = ProposalRound.objects.filter(year=year).first()
    page: Any = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "year": year, "years": sorted({*queries.proposal_years(), year}, reverse=True), "page": page, "state": state,
        "lines": [{"row": row, "tone": TONES[row.status]} for row in page],
        "states": [(one.value, one.label, counts[one.value]) for one in Proposal.Status if one.value in counts],
        "all": sum(counts.values()), "round": found, "open": bool(found and today() <= found.deadline),
        "may_propose": access.may("needs.propose"), "may_change": may_change(request),
        "round_form": _round_form(request, year, found), "plans": _plans(year),
    }  # fmt: skip
    return render(request, "plans/proposals.html", shown)


def _plans(year: int) -> list[Scenario]:
    """Plans by which proposals can be answered: the approved one, while there is none every computed one."""
    approved = queries.approved(year)
    return [approved] if approved else list(queries.scenarios(year).exclude(figures={}))


@need("needs.propose")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """The form of a head of unit, made for a phone."""
    unit, year = _own_unit(request), _year(request)
    form = ProposalForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.propose(
                actor=request.user, year=year, unit=unit, at=now(), today=today(), **form.told(),  # type: ignore[arg-type]
            )  # fmt: skip
            messages.success(request, _("Proposed. The answer is sent with the year's plan."))
            return redirect("plans:proposal", row.pk)
        except Refused as refused:
            refused.show_on(form)
    found = ProposalRound.objects.filter(year=year).first()
    shown = {
        "form": form,
        "unit": unit,
        "year": year,
        "round": found,
        "open": bool(found and today() <= found.deadline),
    }
    return render(request, "plans/propose.html", shown)


def _mine(request: HttpRequest, pk: int) -> Proposal:
    rows = Proposal.objects.filter(request.access.scope.units("unit__path"))  # type: ignore[attr-defined]
    return get_object_or_404(
        rows.select_related("unit", "course", "competence", "scenario", "by", "answered_by"), pk=pk
    )


@need("needs.view")
@require_GET
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal with its answer."""
    row = _mine(request, pk)
    return render(request, "plans/proposal.html", _facets(request, row, AnswerForm(initial={"words": row.answer})))


def _facets(request: HttpRequest, row: Proposal, form: AnswerForm) -> dict[str, Any]:
    access: Any = request.access  # type: ignore[attr-defined]
    return {
        "row": row, "tone": TONES[row.status], "form": form, "may_change": may_change(request),
        "people": row.people.select_related("position").order_by("sort_key", "pk"),
        "may_withdraw": row.status == "sent" and access.may("needs.propose"),
    }  # fmt: skip


@need("needs.propose")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's proposal back."""
    try:
        services.withdraw(actor=request.user, proposal=_mine(request, pk), at=now())  # type: ignore[arg-type]
        messages.success(request, _("The proposal was withdrawn."))
    except Refused as refused:
        say(request, refused)
    return redirect("plans:proposal", pk)


@need("plans.change")
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one proposal by hand."""
    if not may_change(request):
        raise PermissionDenied
    row, form = _mine(request, pk), AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer(actor=request.user, proposal=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("Answered; the head of unit reads it now."))
            return redirect("plans:proposal", pk)
        except Refused as refused:
            refused.show_on(form)
    return render(request, "plans/proposal.html", _facets(request, row, form), status=422)


@need("plans.change")
@require_POST
def answer_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer every proposal of the year by what this plan gives."""
    if not may_change(request):
        raise PermissionDenied
    scenario, framework = scenario_or_404(pk), current_framework()
    try:
        n = services.answer_all(actor=request.user, framework=framework, scenario=scenario, at=now())  # type: ignore[arg-type]
        messages.success(request, ngettext("%(n)s proposal answered.", "%(n)s proposals answered.", n) % {"n": n})
    except Refused as refused:
        say(request, refused)
    return redirect(f"{reverse('plans:proposals')}?nam={scenario.year}")


@need("plans.change")
@require_POST
def set_round(request: HttpRequest) -> HttpResponse:
    """Ask the units, with a deadline and the weight of what they propose."""
    if not may_change(request):
        raise PermissionDenied
    form = RoundForm(request.POST)
    if not form.is_valid():
        messages.error(request, "; ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("plans:proposals")
    try:
        services.set_round(actor=request.user, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("The units can propose until that day."))
    except Refused as refused:
        say(request, refused)
    return redirect(f"{reverse('plans:proposals')}?nam={form.cleaned_data['year']}")
