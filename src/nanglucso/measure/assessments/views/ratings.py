"""A head of unit rates the people of the unit."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import queries, services
from nanglucso.measure.assessments.forms import RatingForm
from nanglucso.measure.assessments.models import Rating
from nanglucso.measure.assessments.views.mine import framework_or_none


@need("ratings.rate")
@require_GET
def ratings(request: HttpRequest) -> HttpResponse:
    """Who has been rated and when."""
    people = queries.rated_people(request.access.scope)  # type: ignore[attr-defined]
    done = sum(row.manager is not None for row in people)
    return render(request, "assessments/ratings.html", {"people": people, "done": done})


@need("ratings.rate")
def rate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Rate one person in what the position requires; what was not seen stays empty."""
    person = get_object_or_404(queries.rateable(request.access.scope), uuid=pk)  # type: ignore[attr-defined]
    framework = framework_or_none()
    if framework is None:
        return render(request, "assessments/nobody.html")
    codes = queries.required_codes(person)
    mine = queries.newest_rating(person, Rating.Kind.MANAGER, rater_id=request.user.pk)
    sent = request.POST if request.method == "POST" else None
    form = RatingForm(framework, codes, sent, mine.levels if mine else {}, strict=False)
    note, refused = (sent.get("note", "")[:2000] if sent is not None else ""), ""
    if sent is not None and not form.wrong:
        try:
            if not form.levels:
                raise Refused(_("Please choose a level for at least one competence that you have seen at work."))
            services.rate(
                actor=request.user, person=person, kind=Rating.Kind.MANAGER, levels=form.levels,  # type: ignore[arg-type]
                framework=framework, at=now(), note=note,
            )  # fmt: skip
        except Refused as no:
            refused = str(no)
        else:
            messages.success(request, _("The rating of %(name)s is saved.") % {"name": person.full_name})
            return redirect("assessments:ratings")
    shown = {"form": form, "person": person, "last": mine, "note": note, "refused": refused}
    return render(request, "assessments/rate.html", shown, status=422 if sent is not None else 200)
