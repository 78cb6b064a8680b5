"""Where ratings and tests are far apart, for those who may suggest a talk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.measure.assessments import comparing
from nanglucso.measure.assessments.models import Rating
from nanglucso.measure.assessments.views.mine import framework_or_none
from nanglucso.workforce.people.queries import place_of, unit_chain

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
    chains = unit_chain(one.person.unit for one in rows[:SHOWN])
    told = [(one, place_of(one.person, chains)) for one in rows[:SHOWN]]
    shown = {"rows": told, "all": len(rows), "kind": kind, "may_rate": access.may("ratings.rate")}
    return render(request, "assessments/differences.html", shown)
