"""Outside certificates: mine with a new one, and those that wait for the training officer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.acts import act
from nanglucso.core.clock import now
from nanglucso.core.downloads import kept
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import certifying
from nanglucso.measure.assessments.certrules import Rule, rules
from nanglucso.measure.assessments.forms import CertificateForm
from nanglucso.measure.assessments.models import OutsideCertificate
from nanglucso.measure.assessments.views.mine import framework_or_none
from nanglucso.workforce.people.queries import place_of, unit_chain


def _names() -> dict[str, str]:
    """Short name of every competence in force by its code."""
    framework = framework_or_none()
    return {row.code: row.short for row in framework.competences.all()} if framework else {}


def _gives(rule: Rule | None, names: dict[str, str]) -> list[tuple[str, str, int]]:
    """Code, name and level of what a certificate is evidence of."""
    return [(code, names.get(code, ""), level) for code, level in rule.gives.items()] if rule else []


def _ruled(rows: Any) -> list[tuple[OutsideCertificate, Any]]:
    return [(row, rules().get(row.rule)) for row in rows]


@need("own.view")
def mine(request: HttpRequest) -> HttpResponse:
    """What I entered and what became of it; a form for another one."""
    person = request.access.person  # type: ignore[attr-defined]
    if person is None:
        return render(request, "assessments/nobody.html")
    sent = request.method == "POST"
    form = CertificateForm(request.POST, request.FILES) if sent else CertificateForm()
    if sent and form.is_valid():
        typed = form.cleaned_data | {"name": form.cleaned_data["proof"].name}
        try:
            certifying.enter(actor=request.user, person=person, at=now(), **typed)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The certificate is entered. It counts once the training officer confirms it."))
            return redirect("assessments:my_certificates")
    names = _names()
    told = [(rule, _gives(rule, names)) for rule in rules().values()]
    shown = {"form": form, "rows": _ruled(certifying.of_person(person)), "rules": told}
    return render(request, "assessments/my_certificates.html", shown, status=422 if form.errors else 200)


@need("campaigns.change")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Certificates of the people of the viewer's units, those that wait first."""
    rows = list(certifying.in_scope(request.access.scope)[:200])  # type: ignore[attr-defined]
    chains, names = unit_chain(row.person.unit for row in rows), _names()
    ruled = _ruled(rows)
    told = [(row, rule, place_of(row.person, chains), _gives(rule, names)) for row, rule in ruled]
    waits = [one for one in told if one[0].status == OutsideCertificate.Status.WAITING]
    shown = {"waiting": waits, "others": [one for one in told if one not in waits], "me": request.user.pk}
    return render(request, "assessments/certificates.html", shown)


def _do(request: HttpRequest, row: OutsideCertificate, verb: str) -> str:
    told: dict[str, Any] = {"actor": request.user, "certificate": row, "at": now()}
    if verb == "confirm":
        framework = framework_or_none()
        if framework is None:
            raise Refused(_("There is no framework in force."))
        certifying.confirm(**told, framework=framework)
        return _("The certificate is confirmed and counts in the profile.")
    told["reason"] = request.POST.get("reason", "")
    if verb == "refuse":
        certifying.refuse(**told)
        return _("The certificate is refused; its holder reads why.")
    certifying.revoke(**told)
    return _("The certificate is taken back and no longer counts. Confirming it again undoes this.")


@need("campaigns.change")
@require_POST
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Confirm, refuse, take back."""
    row = get_object_or_404(certifying.in_scope(request.access.scope), pk=pk)  # type: ignore[attr-defined]
    try:
        messages.success(request, _do(request, row, verb))
    except Refused as no:
        messages.error(request, str(no))
    return redirect("assessments:certificates")


def _sent(row: OutsideCertificate) -> HttpResponse:
    """Downloaded, never shown as a page: what was uploaded is not trusted."""
    try:
        path = certifying.proof_path(row)
    except Refused as no:
        raise Http404(str(no)) from no
    return kept(path, row.proof.content_type, row.proof.name)


@need("own.view")
@require_GET
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """The proof, for its holder and for a training officer of the holder's unit, who leaves a trace."""
    access = request.access  # type: ignore[attr-defined]
    own = OutsideCertificate.objects.filter(person=access.person or -1, pk=pk).select_related("proof").first()
    if own:
        return _sent(own)
    if not access.may("campaigns.change"):
        raise Http404
    row = get_object_or_404(certifying.in_scope(access.scope), pk=pk)
    with act(request.user, "assessments.look_at_proof", row, at=now(), person_id=row.person_id):  # type: ignore[arg-type]
        return _sent(row)
