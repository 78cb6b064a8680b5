"""What changed between two days, and what would change if positions required other levels."""

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.measure.gaps import asof, comparing, heat, pages, previewing, queries
from nanglucso.measure.gaps.forms import DaysForm, PreviewForm
from nanglucso.measure.gaps.views.asking import Asking, asking, nothing
from nanglucso.workforce.people.models import RequirementDraft


@need("gaps.view")
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two kept days side by side, or today's people as they were known on two days."""
    one = asking(request)
    if one is None:
        return nothing(request)
    today = timezone.localdate(one.at)
    asked_days = "since" in request.GET or "until" in request.GET
    start = {"since": today - timedelta(days=90), "until": today}
    form = DaysForm(request.GET if asked_days else None, initial=start, today=today)
    found: dict[str, Any] = {"form": form, "by_day": asked_days, "of_whom": one.of_whom(), "hides": one.hides}
    moments = comparing.moments(one.tree)
    if asked_days:
        found |= _as_known(one, form) if form.is_valid() else {}
    else:
        found |= _kept(one, moments)
    return render(request, "gaps/compare.html", found | {"moments": moments})


def _kept(one: Asking, moments: list[Any]) -> dict[str, Any]:
    chosen = {str(row.pk): row for row in moments}
    get = one.request.GET.get
    second = chosen.get(get("b", ""), moments[0] if moments else None)
    first = chosen.get(get("a", ""), moments[1] if len(moments) > 1 else None)
    if not first or not second:
        return {}
    whole = comparing.Change(one.of_whom(), pages.of_snapshot(first), pages.of_snapshot(second))
    return {
        "first": first, "second": second, "whole": whole, "first_day": first.at, "second_day": second.at,
        "rows": comparing.changes(one.access.scope, first, second, hides=one.hides),
        "competences": comparing.competence_changes(one.framework, first, second, hides=one.hides),
    }  # fmt: skip


def _end_of(day: date) -> datetime:
    """The last moment of a day where the city is."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def _as_known(one: Asking, form: DaysForm) -> dict[str, Any]:
    days = [form.cleaned_data[name] for name in ("since", "until")]
    people = queries.active_people(one.access.scope)
    first, second = (asof.as_known(one.table, people, min(_end_of(day), one.at)) for day in days)
    veil, cols = one.veil(None), heat.columns_of(one.competences, heat.EVERY)
    gone = veil.total if veil else None
    shown = [c for c in cols.competences if gone is None or not gone[c.index]]
    every = cols.everything if gone is None else cols.everything[~gone[cols.everything]]
    units = one.tree.tops()
    if veil is not None and (not one.tree.top or one.tree.top.depth != 1):
        veil = queries.Veil(veil.total, veil.total[None])
    tallies = [queries.unit_tally(table, [u.path for u in units], one.tree.paths()) for table in (first, second)]
    whole = [comparing.of_counts(queries.whole(table), every) for table in (first, second)]
    lines = [asof.moved(first, second, np.array([c.index]), c.code, c.short) for c in shown]
    return {
        "first_day": days[0],
        "second_day": days[1],
        "whole": comparing.Change(one.of_whom(), *whole),
        "all_moved": asof.moved(first, second, every, "", _("All competences")),
        "moved": sorted(lines, key=lambda row: (row.first_met - row.second_met, row.code)),
        "rows": comparing.unit_changes(units, tallies[0], tallies[1], cols, veil),
    }


@need("gaps.preview")
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """The map and counts if a position or a group of positions required other levels; nothing is stored."""
    one = asking(request)
    if one is None:
        return nothing(request)
    form = PreviewForm(
        request.GET if "who" in request.GET else None, framework=one.framework, held=one.table.posts.ids.tolist()
    )
    found = one.common() | {"form": form}
    asked = request.GET.get("draft", "")
    draft = RequirementDraft.objects.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() else None
    if draft:
        found |= _previewed(one, previewing.preview_of(one.table, previewing.drafted(one.table, draft))) | {
            "draft": draft
        }
    elif form.is_bound and form.is_valid():
        found |= _previewed(one, previewing.preview(one.table, form.change()))
    return render(request, "gaps/preview.html", found)


def _previewed(one: Asking, made: previewing.Preview) -> dict[str, Any]:
    cols, units, known = heat.columns_of(one.competences, heat.EVERY), one.tree.tops(), one.tree.paths()
    every = cols.everything
    tables = (made.before, made.after)
    tallies = [queries.unit_tally(table, [u.path for u in units], known) for table in tables]
    whole, touched = (
        [comparing.of_counts(counts, every) for counts in pair] for pair in (made.counts, made.of_touched)
    )
    before, after = made.counts
    by_competence = [
        comparing.Change(f"{c.code} {c.short}", *(comparing.of_counts(x, np.array([c.index])) for x in (before, after)))
        for c in cols.competences
        if (made.before.posts.required[:, c.index] != made.after.posts.required[:, c.index]).any()
    ]
    return {
        "made": made,
        "whole": comparing.Change(one.of_whom(), *whole),
        "touched": comparing.Change("", *touched),
        "before": before,
        "after": after,
        "competences": by_competence,
        "rows": comparing.unit_changes(units, tallies[0], tallies[1], cols, None),
        "heat": heat.unit_heat(one.cols, made.after, units, one.asked, known=known),
    }
