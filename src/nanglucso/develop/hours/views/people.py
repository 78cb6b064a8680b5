"""One's own hours of a year, and those of a person inside the viewer's units."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.acts import act
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.hours import queries, services
from nanglucso.develop.hours.forms import EntryForm
from nanglucso.develop.hours.views.shown import of_person, year_of
from nanglucso.workforce.people.models import Person
from nanglucso.workforce.people.queries import people


@need("own.view")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """How many periods I have, what counted, what did not and why, what is missing until 31 December."""
    person = request.access.person  # type: ignore[attr-defined]
    if person is None:
        return render(request, "hours/nobody.html")
    return render(request, "hours/mine.html", of_person(person, year_of(request)))


@need("own.view")
@require_GET
def mine_slot(request: HttpRequest) -> HttpResponse:
    """A card for other pages: the periods of this year against the duty."""
    person = request.access.person  # type: ignore[attr-defined]
    if person is None:
        return HttpResponse("")
    return render(request, "hours/mine_slot.html", of_person(person, queries.years(now())[0]))


def _the_person(request: HttpRequest, pk: uuid.UUID) -> Person:
    return get_object_or_404(people(scope=request.access.scope), uuid=pk)  # type: ignore[attr-defined]


def _page(request: HttpRequest, person: Person, year: int, form: EntryForm | None = None) -> HttpResponse:
    shown: dict[str, Any] = of_person(person, year)
    if request.access.may("hours.change"):  # type: ignore[attr-defined]
        shown["form"] = form or EntryForm(certificates=_waiting(request, person, year))
    return render(request, "hours/person.html", shown, status=422 if form else 200)


def _waiting(request: HttpRequest, person: Person, year: int) -> Any:
    return queries.outside_waiting(request.access.scope, year).filter(person=person)  # type: ignore[attr-defined]


@need("hours.names")
@require_GET
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A person's year; looking at somebody else's leaves a trace."""
    row, year = _the_person(request, pk), year_of(request)
    if row != request.access.person:  # type: ignore[attr-defined]
        with act(request.user, "hours.view", row, at=now(), person_id=row.pk, year=year):  # type: ignore[arg-type]
            pass
    return _page(request, row, year)


@need("hours.change")
def enter(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write down periods; in a closed year a dated correction."""
    row, year = _the_person(request, pk), year_of(request)
    if request.method != "POST":
        return redirect("hours:person", pk)
    form = EntryForm(request.POST, certificates=_waiting(request, row, year))
    if form.is_valid():
        try:
            services.enter(actor=request.user, person=row, year=year, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The periods are written down."))
            return redirect(f"{reverse('hours:person', args=[pk])}?nam={year}")
    return _page(request, row, year, form)
