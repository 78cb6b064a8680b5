"""A lesson while it is written: the text, its preview with what is wrong in which line, and what happens next."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import forms, queries, services
from nanglucso.develop.learning.checking import check_source
from nanglucso.develop.learning.models import Lesson, LessonVersion
from nanglucso.develop.learning.pattern import PATTERN
from nanglucso.develop.learning.rendering import inline
from nanglucso.develop.learning.rendering import render as html


def preview_of(source: str) -> dict[str, Any]:
    """The lesson as an official will see it, with keys and feedback for the writer, and what was found in it."""
    read, found = check_source(source.replace("\r\n", "\n"), queries.rules_now(today()))
    asked = [
        {"text": html(q.text), "options": [(inline(o.text), inline(o.feedback), o.right) for o in q.options]}
        for q in read.questions
    ]
    return {
        "read": read, "found": found, "stops": sum(one.stops for one in found), "promise": inline(read.promise),
        "screens": queries.screens_of(read, []), "exercise": queries.exercise_of(read, None), "asked": asked,
        "keys": read.exercise, "remember": inline(read.remember),
    }  # fmt: skip


@need("lessons.change")
@whole_city
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """The preview of a text that is being typed; nothing is kept."""
    return render(request, "learning/preview.html", preview_of(request.POST.get("source", "")[:80_000]))


def _page(
    request: HttpRequest, form: forms.SourceForm, version: LessonVersion | None, lesson: Lesson | None = None
) -> HttpResponse:
    """`lesson`: the one in use that a text not kept yet is to replace."""
    source = form["source"].value() or ""
    mine = version is None or version.author_id == request.user.pk
    context = preview_of(source) | {
        "form": form, "version": version, "mine": mine, "revised": lesson,
        "number": queries.next_number(lesson) if lesson else 1,
        "editing": mine and (version is None or version.state == LessonVersion.State.DRAFT),
    }  # fmt: skip
    return render(request, "learning/draft.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest, first: str, lesson: Lesson | None = None) -> HttpResponse:
    form = forms.SourceForm(request.POST or None, initial={"source": first})
    if request.method == "POST" and form.is_valid():
        try:
            version = services.start_draft(actor=request.user, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("Draft saved."))
            return redirect("learning:draft", version.pk)
        except Refused as no:
            no.show_on(form)
    return _page(request, form, None, lesson)


@need("lessons.change")
@whole_city
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new lesson, from the pattern."""
    return _start(request, PATTERN)


@need("lessons.change")
@whole_city
@require_http_methods(["GET", "POST"])
def revise(request: HttpRequest, code: str) -> HttpResponse:
    """A new version of a lesson in use; where one is being written, that one."""
    lesson = get_object_or_404(Lesson.objects.select_related("live").exclude(live=None), code=code)
    going = lesson.versions.filter(state__in=(LessonVersion.State.DRAFT, LessonVersion.State.REVIEW)).first()
    if going is not None:
        return redirect("learning:draft", going.pk)
    return _start(request, lesson.live.source if lesson.live else "", lesson)


@need("lessons.change")
@whole_city
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: its author changes the draft, everybody of the desk reads it."""
    version = get_object_or_404(LessonVersion.objects.select_related("lesson__live", "author", "published_by"), pk=pk)
    form = forms.SourceForm(request.POST or None, initial={"source": version.source})
    if request.method == "POST" and form.is_valid():
        try:
            services.save_draft(actor=request.user, version=version, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("Draft saved."))
            return redirect("learning:draft", version.pk)
        except Refused as no:
            no.show_on(form)
    return _page(request, form, version)


@need("lessons.publish")
@whole_city
@require_POST
def do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Give to review, send back, publish, set aside."""
    version = get_object_or_404(LessonVersion.objects.select_related("lesson"), pk=pk)
    told: dict[str, Any] = {"actor": request.user, "version": version, "at": now()}
    verbs: dict[str, tuple[Callable[..., None], str]] = {
        "gui": (services.send, _("A second reader sees it now.")),
        "tra-lai": (services.send_back, _("It is a draft of its author again.")),
        "dua-vao-dung": (services.publish, _("Published: officials learn from this version now.")),
        "bo": (services.drop, _("Set aside.")),
    }
    if verb == "tra-lai":
        told["note"] = request.POST.get("note", "")
    try:
        verbs[verb][0](**told)
        messages.success(request, verbs[verb][1])
    except Refused as no:
        messages.error(request, str(no))
    gone = verb in ("bo", "dua-vao-dung") and not version.is_open
    return redirect("learning:desk") if gone else redirect("learning:draft", pk)
