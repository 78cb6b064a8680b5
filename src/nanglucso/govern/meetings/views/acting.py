"""One small page for every verb that needs words or a file, and one address for those that need none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings import forms, record, services
from nanglucso.govern.meetings.models import Attendee, Meeting, Remark
from nanglucso.govern.meetings.views.meetings import found, run

Told = dict[str, Any]


@dataclass(frozen=True)
class Verb:
    """Title, word on the button, form, and what it calls with (meeting, seat, cleaned data, common arguments)."""

    title: Any
    go: Any
    form: type[forms.OfMeeting]
    do: Callable[[Meeting, Attendee | None, Told, Told], Any]
    managing: bool = True


def _item(m: Meeting, s: Attendee | None, told: Told, by: Told) -> Any:
    return services.add_item(meeting=m, presenter=None, **told, **by)


def _paper(m: Meeting, s: Attendee | None, told: Told, by: Told) -> Any:
    file = told.pop("file")
    return services.add_paper(meeting=m, stream=file, name=file.name, **told, **by)


def _close(m: Meeting, s: Attendee | None, told: Told, by: Told) -> Any:
    return services.close(meeting=m, sheets_printed=told["sheets"], **by)


def _minutes(m: Meeting, s: Attendee | None, told: Told, by: Told) -> Any:
    return services.write_minutes(meeting=m, **told, **by)


def _remark(m: Meeting, s: Attendee | None, told: Told, by: Told) -> Any:
    minutes = record.live(m)
    if minutes is None or s is None or not minutes.sent_at:
        raise Http404
    return services.remark(minutes=minutes, seat=s, **told, **by)


def _role(m: Meeting, s: Attendee | None, told: Told, by: Told) -> Any:
    chosen = told.pop("who")
    chosen.meeting = m
    return services.set_role(seat=chosen, **told, **by)


VERBS: dict[str, Verb] = {
    "sua": Verb(
        _("Change title, place or time"), _("Save the change"), forms.ChangeForm,
        lambda m, s, told, by: services.change(meeting=m, **told, **by),
    ),
    "vai-tro": Verb(_("Change a part in the meeting"), _("Save the change"), forms.RoleForm, _role),
    "diem": Verb(_("Add a point to the agenda"), _("Add the point"), forms.ItemForm, _item),
    "tai-lieu": Verb(_("Hand out a paper"), _("Hand out"), forms.PaperForm, _paper),
    "ket-thuc": Verb(_("End the meeting"), _("End the meeting"), forms.CloseForm, _close),
    "huy": Verb(
        _("Call the meeting off"), _("Call it off"), forms.ReasonForm,
        lambda m, s, told, by: services.cancel(meeting=m, **told, **by),
    ),
    "ket-luan": Verb(
        _("Add a conclusion"), _("Give the task"), forms.ConclusionForm,
        lambda m, s, told, by: services.add_conclusion(meeting=m, **told, **by),
    ),
    "bien-ban": Verb(_("Write the minutes"), _("Save the minutes"), forms.MinutesForm, _minutes),
    "gop-y": Verb(_("Remark on the minutes"), _("Send the remark"), forms.RemarkForm, _remark, managing=False),
    "vang": Verb(
        _("I cannot come"), _("Send the answer"), forms.ReasonForm,
        lambda m, s, told, by: services.answer_invitation(seat=s, comes=False, **told, **by), managing=False,  # type: ignore[arg-type]
    ),
    "cu-nguoi": Verb(
        _("Send somebody instead of me"), _("Send this person"), forms.StandInForm,
        lambda m, s, told, by: services.send_stand_in(seat=s, **told, **by), managing=False,  # type: ignore[arg-type]
    ),
}  # fmt: skip


def _initial(meeting: Meeting, verb: str) -> Told | None:
    """What the form of a verb shows before anything is typed."""
    if verb == "sua":
        return {name: getattr(meeting, name) for name in ("title", "place", "starts_at", "ends_at")}
    minutes = record.live(meeting) if verb == "bien-ban" else None
    return {"number": minutes.number, "text": minutes.text} if minutes else None


@need("meetings.view")
def act_on(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The page of one verb."""
    meeting, seat, manages = found(request, pk)
    told = VERBS.get(verb)
    if told is None:
        raise Http404
    if (told.managing and not manages) or (not told.managing and seat is None):
        raise PermissionDenied
    known: Told = {"meeting": meeting, "seat": seat, "initial": _initial(meeting, verb)}
    form = told.form(request.POST or None, request.FILES or None, **known)
    if request.method == "POST" and form.is_valid():
        try:
            told.do(meeting, seat, dict(form.cleaned_data), {"actor": request.user, "at": now()})
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("meetings:show", pk)
    shown = {"form": form, "title": told.title, "go": told.go, "meeting": meeting}
    return render(request, "meetings/form.html", shown, status=422 if form.errors else 200)


def _send(m: Meeting, by: Told) -> None:
    minutes = record.live(m)
    if minutes is None:
        raise Refused(_("The minutes are empty: write what was said first."))
    services.send_minutes(minutes=minutes, **by)


STEPS: dict[str, Callable[[Meeting, Told], Any]] = {
    "moi-hop": lambda m, by: services.call(meeting=m, **by),
    "khai-mac": lambda m, by: services.open_(meeting=m, **by),
    "gui-bien-ban": _send,
    "luu-tru": lambda m, by: services.make_archive(meeting=m, **by),
}


def _said(request: HttpRequest, pk: int, do: Callable[[Told], Any]) -> HttpResponse:
    try:
        do({"actor": request.user, "at": now()})
    except Refused as no:
        messages.error(request, str(no))
    return redirect("meetings:show", pk)


@need("meetings.view")
@require_POST
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One step of the meeting that needs no words."""
    meeting = run(request, pk)
    if verb not in STEPS:
        raise Http404
    return _said(request, pk, lambda by: STEPS[verb](meeting, by))


@need("meetings.view")
@require_POST
def own(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What an invited person does with one press: come, ask to speak, take it back; the chair approves."""
    meeting, seat, _manages = found(request, pk)
    if seat is None:
        raise PermissionDenied
    if verb == "tham-du":
        return _said(request, pk, lambda by: services.answer_invitation(seat=seat, comes=True, reason="", **by))
    if verb == "phat-bieu":
        return _said(request, pk, lambda by: services.ask_to_speak(seat=seat, item=None, **by))
    if verb == "rut":
        speech = get_object_or_404(seat.speeches.filter(done_at=None, taken_back_at=None))
        return _said(request, pk, lambda by: services.take_back(speech=speech, **by))
    minutes = record.live(meeting)
    if verb != "duyet" or minutes is None:
        raise Http404
    return _said(request, pk, lambda by: services.approve_minutes(minutes=minutes, seat=seat, **by))


@need("meetings.view")
@require_POST
def speech(request: HttpRequest, pk: int, speech: int, verb: str) -> HttpResponse:
    """Chair or secretary call the next speaker or end a speech."""
    meeting = run(request, pk)
    row = get_object_or_404(meeting.speeches.select_related("meeting", "attendee"), pk=speech)
    verbs = {"moi": services.call_speaker, "xong": services.end_speech}
    if verb not in verbs:
        raise Http404
    return _said(request, pk, lambda by: verbs[verb](speech=row, **by))


@need("meetings.view")
@require_POST
def answer_remark(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    """Take a remark into the minutes, or say why not."""
    row = get_object_or_404(Remark, pk=remark, minutes__meeting=run(request, pk))
    taken, text = "taken" in request.POST, request.POST.get("text", "")[:500]
    return _said(request, pk, lambda by: services.answer_remark(row=row, taken=taken, text=text, **by))
