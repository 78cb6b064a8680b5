"""Signed badges: download, revocation lists, the issuer's profile, signing, keys, and anybody's badge checked."""

import json
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import check_whole_city, need, public
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials import badging, queries, services, throttle, verifying, wording
from nanglucso.develop.credentials import keys as keyring
from nanglucso.develop.credentials.forms import VerifyForm
from nanglucso.develop.credentials.models import SigningKey, StatusList

VC = "application/vc"


def _open_to_all(body: dict[str, Any], kind: str) -> HttpResponse:
    """JSON that other systems' pages may read."""
    reply = JsonResponse(body, content_type=kind, json_dumps_params={"ensure_ascii": False})
    reply["Access-Control-Allow-Origin"] = "*"
    return reply


@need("own.view")
@require_GET
def badge(request: HttpRequest, pk: Any) -> HttpResponse:
    """The signed badge of a certificate to keep: for its owner, their head of unit and the training officer."""
    access = request.access  # type: ignore[attr-defined]
    rows = queries.readable(access.scope, access.person, managing=access.may("classes.view"))
    certificate = get_object_or_404(rows, pk=pk)
    found = queries.badge_of(certificate)
    if found is None:
        refusal = _("This badge is not signed yet; it will be within minutes. Try again later.")
        return render(request, "credentials/refused.html", {"refusal": refusal}, status=409)
    if certificate.person != access.person:
        services.note_badge(actor=request.user, certificate=certificate, at=now())  # type: ignore[arg-type]
    body = json.dumps(found.document, ensure_ascii=False, indent=1)
    reply = HttpResponse(body, content_type="application/json; charset=utf-8")
    name = certificate.number.replace("/", "-").lower()
    reply["Content-Disposition"] = f'attachment; filename="huy-hieu-{name}.json"'
    return reply


@public
@require_GET
def issuer(request: HttpRequest) -> HttpResponse:
    """The city as an issuer, with every public key that it ever signed with."""
    rows = SigningKey.objects.filter(issuer=keyring.issuer_id())
    return _open_to_all(badging.controller(rows), "application/ld+json")


@public
@require_GET
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """Which badges are revoked, signed anew each hour and at each revocation."""
    row = get_object_or_404(StatusList, number=number)
    revoked, moment = queries.revoked_bits(row), now()
    name = f"status-list:{number}:{len(revoked)}:{moment:%Y%m%d%H}"
    found = cache.get(name)
    if found is None:
        try:
            found = badging.status_credential(row, revoked, keyring.signer(at=moment), at=moment)
        except Refused as no:
            raise Http404 from no
        cache.set(name, found, badging.LIST_SECONDS)
    reply = _open_to_all(found, VC)
    reply["Cache-Control"] = "max-age=300"
    return reply


@need("certificates.issue")
@require_GET
def badges(request: HttpRequest) -> HttpResponse:
    """How many badges are signed and wait, and the work that signs them."""
    check_whole_city(request)
    shown = queries.badge_counts() | {"job": queries.signing_job()}
    return render(
        request,
        "credentials/badges.html#state" if request.headers.get("HX-Request") else "credentials/badges.html",
        shown,
    )


@need("certificates.issue")
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign whatever waits, as a job."""
    check_whole_city(request)
    try:
        services.ask_sign(actor=request.user, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    return redirect("credentials:badges")


@need("certificates.keys")
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The keys that sign badges, newest first."""
    return render(request, "credentials/keys.html", {"rows": queries.keys(), "issuer": keyring.issuer_id()})


@need("certificates.keys")
@require_POST
def rotate(request: HttpRequest) -> HttpResponse:
    """Begin a new key."""
    made = keyring.rotate(actor=request.user, at=now())  # type: ignore[arg-type]
    messages.success(request, _("Key %(name)s signs from now on; earlier badges stay valid.") % {"name": made.name})
    return redirect("credentials:keys")


def _examined(form: VerifyForm) -> dict[str, Any]:
    """The report of an upload in words, or errors laid on the form."""
    found: dict[str, Any] = {}
    for name, sent in list(form.cleaned_data.items()):
        try:
            found[name] = verifying.parse(sent.read(verifying.MOST_BYTES + 1)) if sent else None
        except verifying.Unreadable as no:
            form.add_error(name, str(wording.UNREADABLE[no.reason]))
    if form.errors:
        return {}
    report = verifying.examine(found["badge"], at=now(), handed=found["status"])
    tone, icon, words = wording.VERDICTS[report.verdict]
    lines = [wording.said(one) for one in report.findings]
    return {
        "report": report,
        "tone": tone,
        "icon": icon,
        "words": words,
        "kind": wording.KINDS[report.kind],
        "lines": lines,
    }


@public
def verify(request: HttpRequest) -> HttpResponse:
    """Anybody's badge: upload it and read what it is and whether it counts. Nothing is kept, nothing is fetched."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return render(request, "credentials/verify.html", {"form": VerifyForm()})
    if throttle.too_many(request, "badge"):
        reply = render(request, "credentials/verify.html", {"form": VerifyForm(), "slow": True}, status=429)
        reply.headers["Retry-After"] = str(throttle.SECONDS)
        return reply
    shown = _examined(form) if form.is_valid() else {}
    return render(request, "credentials/verify.html", {"form": form, **shown}, status=422 if form.errors else 200)
