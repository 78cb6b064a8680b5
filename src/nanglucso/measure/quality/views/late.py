"""Answers that came after the deadline and its grace: a person judges each of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.quality import queries, rewriting, services
from nanglucso.measure.quality.forms import LateForm


@need("appeals.assign")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Late answers in the viewer's units, unjudged first."""
    page = Paginator(queries.late_answers(request.access.scope), 40).get_page(request.GET.get("page"))  # type: ignore[attr-defined]
    return render(request, "quality/late.html", {"page": page})


@need("appeals.assign")
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide once whether one late answer counts."""
    late = get_object_or_404(queries.late_answers(request.access.scope), pk=pk)  # type: ignore[attr-defined]
    judged = getattr(late, "judgement", None)
    obstacle = None if judged else services.why_it_cannot_count(late)
    form = LateForm(request.POST or None, can_count=obstacle is None)
    if request.method == "POST" and form.is_valid():
        try:
            services.judge_late(actor=request.user, late=late, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The decision on the late answer is kept."))
            return redirect("quality:late")
    version = rewriting.late_version(late)
    shown = {"late": late, "form": form, "version": version, "judged": judged, "obstacle": obstacle}
    return render(request, "quality/late_judge.html", shown, status=422 if form.errors else 200)
