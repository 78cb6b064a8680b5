"""The writers' desk: list, versions side by side."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import today
from nanglucso.develop.learning import queries
from nanglucso.develop.learning.comparing import compare as side_by_side
from nanglucso.develop.learning.models import Lesson

A_PAGE = 40


@need("lessons.view")
@whole_city
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Lessons in use, drafts, what waits for me to read."""
    which = request.GET.get("loc", "")
    page = Paginator(queries.desk(user=request.user, which=which), A_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    context = {"page": page, "tabs": queries.tabs(user=request.user), "chosen": which, "today": today()}  # type: ignore[arg-type]
    context["may_export"] = request.access.may("lessons.export")  # type: ignore[attr-defined]
    return render(request, "learning/desk.html", context)


@need("lessons.view")
@whole_city
@require_GET
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Two versions of a lesson side by side; without a choice the newest beside the one before it."""
    rows = list(queries.versions_of(get_object_or_404(Lesson, code=code)))
    if not rows:
        raise Http404
    by_number = {str(row.number): row for row in rows}
    right = by_number.get(request.GET.get("b", ""), rows[0])
    other = next((row for row in rows if row.number < right.number), rows[0])
    left = by_number.get(request.GET.get("a", ""), other)
    left = left if left != right else other
    context = {"code": code, "versions": rows, "left": left, "right": right, "rows": side_by_side(left, right)}
    return render(request, "learning/compare.html", context)
