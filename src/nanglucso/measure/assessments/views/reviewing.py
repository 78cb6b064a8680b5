"""My self-review, one competence a page, and what to do once it is handed in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import queries, reviewing
from nanglucso.measure.assessments.forms import RatingForm
from nanglucso.measure.assessments.models import Rating
from nanglucso.measure.assessments.views.mine import framework_or_none
from nanglucso.measure.profiles import holding, steps
from nanglucso.measure.profiles.queries import nearest_gap, standing


def _chosen(request: HttpRequest, form: RatingForm) -> int:
    """The level that was sent. Raises `Refused` when there is none or it does not exist."""
    row = form.rows[0]
    if row.level is None or row.error:
        raise Refused(str(row.error or _("Please choose a level.")))
    return int(row.level)


@need("own.view")
def step(request: HttpRequest, number: int) -> HttpResponse:
    """One competence: choose the level whose description fits; saved at once, then the next one."""
    person, framework = request.access.person, framework_or_none()  # type: ignore[attr-defined]
    if person is None or framework is None:
        return render(request, "assessments/nobody.html")
    now_ = reviewing.stand(framework, person)
    if not 1 <= number <= len(now_.codes):
        return redirect("assessments:review_step", 1)
    code, refused = now_.codes[number - 1], ""
    sent = request.POST if request.method == "POST" else None
    form = RatingForm(framework, {code}, sent, now_.levels, strict=True)
    if sent is not None:
        told: dict[str, Any] = {"actor": request.user, "person": person, "framework": framework, "at": now()}
        try:
            reviewing.choose(**told, code=code, level=_chosen(request, form))
            if number < len(now_.codes):
                return redirect("assessments:review_step", number + 1)
            reviewing.hand_in(**told)
            return redirect("assessments:review_done")
        except Refused as no:
            refused = str(no)
    shown = {"row": form.rows[0], "number": number, "stand": reviewing.stand(framework, person), "refused": refused}
    return render(request, "assessments/review_step.html", shown, status=422 if refused else 200)


@need("own.view")
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """What the review showed and the one thing to do now."""
    person, framework, at = request.access.person, framework_or_none(), now()  # type: ignore[attr-defined]
    if person is None or framework is None:
        return render(request, "assessments/nobody.html")
    last = queries.newest_rating(person, Rating.Kind.SELF)
    if last is None:
        return redirect("assessments:review_step", 1)
    where = standing(framework, person, at=at, held=holding.held_for(person))
    shown = {"last": last, "where": where, "step": steps.next_step(person, at), "gap": nearest_gap(where)}
    return render(request, "assessments/review_done.html", shown)
