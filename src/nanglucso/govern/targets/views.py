"""Pages of the targets: all of them, one with its figures, what is late and whose."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.core.refusals import Refused
from nanglucso.govern.targets import drawing, periods, queries, services
from nanglucso.govern.targets.forms import FigureForm, ReasonForm
from nanglucso.govern.targets.models import Indicator, Observation
from nanglucso.govern.targets.shipped import documents, follower, levels, systems
from nanglucso.govern.targets.wording import CONFIDENCE, STATUS, in_language, level_names, notes_said
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Unit

SHOWN = 12  # figures a page


@need("targets.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every target by document, level and state."""
    scope, get = request.access.scope, request.GET.get  # type: ignore[attr-defined]
    rows = queries.rows(scope, now())
    part, level, state = get("p", "now"), get("cap", ""), get("tt", "")
    kept = [row for row in rows if row.indicator.in_force] if part == "now" else rows
    if part == "article":
        kept = [row for row in rows if row.indicator.document.part == "article"]
    if level in levels():
        kept = [row for row in kept if level in row.indicator.levels]
    if state in STATUS:
        kept = [row for row in kept if row.status == state]
    groups = [
        (one, [_row(row) for row in kept if row.indicator.document_code == one.code]) for one in documents().values()
    ]
    shown = {
        "groups": [group for group in groups if group[1]], "part": part, "level": level, "state": state,
        "levels": [(code, in_language(told)) for code, told in levels().items()], "states": _states(),
        "summary": queries.target_summary(scope, now()), "unit": queries.own_unit(scope), "none": not rows,
        "manage": request.access.may("targets.manage") and scope.everything,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "targets/list.html", shown)


def _states() -> list[tuple[str, Any]]:
    return [(code, word) for code, (word, _tone, _icon) in STATUS.items()]


def _row(row: queries.Row) -> dict[str, Any]:
    return {
        "row": row,
        "one": row.indicator,
        "said": STATUS.get(row.status),
        "levels": level_names(row.indicator.levels),
    }


def _page(request: HttpRequest, one: Indicator, form: FigureForm | None = None) -> HttpResponse:
    scope = request.access.scope  # type: ignore[attr-defined]
    row = next(row for row in queries.rows(scope, now()) if row.indicator == one)
    unit, units = queries.own_unit(scope), queries.units_for(one, scope)
    may = request.access.may("targets.record") and one.countable and units.exists()  # type: ignore[attr-defined]
    shown = _row(row) | {
        "unit": unit, "may": may, **_figures(request, queries.figures(one, scope)),
        "form": form or (FigureForm(units=units) if may else None), "notes": notes_said(one.notes),
        "follower": follower(one.followed_by), "confidence": CONFIDENCE[one.confidence],
        "after": Indicator.objects.filter(code__in=one.superseded_by),
        "skills": _skills(request, one), "chart": _chart(row, unit),
        "manage": request.access.may("targets.manage") and scope.everything,  # type: ignore[attr-defined]
        "today": local_day(now()),
    }  # fmt: skip
    return render(request, "targets/show.html", shown, status=422 if form else 200)


def _figures(request: HttpRequest, rows: QuerySet[Observation]) -> dict[str, Any]:
    """The newest figures of a target, a page at a time."""
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    return {"page": page, "figures": [_figure(row) for row in page]}


def _figure(row: Observation) -> dict[str, Any]:
    system = systems().get(row.system)
    return {"f": row, "span": periods.of_code(row.period).name, "system": system.name if system else row.system}


def _skills(request: HttpRequest, one: Indicator) -> list[queries.Skill]:
    """Linked competences and how many people do not meet them; nothing before a framework is loaded."""
    access = request.access  # type: ignore[attr-defined]
    try:
        framework = current_framework()
    except Refused:
        return []
    return queries.skill_lines(one, framework, access.scope, hides=not access.may("gaps.names"), at=now())


def _chart(row: queries.Row, unit: Unit | None) -> SafeString:
    """Actual, demanded and expected of the top of the scope."""
    one, known = row.indicator, row.series
    goal = float(one.goal) if one.goal is not None else None
    ahead = (known.due, known.low, known.mean, known.high) if known else (one.last, None, None, None)
    return drawing.chart(drawing.Picture(queries.points(one, unit), goal, *ahead), unit=one.measure.name)


@need("targets.view")
@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One target: what is demanded and where it says so, figures, forecast, what it depends on."""
    return _page(request, get_object_or_404(Indicator, code=code))


@need("targets.record")
def record(request: HttpRequest, code: str) -> HttpResponse:
    """Write down a figure with its proof."""
    one = get_object_or_404(Indicator, code=code)
    if request.method != "POST":
        return redirect("targets:show", code)
    form = FigureForm(request.POST, units=queries.units_for(one, request.access.scope))  # type: ignore[attr-defined]
    if form.is_valid():
        told = form.cleaned_data
        proof = services.Proof(link=told["link"], note=told["note"])
        try:
            services.record_observation(
                actor=request.user, indicator_code=code, unit=told["unit"], period=told["period"],  # type: ignore[arg-type]
                value=told["value"], proof=proof, at=now(),
            )  # fmt: skip
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The figure is written down."))
            return redirect("targets:show", code)
    return _page(request, one, form)


@need("targets.record")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A figure no longer counts."""
    scope = request.access.scope  # type: ignore[attr-defined]
    row = get_object_or_404(Observation.objects.filter(scope.units("unit__path")).select_related("indicator"), pk=pk)
    form = ReasonForm(request.POST)
    form.is_valid()
    try:
        reason = form.cleaned_data.get("reason", "")
        services.withdraw(actor=request.user, observation=row, reason=reason, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("The figure no longer counts."))
    return redirect("targets:show", row.indicator.code)


@need("targets.view")
@require_GET
def late(request: HttpRequest) -> HttpResponse:
    """What is late or at risk, and whose it is."""
    rows = queries.late_targets(request.access.scope, now())  # type: ignore[attr-defined]
    shown = {"rows": [(row, STATUS[row.status]) for row in rows], "n_late": sum(row.status == "late" for row in rows)}
    return render(request, "targets/late.html", shown)
