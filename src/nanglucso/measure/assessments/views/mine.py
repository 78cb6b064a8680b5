"""My assessments and my self-review."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import labqueries, queries, retaking, services
from nanglucso.measure.assessments.forms import RatingForm
from nanglucso.measure.assessments.models import Rating
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.queries import current_framework


def framework_or_none() -> Framework | None:
    """The framework in force, or None before one is loaded."""
    try:
        return current_framework()
    except Refused:
        return None


@need("sittings.sit")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My tests and the ratings of me."""
    person, at = request.access.person, now()  # type: ignore[attr-defined]
    if person is None:
        return render(request, "assessments/nobody.html")
    sittings = list(queries.own_sittings(person))
    shown = {
        "waiting": queries.open_sitting(person, at),
        "sittings": sittings,
        "again": [one.pk for one in sittings if retaking.offered(one, at)],
        "labs_waiting": labqueries.open_labs(person, at),
        "labs": labqueries.own_labs(person),
        "ratings": queries.ratings_of(person),
    }
    return render(request, "assessments/mine.html", shown)


@need("own.view")
def self_rating(request: HttpRequest) -> HttpResponse:
    """Choose the level of every competence against its description."""
    person, framework = request.access.person, framework_or_none()  # type: ignore[attr-defined]
    if person is None or framework is None:
        return render(request, "assessments/nobody.html")
    last = queries.newest_rating(person, Rating.Kind.SELF)
    sent = request.POST if request.method == "POST" else None
    form = RatingForm(framework, None, sent, last.levels if last else {}, strict=True)
    refused = ""
    if sent is not None and not form.wrong:
        try:
            services.rate(
                actor=request.user, person=person, kind=Rating.Kind.SELF, levels=form.levels,  # type: ignore[arg-type]
                framework=framework, at=now(),
            )  # fmt: skip
        except Refused as no:
            refused = str(no)
        else:
            messages.success(request, _("Your self-review is saved and counted."))
            return redirect("profiles:mine")
    shown = {"form": form, "last": last, "refused": refused, "person": person}
    return render(request, "assessments/self_rating.html", shown, status=422 if sent is not None else 200)
