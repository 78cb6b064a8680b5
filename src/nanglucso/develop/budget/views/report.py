"""Where the year's money stands, on the screen and as a workbook."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now, today
from nanglucso.core.downloads import workbook
from nanglucso.develop.budget import queries, reporting, services
from nanglucso.develop.budget import years as over
from nanglucso.develop.budget.reporting import Line
from nanglucso.develop.budget.views.sources import asked_year, may_change
from nanglucso.kit.dates import format_date
from nanglucso.kit.xlsxwrite import Column, OutSheet


@need("budget.view")
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """Amounts, plan, commitments, advances and payments by source, course and unit."""
    check_whole_city(request)
    year = asked_year(request, running=True)
    told = reporting.report(year)
    shown = {
        "year": year, "years": sorted({*queries.source_years(), year}, reverse=True), "report": told,
        "total": told.total, "may_change": may_change(request), "wrong": reporting.disagreements(year),
        "course_sum": reporting.total(told.by_course), "unit_sum": reporting.total(told.by_unit),
    }  # fmt: skip
    return render(request, "budget/report.html", shown)


def _columns(first: Any, limited: bool) -> list[Column]:
    """Names of the columns; only sources have an amount and something free."""
    names = [_("Plan"), _("Committed"), _("Advance outstanding"), _("Paid")]
    names = [_("Amount"), *names, _("Available")] if limited else names
    money = [Column(f"{name}, đồng", 20, "money") for name in names]
    return [Column(str(first), 52), Column(str(_("Code")), 18), *money, Column(str(_("Commitments")), 12, "int")]


def _cells(line: Line, name: Any, limited: bool) -> list[Any]:
    money = [line.planned, line.held, line.advanced, line.spent]
    return [str(name), line.code, *([line.limit, *money, line.free] if limited else money), line.n]


def _sheet(name: Any, first: Any, lines: list[Line], limited: bool, titles: list[str]) -> OutSheet:
    rows = [_cells(line, line.name or _("not assigned"), limited) for line in lines]
    rows.append(_cells(reporting.total(lines), _("Sum"), limited))
    return OutSheet(str(name), _columns(first, limited), rows, titles)


@need("budget.view")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The three tables as a workbook; the export is logged."""
    check_whole_city(request)
    year = asked_year(request, running=True)
    told = reporting.report(year)
    titles = [str(_("Training costs of %(year)s, on %(day)s") % {"year": year, "day": format_date(today())})]
    sheets = [
        _sheet(_("By source"), _("Source"), told.by_source, True, titles),
        _sheet(_("By course"), _("Course"), told.by_course, False, titles),
        _sheet(_("By unit"), _("Unit"), told.by_unit, False, titles),
    ]
    n = len(told.by_source) + len(told.by_course) + len(told.by_unit)
    services.note_export(actor=request.user, year=year, rows=n, at=now())  # type: ignore[arg-type]
    return workbook(f"kinh-phi-{year}", sheets, at=now())


@need("budget.view")
@require_GET
def years(request: HttpRequest) -> HttpResponse:
    """Sources over the years side by side, and what each rule carries over."""
    check_whole_city(request)
    found, rows, sums = over.over_years()
    shown = {"years": found, "sums": list(zip(found, sums, strict=True)), "lines": over_lines(rows, found)}
    return render(request, "budget/years.html", shown)


def over_lines(rows: list[over.Row], found: list[int]) -> list[dict[str, Any]]:
    """Each source with its (year, cell) pairs."""
    return [{"row": row, "cells": list(zip(found, row.cells, strict=True))} for row in rows]
