"""Retention and erasure: terms, lists of what is due, one list, a person's request. Only for roles over the city."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nanglucso.core import retention
from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people import due, queries, services
from nanglucso.workforce.people.forms_retention import AnswerForm, AskForm
from nanglucso.workforce.people.models import Disposal
from nanglucso.workforce.people.views.asked import Asked
from nanglucso.workforce.people.views.filling import form_page, sent

TONES = {"found": "info", "asked": "warn", "approved": "warn", "done": "good", "refused": ""}


def _told(row: Disposal) -> dict[str, Any]:
    """A list with its words."""
    term = retention.terms().get(row.term)
    what = term.said("what") if term else _("Erasure at a person's request")
    does = term.said("does") if term else ""
    return {"row": row, "term": term, "does": does, "what": what, "count": len(row.rows), "tone": TONES[row.status]}


def _terms() -> list[dict[str, str]]:
    words = ("what", "does", "why")
    return [
        {word: term.said(word) for word in words} | {"length": retention.said(term.key)}
        for term in retention.terms().values()
    ]


@need("retention.view")
def index(request: Asked) -> HttpResponse:
    """The terms, and every list."""
    check_whole_city(request)
    page = Paginator(Disposal.objects.select_related("asked_by", "decided_by"), 30).get_page(request.GET.get("page"))
    shown = {"page": page, "rows": [_told(row) for row in page], "terms": _terms()}
    return render(request, "people/disposals.html", shown)


@need("retention.view")
def show(request: Asked, pk: int) -> HttpResponse:
    """One list: what is on it, and what can be done next."""
    check_whole_city(request)
    return _list_page(request, get_object_or_404(Disposal, pk=pk))


def _list_page(request: Asked, row: Disposal, **forms: Any) -> HttpResponse:
    status, mine = Disposal.Status, row.asked_by_id == request.user.pk
    # Whoever approves must see whom; once it is decided nobody need.
    naming = row.status not in (status.DONE, status.REFUSED)
    shown = {
        **_told(row),
        "lines": due.lines(row) if naming else [],
        "more": max(len(row.rows) - due.SHOWN, 0),
        "asking": row.status == status.FOUND and request.access.may("retention.propose"),
        "deciding": row.status == status.ASKED and not mine,
        "waiting": row.status == status.ASKED and mine,
        "ask_form": AskForm(),
        "answer_form": AnswerForm(own=mine),
        **forms,
    }
    return render(request, "people/disposal.html", shown, status=422 if forms else 200)


@need("retention.propose")
def request_erasure(request: Asked, pk: int) -> HttpResponse:
    """Put one person's request for erasure forward."""
    check_whole_city(request)
    person = get_object_or_404(queries.people(scope=request.access.scope), pk=pk)
    form = AskForm(sent(request))

    def do(told: dict[str, Any]) -> Disposal:
        return services.request_erasure(actor=request.user, person=person, reason=told["reason"], at=now())

    def done(row: Disposal) -> HttpResponse:
        messages.success(request, _("Put forward: a second person now has to approve it."))
        return redirect("people:disposal", row.pk)

    return form_page(request, "people/erasure_ask.html", form, do, done, person=person)


def _ask(request: Asked, row: Disposal) -> str:
    reason = request.POST.get("reason", "")[:2000]
    services.ask_disposal(actor=request.user, row=row, reason=reason, at=now())
    return _("Put forward: a second person now has to approve it.")


def _approve(request: Asked, row: Disposal) -> str:
    row = services.approve_disposal(actor=request.user, row=row, at=now())
    return _("Approved and carried out.") if row.status == "done" else _("Approved; it is being carried out.")


def _refuse(request: Asked, row: Disposal) -> str:
    services.refuse_disposal(actor=request.user, row=row, answer=request.POST.get("answer", "")[:2000], at=now())
    return _("Refused; nothing was removed.")


VERBS = {
    "trinh": ("retention.propose", _ask),
    "duyet": ("retention.view", _approve),
    "tu-choi": ("retention.view", _refuse),
}
FORMS = {"reason": ("ask_form", AskForm), "answer": ("answer_form", AnswerForm)}


@need("retention.view")
@require_POST
def decide(request: Asked, pk: int, verb: str) -> HttpResponse:
    """Put forward, approve, refuse."""
    check_whole_city(request)
    row = get_object_or_404(Disposal, pk=pk)
    if verb not in VERBS:
        raise Http404
    permission, do = VERBS[verb]
    if not request.access.may(permission):
        raise PermissionDenied
    try:
        messages.success(request, do(request, row))
    except Refused as refusal:
        if refusal.field in FORMS:
            name, kind = FORMS[refusal.field]
            own = {"own": row.asked_by_id == request.user.pk} if kind is AnswerForm else {}
            form = kind(request.POST, **own)
            refusal.show_on(form)
            return _list_page(request, row, **{name: form})
        messages.error(request, str(refusal.message))
    return redirect("people:disposal", pk)
