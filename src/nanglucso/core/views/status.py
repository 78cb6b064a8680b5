"""The page for whoever runs the machine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nanglucso.core import queries, status
from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.models import Job
from nanglucso.core.wording import said


@need("system.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """One sentence, the lamps, versions, and the work that failed."""
    at = now()
    lamps = status.lamps(at=at)
    state, sentence = status.verdict(lamps)
    failed = queries.jobs_of(user=request.user, everyone=True, status=Job.Status.FAILED)[:5]  # type: ignore[arg-type]
    shown = {
        "at": at,
        "lamps": lamps,
        "state": state,
        "sentence": sentence,
        "versions": status.versions(),
        "failed": [{"job": job, "title": said(job.kind)} for job in failed],
    }
    return render(request, "core/status.html", shown)
