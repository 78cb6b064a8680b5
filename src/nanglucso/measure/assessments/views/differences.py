"""Where ratings and tests are far apart, for those who may suggest a talk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.measure.assessments import comparing
from nanglucso.measure.assessments.models import Rating
from nanglucso.measure.assessments.views.mine import framework_or_none

SHOWN = 100


@need("profiles.view")
@require_GET
def differences(request: HttpRequest) -> HttpResponse:
    """People of the viewer's units whose rating the test contradicts, by kind of rating."""
    framework = framework_or_none()
    if framework is None:
        return render(request, "assessments/nobody.html")
    kind = request.GET.get("kind", "")
    kind = kind if kind in Rating.Kind.values else ""
    access = request.access  # type: ignore[attr-defined]
    rows = comparing.differences(framework, access.scope, kind)
    shown = {"rows": rows[:SHOWN], "all": len(rows), "kind": kind, "may_rate": access.may("ratings.rate")}
    return render(request, "assessments/differences.html", shown)
