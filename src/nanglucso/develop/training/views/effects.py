"""After the class: re-measurement, the effect of one class, all effects measured so far."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import drawing, forms, proving, queries, services
from nanglucso.develop.training.estimating import LEAST_PEOPLE
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.develop.training.views.classes import managed, the_class
from nanglucso.develop.training.views.transfers import later
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Person


def _completed(row: TrainingClass) -> list[Person]:
    done = row.enrolments.filter(status=Enrolment.Status.COMPLETED, person__active=True).select_related("person")
    return [one.person for one in done]


def _over(state: queries.RetestState | None) -> bool:
    """Whether the days of a re-measurement have passed."""
    return bool(state and state.campaign.closes_at < now())


@need("classes.change")
def retest(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the comparison group and open the re-measurement."""
    row = managed(request, pk)
    pool, done = queries.comparison_pool(current_framework(), row), _completed(row)
    form = forms.RetestForm(request.POST or None, people=len(done), pool=len(pool))
    if request.method == "POST" and form.is_valid():
        people = [*done, *pool[: form.cleaned_data["size"]]]
        try:
            services.open_retest(
                actor=request.user, framework=current_framework(), training_class=row, people=people, at=now(),  # type: ignore[arg-type]
                days=form.cleaned_data["days"],
            )  # fmt: skip
        except Refused as no:
            form.add_error(None, str(no))
        else:
            text = ngettext("%(n)s person has a short test now.", "%(n)s people have a short test now.", len(people))
            messages.success(request, text % {"n": len(people)})
            return redirect("training:effect", pk)
    state = queries.retest_state(row)
    shown = {"row": row, "form": form, "done": done, "pool": len(pool), "retest": state, "retest_over": _over(state)}
    return render(request, "training/retest.html", shown, status=422 if form.errors else 200)


def _shown(request: HttpRequest, row: TrainingClass) -> dict[str, Any]:
    effect = getattr(row, "effect", None)
    course, state = next(iter(queries.by_course(row.course)), None), queries.retest_state(row)
    return {
        "row": row,
        "may_plan": request.access.may("plans.view"),  # type: ignore[attr-defined]
        "effect": effect,
        "retest": state,
        "retest_over": _over(state),
        "least": LEAST_PEOPLE,
        "course_effects": course,
        "forest": drawing.forest(course.effects, course.whole) if course else None,
        "covers": row.course.covers.select_related("competence"),
        "proposal": row.effect_proposals.first(),
        "later": later(row, request),
    }


@need("classes.view")
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """The effect of one class with its interval; POST computes it from what has been measured so far."""
    row = managed(request, pk) if request.method == "POST" else the_class(request, pk)
    may_change = request.access.may("classes.change") and request.access.scope.everything  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            proving.measure_effect(
                actor=request.user, framework=current_framework(), training_class=row,  # type: ignore[arg-type]
                comparison=queries.retest_people(row), at=now(),
            )  # fmt: skip
        except Refused as no:
            shown = _shown(request, row) | {"refused": str(no), "may_change": may_change}
            return render(request, "training/effect.html", shown, status=422)
        messages.success(
            request, _("The effect is computed; whether the plan counts with it is decided on the course page.")
        )
        return redirect("training:effect", pk)
    return render(request, "training/effect.html", _shown(request, row) | {"may_change": may_change})


@need("plans.view")
@require_GET
def effects(request: HttpRequest) -> HttpResponse:
    """Every measured effect with its interval, by course; the catalogue's assumption beside what was measured."""
    groups = queries.by_course()
    wholes = [(group, group.whole if len(group.effects) > 1 else None) for group in groups]
    scale = drawing.scale_of([one for group, whole in wholes for one in drawing.spans(group.effects, whole)])
    drawn = [(group, drawing.forest(group.effects, whole, scale=scale)) for group, whole in wholes]
    shares = queries.shares()
    shown = {"groups": drawn, "shares": shares, "people": sum(group.people for group in groups)}
    shown |= {"waiting": queries.proposals(waiting=True), "fell": any(one["measured"] < 0 for one in shares)}
    shown |= {"may_open": request.access.may("classes.view")}  # type: ignore[attr-defined]
    return render(request, "training/effects.html", shown)
