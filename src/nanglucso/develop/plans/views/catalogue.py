"""The course catalogue: all courses, and one course with what it costs and what it is known to close."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget.queries import rates_by_code
from nanglucso.develop.plans import costing, history, queries, services
from nanglucso.develop.plans.forms_catalogue import CourseForm
from nanglucso.develop.plans.models import Course
from nanglucso.develop.plans.views.scenarios import may_change
from nanglucso.workforce.framework.models import Domain


@need("plans.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Courses by domain with forms, size, cost and effect."""
    rates, domain = rates_by_code(today()), request.GET.get("linh-vuc", "")
    names = {row.code: row.name for row in Domain.objects.filter(framework__status="published").order_by("code")}
    groups: dict[str, list[dict[str, Any]]] = {}
    for course in queries.courses():
        if domain in names and course.family != domain:
            continue
        line = {"course": course, "forms": costing.form_costs(course, rates), "covers": list(course.covers.all())}
        groups.setdefault(course.family, []).append(line)
    shown = {
        "groups": [(code, names.get(code, code), rows) for code, rows in sorted(groups.items())],
        "domains": names.items(), "domain": domain, "n_courses": sum(map(len, groups.values())),
    }  # fmt: skip
    return render(request, "plans/catalogue.html", shown)


@need("plans.view")
@require_GET
def course(request: HttpRequest, code: str) -> HttpResponse:
    """One course."""
    if code.isascii() and code.isdigit():
        return redirect("plans:course", code=get_object_or_404(Course, pk=int(code)).code)
    row = get_object_or_404(Course.objects.prefetch_related("covers__competence"), code=code)
    shown = {
        "course": row, "forms": costing.form_costs(row, rates_by_code(today())), "covers": row.covers.all(),
        "before": Course.objects.filter(code__in=row.prereq), "today": today(),
        "after": [one for one in queries.courses() if row.code in one.prereq],
        "management": costing.MANAGEMENT, "may_change": may_change(request),
    }  # fmt: skip
    return render(request, "plans/course.html", shown)


@need("plans.change")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a course's hours, order, sizes and the effect it is taken to have."""
    if not may_change(request):
        raise PermissionDenied
    row = get_object_or_404(Course, code=code)
    form = CourseForm(request.POST or None, course=row, rates=rates_by_code(today()))
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_course(actor=request.user, course=row, at=now(), **form.told())  # type: ignore[arg-type]
            messages.success(request, _("Saved; it counts from the next computation."))
            return redirect("plans:course", code=code)
        except Refused as refused:
            refused.show_on(form)
    return render(request, "plans/course_edit.html", {"form": form, "course": row, "past": history.of(row)})
