"""The list, a new meeting, the page of one meeting, and the year in figures."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings import queries, record, rules, services
from nanglucso.govern.meetings.forms import NewForm
from nanglucso.govern.meetings.models import Attendee, Meeting
from nanglucso.govern.meetings.queries import feeding
from nanglucso.govern.targets.queries import own_unit
from nanglucso.workforce.people.models import Person


def found(request: HttpRequest, pk: int) -> tuple[Meeting, Attendee | None, bool]:
    """The meeting, the viewer's place in it, and whether they run it. Not found for whoever is not invited."""
    person = request.access.person  # type: ignore[attr-defined]
    meeting = get_object_or_404(queries.visible(request.user, person), pk=pk)  # type: ignore[arg-type]
    seat = meeting.attendees.filter(person=person).first() if person else None
    if seat:
        seat.meeting = meeting
    return meeting, seat, rules.manages(seat) or meeting.created_by == request.user


def run(request: HttpRequest, pk: int) -> Meeting:
    """A meeting that the viewer runs; forbidden for who is only invited."""
    meeting, _seat, manages = found(request, pk)
    if not manages:
        raise PermissionDenied
    return meeting


@need("meetings.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Meetings to come, tasks, meetings that are over."""
    person = request.access.person  # type: ignore[attr-defined]
    rows = queries.visible(request.user, person)  # type: ignore[arg-type]
    tasks = queries.tasks(request.user, person)  # type: ignore[arg-type]
    day = today()
    shown = {
        "coming": queries.coming(rows), "over": queries.over(rows)[:50],
        "tasks": [(one, one.is_late(day)) for one in tasks.order_by("closed_at", "due_on")[:100]],
        "asked": set(queries.unanswered(person, now()).values_list("meeting", flat=True)) if person else set(),
        "may_hold": request.access.may("meetings.hold"),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "meetings/index.html", shown)


@need("meetings.hold")
def new(request: HttpRequest) -> HttpResponse:
    """Plan a meeting of one's own units."""
    scope = request.access.scope  # type: ignore[attr-defined]
    form = NewForm(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create(actor=request.user, scope=scope, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("meetings:show", made.pk)
    shown = {"form": form, "title": _("New meeting"), "go": _("Plan the meeting")}
    return render(request, "meetings/form.html", shown, status=422 if form.errors else 200)


@need("meetings.view")
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Agenda, papers, the own answer, speaking list, minutes, tasks; the steps of chair and secretary."""
    meeting, seat, manages = found(request, pk)
    papers, day = list(queries.papers(meeting)), today()
    minutes = record.live(meeting)
    visible = minutes if minutes and (manages or minutes.sent_at) else None
    shown = {
        "meeting": meeting, "seat": seat, "manages": manages, "chairs": rules.chairs(seat), "minutes": visible,
        "items": [(item, [p for p in papers if p.item_id == item.pk]) for item in meeting.items.all()],
        "loose": [paper for paper in papers if paper.item_id is None], "papers": papers,
        "people": queries.seats(meeting), "here": queries.present(meeting).count(),
        "of": queries.expected(meeting).count(), "line": queries.line(meeting),
        "mine": seat and seat.speeches.filter(done_at=None, taken_back_at=None).first(),
        "tasks": [(one, one.is_late(day)) for one in queries.conclusions(meeting)],
        "remarks": visible.remarks.select_related("attendee__person") if visible else (),
        "archive": getattr(meeting, "archive", None),
    }  # fmt: skip
    return render(request, "meetings/show.html", shown)


@need("meetings.view")
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Points up, down and off, papers withdrawn."""
    meeting = run(request, pk)
    if request.method == "POST":
        verb, _colon, key = request.POST.get("do", "").partition(":")
        try:
            _arrange(meeting, verb, int(key) if key.isdigit() else 0, {"actor": request.user, "at": now()})
        except Refused as no:
            messages.error(request, str(no))
        return redirect("meetings:agenda", pk)
    shown = {"meeting": meeting, "items": meeting.items.all(), "papers": queries.papers(meeting)}
    return render(request, "meetings/agenda.html", shown)


def _arrange(meeting: Meeting, verb: str, key: int, by: dict[str, Any]) -> None:
    item, paper = meeting.items.filter(pk=key).first(), queries.papers(meeting).filter(pk=key).first()
    if verb == "withdraw" and paper:
        services.withdraw_paper(paper=paper, **by)
    elif verb == "off" and item:
        services.remove_item(item=item, **by)
    elif verb in ("up", "down") and item:
        services.move_item(item=item, up=verb == "up", **by)
    else:
        raise Refused(_("This is no longer there: somebody else took it away meanwhile."))


@need("meetings.view")
@require_GET
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """The speaking list, asked for again and again while the meeting is in session."""
    meeting, seat, manages = found(request, pk)
    shown = {"meeting": meeting, "seat": seat, "manages": manages, "line": queries.line(meeting)}
    return render(request, "meetings/line.html", shown)


@need("meetings.view")
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Find people by name or unit and invite those who are ticked."""
    meeting = run(request, pk)
    text = request.GET.get("q", "").strip()
    if request.method == "POST":
        ticked = [int(one) for one in request.POST.getlist("person") if one.isdigit()]
        may = {one.pk: one for one in queries.candidates(meeting, text, 30)}
        role = request.POST.get("role", "")
        chosen: list[Person] = [may[one] for one in ticked if one in may]
        if role not in (Attendee.Role.DELEGATE, Attendee.Role.GUEST, Attendee.Role.SECRETARY):
            raise Http404
        try:
            votes = role == Attendee.Role.DELEGATE
            services.invite(actor=request.user, meeting=meeting, people=chosen, role=role, may_vote=votes, at=now())  # type: ignore[arg-type]
        except Refused as no:
            messages.error(request, str(no))
        else:
            messages.success(request, _("%(n)s people are invited.") % {"n": len(chosen)})
        return redirect(request.get_full_path())
    hits = queries.candidates(meeting, text) if text else []
    shown = {"meeting": meeting, "text": text, "hits": hits, "people": queries.seats(meeting)}
    return render(request, "meetings/people.html", shown)


@need("meetings.view")
@require_POST
def uninvite(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """Take one invitation back."""
    meeting = run(request, pk)
    try:
        services.uninvite(actor=request.user, seat=get_object_or_404(meeting.attendees, pk=seat), at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    return redirect("meetings:people", pk)


def figures_of(request: HttpRequest) -> dict[str, Any]:
    """A year's figures of the viewer's units, with what of them the targets have."""
    day, asked = today(), request.GET.get("nam", "")
    year = int(asked) if asked.isdigit() and day.year - 5 <= int(asked) <= day.year else day.year
    period = (date(year, 1, 1), min(day, date(year, 12, 31)))
    access = request.access  # type: ignore[attr-defined]
    told = queries.paperless_figures(access.scope, period, day=day)
    shown: dict[str, Any] = {"year": year, "day": day, "told": told, "may": access.may("targets.record")}
    unit = own_unit(access.scope)
    if unit and (fed := feeding.fed(unit)):
        written = feeding.written(unit, fed)
        months = [(one, written.get(one.period.code, [])) for one in feeding.months(unit, year)]
        shown |= {"unit": unit, "fed": fed, "months": months}
    return shown


@need("meetings.hold")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Meetings without paper of a year, counted."""
    return render(request, "meetings/figures.html", figures_of(request))


@need("targets.record")
@require_POST
def feed(request: HttpRequest) -> HttpResponse:
    """A month's figure becomes a figure of the targets about meetings."""
    unit = own_unit(request.access.scope)  # type: ignore[attr-defined]
    if unit is None:
        raise PermissionDenied
    period, seal = request.POST.get("period", ""), request.POST.get("seal", "")
    try:
        codes = services.feed_targets(actor=request.user, unit=unit, period=period, seal=seal, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Written down as a figure of: %(codes)s.") % {"codes": ", ".join(codes)})
    return redirect(reverse("meetings:figures") + (f"?nam={period[:4]}" if period[:4].isdigit() else ""))
