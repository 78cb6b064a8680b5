"""Pages of what a target depends on: skills that are short and where, and the city's decision who answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.govern.targets import queries, services
from nanglucso.govern.targets.forms import AssignForm
from nanglucso.govern.targets.models import Indicator
from nanglucso.measure.gaps import heat
from nanglucso.measure.gaps.queries import SMALL_GROUP
from nanglucso.workforce.framework.queries import current_framework


@need("targets.view")
@require_GET
def skills(request: HttpRequest, code: str) -> HttpResponse:
    """Which skills are short and where, and how many of the short have a seat in the approved plan."""
    one, access, sort = get_object_or_404(Indicator, code=code), request.access, request.GET.get("sort", "")[:12]  # type: ignore[attr-defined]
    hides = not access.may("gaps.names")
    shown = {"one": one, "small": SMALL_GROUP, "asked": heat.Asked(heat.EVERY, "", sort), "hides": hides}
    try:
        told = queries.skills(one, current_framework(), access.scope, hides=hides, sort=sort, at=now())
    except Refused as no:
        return render(request, "targets/skills.html", shown | {"told": None, "why": str(no)})
    return render(request, "targets/skills.html", shown | {"told": told, "unit": queries.own_unit(access.scope)})


@need("targets.manage")
@whole_city
def assign(request: HttpRequest, code: str) -> HttpResponse:
    """Set the linked competences and who answers for the target."""
    one = get_object_or_404(Indicator, code=code)
    framework = current_framework()
    choices = [(row.code, f"{row.code} {row.name}") for row in framework.competences.order_by("index")]
    held = {"responsible": one.responsible, "competences": [link.competence for link in one.links.all()]}
    form = AssignForm(request.POST or None, initial=held, competences=choices)
    if request.method == "POST" and form.is_valid():
        try:
            services.assign(
                actor=request.user, indicator=one, competences=form.cleaned_data["competences"],  # type: ignore[arg-type]
                responsible=form.cleaned_data["responsible"], at=now(),
            )  # fmt: skip
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The links and the unit that answers are set."))
            return redirect("targets:show", code)
    return render(request, "targets/assign.html", {"one": one, "form": form}, status=422 if form.errors else 200)
