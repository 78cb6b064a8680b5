"""Check-in, minutes as files, tasks, the archive."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.acts import act
from nanglucso.core.clock import now, today
from nanglucso.core.downloads import download, kept
from nanglucso.core.models import StoredFile
from nanglucso.core.refusals import Refused
from nanglucso.develop.training.drawing import qr
from nanglucso.govern.meetings import archive as archives
from nanglucso.govern.meetings import queries, record, rules, services
from nanglucso.govern.meetings.forms import ReportForm
from nanglucso.govern.meetings.models import Conclusion
from nanglucso.govern.meetings.services.attending import code_works
from nanglucso.govern.meetings.views.meetings import found, run
from nanglucso.govern.reports.documents import to_docx, to_pdf


@need("meetings.view")
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The code on the room's screen, and the list to tick for those without a phone."""
    meeting = run(request, pk)
    if request.method == "POST":
        try:
            if "present" in request.POST or "ticks" in request.POST:
                ticked = {int(one) for one in request.POST.getlist("present") if one.isdigit()}
                rows = list(meeting.attendees.filter(pk__in=ticked))
                services.mark_present(actor=request.user, meeting=meeting, present=rows, at=now())  # type: ignore[arg-type]
            else:
                verb = services.close_check_in if "close" in request.POST else services.open_check_in
                verb(actor=request.user, meeting=meeting, at=now())  # type: ignore[arg-type]
        except Refused as no:
            messages.error(request, str(no))
        return redirect("meetings:screen", pk)
    shown = {"meeting": meeting, "alive": meeting.takes_codes(now()), "people": queries.seats(meeting)}
    if shown["alive"]:
        path = reverse("meetings:check_in", args=[meeting.pk, meeting.nonce])
        shown["qr"] = qr(request.build_absolute_uri(path))
    return render(request, "meetings/screen.html", shown)


@need("meetings.view")
def check_in(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The phone that scanned the code: one button."""
    meeting, seat, _manages = found(request, pk)
    if seat is None:
        raise PermissionDenied
    if request.method == "POST":
        try:
            services.check_in(actor=request.user, seat=seat, nonce=token, at=now())  # type: ignore[arg-type]
        except Refused as no:
            messages.error(request, str(no))
        return redirect(
            "meetings:show" if seat.is_present else "meetings:check_in", *([pk] if seat.is_present else [pk, token])
        )
    works = code_works(meeting, token, now())
    return render(
        request,
        "meetings/check_in.html",
        {"meeting": meeting, "seat": seat, "works": works},
        status=200 if works else 410,
    )


@need("meetings.view")
@require_GET
def minutes_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The minutes as DOCX or PDF: a draft for those who run the meeting, once sent for everybody invited."""
    meeting, _seat, manages = found(request, pk)
    minutes = record.live(meeting)
    if minutes is None or not (manages or minutes.sent_at):
        raise Http404
    document = record.document(minutes, at=now())
    with act(request.user, "meetings.minutes_file", meeting, at=now(), kind=kind):  # type: ignore[arg-type]
        content = to_docx(document) if kind == "docx" else to_pdf(document)
    return download(content, f"bien-ban-{meeting.pk}", kind)


@need("meetings.view")
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: the owner reports it done, chair or secretary close it or send it back."""
    person = request.access.person  # type: ignore[attr-defined]
    row = get_object_or_404(queries.tasks(request.user, person), pk=pk)  # type: ignore[arg-type]
    seat = row.meeting.attendees.filter(person=person).first() if person else None
    manages = rules.manages(seat) or row.meeting.created_by == request.user
    owns = person is not None and row.owner_id == person.pk
    form = ReportForm(request.POST if "text" in request.POST else None, request.FILES or None, meeting=row.meeting)
    if request.method == "POST" and _did(request, row, form, owns=owns, manages=manages):
        return redirect("meetings:task", pk) if row.pk else redirect("meetings:show", row.meeting_id)
    shown = {
        "task": row, "owns": owns, "manages": manages, "form": form, "late": row.is_late(today()),
        "reports": row.reports.select_related("proof", "by"), "droppable": manages and services.may_drop(row),
    }  # fmt: skip
    return render(request, "meetings/task.html", shown, status=422 if form.errors else 200)


def _did(request: HttpRequest, row: Conclusion, form: ReportForm, *, owns: bool, manages: bool) -> bool:
    by: dict[str, Any] = {"actor": request.user, "at": now()}
    reports = "text" in request.POST
    if (reports and not owns) or (not reports and not manages):
        raise PermissionDenied
    if reports and not form.is_valid():
        return False
    try:
        if reports:
            file = form.cleaned_data["file"]
            services.report_task(
                task=row, text=form.cleaned_data["text"], file=file, name=getattr(file, "name", ""), **by
            )  # type: ignore[arg-type]
        elif "drop" in request.POST:
            services.drop_conclusion(task=row, **by)  # type: ignore[arg-type]
        elif "reason" in request.POST:
            services.return_task(task=row, reason=request.POST["reason"], **by)  # type: ignore[arg-type]
        else:
            services.close_task(task=row, **by)  # type: ignore[arg-type]
    except Refused as no:
        if not reports:
            messages.error(request, str(no))
            return True
        no.show_on(form)
        return False
    return True


@need("meetings.view")
@require_GET
def proof(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """The file that proves a task done."""
    person = request.access.person  # type: ignore[attr-defined]
    row = get_object_or_404(queries.tasks(request.user, person), pk=pk)  # type: ignore[arg-type]
    told = get_object_or_404(row.reports.exclude(proof=None).select_related("proof"), pk=report)
    file: StoredFile = told.proof  # type: ignore[assignment]
    return kept(Path(settings.MEDIA_ROOT) / file.path, file.content_type, file.name)


@need("meetings.view")
@require_GET
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed zip."""
    meeting, _seat, _manages = found(request, pk)
    if not hasattr(meeting, "archive"):
        raise Http404
    row = meeting.archive
    return kept(Path(settings.MEDIA_ROOT) / row.file.path, "application/zip", row.file.name)


@need("meetings.view")
def verify(request: HttpRequest) -> HttpResponse:
    """Judge an archive that somebody holds in hand."""
    sent = request.FILES.get("file")
    verdict = archives.verify(sent) if sent else None
    if request.method == "POST" and sent is None:
        messages.error(request, _("Choose the zip of an archive."))
    return render(request, "meetings/verify.html", {"verdict": verdict})
