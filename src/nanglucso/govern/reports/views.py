"""Pages of reporting."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.acts import act
from nanglucso.core.clock import now, today
from nanglucso.core.days import local_day
from nanglucso.core.downloads import download
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.hours.queries import years
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.queries import approved
from nanglucso.develop.training.models import TrainingClass
from nanglucso.govern.outreach.models import Campaign as Spreading
from nanglucso.govern.outreach.queries import campaigns as spread
from nanglucso.govern.reports import drawing, leaderpage, queries, trendpage
from nanglucso.govern.reports.dissemination import dissemination_document
from nanglucso.govern.reports.documents import PAPERS, gaps_workbook, plan_document, position_document, to_docx, to_pdf
from nanglucso.govern.reports.hours import hours_document
from nanglucso.govern.reports.leaderrules import leader_rules
from nanglucso.govern.reports.streamlining import streamlining_document
from nanglucso.govern.reports.yearly import yearly_document
from nanglucso.measure.gaps.queries import top_units
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Position


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdigit() and len(asked) == 4 else now().year


@need("year.view")
@require_GET
def year(request: HttpRequest) -> HttpResponse:
    """The training officer's first screen."""
    framework, at, number = current_framework(), now(), _year(request)
    counts = queries.city_counts(framework, at)
    plan = approved(number)
    figures = queries.head_figures(counts, year=number, at=at)
    context = {
        "year": number, "at": at, "strip": queries.year_strip(counts, year=number, at=at), "plan": plan,
        "figures": [(one, drawing.spark(one.trend)) for one in figures], "units": len(top_units(EVERYTHING)),
        "todos": queries.todos(year=number, at=at), "areas": queries.classes_by_area(plan),
        "slow": queries.slow_units(at), "week": queries.this_week(at),
    }  # fmt: skip
    return render(request, "reports/year.html", context)


def _dated(at: datetime) -> str:
    """Place and day as the head of a document has them."""
    day = local_day(at)
    told = {"place": settings.ORGANISATION["place"], "d": f"{day:%d}", "m": f"{day:%m}", "y": day.year}
    return _("%(place)s, %(d)s/%(m)s/%(y)s") % told


@need("reports.leader")
@require_GET
def leader(request: HttpRequest) -> HttpResponse:
    """One A4 page: where we stand, forecast, gap, money, effect, what to decide."""
    rules, year, anew = leader_rules(), _year(request), "moi" in request.GET
    told, at = leaderpage.figures_of(current_framework(), rules, year=year, at=now(), anew=anew)
    context = leaderpage.page(told, rules, year=year, at=at)
    return render(request, "reports/leader.html", {"year": year, "at": at, "place_date": _dated(at), **context})


@need("reports.leader")
@require_GET
def trend(request: HttpRequest) -> HttpResponse:
    """From year to year: what is a change of people, and what could not be separated."""
    row = leaderpage.latest_trend()
    context = {"change": leaderpage.change_of(row), "level": round(100 * leader_rules().trend.level)}
    if row:
        context |= trendpage.page(row, current_framework(), leader_rules())
    return render(request, "reports/trend.html", context)


@need("reports.yearly")
@require_GET
def yearly(request: HttpRequest) -> HttpResponse:
    """The yearly report before it is printed: its tables, and the two files."""
    number = _year(request)
    document = yearly_document(number, at=now())
    return render(request, "reports/yearly.html", {"year": number, "document": document, "years": _years()})


def _years() -> list[int]:
    return sorted(set(Scenario.objects.values_list("year", flat=True)) | {now().year}, reverse=True)


@need("reports.yearly")
@require_GET
def yearly_file(request: HttpRequest, year: str, kind: str) -> HttpResponse:
    """The yearly report as DOCX or PDF."""
    document = yearly_document(int(year), at=now())
    with act(request.user, "reports.yearly_file", at=now(), year=year, kind=kind):  # type: ignore[arg-type]
        content = to_docx(document) if kind == "docx" else to_pdf(document)
    return download(content, f"bao-cao-{year}", kind)


@need("plans.view")
@require_GET
def plan_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The official plan of a computed scenario as DOCX or PDF. Names of people stand in it, so it is logged."""
    check_whole_city(request)
    scenario = get_object_or_404(Scenario, pk=pk)
    if not scenario.figures:
        raise Http404
    document = plan_document(scenario, at=now())
    with act(request.user, "reports.plan_file", scenario, at=now(), kind=kind):  # type: ignore[arg-type]
        content = to_docx(document) if kind == "docx" else to_pdf(document)
    return download(content, f"ke-hoach-{scenario.year}-{scenario.pk}", kind)


@need("classes.change")
@require_GET
def class_file(request: HttpRequest, pk: int, paper: str, kind: str) -> HttpResponse:
    """Decision to open, list of learners or attendance sheet of a class as DOCX or PDF; names stand in it: logged."""
    check_whole_city(request)
    row = get_object_or_404(
        TrainingClass.objects.select_related("course", "venue", "lecturer", "planned__scenario"), pk=pk
    )
    with act(request.user, "training.export", row, at=now(), what=paper, kind=kind):  # type: ignore[arg-type]
        document = PAPERS[paper](row, at=now())
        content = to_docx(document) if kind == "docx" else to_pdf(document)
    return download(content, f"{paper}-{row.code.lower()}", kind)


@need("gaps.names")
@require_GET
def gaps_file(request: HttpRequest) -> HttpResponse:
    """The gap workbook of one's own scope."""
    scope = request.access.scope  # type: ignore[attr-defined]
    with act(request.user, "reports.gaps_file", at=now()):  # type: ignore[arg-type]
        content = gaps_workbook(current_framework(), scope, at=now())
    return download(content, f"khoang-cach-{today():%Y%m%d}", "xlsx")


@need("positions.view")
@require_GET
def position_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The description of a position on the official form, as DOCX."""
    position = get_object_or_404(Position.objects.select_related("framework"), pk=pk)
    with act(request.user, "reports.position_file", position, at=now()):  # type: ignore[arg-type]
        content = to_docx(position_document(position, at=now()))
    return download(content, f"vi-tri-{position.code.lower()}", "docx")


@need("overlaps.view")
@require_GET
def streamlining_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The report on overlapping duties of one's own scope as DOCX or PDF."""
    document = streamlining_document(request.access.scope, at=now())  # type: ignore[attr-defined]
    with act(request.user, "staffing.export_overlaps", at=now(), kind=kind):  # type: ignore[arg-type]
        content = to_docx(document) if kind == "docx" else to_pdf(document)
    return download(content, f"ra-soat-chuc-nang-{today():%Y%m%d}", kind)


@need("hours.report")
@require_GET
def hours_file(request: HttpRequest, year: str, kind: str) -> HttpResponse:
    """The report on the yearly duty of periods of one's own scope as DOCX or PDF."""
    access, number = request.access, int(year)  # type: ignore[attr-defined]
    if number not in years(now()):
        raise Http404
    document = hours_document(access.scope, number, names=access.may("hours.names"), at=now())
    with act(request.user, "reports.hours_file", at=now(), year=number, kind=kind):  # type: ignore[arg-type]
        content = to_docx(document) if kind == "docx" else to_pdf(document)
    return download(content, f"so-tiet-{number}", kind)


@need("outreach.reach")
@require_GET
def outreach_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The dissemination report of a campaign, of one's own scope, as DOCX or PDF."""
    access = request.access  # type: ignore[attr-defined]
    row = get_object_or_404(spread(scope=access.scope).exclude(status=Spreading.Status.DRAFT), pk=pk)
    document = dissemination_document(access.scope, row, names=access.may("outreach.names"), at=now())
    with act(request.user, "reports.outreach_file", row, at=now(), kind=kind):  # type: ignore[arg-type]
        content = to_docx(document) if kind == "docx" else to_pdf(document)
    return download(content, f"pho-bien-{row.pk}", kind)
