"""The list of a unit, the table of the city, closing a year."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.acts import act
from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.core.downloads import workbook
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.hours import queries, services, sheets
from nanglucso.develop.hours.forms import ListForm
from nanglucso.develop.hours.lawrules import law
from nanglucso.develop.hours.queries import PersonRow
from nanglucso.develop.hours.views.shown import said_duty, said_regime, unclear, year_of
from nanglucso.develop.hours.wording import REGIMES, certificate_name

PER_PAGE = 50


def _common(request: HttpRequest, year: int) -> dict[str, Any]:
    duties = [(said_regime(regime), said_duty(law().duty(regime, year))) for regime in REGIMES]
    return {
        "year": year, "years": queries.years(now()), "duties": duties, "unclear": unclear(),
        "close": queries.closed(year), "over": year < local_day(now()).year,
    }  # fmt: skip


def _wanted(request: HttpRequest, rows: list[PersonRow]) -> tuple[dict[str, str], list[PersonRow]]:
    wanted = ListForm(request.GET).wanted()
    if wanted["state"]:
        rows = [one for one in rows if one.state == wanted["state"]]
    if wanted["regime"]:
        rows = [one for one in rows if one.regime == wanted["regime"]]
    return wanted, queries.named_like(rows, wanted["text"])


@need("hours.names")
@require_GET
def unit(request: HttpRequest) -> HttpResponse:
    """Everybody of the viewer's units with their periods of the year."""
    year, scope = year_of(request), request.access.scope  # type: ignore[attr-defined]
    everybody = queries.listing(scope, year, now())
    wanted, rows = _wanted(request, everybody)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    whole, _units = queries.totals(everybody, ())
    states = [
        ("missing", _("Short of periods"), whole.missing), ("met", _("Enough periods"), whole.met),
        ("unknown", _("No figure known"), whole.people - whole.judged),
    ]  # fmt: skip
    shown = _common(request, year) | {
        "page": page, "rows": queries.named(list(page.object_list)), "whole": whole, "wanted": wanted,
        "over_city": request.access.may("hours.city"),  # type: ignore[attr-defined]
        "states": states, "regimes": [(one.regime, said_regime(one.regime), one.people) for one in whole.rows],
    }  # fmt: skip
    return render(request, "hours/unit.html", shown)


@need("hours.names")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook, filters as on the page."""
    year, scope = year_of(request), request.access.scope  # type: ignore[attr-defined]
    _kept, rows = _wanted(request, queries.listing(scope, year, now()))
    with act(request.user, "hours.export", at=now(), year=year, people=len(rows)):  # type: ignore[arg-type]
        sheet = sheets.people_sheet(queries.named(rows), year)
    return workbook(f"gio-boi-duong-{year}", [sheet], at=now())


@need("hours.city")
@whole_city
@require_GET
def city(request: HttpRequest) -> HttpResponse:
    """How many reached the duty, by regime and unit; no name stands here."""
    year = year_of(request)
    whole, units = queries.totals(queries.listing(EVERYTHING, year, now()), queries.tops())
    shown = _common(request, year) | {
        "whole": whole, "units": units, "may_close": request.access.may("hours.change"),  # type: ignore[attr-defined]
        "regimes": [(said_regime(one.regime), one) for one in whole.rows],
        "waiting": [(one, certificate_name(one)) for one in queries.outside_waiting(EVERYTHING, year)[:50]],
        "late": queries.corrections(year),
    }  # fmt: skip
    return render(request, "hours/city.html", shown)


@need("hours.change")
@whole_city
@require_POST
def close(request: HttpRequest, year: int) -> HttpResponse:
    """Freeze a year that is over; in the background, because of everybody's lines."""
    try:
        services.ask_close(actor=request.user, year=year, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("The year is being closed; with many people it takes a minute."))
    return redirect("hours:city")
