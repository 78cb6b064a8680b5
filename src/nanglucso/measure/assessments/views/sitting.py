"""The test itself: one question a screen, and the door that takes answers."""

import uuid
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import by_ticket, need, public
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.core.watching.figures import count_answer
from nanglucso.kit.jsonread import read_json
from nanglucso.measure.assessments import (
    accommodating,
    admission,
    answering,
    delivery,
    judging,
    retaking,
    services,
    ticket,
)
from nanglucso.measure.assessments.models import GRACE, Sitting
from nanglucso.measure.assessments.queries import Screen, screen, stands_until
from nanglucso.measure.assessments.views import waiting
from nanglucso.measure.bank.choosing import choice_of
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.bank.scoring import BadChoice, lacks_marks
from nanglucso.ui.edition import edition, versioned

LIVE = (Sitting.Status.RUNNING, Sitting.Status.PAUSED)


def _own(request: HttpRequest, pk: uuid.UUID) -> Sitting:
    person = request.access.scope.person_id  # type: ignore[attr-defined]
    return get_object_or_404(Sitting.objects.select_related("campaign", "person"), pk=pk, person_id=person or -1)


@need("sittings.sit")
def begin(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the test is, before the clock runs; POST starts it."""
    sitting = _own(request, pk)
    if sitting.status in LIVE:
        return redirect("assessments:sit", pk)
    if request.method == "POST":
        at = now()
        place = admission.ask(sitting=sitting, at=at)
        if place.number:
            return waiting.told_to_wait(request, sitting, place)
        try:
            services.start_sitting(actor=request.user, sitting=sitting, at=at)  # type: ignore[arg-type]
            return redirect("assessments:sit", pk)
        except Refused as no:
            messages.error(request, str(no))
    given = accommodating.of(sitting.campaign, sitting.person)
    minutes = accommodating.minutes(sitting.campaign, given, sitting.extra_minutes)
    pauses = accommodating.allowance(sitting.campaign, given).total_seconds() // 60
    shown = {"sitting": sitting, "given": given, "minutes": minutes, "pauses": int(pauses)}
    return render(request, "assessments/begin.html", shown)


@need("sittings.sit")
@require_GET
def sit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The question on the screen now; opening it here gives this browser the ticket."""
    sitting = _own(request, pk)
    at = now()
    if sitting.status == Sitting.Status.ASSIGNED:
        return redirect("assessments:begin", pk)
    if sitting.status in LIVE and _over(sitting, at):
        sitting = services.finish(actor=request.user, sitting=sitting, at=at)  # type: ignore[arg-type]
    if sitting.status not in LIVE:
        return redirect("assessments:finished", pk)
    known = ticket.read(request, pk)
    if known and known.epoch != sitting.epoch:
        return render(request, "assessments/elsewhere.html", {"sitting": sitting}, status=409)
    q = screen(sitting, sitting.served_item, at=at)  # type: ignore[arg-type]
    if sitting.status == Sitting.Status.PAUSED:
        response = render(request, "assessments/paused.html", {"q": q, "until": stands_until(sitting), "at": at})
    else:
        response = _question(request, q)
    ticket.issue(response, sitting.pk, sitting.person_id, sitting.epoch)
    return response


def _question(request: HttpRequest, q: Screen) -> HttpResponse:
    given = accommodating.of(q.sitting.campaign, q.sitting.person)
    shown = {"q": q, "large": bool(given and given.large_print), "edition": edition()}
    return render(request, "assessments/sitting.html", shown)


def _over(sitting: Sitting, at: datetime) -> bool:
    if sitting.status == Sitting.Status.PAUSED:
        at -= max(timedelta(), min(at, stands_until(sitting)) - (sitting.paused_at or at))  # the clock stood
    late = bool(sitting.deadline and at > sitting.deadline + GRACE)
    return late or sitting.served_item_id is None


class _MarksMissing(Exception):
    """A typed answer without its tone marks: the person is asked once, nothing is stored."""


def _sent(request: HttpRequest) -> answering.Sent:
    """Raises ValueError or KeyError for a malformed request, _MarksMissing when a form is to be asked for marks."""
    if request.content_type == "application/json":
        data = read_json(request.body)
        choice, step, key, item = data["choice"], data["seq"], data["key"], data["item"]
        return answering.Sent(int(step), uuid.UUID(str(key)), int(item), choice, int(data.get("shown_ms") or 0))
    data = request.POST
    version = answering.version_of(int(data["item"]))
    shown = data.get("shown_ms", "")
    shown_ms = int(shown) if shown.isdigit() else 0
    choice = choice_of(data, version.item.type, version.body)
    if not data.get("asked") and lacks_marks(version.item.type, version.key, choice):
        raise _MarksMissing
    return answering.Sent(int(data["seq"]), uuid.UUID(data["key"]), version.pk, choice, shown_ms)


@versioned
@by_ticket
@require_POST
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take one answer. Opened by the sitting's ticket, not by a session."""
    known = ticket.read(request, pk)
    if known is None:
        return say(request, pk, 401, "log_in")
    if "move" in request.POST and not request.headers.get("NLS-Outbox"):
        return _moved(request, pk)
    try:
        sent = _sent(request)
    except _MarksMissing:
        return say(request, pk, 422, "marks")
    except (ValueError, KeyError, TypeError, OverflowError, ItemVersion.DoesNotExist):
        return say(request, pk, 400, "malformed")
    at = now()
    try:
        reply = answering.take_answer(sitting_id=pk, person_id=known.person, epoch=known.epoch, sent=sent, at=at)
    except Sitting.DoesNotExist:
        return say(request, pk, 404, "unknown")
    except BadChoice:
        return say(request, pk, 422, "choice")
    if reply.finished:
        sitting = Sitting.objects.select_related("campaign", "person").get(pk=pk)
        services.finish(actor=None, sitting=sitting, at=at)
    return told(request, pk, reply, at)


_STATUS = {"saved": 200, "replay": 200, "out_of_step": 409, "closed": 410, "paused": 423, "taken_over": 403}


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def told(request: HttpRequest, pk: uuid.UUID, reply: answering.Reply, at: datetime) -> HttpResponse:
    """What became of an answer, in the shape that was asked for."""
    status = _STATUS[reply.kind]
    count_answer(reply.kind)
    if _wants_json(request):
        shown = None
        if reply.version and not reply.finished:
            body = delivery.shown_order(pk, reply.version)
            shown = {"item": reply.version.pk, "body": body}
        told = {"seq": reply.seq, "replay": reply.kind == "replay", "kind": reply.kind, "finished": reply.finished}
        return JsonResponse(told | {"expected": reply.seq, "next": shown}, status=status)
    if not request.headers.get("NLS-Outbox"):
        return redirect("assessments:sit", pk)
    if reply.kind in ("paused", "taken_over"):
        return _kept(reply)
    sitting = answering.sitting_after(pk, reply, at)
    if reply.finished or sitting.status not in LIVE:
        response = render(request, "assessments/ended.html", {"sitting": sitting}, status=status)
    else:
        shown = {"q": screen(sitting, reply.version, at=at), "counted": reply.kind == "out_of_step"}  # type: ignore[arg-type]
        response = render(request, "assessments/question.html", shown, status=status)
    response["NLS-Seq"] = str(reply.seq)
    return response


def _kept(reply: answering.Reply) -> HttpResponse:
    """Nothing was stored and the browser keeps its answer: the test is paused, or goes on upon another device."""
    words = (
        _("The test is paused. This answer is kept here and sent when the test goes on.")
        if reply.kind == "paused"
        else _("The test goes on upon another device. This answer was not sent; it stays on this screen.")
    )
    response = HttpResponse(words, status=_STATUS[reply.kind], content_type="text/plain; charset=utf-8")
    response["NLS-Seq"] = str(reply.seq)
    return response


def say(request: HttpRequest, pk: uuid.UUID, status: int, reason: str) -> HttpResponse:
    """Nothing was stored: say so in the shape that was asked for."""
    words = {
        "log_in": _("Sign in again to go on. Your answer was not stored yet."),
        "malformed": _("The answer arrived incomplete. Open the question again."),
        "unknown": _("This assessment is not yours, or it does not exist."),
        "choice": _("The answer is not complete. Check it and send it again."),
        "marks": _("Please type the answer with its tone marks, or send it again as it is."),
    }[reason]
    if _wants_json(request):
        return JsonResponse({"error": reason, "message": words}, status=status)
    if request.headers.get("NLS-Outbox"):
        told = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
        told["NLS-Asked"] = str(int(reason == "marks"))
        return told
    messages.error(request, words)
    if reason == "log_in":
        return redirect("account_login")
    return redirect(reverse("assessments:sit", args=[pk]) + ("?asked=1" if reason == "marks" else ""))


def moved(steps: list[str], move: str) -> list[str]:
    """The steps with one of them a place up or down; `move` is "key:up" or "key:down". Raises ValueError."""
    one, _mark, way = move.partition(":")
    i = steps.index(one)
    j = i - 1 if way == "up" else i + 1
    if 0 <= j < len(steps):
        steps[i], steps[j] = steps[j], steps[i]
    return steps


def _moved(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ordering without script: a button moves one step up or down and the page comes back."""
    sitting = _own(request, pk)
    steps, move = request.POST.getlist("step"), request.POST["move"]
    shown = sitting.served_item.body.get("steps", []) if sitting.served_item else []
    if move.partition(":")[0] not in steps or sorted(steps) != sorted(row["key"] for row in shown):
        return say(request, pk, 400, "malformed")
    question = screen(sitting, sitting.served_item, at=now(), steps=moved(steps, move))  # type: ignore[arg-type]
    return _question(request, question)


@versioned
@public
@require_GET
def state(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where the sitting stands, for an outbox that comes back from an outage."""
    known = ticket.read(request, pk)
    row = Sitting.objects.filter(pk=pk, person_id=known.person).first() if known else None
    if row is None or known is None or row.epoch != known.epoch:
        return JsonResponse({"error": "log_in"}, status=401 if row is None else 403)
    left = max(0, int((row.deadline - now()).total_seconds())) if row.deadline else None
    return JsonResponse({"seq": row.seq, "status": row.status, "seconds_left": left, "csrf": get_token(request)})


@need("sittings.sit")
@require_POST
def control(request: HttpRequest, pk: uuid.UUID, verb: str) -> HttpResponse:
    """Pause, resume, take over on this device, or end now."""
    sitting = _own(request, pk)
    verbs = {"pause": services.pause, "resume": services.resume, "take_over": services.take_over}
    if verb == "finish":
        services.finish(actor=request.user, sitting=sitting, at=now())  # type: ignore[arg-type]
        return redirect("assessments:finished", pk)
    try:
        verbs[verb](actor=request.user, sitting=sitting, at=now())  # type: ignore[operator,arg-type]
    except Refused as no:
        messages.error(request, str(no))
    response = redirect("assessments:sit", pk)
    if verb == "take_over":
        ticket.issue(response, sitting.pk, sitting.person_id, sitting.epoch + 1)
    return response


@need("sittings.sit")
@require_GET
def finished(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The end page: what is saved, and where the result will be."""
    sitting = _own(request, pk)
    if sitting.status in LIVE:
        return redirect("assessments:sit", pk)
    shown = {"sitting": sitting, "pending": judging.pending(sitting)}
    return render(request, "assessments/finished.html", shown)


@need("sittings.sit")
@require_POST
def again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A second test of one's own, where the campaign's rule gives it."""
    try:
        made = retaking.take_again(actor=request.user, sitting=_own(request, pk), at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
        return redirect("assessments:mine")
    return redirect("assessments:begin", made.pk)
