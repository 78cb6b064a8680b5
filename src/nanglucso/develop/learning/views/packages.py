"""SCORM packages for those who learn: the list, the player, what the player passes on from the frame."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import queries, services, timing
from nanglucso.develop.learning.models import Package, PackageRun, PackageVersion
from nanglucso.develop.learning.scorm import framing, hosting, launching
from nanglucso.kit.jsonread import read_json


def _own(request: HttpRequest, pk: uuid.UUID) -> PackageRun:
    person = request.access.scope.person_id  # type: ignore[attr-defined]
    return get_object_or_404(PackageRun.objects.select_related("version__package"), pk=pk, person_id=person or -1)


def launch(request: HttpRequest, version: PackageVersion, number: int, run: PackageRun | None) -> dict[str, Any]:
    """What a page needs to show unit `number` (from 0): the ticket and the address of the frame."""
    unit = version.units[number]
    told = launching.Ticket(
        user=int(request.user.pk or 0), version=version.pk, run=str(run.pk) if run else "", unit=unit["key"],
        launch=int(now().timestamp() * 1000),
    )  # fmt: skip
    ticket = launching.ticket(told)
    origin = hosting.origin_for(request)
    address = origin + reverse("learning:package_file", args=[ticket, unit["launch"]]) + unit["query"]
    sandbox = f"{framing.SANDBOX} allow-same-origin" if origin else framing.SANDBOX
    return {
        "origin": origin,
        "sandbox": sandbox,
        "ticket": ticket,
        "launch": told.launch,
        "address": address,
        "unit": unit,
        "number": number + 1,
    }


def framed(request: HttpRequest, reply: HttpResponse) -> HttpResponse:
    """Let this page hold a frame, of files of packages only."""
    files = reverse("learning:package_file", args=["-", ""]).removesuffix("-/")
    origin = hosting.origin_for(request)
    where = f"{origin}{files}" if origin else request.build_absolute_uri(files)
    reply._csp_update = {"frame-src": [where]}  # type: ignore[attr-defined]
    return reply


def asked_unit(request: HttpRequest, version: PackageVersion, kept: str) -> int:
    """The unit of `?muc=`, else the one that was open last, else the first; from 0."""
    told = request.GET.get("muc", "")
    if told.isdecimal() and len(told) < 4 and 0 < int(told) <= len(version.units):
        return int(told) - 1
    return next((n for n, unit in enumerate(version.units) if unit["key"] == kept), 0)


@need("lessons.learn")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Packages in use, and those one has begun."""
    rows = queries.packages_in_use(request.access.person)  # type: ignore[attr-defined]
    return render(request, "learning/packages.html", {"rows": rows})


@need("lessons.learn")
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the package, or go on with it."""
    package, person = get_object_or_404(Package, pk=pk), request.access.person  # type: ignore[attr-defined]
    if person is None:
        return redirect("learning:packages")
    try:
        run = services.begin_package(actor=request.user, person=person, package=package, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
        return redirect("learning:packages")
    return redirect("learning:package_play", run.pk)


@need("lessons.learn")
@require_GET
def play(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The package in its frame; `?muc=2` opens its second unit. Looking writes nothing."""
    run = _own(request, pk)
    number = asked_unit(request, run.version, run.unit)
    context = {"run": run, "version": run.version, "progress": queries.package_progress(run), "beat": timing.BEAT}
    context |= launch(request, run.version, number, run) | {"count": len(run.version.units)}
    return framed(request, render(request, "learning/package_play.html", context))


def _values(text: str) -> Any:
    try:
        return read_json((text or "{}").encode())
    except ValueError:
        return None


def _said(request: HttpRequest, run: PackageRun) -> services.Said | None:
    """What the frame said, when the page was opened by this run. Raises Refused for another or a worn-out ticket."""
    event = request.POST.get("event", "")
    if not event:
        return None
    ticket = launching.opened(request.POST.get("ticket", ""))
    number = request.POST.get("n", "")
    if ticket is None or ticket.run != str(run.pk) or not number.isdecimal() or len(number) > 9:
        raise Refused(_("This page has been open for too long: open the package anew."))
    return services.Said(ticket.unit, ticket.launch, int(number), event, _values(request.POST.get("values", "")))


@need("lessons.learn")
@require_POST
def record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A sign of life of the player, with what the frame said since the last one."""
    run = _own(request, pk)
    try:
        said, reads = _said(request, run), request.POST.get("reads") == "1"
        run = services.record_package(run_id=run.pk, person_id=run.person_id, said=said, reads=reads, at=now())
    except Refused as no:
        return HttpResponse(str(no), status=422, content_type="text/plain; charset=utf-8")
    told = queries.package_progress(run)
    page = render(request, "learning/package_needs.html", {"progress": told, "count": len(told["units"])})
    late = said is not None and run.states[said.unit]["launch"] > said.launch
    return JsonResponse({"done": told["done"], "late": late, "page": page.content.decode()})
