"""Staff list, one person, changes by hand."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.days import local_day
from nanglucso.core.downloads import workbook
from nanglucso.core.refusals import Refused
from nanglucso.kit.collecting import no_collecting
from nanglucso.kit.spreadsheets import Column, OutSheet
from nanglucso.workforce.people import doubling, forms, queries, queries_units, services
from nanglucso.workforce.people.models import Appointment, Person
from nanglucso.workforce.people.views.asked import Asked
from nanglucso.workforce.people.views.filling import form_page, sent
from nanglucso.workforce.people.views.timeline import asked_day

PER_PAGE = 50


def _asked(request: Asked) -> tuple[forms.StaffFilterForm, queries.StaffFilter]:
    form = forms.StaffFilterForm(request.GET, scope=request.access.scope)
    form.is_valid()
    return form, form.wanted(request.GET.get("sort", ""))


def _chips(wanted: queries.StaffFilter) -> list[tuple[str, str]]:
    """Filters in force: (key of the address, words)."""
    found = [("q", f"“{wanted.text}”")] if wanted.text else []
    for key, label in (("unit", _("Unit")), ("family", _("Position family")), ("position", _("Position"))):
        value = getattr(wanted, key)
        if value:
            found.append((key, f"{label}: {value}"))
    if wanted.status != "active":
        found.append(("status", str(dict(forms.STATUSES)[wanted.status])))
    return found


@need("people.view")
def index(request: Asked) -> HttpResponse:
    """The staff list of the viewer's scope."""
    scope = request.access.scope
    form, wanted = _asked(request)
    found: Any = queries.Sheets(queries.staff(scope=scope, wanted=wanted))
    page: Page[Person] = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    chains = queries.unit_chain(person.unit for person in page)
    shown = {
        "form": form,
        "page": page,
        "rows": [(person, queries.place_of(person, chains)) for person in page],
        "chips": _chips(wanted),
        "total": queries.people(scope=scope).filter(active=True).count(),
        "tops": queries.top_units(scope=scope, chosen=wanted.unit),
        "families": queries.families(),
        "statuses": forms.STATUSES,
        "wanted": wanted,
    }
    return render(request, "people/list.html", shown)


@need("people.view")
def export(request: Asked) -> HttpResponse:
    """Exactly the people that the list shows, as a workbook."""
    _form, wanted = _asked(request)
    columns = [
        *(Column(_("Family and middle names"), 24), Column(_("Given name"), 12), Column(_("Staff number"), 16)),
        *(Column(_("Unit"), 44), Column(_("Position"), 40), Column(_("Title"), 28), Column(_("Official e-mail"), 28)),
        Column(_("Status"), 14),
    ]
    with no_collecting():
        rows = _sheet_rows(list(queries.staff(scope=request.access.scope, wanted=wanted)))
        services.note_export(actor=request.user, rows=len(rows), asked=request.GET.urlencode(), at=now())
        return workbook("danh-sach-can-bo", [OutSheet(_("Staff"), columns, rows)], at=now())


def _sheet_rows(people: list[Person]) -> list[tuple[str, ...]]:
    chains = queries.unit_chain(person.unit for person in people)
    return [
        (
            *(person.ho_dem, person.ten, person.staff_code or "", queries.place_of(person, chains)),
            *(person.position.name if person.position else "", person.title, person.email),
            _("Working") if person.active else _("Has left"),
        )
        for person in people
    ]


def _person(request: Asked, pk: int) -> Person:
    rows = queries.people(scope=request.access.scope).select_related("unit", "position__family", "user")
    return get_object_or_404(rows, pk=pk)


@need("people.view")
def person(request: Asked, pk: int) -> HttpResponse:
    """One person: facts, appointments, and the profile loaded late."""
    row = _person(request, pk)
    held = list(queries.appointments(row))
    form, day = asked_day(request)
    placed = queries_units.place_on(row, day)
    places = queries_units.places_said(held, local_day(now()))
    shown = {
        "person": row,
        "place": queries.place_of(row, queries.unit_chain([row.unit])),
        "appointments": [(one, places[one.pk]) for one in held],
        "day_form": form,
        "day": day,
        "asked_day": form.is_bound and form.is_valid(),
        "placed": placed,
        "placed_as": (placed.title or placed.position.title) if placed else "",
        "placed_in": queries_units.TreeOn(day).place(placed.unit_id) or placed.unit.name if placed else "",
        "end_form": forms.EndForm(),
        "merged_into": doubling.merged_into(row),
    }
    return render(request, "people/person.html", shown)


def _saved(request: Asked, row: Person) -> HttpResponse:
    messages.success(request, _("Saved: %(name)s.") % {"name": row.full_name})
    return redirect("people:person", row.pk)


def _tops(places: dict[str, Any]) -> list[str]:
    """Offered before a letter is typed: agencies, communes and wards; typing brings the divisions."""
    return [words for words, unit in places.items() if unit.depth <= 2] or list(places)


def _places(request: Asked) -> dict[str, Any]:
    return queries.units_by_place(scope=request.access.scope)


@need("people.change")
def add(request: Asked) -> HttpResponse:
    """Take on one person by hand."""
    places = _places(request)
    form = forms.AddForm(sent(request), places=places, initial={"since": today()})

    def do(told: dict[str, Any]) -> Person:
        return services.add_person(actor=request.user, at=now(), **told)

    return form_page(request, "people/add.html", form, do, partial(_saved, request), tops=_tops(places))


@need("people.change")
def edit(request: Asked, pk: int) -> HttpResponse:
    """Correct a person's own facts."""
    row = _person(request, pk)
    form = forms.PersonForm(sent(request), initial=forms.PersonForm.of(row))

    def do(told: dict[str, Any]) -> Person:
        return services.change_person(actor=request.user, person=row, at=now(), **told)

    return form_page(request, "people/edit.html", form, do, partial(_saved, request), person=row)


@need("people.change")
def appoint(request: Asked, pk: int) -> HttpResponse:
    """Move a person to another position or unit."""
    row, places = _person(request, pk), _places(request)
    form = forms.AppointForm(sent(request), places=places, initial={"since": today()})

    def do(told: dict[str, Any]) -> Person:
        return services.appoint(actor=request.user, person=row, at=now(), **told).person

    return form_page(request, "people/appoint.html", form, do, partial(_saved, request), person=row, tops=_tops(places))


@need("people.change")
@require_POST
def end_appointment(request: Asked, pk: int) -> HttpResponse:
    """End one appointment of a person in scope."""
    rows = Appointment.objects.filter(person__in=queries.people(scope=request.access.scope)).select_related("person")
    row = get_object_or_404(rows, pk=pk)
    form = forms.EndForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("The day must be written like 05/02/2026."))
        until = form.cleaned_data["until"]
        services.end_appointment(actor=request.user, appointment=row, until=until, at=now())
        messages.success(request, _("The appointment has been ended."))
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("people:person", row.person_id)


@need("people.change")
@require_POST
def account(request: Asked, pk: int) -> HttpResponse:
    """Open the person's account."""
    row = _person(request, pk)
    try:
        user = services.create_account(actor=request.user, person=row, at=now())
        messages.success(request, _("The account %(name)s has been opened.") % {"name": user.username})
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("people:person", row.pk)
