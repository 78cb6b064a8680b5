"""The learner's short form, and what the training officer reads of all of them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import Course
from nanglucso.develop.training import queries, services
from nanglucso.develop.training.questionnaires import rules


def _typed(request: HttpRequest, ids: list[str]) -> dict[str, int]:
    return {pk: int(value) for pk in ids if (value := request.POST.get(pk, "")).isdigit() and len(value) == 1}


@need("own.view")
def evaluate(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """One short form on a phone; a form that is not open to this person does not exist."""
    person, at = request.access.person, now()  # type: ignore[attr-defined]
    waiting = queries.asked(person, at) if person else []
    found = next(((row, one) for row, one in waiting if row.pk == pk and one.code == form), None)
    if found is None:
        raise Http404
    row, questionnaire = found
    given, refusal = _typed(request, [one.id for one in questionnaire.questions]), ""
    if request.method == "POST":
        try:
            services.evaluate(
                actor=request.user, training_class=row, person=person, form=form, answers=given, at=at  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as no:
            refusal = str(no)
        else:
            messages.success(request, _("Thank you. Your answers are kept without your name."))
            return redirect("training:mine")
    questions = [(n, one, given.get(one.id)) for n, one in enumerate(questionnaire.questions, 1)]
    shown = {
        "row": row, "form": questionnaire, "questions": questions, "refusal": refusal,
        "scale": [(int(one.code), one) for one in rules().scale], "threshold": rules().threshold,
    }  # fmt: skip
    return render(request, "training/evaluate.html", shown, status=422 if refusal else 200)


@need("classes.change")
@require_GET
def evaluations(request: HttpRequest) -> HttpResponse:
    """Scores of the six objects, a row a course, for one year or all."""
    check_whole_city(request)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and len(asked) == 4 else None
    rows = queries.course_scores(queries.finished(year=year), now())
    shown = {
        "rows": rows,
        "objects": rules().objects,
        "year": year,
        "years": queries.years(),
        "rules": rules(),
    }
    return render(request, "training/evaluations.html", shown)


@need("classes.change")
@require_GET
def evaluation(request: HttpRequest, code: str) -> HttpResponse:
    """One course over time: a row a class, oldest first, and the whole."""
    check_whole_city(request)
    course = get_object_or_404(Course, code=code)
    whole = next(iter(queries.course_scores(queries.finished(course=course), now())), None)
    shown = {"course": course, "whole": whole, "objects": rules().objects, "rules": rules()}
    return render(request, "training/evaluation.html", shown)
