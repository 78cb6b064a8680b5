"""Background work: the list, one job's progress, and stopping it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core import queries, services
from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.models import Job
from nanglucso.core.refusals import Refused
from nanglucso.core.wording import said

TONES = {"queued": "", "running": "info", "done": "good", "failed": "bad", "cancelled": "warn"}
ICONS = {"queued": "clock", "running": "loader", "done": "circle-check", "failed": "circle-alert", "cancelled": "ban"}
SURE_AFTER = 0.05


def _mine(request: HttpRequest, status: str = "") -> Any:
    everyone = request.access.may("jobs.view")  # type: ignore[attr-defined]
    return queries.jobs_of(user=request.user, everyone=everyone, status=status)  # type: ignore[arg-type]


def _shown(job: Job) -> dict[str, Any]:
    """What the page says of one job; `seconds_left` only when enough is done to tell."""
    left = None
    if job.status == Job.Status.RUNNING and job.started_at and job.progress >= SURE_AFTER:
        spent = (now() - job.started_at).total_seconds()
        left = round(spent * (1 - job.progress) / job.progress)
    address = str(job.result.get("url", "")) if isinstance(job.result, dict) else ""
    return {
        "job": job,
        "title": said(job.kind),
        "tone": TONES[job.status],
        "icon": ICONS[job.status],
        "seconds_left": left,
        "minutes_left": round(left / 60) if left and left >= 90 else None,
        "address": address if address.startswith("/") and not address.startswith("//") else "",
    }


@need("own.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The viewer's own jobs, or everyone's for who runs the system."""
    status = request.GET.get("status", "")
    status = status if status in Job.Status.values else ""
    page = Paginator(_mine(request, status), 25).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "rows": [_shown(job) for job in page],
        "status": status,
        "statuses": Job.Status.choices,
        "live": any(job.is_open for job in page),
    }
    return render(request, "core/jobs.html#rows" if request.headers.get("HX-Request") else "core/jobs.html", shown)


@need("own.view")
@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One job: what is being done, how far it is, how to stop it."""
    job = get_object_or_404(_mine(request), pk=pk)
    return render(request, "core/job.html#job" if request.headers.get("HX-Request") else "core/job.html", _shown(job))


@need("own.view")
@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a job."""
    job = get_object_or_404(_mine(request), pk=pk)
    try:
        services.cancel_job(actor=request.user, job=job, at=now())  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The work is being stopped; what was finished is kept."))
    return redirect("core:job", pk=pk)
