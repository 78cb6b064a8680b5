"""The reader: pages as pictures with their text, the harmless copy, own notes, the service worker."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need, public
from nanglucso.core.clock import now
from nanglucso.core.downloads import kept
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings import queries, services
from nanglucso.govern.meetings.models import Paper
from nanglucso.govern.meetings.services.papers import file_of
from nanglucso.govern.meetings.views.meetings import found


def _paper(request: HttpRequest, pk: int) -> Paper:
    row = get_object_or_404(Paper.objects.filter(withdrawn_at=None), pk=pk)
    row.meeting = found(request, row.meeting_id)[0]
    return row


@need("meetings.view")
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Every page one below the other, each with the viewer's note."""
    paper, person = _paper(request, pk), request.access.person  # type: ignore[attr-defined]
    mine = {note.page: note.text for note in queries.notes(paper, person)} if person else {}
    pages = []
    for n in range(1, paper.pages + 1):
        pages.append((n, _text(paper, n), mine.get(n, "")))
    return render(request, "meetings/paper.html", {"paper": paper, "meeting": paper.meeting, "pages": pages})


def _text(paper: Paper, page: int) -> str:
    path = file_of(paper, f"{page}.txt")
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@need("meetings.view")
@require_GET
def page(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """The picture of one page."""
    return kept(file_of(_paper(request, pk), f"{n}.png"), "image/png", f"{n}.png", shown=True)


@need("meetings.view")
@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The harmless copy, to be saved."""
    paper = _paper(request, pk)
    return kept(file_of(paper), "application/pdf", f"tai-lieu-{paper.number}.pdf")


@need("meetings.view")
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the viewer's own note of a page; an empty one deletes it."""
    paper, person = _paper(request, pk), request.access.person  # type: ignore[attr-defined]
    n = request.POST.get("page", "")
    if person is None or not n.isdigit():
        raise Http404
    try:
        services.write_note(
            actor=request.user, paper=paper, person=person, page=int(n), text=request.POST.get("text", ""), at=now()  # type: ignore[arg-type]
        )  # fmt: skip
    except Refused as no:
        raise Http404 from no
    return redirect(f"{request.path.removesuffix('ghi-chu/')}#trang-{n}")


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of this room; it stands here because its address is how far it reaches."""
    text = Path(str(finders.find("js/meetingworker.js"))).read_text(encoding="utf-8")
    return HttpResponse(text, content_type="text/javascript", headers={"Cache-Control": "no-cache"})
