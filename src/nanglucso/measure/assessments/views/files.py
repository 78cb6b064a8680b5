"""Files handed in: the door of the test that takes one, and the desk of the people who rate them."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core import downloads
from nanglucso.core.access import need, public
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import answering, judging, services, ticket, uploading
from nanglucso.measure.assessments.conditionforms import FileRatingForm
from nanglucso.measure.assessments.models import Sitting
from nanglucso.measure.assessments.views.sitting import say, told
from nanglucso.measure.bank.scoring import BadChoice
from nanglucso.measure.bank.showing import stimulus
from nanglucso.ui.edition import versioned


def _refused(request: HttpRequest, pk: uuid.UUID, words: str) -> HttpResponse:
    """Nothing was stored and the question stays: say why, beside the field or after a redirect."""
    if request.headers.get("NLS-Outbox"):
        return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")
    messages.error(request, words)
    return redirect("assessments:sit", pk)


@versioned
@public
@require_POST
def upload(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take one file as the answer. Opened by the sitting's ticket, not by a session."""
    known, file, at = ticket.read(request, pk), request.FILES.get("file"), now()
    if known is None:
        return say(request, pk, 401, "log_in")
    if file is None:
        return _refused(request, pk, _("Please choose the file first."))
    try:
        shown = request.POST.get("shown_ms", "")
        sent = answering.Sent(
            int(request.POST["seq"]), uuid.UUID(request.POST["key"]), int(request.POST["item"]), None,
            int(shown) if shown.isdigit() else 0,
        )  # fmt: skip
        reply = uploading.take_file(
            sitting_id=pk, person_id=known.person, epoch=known.epoch, sent=sent, file=file, name=file.name or "", at=at
        )
    except (ValueError, KeyError) as error:
        return say(request, pk, 422 if isinstance(error, BadChoice) else 400, "malformed")
    except Sitting.DoesNotExist:
        return say(request, pk, 404, "unknown")
    except Refused as no:
        return _refused(request, pk, str(no))
    if reply.finished:
        row = Sitting.objects.select_related("campaign", "person").get(pk=pk)
        services.finish(actor=None, sitting=row, at=at)
    return told(request, pk, reply, at)


@need("files.rate")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Files that wait for the viewer, without names."""
    rows = judging.waiting(request.user, request.access.scope)  # type: ignore[attr-defined,arg-type]
    return render(request, "assessments/files.html", {"rows": rows})


@need("files.rate")
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """One file with the question and the categories."""
    row = get_object_or_404(judging.open_to(request.user, request.access.scope), pk=pk)  # type: ignore[attr-defined,arg-type]
    form = FileRatingForm(request.POST or None, version=row.item_version)
    if request.method == "POST" and form.is_valid():
        try:
            judging.rate(actor=request.user, answer=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The rating is kept. It counts once the work is rated by enough people."))
            return redirect("assessments:files")
    body = row.item_version.body
    shown = {"one": judging.Waiting(row, row.given), "form": form, "body": body}  # type: ignore[attr-defined]
    shown["stimulus"] = stimulus(body.get("stimulus"))
    return render(request, "assessments/file_rate.html", shown, status=422 if form.errors else 200)


@need("files.rate")
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, downloaded and never shown as a page; opening it leaves a trace."""
    row = get_object_or_404(judging.open_to(request.user, request.access.scope), pk=pk)  # type: ignore[attr-defined,arg-type]
    try:
        file, path = uploading.path_of(row)
    except Refused as no:
        raise Http404(str(no)) from no
    judging.note_file_read(actor=request.user, answer=row, at=now())  # type: ignore[arg-type]
    return downloads.kept(path, file.content_type, file.name)
