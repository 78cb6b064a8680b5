"""The audit log: search, export, verify."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core import anchoring, audit, queries
from nanglucso.core.access import need
from nanglucso.core.acts import act
from nanglucso.core.clock import now
from nanglucso.core.forms import AuditForm
from nanglucso.core.models import AuditEntry, Role
from nanglucso.core.refusals import Refused
from nanglucso.core.wording import SUBJECTS, said
from nanglucso.kit.xlsxwrite import guarded

HEAD = ("seq", "at", "actor", "role", "verb", "subject_type", "subject_id", "subject", "person_id", "details", "hash")


def _asked(request: HttpRequest) -> tuple[AuditForm, Any]:
    form = AuditForm(request.GET)
    form.is_valid()
    return form, queries.audit_entries(form.wanted())


def _rows(page: Any) -> list[dict[str, Any]]:
    names = queries.people_named({row.person_id for row in page if row.person_id})
    roles = dict(Role.choices)
    return [
        {
            "row": row,
            "role": roles.get(row.role, row.role),
            "what": said(row.verb),
            "about": SUBJECTS.get(row.subject_type, ""),
            "person": names.get(row.person_id, ""),
            "details": list(row.details.items()),
        }
        for row in page
    ]


@need("audit.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Who did what to whom, newest first."""
    form, entries = _asked(request)
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    shown = {
        "form": form,
        "page": page,
        "rows": _rows(page),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "verbs": [(verb, said(verb)) for verb in queries.verbs()],
        "asked": request.GET.urlencode(),
    }
    return render(request, "core/audit.html", shown)


class _Echo:
    """A file that gives back what is written, so that rows can be streamed."""

    def write(self, value: str) -> str:
        return value


def _lines(entries: Any) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(HEAD)
    for row in entries.iterator(chunk_size=2000):
        yield writer.writerow([guarded(one) for one in _cells(row)])


def _cells(row: AuditEntry) -> list[Any]:
    subject = (row.subject_type, row.subject_id, row.subject_label)
    return [
        row.seq,
        row.at.isoformat(),
        row.actor_label,
        row.role,
        row.verb,
        *subject,
        row.person_id or "",
        row.details,
        row.hash,
    ]


@need("audit.view")  # type: ignore[arg-type]
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """Exactly the entries that the filter in the address shows, as CSV; the export itself is logged first."""
    at = now()
    _form, entries = _asked(request)
    with act(request.user, "core.export_audit", at=at) as this:  # type: ignore[arg-type]
        this.note(filter=request.GET.dict(), rows=entries.count())
    response = StreamingHttpResponse(_lines(entries), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="nhat-ky-{at:%Y%m%d-%H%M}.csv"'
    return response


def _day_that_disagrees() -> str:
    """The first daily digest that does not agree with the log, or why they cannot be read; "" = all agree."""
    try:
        day = anchoring.own_agreement().bad_day
        return date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT") if day else ""
    except Refused as no:
        return str(no)


@need("audit.view")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain and say whether any entry was changed, removed or moved."""
    verdict = audit.verify()
    day = _day_that_disagrees()
    with act(request.user, "core.verify_audit", at=now()) as this:  # type: ignore[arg-type]
        this.note(entries=verdict.entries, first_bad=verdict.first_bad, reason=verdict.reason)
        this.note(bad_day=day)
    if day:
        text = _("The log is no longer what the digest of %(day)s says: it was written anew. Keep a copy.")
        messages.error(request, text % {"day": day})
    if verdict.ok:
        text = _("The chain is whole: %(n)s entries, none changed, removed or moved.") % {"n": verdict.entries}
        messages.success(request, text)
    else:
        reasons = {
            "added": _("the entry was added by another hand"),
            "missing": _("an entry is missing"),
            "changed": _("the entry was changed"),
        }
        facts = {"n": verdict.first_bad, "reason": reasons[verdict.reason]}
        messages.error(
            request, _("The chain is broken at entry %(n)s: %(reason)s. Keep a copy of the database.") % facts
        )
    return redirect("core:audit")
