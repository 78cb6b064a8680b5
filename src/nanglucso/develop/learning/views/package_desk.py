"""The desk of SCORM packages: upload, what the zip holds, a look at it in its frame, put in use, withdraw."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import forms, queries, services
from nanglucso.develop.learning.models import Package, PackageVersion
from nanglucso.develop.learning.scorm import keeping
from nanglucso.develop.learning.views.packages import asked_unit, framed, launch

A_PAGE = 40


def _version(pk: int) -> PackageVersion:
    rows = PackageVersion.objects.exclude(state=PackageVersion.State.DROPPED)
    return get_object_or_404(rows.select_related("package", "uploaded_by", "published_by"), pk=pk)


@need("lessons.view")
@whole_city
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every version that was not set aside."""
    page = Paginator(queries.package_versions(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "learning/package_desk.html", {"page": page})


@need("lessons.change")
@whole_city
def new(request: HttpRequest) -> HttpResponse:
    """Upload a zip as a new package."""
    return _upload(request, None)


@need("lessons.change")
@whole_city
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a zip as a new version of a package."""
    return _upload(request, get_object_or_404(Package, pk=pk))


def _upload(request: HttpRequest, package: Package | None) -> HttpResponse:
    before = package.versions.first() if package else None
    initial = {"minutes": before.minutes} if before else {}
    form = forms.PackageForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        told = {"size": file.size, "name": file.name, "minutes": form.cleaned_data["minutes"], "package": package}
        try:
            version = services.upload_package(actor=request.user, file=file, at=now(), **told)  # type: ignore[arg-type]
            messages.success(request, _("The package was checked and saved. Look at it here, then put it into use."))
            return redirect("learning:package_version", version.pk)
        except Refused as no:
            no.show_on(form)
    status = 422 if form.errors else 200
    context: dict[str, Any] = {"form": form, "before": before, "most": keeping.most_bytes() // 2**20}
    return render(request, "learning/package_upload.html", context, status=status)


@need("lessons.change")
@whole_city
@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """What the zip holds, and the package itself as learners will see it; nothing it says is kept here."""
    row = _version(pk)
    context = {"version": row, "units": queries.units_of(row, {}), "count": len(row.units)}
    context |= launch(request, row, asked_unit(request, row, ""), None)
    return framed(request, render(request, "learning/package_version.html", context))


VERBS = {
    "dua-vao-dung": services.use_package,
    "rut": services.withdraw_package,
    "bo": services.drop_package,
}


@need("lessons.publish")
@whole_city
@require_POST
def do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Put in use, take out of use, set aside."""
    row = _version(pk)
    try:
        VERBS[verb](actor=request.user, version=row, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
        return redirect("learning:package_version", pk)
    return redirect("learning:package_desk") if verb == "bo" else redirect("learning:package_version", pk)
