"""“Học”: what to learn next, all lessons, one lesson before it begins."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import queries, services
from nanglucso.develop.learning.lessons import lesson_of
from nanglucso.develop.learning.models import Lesson, Study
from nanglucso.develop.learning.rendering import inline
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.queries import current_framework, frame


def framework_or_none() -> Framework | None:
    """The framework in force, or None before one was published."""
    try:
        return current_framework()
    except Refused:
        return None


def _me(request: HttpRequest) -> tuple[Any, Framework | None]:
    return request.access.person, framework_or_none()  # type: ignore[attr-defined]


@need("lessons.learn")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My way: the gaps, the lessons for each, what is done, what is next, tasks at work."""
    person, framework = _me(request)
    if person is None or framework is None:
        return render(request, "learning/nobody.html", {"framework": framework})
    done = Study.objects.filter(person=person).exclude(finished_at=None).select_related("version__lesson")
    path = queries.path_of(person, framework, now())
    ahead = path.next.study if path.next else None
    context = {
        "path": path, "done": done.order_by("-finished_at"), "packages": list(queries.packages_going(person)),
        "going": [study for study in path.going if study != ahead],
    }  # fmt: skip
    return render(request, "learning/mine.html", context)


@need("lessons.learn")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All lessons in use by competence."""
    person, framework = _me(request)
    if person is None or framework is None:
        return render(request, "learning/nobody.html", {"framework": framework})
    labels = [(str(n), str(label)) for n, label in enumerate(frame(framework).labels) if n]
    level = request.GET.get("muc", "") if request.GET.get("muc", "") in dict(labels) else ""
    text = request.GET.get("q", "")[:80]
    groups = queries.every_lesson(person, framework, level=int(level or 0), text=text)
    context = {"groups": groups, "labels": labels, "level": level, "q": text, "n": sum(len(g.steps) for g in groups)}
    return render(request, "learning/all.html", context)


@need("lessons.learn")
@require_GET
def lesson(request: HttpRequest, code: str) -> HttpResponse:
    """One lesson before it begins: what one can do afterwards, what should be known."""
    row = get_object_or_404(Lesson.objects.select_related("live"), code=code)
    person, framework = _me(request)
    if row.live is None or framework is None:
        raise Http404
    held = Study.objects.filter(person=person, version__lesson=row).order_by("-began_at") if person else []
    read = lesson_of(row.live)
    context = {
        "lesson": row, "version": row.live, "promise": inline(read.promise), "first": _before(row),
        "competence": framework.competences.filter(code=row.competence).first(), "study": next(iter(held), None),
        "level": frame(framework).label(row.level), "person": person,
    }  # fmt: skip
    return render(request, "learning/lesson.html", context)


def _before(row: Lesson) -> list[dict[str, Any]]:
    """Prerequisites: a lesson in use with its address, anything else as a text."""
    told = row.live.prerequisites if row.live else []
    known = Lesson.objects.filter(code__in=[one.split()[0] for one in told if one.strip()]).exclude(live=None)
    found = {one.code: one for one in known.select_related("live")}
    return [{"text": one, "lesson": found.get(one.split()[0])} for one in told if one.strip()]


@need("lessons.learn")
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the lesson, or go on with it."""
    row, person = get_object_or_404(Lesson, code=code), request.access.person  # type: ignore[attr-defined]
    if person is None:
        return redirect("learning:mine")
    try:
        study = services.begin(actor=request.user, person=person, lesson=row, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
        return redirect("learning:mine")
    return redirect("learning:play", study.pk)
