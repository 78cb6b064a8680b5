"""Scenarios of a year: the list, a new one, one scenario with its run, its classes and its people."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import queries as money
from nanglucso.develop.plans import curve, queries, services, teaching, unready
from nanglucso.develop.plans.forms import ClassFilterForm, CopyForm, ReturnForm, ScenarioForm, SolveForm
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.queries import ClassFilter
from nanglucso.develop.plans.services.versions import Overtaken
from nanglucso.develop.plans.wording import TAGS, edit_in_words, reason
from nanglucso.workforce.people.models import Unit
from nanglucso.workforce.people.queries import place, unit_chain

CLASSES_A_PAGE = 40
PEOPLE_A_PAGE = 50
HEAVY = ("course__forms", "course__outline", "scenario__track", "scenario__figures")


def may_change(request: HttpRequest) -> bool:
    """A plan covers the whole city, so only who is responsible for all of it changes one."""
    access: Any = request.access  # type: ignore[attr-defined]
    return bool(access.may("plans.change") and access.scope.everything)


def may_approve(request: HttpRequest) -> bool:
    access: Any = request.access  # type: ignore[attr-defined]
    return bool(access.may("plans.approve") and access.scope.everything)


def scenario_or_404(pk: int) -> Scenario:
    """One scenario with its job."""
    return get_object_or_404(queries.scenarios(), pk=pk)


def tag_of(scenario: Scenario) -> dict[str, Any]:
    """State of a scenario as tone, icon and word."""
    status = Scenario.Status.FAILED if scenario.is_broken else Scenario.Status(scenario.status)
    tone, icon = TAGS[status]
    return {"tone": tone, "icon": icon, "word": status.label}


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("nam", "")
    if asked.isascii() and asked.isdigit() and len(asked) == 4:
        return int(asked)
    return (queries.years() or [today().year + 1])[0]


@need("plans.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Scenarios of a year, to open or to lay side by side."""
    year = _year(request)
    rows = [{"scenario": row, "tag": tag_of(row), "finding": queries.finding(row)} for row in queries.scenarios(year)]
    shown = {
        "year": year, "years": sorted({*queries.years(), year}, reverse=True), "rows": rows,
        "may_change": may_change(request), "approved": queries.approved(year), "money": money.total(year),
        "comparable": sum(bool(row["finding"]) for row in rows),
    }  # fmt: skip
    return render(request, "plans/list.html", shown)


@need("plans.change")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Settings of a new scenario."""
    if not may_change(request):
        raise PermissionDenied
    year = _year(request)
    form = ScenarioForm(request.POST or None, initial={"year": year, "budget": money.total(year) or None})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = services.create_scenario(
                actor=request.user, year=data["year"], name=data["name"], budget=data["budget"], at=now(),  # type: ignore[arg-type]
                first_week=data["first_week"], weeks=data["weeks"], **form.params(),
            )  # fmt: skip
        except Refused as refused:
            refused.show_on(form)
        else:
            messages.success(request, _("Scenario %(name)s is created; compute it now.") % {"name": row.name})
            return redirect("plans:show", pk=row.pk)
    return render(request, "plans/new.html", {"form": form, "money": money.total(year), "year": year})


@need("plans.change")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Settings of a scenario; whoever saves second sees who changed what, and keeps what they typed."""
    if not may_change(request):
        raise PermissionDenied
    scenario = scenario_or_404(pk)
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else scenario.version
    form = ScenarioForm(request.POST or None, initial=ScenarioForm.first_values(scenario))
    form.fields["year"].disabled = True
    shown: dict[str, Any] = {"form": form, "scenario": scenario, "version": version}
    if request.method == "GET" or not form.is_valid():
        return render(request, "plans/edit.html", shown, status=200 if request.method == "GET" else 422)
    data = form.cleaned_data
    try:
        services.edit_scenario(
            actor=request.user, scenario=scenario, version=version, name=data["name"], budget=data["budget"],  # type: ignore[arg-type]
            weeks=data["weeks"], first_week=data["first_week"], at=now(), **{**form.kept(scenario), **form.params()},
        )  # fmt: skip
        messages.success(request, _("Saved; compute the plan again to see what it changes."))
        return redirect("plans:show", pk=pk)
    except Overtaken as late:
        shown |= {"edits": [edit_in_words(one) for one in late.edits], "version": late.edits[-1].version}
        return render(request, "plans/edit.html", shown, status=409)
    except Refused as refused:
        refused.show_on(form)
        return render(request, "plans/edit.html", shown, status=422)


def _run(scenario: Scenario) -> dict[str, Any]:
    """What the running block shows."""
    job = scenario.job
    limit = int(job.args.get("seconds", 60)) if job else 60
    spent = int((now() - job.started_at).total_seconds()) if job and job.started_at else 0
    last = scenario.track[-1] if scenario.track else None
    return {
        "scenario": scenario, "job": job, "limit": limit, "spent": min(spent, limit), "last": last,
        "distance": (last[2] - last[1]) / last[1] if last and last[1] else None,
        "curve": curve.of_track(scenario.track),
    }  # fmt: skip


def _documents(scenario: Scenario) -> list[tuple[str, str]]:
    """Links to the official document where the reports room makes it."""
    made = []
    for fmt in ("docx", "pdf"):
        try:
            made.append((fmt.upper(), reverse("reports:plan_document", args=[scenario.pk, fmt])))
        except NoReverseMatch:
            continue
    return made


def _kinds(figures: dict[str, Any]) -> list[dict[str, Any]]:
    names = dict(Unit.Kind.choices)
    rows = [
        {**row, "name": names.get(kind, kind), "share": row["closed"] / row["need"] if row["need"] else None}
        for kind, row in figures.get("by_kind", {}).items()
    ]
    return sorted(rows, key=lambda row: row["share"] or 0.0)


def _sources(scenario: Scenario) -> list[dict[str, Any]]:
    rows, whole = list(money.sources(scenario.year)), money.total(scenario.year)
    used = scenario.figures.get("by_source", {})
    factor = scenario.budget / whole if whole else 0.0
    return [
        {"name": row.name, "amount": round(row.amount * factor), "used": used.get(row.code, 0),
         "share": used.get(row.code, 0) / (row.amount * factor) if row.amount * factor else 0.0}
        for row in rows
    ]  # fmt: skip


def asked_classes(request: HttpRequest, scenario: Scenario) -> tuple[ClassFilter, ClassFilterForm]:
    """The table's filter from the address; anything that is not a choice counts as empty."""
    form = ClassFilterForm(request.GET, scenario=scenario)
    form.is_valid()
    clean, quarter = form.cleaned_data, request.GET.get("quy", "")
    wanted = ClassFilter(
        quarter=int(quarter) if quarter in ("1", "2", "3", "4") else None, form=clean.get("hinh_thuc", ""),
        area=clean.get("khu_vuc", ""), family=clean.get("linh_vuc", ""), sort=request.GET.get("sort", ""),
    )  # fmt: skip
    return wanted, form


def _classes(request: HttpRequest, scenario: Scenario) -> dict[str, Any]:
    wanted, form = asked_classes(request, scenario)
    scope = request.access.scope  # type: ignore[attr-defined]
    rows = queries.planned_classes(scenario, scope=scope, wanted=wanted).defer(*HEAVY)
    return {
        "page": Paginator(rows, CLASSES_A_PAGE).get_page(request.GET.get("page")), "filter": form, "wanted": wanted,
        "total": queries.total_of(rows), "quarters": [(1, "I"), (2, "II"), (3, "III"), (4, "IV")],
        "filtered": any((wanted.quarter, wanted.form, wanted.area, wanted.family)),
    }  # fmt: skip


@need("plans.view")
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One scenario: what was found, how it is being computed, its classes, on what it rests."""
    scenario = scenario_or_404(pk)
    if request.headers.get("HX-Request") and request.GET.get("phan") != "duong-bien":
        if not scenario.is_running:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "plans/show.html#run", {**_run(scenario), "may_change": may_change(request)})
    shown = {
        "scenario": scenario, "tag": tag_of(scenario), "finding": queries.finding(scenario),
        "other": queries.approved(scenario.year) if scenario.status not in ("approved", "replaced") else None,
        "figures": scenario.figures, "may_change": may_change(request), "documents": _documents(scenario),
        "editable": ("draft", "solved", "failed"), "can_approve": may_approve(request),
        "solve": SolveForm(), "back": ReturnForm(), "calendar": teaching.year_of(scenario),
        "own": request.user.pk in (scenario.created_by_id, scenario.submitted_by_id),
        "year_money": money.total(scenario.year),
        "copy": CopyForm(initial={"name": _("%(name)s, copy") % {"name": scenario.name}, "budget": scenario.budget}),
        **_run(scenario),
    }  # fmt: skip
    if scenario.figures:
        scope = request.access.scope  # type: ignore[attr-defined]
        shown |= {
            "unready": unready.told(scenario.basis),
            **_classes(request, scenario), "kinds": _kinds(scenario.figures), "sources": _sources(scenario),
            "reasons": [reason(row) for row in scenario.figures.get("reasons", [])],
            "n_pretest": queries.n_pretest(scenario, scope), "n_hand": scenario.hand_changes.count(),
            "frontier": scenario.figures.get("frontier"),
            "frontier_curve": curve.of_frontier(scenario.figures.get("frontier", {}).get("points", [])),
        }  # fmt: skip
    return render(request, "plans/show.html", shown)


@need("plans.view")
@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in the plan, cut to the viewer's units; provisional names and those to be measured first are marked."""
    scenario = scenario_or_404(pk)
    scope = request.access.scope  # type: ignore[attr-defined]
    only = request.GET.get("chi", "")
    only = only if only in ("tied", "retest") else ""
    asked = request.GET.get("don-vi", "")
    unit = Unit.objects.filter(scope.units(), pk=asked).first() if asked.isascii() and asked.isdigit() else None
    rows = queries.people_in(scenario, scope, only=only, unit=unit)
    page: Any = Paginator(rows, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    found = queries.persons(page)
    chains = unit_chain(person.unit for person in found.values())
    lines: list[dict[str, Any]] = []
    for row in page:
        person: Any = found[row.person_id]
        lines.append({"seated": row, "person": person, "place": place(chains[person.unit_id])})
    counts = queries.pretest_counts(queries.pretest(scenario, scope=scope)) if only == "retest" else []
    shown = {
        "scenario": scenario, "page": page, "lines": lines, "only": only, "unit": unit, "counts": counts,
        "first": sum(row.first for row in counts), "second": sum(row.second for row in counts),
        "units": Unit.objects.filter(scope.units(), depth=2, until=None).order_by("path"),
    }  # fmt: skip
    return render(request, "plans/people.html", shown)


def say(request: HttpRequest, refused: Refused) -> None:
    """A refusal without a form to show it in."""
    messages.error(request, str(refused.message))
