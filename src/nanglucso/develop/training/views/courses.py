"""The effect of a course over all its classes, and what it proposes to the plan."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import Course
from nanglucso.develop.training import drawing, forms, queries, services
from nanglucso.develop.training.models import EffectProposal
from nanglucso.develop.training.transfer import transfer_rules
from nanglucso.develop.training.views.classes import may_manage


def _shown(request: HttpRequest, course: Course) -> dict[str, Any]:
    group = next(iter(queries.by_course(course)), None)
    rows = list(queries.proposals(course))
    at, whole_city = now(), request.access.scope.everything  # type: ignore[attr-defined]
    lasting = queries.lasting_of(course)
    may_decide = may_manage(request) and request.access.may("plans.change")  # type: ignore[attr-defined]
    return {
        "course": course,
        "group": group,
        "forest": drawing.forest(group.effects, group.whole) if group else None,
        "waiting": [(row, forms.LeaveOutForm(prefix=str(row.pk))) for row in rows if row.status == row.Status.WAITING],
        "decided": [row for row in rows if row.status != row.Status.WAITING],
        "shares": [row for row in queries.shares() if row["course"].pk == course.pk],
        "lasting": [(one, queries.heads_say(one.training_class, at) if whole_city else None) for one in lasting],
        "rules": transfer_rules(),
        "whole_city": whole_city,
        "may_decide": may_decide,
        "may_open": request.access.may("classes.view"),  # type: ignore[attr-defined]
    }


@need("plans.view")
@require_GET
def course_effect(request: HttpRequest, pk: int) -> HttpResponse:
    """One course: all its classes pooled, the naive figure beside, what waits to be taken into the plan."""
    return render(request, "training/course_effect.html", _shown(request, get_object_or_404(Course, pk=pk)))


@need("plans.change")
@require_POST
def decide_effect(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take a measured share into the plan, or leave it out with a reason."""
    if not may_manage(request):
        raise PermissionDenied
    row = get_object_or_404(EffectProposal.objects.select_related("course"), pk=pk)
    if verb not in ("nhan", "bo"):
        raise Http404
    form = forms.LeaveOutForm(request.POST, prefix=str(pk))
    told: dict[str, Any] = {"actor": request.user, "proposal": row, "at": now()}
    try:
        if verb == "nhan":
            services.confirm_effect(**told)
            messages.success(
                request, _("The measured effect is taken into the plan: the next computation counts with it.")
            )
        else:
            form.is_valid()
            services.decline_effect(**told, reason=form.cleaned_data.get("reason", ""))
            messages.success(request, _("The measured effect is left out; the plan counts as before."))
    except Refused as no:
        messages.error(request, str(no))
    return redirect("training:course_effect", row.course_id)
