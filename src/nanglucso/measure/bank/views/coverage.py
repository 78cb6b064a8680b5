"""The coverage map: enough, thin or missing for a campaign, and what to write next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.measure.bank.coveragemap import coverage_map
from nanglucso.measure.bank.forms import CoverageForm
from nanglucso.measure.bank.models import Item
from nanglucso.measure.bank.queries import EXPOSURE_CAP, LONGEST_TEST
from nanglucso.measure.bank.views.desk import _framework
from nanglucso.workforce.people.queries import people as staff

NEXT = 12


@need("bank.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """`?people=&length=`; by default everybody at work and the longest test."""
    framework = _framework()
    if framework is None:
        return render(request, "bank/nothing.html")
    everybody = staff(scope=request.access.scope).filter(active=True).count()  # type: ignore[attr-defined]
    told = {"people": max(1, everybody), "length": LONGEST_TEST}
    form = CoverageForm(told | request.GET.dict() if request.GET else told)
    if form.is_valid():
        told = form.cleaned_data
    found = coverage_map(framework, **told)
    shown = {
        "form": form,
        "map": found,
        "levels": framework.levels.order_by("number"),
        "types": [label for _value, label in Item.Type.choices],
        "needs": found.needs[:NEXT],
        "more": max(0, len(found.needs) - NEXT),
        "cap": EXPOSURE_CAP,
        "told": told,
    }
    return render(request, "bank/coverage.html", shown, status=422 if form.errors else 200)
