"""The player: one part a screen; signs of life, exercise, questions, the report of the task."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import forms, queries, services, timing
from nanglucso.develop.learning.lessonfile import CHECK, PARTS, TRY
from nanglucso.develop.learning.lessons import lesson_of
from nanglucso.develop.learning.models import Study
from nanglucso.develop.learning.rendering import inline


def _own(request: HttpRequest, pk: uuid.UUID) -> Study:
    person = request.access.scope.person_id  # type: ignore[attr-defined]
    rows = Study.objects.select_related("version__lesson", "confirmed_by").prefetch_related("answers")
    return get_object_or_404(rows, pk=pk, person_id=person or -1)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("NLS-Outbox") == "1"


def _to_part(study: Study, part: int) -> HttpResponse:
    return redirect(f"{reverse('learning:play', args=[study.pk])}?phan={part}")


def _shown(study: Study, part: int, form: Any = None) -> dict[str, Any]:
    read = lesson_of(study.version)
    return {
        "study": study, "read": read, "screens": queries.screens_of(read, study.opened), "part": part,
        "last": PARTS, "promise": inline(read.promise), "remember": inline(read.remember),
        "exercise": queries.exercise_of(read, study), "check": queries.questions_of(study, now()),
        "progress": queries.progress(study), "beat": timing.BEAT, "version": study.version,
        "form": form or forms.TaskForm(initial={"note": study.task_note}),
    }  # fmt: skip


@need("lessons.learn")
@require_GET
def play(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The lesson; `?phan=3` opens at a part. Looking writes nothing."""
    study = _own(request, pk)
    told = request.GET.get("phan", "")
    part = int(told) if told in map(str, range(1, PARTS + 1)) else study.part
    return render(request, "learning/play.html", _shown(study, part))


def _no(request: HttpRequest, study: Study, part: int, no: Refused) -> HttpResponse:
    if _by_script(request):
        return HttpResponse(str(no), status=422, content_type="text/plain; charset=utf-8")
    messages.error(request, str(no))
    return _to_part(study, part)


@need("lessons.learn")
@require_POST
def beat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A sign of life from the page that shows a part."""
    study = _own(request, pk)
    told = request.POST.get("part", "")
    part = int(told) if told.isdecimal() else 0
    try:
        study = services.beat(study_id=study.pk, person_id=study.person_id, part=part, at=now())
    except Refused as no:
        return _no(request, study, study.part, no)
    return JsonResponse(_told(study)) if _by_script(request) else _to_part(study, part)


def _told(study: Study) -> dict[str, Any]:
    """Progress in figures and words for the script."""
    told = queries.progress(study)
    return told | {"opened": study.opened, "words": _words(told)}


def _words(told: dict[str, Any]) -> str:
    if told["done"]:
        return _("Lesson finished")
    if told["minutes_left"]:
        left = int(told["minutes_left"])
        said = ngettext("%(n)s more minute of reading needed", "%(n)s more minutes of reading needed", left)
        return said % {"n": left}
    return _("Time: enough")


def _piece(request: HttpRequest, pk: uuid.UUID, part: int) -> HttpResponse:
    """After an answer: the piece of the page for the script, the whole page without it."""
    study = _own(request, pk)
    if not _by_script(request):
        return _to_part(study, part)
    name = "learning/exercise.html" if part == TRY else "learning/check.html"
    context = _shown(study, part) | {"told": _told(study)}
    return render(request, name, context)


@need("lessons.learn")
@require_POST
def exercise(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One try of the exercise."""
    study = _own(request, pk)
    given = [value.strip() for value in request.POST.getlist("row")]
    rows = lesson_of(study.version).exercise
    if not given and rows:
        given = [request.POST.get(f"row{n}", "").strip() for n in range(len(rows.rows))]
    try:
        services.try_exercise(study_id=study.pk, person_id=study.person_id, given=given, at=now())
    except Refused as no:
        return _no(request, study, TRY, no)
    return _piece(request, pk, TRY)


def _number(request: HttpRequest, name: str) -> int:
    told = request.POST.get(name, "")
    return int(told) if told.isdecimal() and len(told) < 6 else -1


@need("lessons.learn")
@require_POST
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The answer to one question."""
    study = _own(request, pk)
    sent = {
        "round": _number(request, "round"),
        "question": _number(request, "question"),
        "shown": _number(request, "o"),
    }
    try:
        services.answer(actor=request.user, study_id=study.pk, person_id=study.person_id, at=now(), **sent)  # type: ignore[arg-type]
    except Refused as no:
        return _no(request, study, CHECK, no)
    return _piece(request, pk, CHECK)


@need("lessons.learn")
@require_POST
def again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The questions anew."""
    study = _own(request, pk)
    try:
        services.again(actor=request.user, study_id=study.pk, person_id=study.person_id, at=now())  # type: ignore[arg-type]
    except Refused as no:
        return _no(request, study, CHECK, no)
    return _piece(request, pk, CHECK)


@need("lessons.learn")
@require_POST
def task(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The official says that the task at work is done."""
    study = _own(request, pk)
    form = forms.TaskForm(request.POST)
    if form.is_valid():
        try:
            services.report_task(actor=request.user, study=study, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("Reported. The head of your unit confirms it."))
            return _to_part(study, PARTS)
        except Refused as no:
            no.show_on(form)
    return render(request, "learning/play.html", _shown(study, PARTS, form), status=422)
