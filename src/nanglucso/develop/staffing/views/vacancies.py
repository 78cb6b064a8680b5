"""Vacancies, who fits them, the suggestion over all of them, what was decided."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.develop.staffing import forms, queries, services
from nanglucso.develop.staffing.models import Vacancy
from nanglucso.develop.staffing.views.places import access, competence_names, fetches, offered, places
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Person
from nanglucso.workforce.people.queries import place, place_of, unit_chain

A_PAGE = 30
STATE_TONES = {"open": "info", "decided": "good", "withdrawn": ""}
STATE_NAMES = {"open": _("Not yet decided"), "decided": _("Decided"), "withdrawn": _("Withdrawn")}


@need("staffing.view")
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Vacancies in scope, and the form that asks for a suggestion."""
    return _list_page(request)


def _list_page(request: HttpRequest, **bound: Any) -> HttpResponse:
    scope, found = access(request).scope, places(request)
    every = queries.vacancies(scope=scope)
    state = request.GET.get("tt", "open")
    rows = every.filter(state=state) if state in Vacancy.State.values else every
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    chains = unit_chain(row.unit for row in page.object_list)
    context = {
        "page": page, "state": state, "states": STATE_NAMES.items(),
        "rows": [
            {
                "vacancy": row, "place": place(chains[row.unit_id]), "tone": STATE_TONES[row.state],
                "said": STATE_NAMES[row.state],
            }
            for row in page.object_list
        ],
        "open": every.filter(state=Vacancy.State.OPEN).count(), "made": queries.suggestions(scope=scope)[:5],
        "form": forms.SuggestForm(places=found, fetch=fetches(request)), "places": offered(found), **bound,
    }  # fmt: skip
    return render(request, "staffing/vacancies.html", context, status=422 if bound else 200)


@need("staffing.view")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter posts that stand empty."""
    found = places(request)
    form = forms.VacancyForm(request.POST or None, places=found, initial={"since": today()})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_vacancy(actor=request.user, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("Entered: %(name)s.") % {"name": made[0]})
            return redirect("staffing:vacancy", made[0].pk) if len(made) == 1 else redirect("staffing:vacancies")
        except Refused as refused:
            refused.show_on(form)
    shown = {"form": form, "places": offered(found)}
    return render(request, "staffing/vacancy_new.html", shown, status=422 if form.is_bound else 200)


def _vacancy(request: HttpRequest, pk: int) -> Vacancy:
    return get_object_or_404(queries.vacancies(scope=access(request).scope), pk=pk)


def _vacancy_page(request: HttpRequest, row: Vacancy, form: Any = None) -> HttpResponse:
    is_open = row.state == Vacancy.State.OPEN
    lines = _lines(request, row) if is_open else []
    context = {
        "vacancy": row, "place": place(unit_chain([row.unit])[row.unit_id]), "lines": lines,
        "names": competence_names(short=True),
        "tone": STATE_TONES[row.state], "said": STATE_NAMES[row.state],
        "form": form or (forms.DecideForm(lines=lines) if is_open else None),
        "decision": getattr(row, "decision", None), "made": queries.latest_suggestion(scope=access(request).scope),
        "figures": queries.figures(),
    }  # fmt: skip
    return render(request, "staffing/vacancy.html", context, status=422 if form else 200)


def _lines(request: HttpRequest, row: Vacancy) -> list[queries.Line]:
    lines = queries.candidates(current_framework(), row, scope=access(request).scope, at=now())
    lines.sort(key=lambda line: not line.suggested)
    chains = unit_chain(line.person.unit for line in lines)
    return [replace(line, place=place_of(line.person, chains)) for line in lines]


@need("staffing.view")
@require_GET
def vacancy(request: HttpRequest, pk: int) -> HttpResponse:
    """Who fits this post best: what is met, what is missing, how long to close it; and the decision."""
    return _vacancy_page(request, _vacancy(request, pk))


@need("staffing.view")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The post is not to be filled."""
    try:
        services.withdraw_vacancy(actor=request.user, vacancy=_vacancy(request, pk), at=now())  # type: ignore[arg-type]
        messages.success(request, _("The vacancy is withdrawn."))
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("staffing:vacancies")


@need("staffing.view")
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was decided; nobody is appointed by it."""
    row = _vacancy(request, pk)
    form = forms.DecideForm(request.POST, lines=_lines(request, row))
    if form.is_valid():
        told = form.cleaned_data
        try:
            services.decide(
                actor=request.user, framework=current_framework(), vacancy=row, person=_chosen(request, told),  # type: ignore[arg-type]
                authority=told["authority"], reason=told["reason"], scope=access(request).scope, at=now(),
            )  # fmt: skip
            messages.success(request, _("The decision is kept. It appoints nobody: that is done on the person's page."))
            return redirect("staffing:vacancy", pk)
        except Refused as refused:
            refused.show_on(form)
    row.refresh_from_db()
    return _vacancy_page(request, row, form)


def _put_places(lines: Any) -> None:
    """Where the vacancy of each line is, and where the person proposed works now: units alone have doubles of name."""
    found = [line["vacancy"].unit for line in lines] + [line["person"].unit for line in lines if line["person"]]
    chains = unit_chain(found)
    for line in lines:
        line["place"] = place(chains[line["vacancy"].unit_id])
        line["now"] = place(chains[line["person"].unit_id]) if line["person"] else ""


def _chosen(request: HttpRequest, told: dict[str, Any]) -> Person | None:
    if told["person"] == forms.DecideForm.NOBODY:
        return None
    people = Person.objects.filter(access(request).scope.units("unit__path"))
    other = told["person"] == forms.DecideForm.OTHER
    wanted = {"staff_code": told["other"]} if other else {"pk": told["person"]}
    found = people.filter(**wanted).first() if not other or told["other"] else None
    if found is None:
        raise Refused(_("Nobody in your scope has this staff number."), field="other")
    return found


@need("staffing.view")
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """Compute the best assignment to all open vacancies."""
    form = forms.SuggestForm(request.POST, places=places(request), fetch=fetches(request))
    if form.is_valid():
        told, floor = form.cleaned_data, form.cleaned_data["floor"]
        try:
            made = services.suggest(
                actor=request.user, framework=current_framework(), scope=access(request).scope, at=now(),  # type: ignore[arg-type]
                unit=told["unit"], floor=None if floor is None else floor / 100,
            )  # fmt: skip
            return redirect("staffing:suggestion", made.pk)
        except Refused as refused:
            refused.show_on(form)
    return _list_page(request, form=form)


@need("staffing.view")
@require_GET
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """The suggestion, each line explained."""
    made = get_object_or_404(queries.suggestions(scope=access(request).scope), pk=pk)
    lines = queries.suggestion_lines(made)
    filled = sum(line["person"] is not None for line in lines)
    page = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    _put_places(page.object_list)
    context = {
        "made": made,
        "page": page,
        "filled": filled,
        "names": competence_names(short=True),
        "floor": round(100 * made.floor),
    }
    return render(request, "staffing/suggestion.html", context)
