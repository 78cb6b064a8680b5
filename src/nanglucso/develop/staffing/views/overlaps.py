"""Pairs of duties that overlap: the list, the review desk, the report as a file."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now, today
from nanglucso.core.downloads import table
from nanglucso.core.models import Job
from nanglucso.core.refusals import Refused
from nanglucso.develop.staffing import forms, queries, services, sheets
from nanglucso.develop.staffing.models import Overlap
from nanglucso.develop.staffing.views.places import access, fetches, offered, places
from nanglucso.workforce.people.queries import place, unit_chain

A_PAGE = 30
TONES = {"same": "bad", "contained": "warn", "shared_by_law": "info", "different": "", "": ""}
STATE_NAMES = {
    "waiting": _("Waiting for review"), "open": _("To be resolved"), "closed": _("Resolved"),
    "different": _("No overlap"),
}  # fmt: skip


def _shown(rows: list[Overlap]) -> list[dict[str, Any]]:
    chains = unit_chain(duty.unit for row in rows for duty in (row.one, row.other))
    names = dict(Overlap.Verdict.choices)
    return [
        {
            "pair": row, "percent": round(100 * row.score), "hint": names.get(row.hint, ""), "tone": TONES[row.verdict],
            "sides": [
                {"duty": duty, "holder": place(chains[duty.unit_id]) if duty.unit_id else duty.holder}
                for duty in (row.one, row.other)
            ],
            "late": bool(row.due and not row.closed_on and row.due < today()),
        }
        for row in rows
    ]  # fmt: skip


@need("overlaps.view")
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Pairs of one state, best first."""
    rows, told = queries.overlaps(scope=access(request).scope), request.GET
    counts = queries.counts(rows, today())
    state = told.get("tt", "") if told.get("tt") in queries.STATES else "waiting" if counts["waiting"] else "open"
    found = queries.chosen(rows, state=state, kind=told.get("loai", ""), across=told.get("cap", ""))
    page = Paginator(found, A_PAGE).get_page(told.get("page"))
    context = {
        "page": page, "rows": _shown(list(page.object_list)), "state": state, "counts": counts,
        "kind": told.get("loai", ""), "across": told.get("cap", ""),
        "states": [(key, name, counts[key]) for key, name in STATE_NAMES.items()],
        "job": Job.objects.filter(kind="staffing.find_overlaps").order_by("-created_at").first(),
        "may_search": access(request).may("overlaps.review") and access(request).scope.everything,
        "may_review": access(request).may("overlaps.review"),
        "units": queries.per_unit(rows)[:12] if state in ("open", "closed") else [],
    }  # fmt: skip
    return render(request, "staffing/overlaps.html", context)


@need("overlaps.review")
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Compare all duties in the background."""
    check_whole_city(request)
    try:
        services.queue_search(actor=request.user, at=now())  # type: ignore[arg-type]
        messages.success(request, _("The duties are being compared; the pairs found will stand here."))
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("staffing:overlaps")


def _pair(request: HttpRequest, pk: int) -> Overlap:
    return get_object_or_404(queries.overlaps(scope=access(request).scope), pk=pk)


def _page(request: HttpRequest, row: Overlap, **bound: Any) -> HttpResponse:
    found = places(request)
    first = {"action": row.action, "plan": row.plan, "due": row.due, "owner": _words(found, row)}
    context = {
        "row": _shown([row])[0], "words": queries.common_words(row), "may": access(request).may("overlaps.review"),
        "next": queries.waiting_after(queries.overlaps(scope=access(request).scope), row), "places": offered(found),
        "review_form": forms.ReviewForm(initial={"verdict": row.verdict, "remark": row.remark}),
        "resolve_form": forms.ResolveForm(places=found, fetch=fetches(request), initial=first),
        "close_form": forms.CloseForm(initial={"on": today()}), **bound,
    }  # fmt: skip
    return render(request, "staffing/overlap.html", context, status=422 if bound else 200)


def _words(found: dict[str, Any], row: Overlap) -> str:
    return next((words for words, unit in found.items() if unit.pk == row.owner_id), "")


@need("overlaps.view")
@require_GET
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Two duties side by side, what they have in common, and the desk."""
    return _page(request, _pair(request, pk))


def _done(request: HttpRequest, row: Overlap, name: str, form: Any, do: Callable[..., Any], said: object) -> Any:
    """Do what a right form asks; None when the page has to be shown again."""
    if form.is_valid():
        try:
            do(actor=request.user, pair=row, at=now(), **form.cleaned_data)
            messages.success(request, str(said))
            return None
        except Refused as refused:
            refused.show_on(form)
    row.refresh_from_db()
    return _page(request, row, **{name: form})


@need("overlaps.review")
@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the pair is; then the next one that waits, unless this one has to be resolved."""
    row, form = _pair(request, pk), forms.ReviewForm(request.POST)
    again = _done(request, row, "review_form", form, services.review_overlap, _("Your finding is kept."))
    if again:
        return again  # type: ignore[no-any-return]
    after = queries.waiting_after(queries.overlaps(scope=access(request).scope), row)
    return redirect("staffing:overlap", after.pk if after and not row.overlapping else row.pk)


@need("overlaps.review")
@require_POST
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Set what is done, by whom, until when."""
    row, form = _pair(request, pk), forms.ResolveForm(request.POST, places=places(request), fetch=fetches(request))
    again = _done(request, row, "resolve_form", form, services.resolve_overlap, _("The resolution is set."))
    return again or redirect("staffing:overlap", row.pk)


@need("overlaps.review")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The resolution was carried out."""
    row, form = _pair(request, pk), forms.CloseForm(request.POST)
    again = _done(request, row, "close_form", form, services.close_overlap, _("The overlap is closed."))
    return again or redirect("staffing:overlap", row.pk)


@need("overlaps.view")
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The overlaps that people found, with what becomes of them."""
    rows = queries.overlaps(scope=access(request).scope).exclude(verdict="")
    made = _shown(list(rows.order_by("closed_on", "due", "pk")))
    services.note_export(actor=request.user, kind=kind, rows=len(made), at=now())  # type: ignore[arg-type]
    return table(f"trung-lap-{today():%Y%m%d}", sheets.report(made, at=now()), kind, at=now())
