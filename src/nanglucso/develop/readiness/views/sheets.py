"""Sheets of many units: upload, look through, apply, undo."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now, today
from nanglucso.core.downloads import workbook
from nanglucso.core.refusals import Refused
from nanglucso.develop.readiness import queries, services, sheets
from nanglucso.develop.readiness.forms import SheetForm
from nanglucso.develop.readiness.models import FactSheet
from nanglucso.develop.readiness.questionnaire import SEVERAL, Question, Questionnaire, current, kept, questionnaires
from nanglucso.ui.figures import vdate

SHOWN = 200


@need("readiness.import")
@whole_city
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Sheets read so far, newest first."""
    page = Paginator(queries.sheets(), 20).get_page(request.GET.get("page"))
    return render(request, "readiness/sheets.html", {"page": page})


@need("readiness.import")
@whole_city
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Upload a sheet; nothing changes before it is applied."""
    form = SheetForm(request.POST or None, request.FILES or None, initial={"day": vdate(today())})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            row = services.read_sheet(
                actor=request.user, stream=sent, name=sent.name, day=form.cleaned_data["day"], at=now(),  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            refused.show_on(form)
        else:
            return redirect("readiness:sheet", row.pk)
    shown = {"form": form, "asked": current(today())}
    return render(request, "readiness/sheet_new.html", shown, status=422 if form.errors else 200)


@need("readiness.import")
@whole_city
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """Every unit with the columns that are always recognised."""
    rows = list(queries.surveyed_units())
    return workbook("khao-sat-ha-tang", [sheets.template_sheet(current(today()), rows)], at=now())


@need("readiness.import")
@whole_city
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What applying would do, or what was done; every fault by row and column."""
    row = get_object_or_404(FactSheet, pk=pk)
    asked, plan = questionnaires()[row.version], row.plan
    held = queries.held_on(row.day, [one["unit"] for one in plan["rows"][:SHOWN]]) if row.status == "read" else {}
    heads = [one for one in asked.questions if one.kind != "text"]
    rows = [
        {**one, "cells": _cells(asked, heads, one["answers"], held.get(one["unit"]))} for one in plan["rows"][:SHOWN]
    ]
    shown = {
        "row": row, "rows": rows, "heads": heads, "count": len(plan["rows"]), "more": max(len(plan["rows"]) - SHOWN, 0),
        "problems": [{**one, "text": _said(**one)} for one in plan["problems"][:SHOWN]],
        "faults": len(plan["problems"]), "left": [one for one in plan["columns"] if not one["field"]],
    }  # fmt: skip
    return render(request, "readiness/sheet.html", shown)


def _cells(
    asked: Questionnaire, heads: list[Question], answers: dict[str, Any], held: queries.Held | None
) -> list[dict[str, Any]]:  # fmt: skip
    """What stands once the row is applied, question by question."""
    after = kept(asked, held.facts.answers, answers) if held else answers
    return [_cell(question, after, held) for question in heads]


def _said(template: str, told: dict[str, str], **place: Any) -> str:
    return _(template) % told


def _cell(question: Question, answers: dict[str, Any], held: queries.Held | None) -> dict[str, Any]:
    """The answer in words, and what stands now where it is another."""
    new = question.told(answers.get(question.code))
    old = question.told(held.answers.get(question.code)) if held else ""
    return {
        "head": question.label,
        "long": question.kind == SEVERAL,
        "new": new or "–",
        "old": old if held and old != new else "",
        "changed": bool(held) and old != new,
    }


@need("readiness.import")
@whole_city
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Every readable row becomes its unit's figures."""
    row = get_object_or_404(FactSheet, pk=pk)
    try:
        n = services.apply_sheet(actor=request.user, row=row, at=now())  # type: ignore[arg-type]
        messages.success(request, _("Applied: figures of %(n)s units.") % {"n": n})
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("readiness:sheet", pk)


@need("readiness.import")
@whole_city
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the sheet back."""
    row = get_object_or_404(FactSheet, pk=pk)
    try:
        n = services.undo_sheet(actor=request.user, row=row, at=now())  # type: ignore[arg-type]
        messages.success(
            request, _("Taken back: figures of %(n)s units; what they said before counts again.") % {"n": n}
        )
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("readiness:sheet", pk)
