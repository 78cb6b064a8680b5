"""Votes of a meeting: the list, one vote with its ballot or result, and what chair and secretary do with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings.forms_votes import AskForm, BallotForm, VoidForm, basis, in_language
from nanglucso.govern.meetings.models import Meeting, Vote
from nanglucso.govern.meetings.queries import visible
from nanglucso.govern.meetings.queries import votes as queries
from nanglucso.govern.meetings.rules import manages
from nanglucso.govern.meetings.services import votes as services
from nanglucso.govern.meetings.services.voting import Taken
from nanglucso.govern.meetings.services.voting import cast as cast_ballot

SAID = {
    Taken.COUNTED: lambda: _("Your ballot was received and counted."),
    Taken.BEFORE: lambda: _("Your ballot had been received before; it is counted once."),
    Taken.CHANGED: lambda: _("Your vote was changed."),
}


def _person(request: HttpRequest) -> Any:
    return request.access.person  # type: ignore[attr-defined]


def _meeting(request: HttpRequest, pk: int) -> Meeting:
    return get_object_or_404(visible(request.user, _person(request)), pk=pk)  # type: ignore[arg-type]


def _vote(request: HttpRequest, pk: int) -> Vote:
    return get_object_or_404(queries.votes(request.user, _person(request)), pk=pk)  # type: ignore[arg-type]


def _place(request: HttpRequest, meeting: Meeting) -> Any:
    person = _person(request)
    return queries.place_of(meeting, person.pk if person else None)


def _rules(vote: Vote) -> dict[str, Any]:
    quorum, majority = queries.rules_of(vote)
    told = ((quorum, _("Quorum")), (majority, _("Majority")))
    return {"rules": [(label, in_language(one.name), basis(one), one.confidence) for one, label in told]}


def _progress(vote: Vote) -> dict[str, Any]:
    here = queries.seats(vote.meeting)
    return {"vote": vote, "cast": queries.took_part(vote), "here": len(here.present), "members": len(here.members)}


@need("meetings.view")
@require_GET
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Votes of a meeting: open first, then prepared, then what came out."""
    meeting = _meeting(request, pk)
    place = _place(request, meeting)
    rows = list(meeting.votes.all())
    shown = {
        "meeting": meeting, "place": place, "leads": manages(place) and meeting.is_live,
        "open": [one for one in rows if one.status == Vote.Status.OPEN],
        "prepared": [one for one in rows if one.status == Vote.Status.PREPARED], "results": queries.results_of(meeting),
        "running": meeting.status == Meeting.Status.RUNNING,
    }  # fmt: skip
    return render(request, "meetings/votes.html", shown)


@need("meetings.view")
@require_GET
def slot(request: HttpRequest, pk: int) -> HttpResponse:
    """A card for the meeting's page: the vote that is open now, and how many there are."""
    meeting = _meeting(request, pk)
    place, open_ = _place(request, meeting), meeting.votes.filter(status=Vote.Status.OPEN).first()
    done = queries.cast_by(open_, place) if open_ and place else None
    shown = {"meeting": meeting, "open": open_, "done": done, "may": queries.may_cast(place), "leads": manages(place)}
    return render(request, "meetings/votes_slot.html", shown | {"n": meeting.votes.count()})


@need("meetings.view")
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare a vote."""
    meeting = _meeting(request, pk)
    form = AskForm(request.POST or None, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        try:
            services.prepare(
                actor=request.user, meeting=meeting, place=_place(request, meeting), asked=form.asked(), at=now()  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The vote is prepared; open it when its turn comes."))
            return redirect("meetings:votes", meeting.pk)
    leads = manages(_place(request, meeting)) and meeting.is_live
    shown = {"meeting": meeting, "form": form, "leads": leads}
    return render(request, "meetings/vote_new.html", shown, status=422 if form.errors else 200)


@need("meetings.view")
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One vote: the ballot while it is open, the result after."""
    return _page(request, _vote(request, pk))


def _page(
    request: HttpRequest, vote: Vote, form: BallotForm | None = None, void: VoidForm | None = None
) -> HttpResponse:
    place = _place(request, vote.meeting)
    shown = _progress(vote) | _rules(vote) | {"place": place, "leads": manages(place), "void": void or VoidForm()}
    if vote.status == Vote.Status.OPEN:
        held = queries.cast_by(vote, place) if place else None
        mine = held if held and place and held.by_id == place.pk else None
        before = [] if vote.secret else queries.choice_of(mine)
        may = queries.may_cast(place) and (not held or (mine and not vote.secret))
        shown |= {"held": held, "mine": mine, "may": may, "form": form or _ballot(vote, before)}
    elif vote.status != Vote.Status.PREPARED:
        shown["result"] = queries.result(vote)
    wrong = (form is not None and form.errors) or (void is not None and void.errors)
    return render(request, "meetings/vote.html", shown, status=422 if wrong else 200)


def _ballot(vote: Vote, before: list[int]) -> BallotForm:
    told = [f"{number:02d}" for number in before]
    return BallotForm(vote=vote, initial={"choice": told if vote.is_list and vote.most > 1 else (told or [""])[0]})


@need("meetings.view")
@require_POST
@sensitive_post_parameters()
@sensitive_variables()
def cast(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a ballot. The reply is the same whatever was chosen."""
    vote = _vote(request, pk)
    place = _place(request, vote.meeting)
    form = BallotForm(request.POST, vote=vote)
    if place is None or not form.is_valid():
        return _page(request, vote, form)
    try:
        taken = cast_ballot(actor=request.user, vote=vote, place=place, numbers=form.numbers(), at=now())  # type: ignore[arg-type]
    except Refused as no:
        vote.refresh_from_db()
        if vote.status != Vote.Status.OPEN or no.field is None:
            messages.error(request, str(no.message))
            return redirect("meetings:vote", vote.pk)
        no.show_on(form)
        return _page(request, vote, form)
    messages.success(request, SAID[taken]())
    return redirect("meetings:vote", vote.pk)


def _led(request: HttpRequest, pk: int, verb: Callable[..., Any], done: str) -> HttpResponse:
    vote = _vote(request, pk)
    try:
        verb(actor=request.user, vote=vote, place=_place(request, vote.meeting), at=now())
    except Refused as no:
        messages.error(request, str(no.message))
    else:
        messages.success(request, done)
    return redirect("meetings:vote", vote.pk)


@need("meetings.view")
@require_POST
def open_(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a vote."""
    return _led(request, pk, services.open_, _("The vote is open."))


@need("meetings.view")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close and count."""
    return _led(request, pk, services.close, _("The vote is closed."))


@need("meetings.view")
@require_POST
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an open vote void, with a reason."""
    form = VoidForm(request.POST)
    if not form.is_valid():
        return _page(request, _vote(request, pk), void=form)
    reason = form.cleaned_data["reason"]
    return _led(request, pk, lambda **told: services.make_void(reason=reason, **told), _("The vote is void."))


@need("meetings.view")
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a vote that was never opened."""
    vote = _vote(request, pk)
    try:
        services.drop(actor=request.user, vote=vote, place=_place(request, vote.meeting), at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no.message))
        return redirect("meetings:vote", vote.pk)
    messages.success(request, _("The prepared vote was taken away."))
    return redirect("meetings:votes", vote.meeting_id)


@need("meetings.view")
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How many have taken part, for a page that is left open; when the vote ends the whole page is fetched anew."""
    vote = _vote(request, pk)
    if vote.status != Vote.Status.OPEN:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "meetings/vote_progress.html", _progress(vote))
