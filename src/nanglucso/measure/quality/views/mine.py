"""My own requests for a review."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.models import LabSitting, Sitting
from nanglucso.measure.quality import queries, services
from nanglucso.measure.quality.forms import AppealForm, LabAppealForm
from nanglucso.measure.quality.rules import terms


@need("own.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """My cases with their clocks and answers, and the tests that can still be challenged."""
    person, at = request.access.person, now()  # type: ignore[attr-defined]
    rows = queries.own_appeals(person) if person else []
    since = at - terms().to_file
    tests = Sitting.objects.filter(person=person, finished_at__gte=since) if person else []
    done = LabSitting.objects.filter(person=person, finished_at__gte=since).exclude(graded=[])
    labs = done.select_related("version__lab", "campaign") if person else []
    shown = {
        "rows": [(row, queries.clock(row, at)) for row in rows],
        "tests": [(one, queries.last_day(one)) for one in tests],
        "labs": [(one, queries.last_day(one)) for one in labs],
        "days": terms().to_file.days,
    }
    return render(request, "quality/mine.html", shown)


@need("own.view")
def file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for a review of one question, or of the whole result, of my own test."""
    person, at = request.access.person, now()  # type: ignore[attr-defined]
    ended = Sitting.objects.exclude(finished_at=None).select_related("campaign", "person")
    sitting = get_object_or_404(ended, pk=pk, person=person)
    given = queries.answers_given(sitting)
    words = [(g.number, _steps(g)) for g in given if not g.appealed]
    form = AppealForm(request.POST or None, steps=words, initial={"step": request.GET.get("cau", "")})
    if request.method == "POST" and form.is_valid():
        try:
            services.file_appeal(actor=request.user, person=person, sitting=sitting, at=at, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("Your request is received. Its state and the answer are shown here."))
            return redirect("quality:mine")
    last = queries.last_day(sitting)
    shown: dict[str, Any] = {"sitting": sitting, "form": form, "last": last, "open": bool(last and at <= last)}
    shown["days"] = terms().to_answer.days
    return render(request, "quality/file.html", shown, status=422 if form.errors else 200)


@need("own.view")
def file_lab(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for a review of my own practice task, or of one competence that it measured."""
    person, at = request.access.person, now()  # type: ignore[attr-defined]
    ended = LabSitting.objects.exclude(finished_at=None).select_related("campaign__framework", "version__lab", "person")
    lab = get_object_or_404(ended, pk=pk, person=person)
    whole = not lab.appeals.filter(competence="").exists()
    form = LabAppealForm(request.POST or None, results=queries.results_of_lab(lab), whole=whole)
    if request.method == "POST" and form.is_valid():
        try:
            services.file_lab_appeal(actor=request.user, person=person, lab=lab, at=at, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("Your request is received. Its state and the answer are shown here."))
            return redirect("quality:mine")
    last = queries.last_day(lab)
    shown: dict[str, Any] = {"lab": lab, "form": form, "last": last, "open": bool(last and at <= last)}
    shown["days"] = terms().to_answer.days
    return render(request, "quality/file_lab.html", shown, status=422 if form.errors else 200)


def _steps(given: queries.Given) -> str:
    told = {"n": given.number, "code": given.code, "stem": Truncator(given.stem).chars(90)}
    return _("Question %(n)s · %(code)s · %(stem)s") % told
