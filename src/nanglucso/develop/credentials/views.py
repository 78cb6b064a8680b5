"""Own certificates, issuing and revoking, the PDF, and the public check page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import check_whole_city, need, public
from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials import printing, queries, services, throttle
from nanglucso.develop.credentials.forms import RevokeForm
from nanglucso.develop.credentials.models import Certificate
from nanglucso.develop.training.models import TrainingClass
from nanglucso.develop.training.queries import visible


def _readable(request: HttpRequest) -> Any:
    access = request.access  # type: ignore[attr-defined]
    return queries.readable(access.scope, access.person, managing=access.may("classes.view"))


def _issuable(request: HttpRequest, pk: Any) -> Certificate:
    """A certificate that the viewer may revoke or replace."""
    return get_object_or_404(_readable(request), pk=pk)


@need("own.view")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My certificates."""
    person = request.access.person  # type: ignore[attr-defined]
    return render(
        request, "credentials/mine.html", {"rows": queries.own(person) if person else [], "today": local_day(now())}
    )


@need("own.view")
@require_GET
def mine_slot(request: HttpRequest) -> HttpResponse:
    """A card for "My overview"; nothing while there is no certificate."""
    person = request.access.person  # type: ignore[attr-defined]
    rows = list(queries.own(person).filter(revoked_at=None)[:3]) if person else []
    return render(request, "credentials/mine_slot.html", {"rows": rows}) if rows else HttpResponse("")


@need("classes.view")
@require_GET
def class_slot(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificates of a class, cut to the viewer's units; a part of the class's page."""
    access = request.access  # type: ignore[attr-defined]
    row = get_object_or_404(visible(access.scope), pk=pk)
    shown = {
        "row": row,
        "rows": queries.of_class(row, access.scope),
        "lacking": queries.lacking(row),
        "may_issue": access.may("certificates.issue") and access.scope.everything,
    }
    return render(request, "credentials/class_slot.html", shown)


@need("certificates.issue")
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the certificates of a finished class to everybody who completed it."""
    check_whole_city(request)
    row = get_object_or_404(TrainingClass.objects.select_related("course"), pk=pk)
    try:
        made = services.issue(actor=request.user, training_class=row, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        text = ngettext("%(n)s certificate is issued.", "%(n)s certificates are issued.", len(made))
        messages.success(request, text % {"n": len(made)})
    return redirect("training:show", pk)


def _address(request: HttpRequest, certificate: Certificate) -> str:
    return request.build_absolute_uri(reverse("credentials:check_code", args=[certificate.check_code]))


@need("own.view")
@require_GET
def pdf(request: HttpRequest, pk: Any) -> HttpResponse:
    """The certificate to keep or print: for its owner, their head of unit and the training officer."""
    certificate = get_object_or_404(_readable(request), pk=pk)
    refusal = ""
    if certificate.revoked_at:
        refusal = _("This certificate has been revoked and is not printed any more.")
    elif not queries.is_intact(certificate):
        refusal = _("What is stored is not what was issued; the certificate is not printed. Tell the administrator.")
    if refusal:
        return render(request, "credentials/refused.html", {"refusal": refusal}, status=410)
    if certificate.person != request.access.person:  # type: ignore[attr-defined]
        services.note_print(actor=request.user, certificate=certificate, at=now())  # type: ignore[arg-type]
    body = printing.certificate_pdf(certificate, address=_address(request, certificate))
    response = HttpResponse(body, content_type="application/pdf")
    name = certificate.number.replace("/", "-").lower()
    response.headers["Content-Disposition"] = f'inline; filename="giay-xac-nhan-{name}.pdf"'
    return response


@need("certificates.issue")
def revoke(request: HttpRequest, pk: Any) -> HttpResponse:
    """Take a certificate back, with a reason."""
    certificate = _issuable(request, pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            services.revoke(actor=request.user, certificate=certificate, reason=reason, at=now())  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("Certificate %(number)s is revoked.") % {"number": certificate.number})
            return redirect("training:show", certificate.training_class_id)
    shown = {"certificate": certificate, "form": form}
    return render(request, "credentials/revoke.html", shown, status=422 if form.errors else 200)


@need("certificates.issue")
@require_POST
def reissue(request: HttpRequest, pk: Any) -> HttpResponse:
    """A new certificate in place of a revoked one."""
    certificate = _issuable(request, pk)
    try:
        made = services.reissue(actor=request.user, certificate=certificate, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Certificate %(number)s is issued.") % {"number": made.number})
    return redirect("training:show", certificate.training_class_id)


@public
@require_GET
def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """Is a certificate real? By the code on it, or by its number (then the name is not shown in full)."""
    asked = (code or request.GET.get("code", "")).strip()[:40]
    if asked and throttle.too_many(request, "certificate"):
        response = render(request, "credentials/check.html", {"asked": asked, "slow": True}, status=429)
        response.headers["Retry-After"] = str(throttle.SECONDS)
        return response
    shown = {"asked": asked, "verdict": queries.verdict(asked, day=local_day(now())) if asked else None}
    return render(request, "credentials/check.html", shown)
