"""Heads of unit and the training officer send people to a class and decide requests."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import forms, queries, services
from nanglucso.develop.training.models import Enrolment
from nanglucso.develop.training.signup import Side
from nanglucso.develop.training.views.classes import may_manage, the_class
from nanglucso.workforce.framework.queries import current_framework

MOST_SHOWN = 200


def side_of(request: HttpRequest) -> str:
    """On whose behalf the viewer decides: the organiser's, or a unit's."""
    return Side.CITY if may_manage(request) else Side.UNIT


def _too_many(absences: list[queries.Absence], chosen: list[queries.Nominee]) -> list[tuple[queries.Absence, int]]:
    """Units that would send more people away in one week than the plan lets them, with how many away then."""
    found = []
    for one in absences:
        away = one.away + sum(person.unit_path.startswith(one.unit.path) for person in chosen)
        if away > one.most and away > one.away:
            found.append((one, away))
    return found


@need("classes.view")
def nominate(request: HttpRequest, pk: int) -> HttpResponse:
    """People of the viewer's units who could be sent, most shortfall first; too many absences ask to be confirmed."""
    access, row = request.access, the_class(request, pk)  # type: ignore[attr-defined]
    people = queries.nominees(current_framework(), row, access.scope)
    absences = queries.absences(row, [one.person for one in people[:MOST_SHOWN]])
    picked = {int(value) for value in request.POST.getlist("person") if value.isdigit()}
    chosen = [one for one in people if one.person.pk in picked]
    over = _too_many(absences, chosen)
    if request.method == "POST" and (not over or request.POST.get("insist")):
        try:
            places = services.nominate(
                actor=request.user, training_class=row, people=[one.person for one in chosen], at=now(),  # type: ignore[arg-type]
                side=side_of(request),
            )  # fmt: skip
        except Refused as no:
            messages.error(request, str(no))
        else:
            _tell(request, places)
            return redirect("training:show", pk)
    shown = {
        "row": row, "people": people[:MOST_SHOWN], "all": len(people), "absences": absences, "picked": picked,
        "over": over, "funnel": queries.funnel(row), "covers": row.course.covers.select_related("competence"),
    }  # fmt: skip
    return render(request, "training/nominate.html", shown, status=422 if request.method == "POST" else 200)


def _tell(request: HttpRequest, places: list[Enrolment]) -> None:
    booked = sum(one.status == Enrolment.Status.BOOKED for one in places)
    waiting = sum(one.status == Enrolment.Status.WAITLISTED for one in places)
    second = len(places) - booked - waiting
    text = ngettext("%(n)s person is enrolled.", "%(n)s people are enrolled.", booked) % {"n": booked}
    if waiting:
        more = ngettext("%(n)s person waits for a place.", "%(n)s people wait for a place.", waiting)
        text = f"{text} {more % {'n': waiting}}"
    if second:
        more = ngettext(
            "%(n)s nomination waits for the second approval.", "%(n)s nominations wait for the second approval.", second
        )
        text = f"{text} {more % {'n': second}}"
    messages.success(request, text)


def _accepted(place: Enrolment) -> str:
    if place.status == Enrolment.Status.APPROVED:
        return _("The request of %(name)s is approved; it waits for the second approval.")
    if place.status == Enrolment.Status.WAITLISTED:
        return _("The class is full: %(name)s is on the waiting list.")
    return _("%(name)s is in the class.")


@need("classes.view")
@require_POST
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Accept or turn down a request of somebody in the viewer's units; lead a waiting person in or take one out."""
    access = request.access  # type: ignore[attr-defined]
    rows = queries.in_scope(access.scope).select_related("training_class__course", "person")
    place = get_object_or_404(rows, pk=pk)
    row = place.training_class
    if verb not in ("nhan", "tu-choi", "rut"):
        raise Http404
    if place.person == access.person and not access.may("classes.change"):
        raise PermissionDenied
    form = forms.DeclineForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    told = {"actor": request.user, "at": now(), "side": side_of(request)}
    try:
        if verb == "nhan":
            made = services.enrol(training_class=row, person=place.person, **told)  # type: ignore[arg-type]
            messages.success(request, _accepted(made) % {"name": place.person.full_name})
        elif verb == "tu-choi":
            services.decline(enrolment=place, reason=reason, **told)  # type: ignore[arg-type]
            messages.success(request, _("The request of %(name)s is turned down.") % {"name": place.person.full_name})
        else:
            services.cancel_place(enrolment=place, reason=reason, **told)  # type: ignore[arg-type]
            messages.success(request, _("%(name)s is taken off the list.") % {"name": place.person.full_name})
    except Refused as no:
        messages.error(request, str(no))
    return redirect("training:show", row.pk)
