"""The lecturer's desk: own classes, attendance, the list of materials."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.downloads import workbook
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.training import forms_places, queries, services, sheets
from nanglucso.develop.training.models import ClassSession, TrainingClass
from nanglucso.develop.training.views.attending import tick_list


def taught(request: HttpRequest, pk: int) -> TrainingClass:
    """One of the viewer's own classes as a lecturer; 404 otherwise."""
    return get_object_or_404(queries.taught_by(request.user), pk=pk)  # type: ignore[arg-type]


@need("own.view")
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The classes that this log-in teaches."""
    rows = list(queries.taught_by(request.user))  # type: ignore[arg-type]
    shown = {"live": [row for row in rows if row.is_live], "past": [row for row in rows if not row.is_live]}
    return render(request, "training/desk.html", shown)


@need("own.view")
def desk_class(request: HttpRequest, pk: int) -> HttpResponse:
    """One own class: sessions with their attendance, learners, materials; POST puts a material on the list."""
    row = taught(request, pk)
    form = forms_places.MaterialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_material(actor=request.user, training_class=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The material is on the list; learners see it under “My classes”."))
            return redirect("training:desk_class", pk)
    people = queries.placed(queries.booked(row).select_related("person__unit", "person__position"))
    shown = {"row": row, "form": form, "sessions": queries.sessions(row, now()), "people": people}
    return render(request, "training/desk_class.html", shown, status=422 if form.errors else 200)


@need("own.view")
@require_POST
def material_remove(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """Take a material off the list."""
    row = taught(request, pk)
    services.remove_material(actor=request.user, material=get_object_or_404(row.materials, pk=material), at=now())  # type: ignore[arg-type]
    return redirect("training:desk_class", pk)


@need("own.view")
@require_GET
def desk_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The attendance sheet of an own class as a workbook."""
    row = taught(request, pk)
    sheet = sheets.attendance_sheet(row, EVERYTHING, now())
    told = {"what": "diem-danh", "rows": len(list(sheet.rows)), "training_class": row}
    services.note_export(actor=request.user, at=now(), **told)  # type: ignore[arg-type]
    return workbook(f"diem-danh-{row.code.lower()}", [sheet], at=now())


@need("own.view")
def desk_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """The tick list of one session of an own class."""
    session = get_object_or_404(ClassSession.objects.select_related("training_class__course"), pk=pk)
    return tick_list(request, taught(request, session.training_class_id), session, "training:desk_class")
