"""A form on a page of its own: shown, sent, refused with what was typed, or done."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponse
from django.shortcuts import render

from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.views.asked import Asked

Row = TypeVar("Row")


def sent(request: Asked) -> Any:
    """What the form was filled with, or None for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: Asked, template: str, form: Any, do: Callable[[dict[str, Any]], Row], done: Callable[[Row], HttpResponse],
    **shown: Any,
) -> HttpResponse:  # fmt: skip
    """The page of `form`; when it was sent and is right, `do` it and go where `done` says."""
    if request.method == "POST" and form.is_valid():
        try:
            made = do(form.cleaned_data)
        except Refused as refusal:
            refusal.show_on(form)
        else:
            return done(made)
    return render(request, template, {"form": form, **shown}, status=422 if form.is_bound else 200)
