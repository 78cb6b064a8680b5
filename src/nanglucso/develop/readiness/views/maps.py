"""The readiness map, one unit of it, the investment list."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.downloads import workbook
from nanglucso.core.refusals import Refused
from nanglucso.develop.readiness import charts, queries, services, sheets
from nanglucso.develop.readiness.forms import DecideForm
from nanglucso.develop.readiness.queries.mapping import group_of
from nanglucso.develop.readiness.questionnaire import questionnaires
from nanglucso.develop.readiness.scoring import rules
from nanglucso.develop.readiness.wording import ICONS, NAMES, NEXT, TONES
from nanglucso.measure.gaps.queries import SMALL_GROUP
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Unit

A_PAGE = 20
LONG = 40  # letters from which an answer stands below its question
GROUPS = {
    Unit.Kind.AGENCY.value: _("Departments and agencies"), Unit.Kind.COMMUNE.value: _("Communes"),
    Unit.Kind.WARD.value: _("Wards"), Unit.Kind.SERVICE.value: _("Public service units"),
}  # fmt: skip


def access(request: HttpRequest) -> Any:
    return request.access  # type: ignore[attr-defined]


def framework_or_none() -> Framework | None:
    return Framework.objects.filter(status=Framework.Status.PUBLISHED).first() and current_framework()


def found_map(request: HttpRequest) -> queries.ReadinessMap | None:
    """The viewer's map; None while no framework is in force."""
    framework = framework_or_none()
    if framework is None:
        return None
    one = access(request)
    return queries.readiness_map(framework, one.scope, names=one.may("gaps.names"), at=now())


def kind_asked(request: HttpRequest) -> str:
    asked = request.GET.get("loai", "")
    return asked if asked in GROUPS else ""


def quarter_cards(counts: dict[str, int]) -> list[dict[str, Any]]:
    """The quarters with their number of units and what comes next."""
    return [
        {
            "code": code,
            "n": counts[code],
            "name": NAMES[code],
            "next": NEXT[code],
            "tone": TONES[code],
            "icon": ICONS[code],
        }
        for code in queries.QUARTERS
        if counts[code] or code in (queries.BOTH, queries.MACHINES, queries.SKILLS, queries.NEITHER)
    ]


def _groups(places: list[queries.Place]) -> list[dict[str, Any]]:
    made = []
    for kind, title in GROUPS.items():
        rows = [line(one) for one in places if group_of(one.unit.kind) == kind]
        if rows:
            made.append({"title": title, "rows": rows})
    return made


def line(one: queries.Place) -> dict[str, Any]:
    """A unit of the map with its words."""
    quarter = one.quarter
    parts = one.held.standing.parts if one.held else ()
    return {
        "place": one, "unit": one.unit, "parts": parts, "quarter": quarter, "name": NAMES[quarter],
        "tone": TONES[quarter], "icon": ICONS[quarter],
    }  # fmt: skip


@need("readiness.view")
@require_GET
def city(request: HttpRequest) -> HttpResponse:
    """Units in four quarters: a chart, and the same figures as a heat map."""
    found, kind = found_map(request), kind_asked(request)
    if found is None:
        return render(request, "readiness/nothing.html")
    quarter = request.GET.get("nhom", "")
    places = found.only(kind)
    shown = [one for one in places if one.quarter == quarter] if quarter in queries.QUARTERS else places
    there = {group_of(one.unit.kind) for one in found.places}
    context = {
        "found": found, "kind": kind, "quarter": quarter if quarter in queries.QUARTERS else "",
        "kinds": [(code, title) for code, title in GROUPS.items() if code in there],
        "cards": quarter_cards(found.count(kind)), "groups": _groups(shown), "n": len(shown), "rules": rules(),
        "chart": charts.scatter(places), "names": NAMES, "at": found.at, "small": SMALL_GROUP,
        "unknown": sum(not one.fresh for one in places),
        "may_survey": access(request).may("readiness.survey") and access(request).scope.everything,
        "may_invest": access(request).may("readiness.invest"), "hides": not access(request).may("gaps.names"),
    }  # fmt: skip
    return render(request, "readiness/city.html", context)


@need("readiness.view")
@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """What one unit has, part by part, since when, and what it would need."""
    found = found_map(request)
    place = next((one for one in found.places if one.unit.pk == pk), None) if found else None
    if found is None or place is None:
        raise Http404
    rows = list(queries.facts_of(place.unit)[:20])
    held = place.held
    answers = []
    if held:
        said = [(one.label, one.told(held.answers.get(one.code))) for one in held.asked.questions]
        answers = [(label, words, len(words) > LONG) for label, words in said]
    package = next((one for one in queries.investments(found) if one.place is place), None)
    shown = {
        "line": line(place), "place": place, "held": held, "answers": answers, "rows": rows, "rules": rules(),
        "package": package, "why": sheets.why(package) if package else "", "next": NEXT[place.quarter],
        "past": questionnaires(), "decision": queries.decisions([pk]).get(pk), "small": SMALL_GROUP,
        "form": DecideForm() if package and access(request).may("readiness.decide") else None,
    }  # fmt: skip
    return render(request, "readiness/unit.html", shown)


@need("readiness.invest")
@require_GET
def investments(request: HttpRequest) -> HttpResponse:
    """What to buy where, the most people enabled per million đồng first; people decide."""
    found = found_map(request)
    if found is None:
        return render(request, "readiness/nothing.html")
    kind = kind_asked(request)
    rows = [one for one in queries.investments(found) if not kind or group_of(one.place.unit.kind) == kind]
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    decided = queries.decisions([one.place.unit.pk for one in page.object_list])
    lines = [
        {
            "rank": page.start_index() + i, "one": one, "why": sheets.why(one), "line": line(one.place),
            "decision": decided.get(one.place.unit.pk),
        }
        for i, one in enumerate(page.object_list)
    ]  # fmt: skip
    there = {group_of(one.unit.kind) for one in found.places}
    shown = {
        "page": page, "lines": lines, "kind": kind, "cost": sum(one.cost for one in rows), "rules": rules(),
        "enabled": sum(one.enabled for one in rows), "kinds": [(c, t) for c, t in GROUPS.items() if c in there],
        "at": found.at, "unknown": sum(not one.fresh for one in found.only(kind)),
    }  # fmt: skip
    return render(request, "readiness/investments.html", shown)


@need("readiness.invest")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook; the export is logged."""
    found = found_map(request)
    if found is None:
        raise Http404
    rows, at = queries.investments(found), now()
    decided = queries.decisions([one.place.unit.pk for one in rows])
    services.note_export(actor=request.user, rows=len(rows), at=at)  # type: ignore[arg-type]
    return workbook("danh-muc-dau-tu", [sheets.investment_sheet(rows, decided, at=at)], at=at)


@need("readiness.decide")
@whole_city
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A leader's decision on one unit."""
    row = get_object_or_404(queries.surveyed_units(), pk=pk)
    form = DecideForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Write the reason, for example the number of the decision."))
        services.decide(actor=request.user, unit=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The decision is on record, with your name and today's date."))
    return redirect("readiness:unit", pk=pk)
