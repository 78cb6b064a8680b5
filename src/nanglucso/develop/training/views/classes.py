"""The list of classes, opening from the plan, one class and what its manager does with it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.days import local_day
from nanglucso.core.downloads import workbook
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import PlannedClass, Scenario
from nanglucso.develop.training import drawing, forms, queries, services, sheets
from nanglucso.develop.training.models import ClassSession, Enrolment, TrainingClass
from nanglucso.develop.training.signup import PENDING

PER_PAGE, WHOLE_YEAR = 25, 110  # weeks: this year's plan and the next one's


def the_class(request: HttpRequest, pk: int) -> TrainingClass:
    """One class that the viewer may open; 404 otherwise."""
    return get_object_or_404(queries.visible(request.access.scope), pk=pk)  # type: ignore[attr-defined]


def may_manage(request: HttpRequest) -> bool:
    """Only a training role over the whole city changes classes: a class serves many units."""
    access = request.access  # type: ignore[attr-defined]
    return bool(access.may("classes.change") and access.scope.everything)


def managed(request: HttpRequest, pk: int) -> TrainingClass:
    """One class that the viewer manages; 403 for a training role over single units."""
    if not may_manage(request):
        raise PermissionDenied
    return the_class(request, pk)


def _chips(wanted: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    if wanted["status"]:
        found.append(("status", str(TrainingClass.Status(wanted["status"]).label)))
    if wanted["course"]:
        found.append(("course", wanted["course"]))
    if wanted["year"]:
        found.append(("year", str(wanted["year"])))
    if wanted["own"]:
        found.append(("own", str(_("With people of my units"))))
    if wanted["competence"]:
        found.append(("competence", wanted["competence"]))
    return found


@need("classes.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Classes with people of the viewer's units, and those open for enrolment."""
    access = request.access  # type: ignore[attr-defined]
    wanted = forms.FilterForm(request.GET).wanted()
    page = Paginator(queries.visible(access.scope, **wanted), PER_PAGE).get_page(request.GET.get("page"))
    may_change = may_manage(request)
    shown = {
        "page": page,
        "wanted": wanted,
        "chips": _chips(wanted),
        "statuses": TrainingClass.Status.choices,
        "courses": queries.courses_taught(),
        "years": queries.years(),
        "requests": queries.placed(queries.requests(access.scope)[:20]),
        "decline_form": forms.DeclineForm(),
        "due": len(queries.due(today())) if may_change else 0,
        "may_change": may_change,
        "small": queries.below_minimum(today()) if may_change else (),
        "whole_city": access.scope.everything,
        "may_propose": access.may("needs.propose"),
    }
    return render(request, "training/list.html", shown)


@need("classes.view")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the classes that the list shows, as a workbook."""
    wanted = forms.FilterForm(request.GET).wanted()
    rows = list(queries.visible(request.access.scope, **wanted))  # type: ignore[attr-defined]
    services.note_export(
        actor=request.user, what="classes", rows=len(rows), at=now(), asked=request.GET.urlencode()[:200]  # type: ignore[arg-type]
    )  # fmt: skip
    return workbook("danh-sach-lop", [sheets.class_list(rows)], at=now())


@need("classes.change")
@require_GET
def to_open(request: HttpRequest) -> HttpResponse:
    """Classes of the approved plan that begin within six weeks, or all of the year, to open one or several."""
    if not may_manage(request):
        raise PermissionDenied
    approved = Scenario.objects.filter(status=Scenario.Status.APPROVED).exists()
    rows, whole = queries.due(today(), weeks=WHOLE_YEAR), "ca-nam" in request.GET
    near = [one for one in rows if one.first_day <= today() + timedelta(weeks=queries.WEEKS_AHEAD)]
    shown = {
        "rows": rows if whole else near, "weeks": queries.WEEKS_AHEAD, "approved": approved, "whole": whole,
        "later": 0 if whole else len(rows) - len(near),
    }  # fmt: skip
    return render(request, "training/to_open.html", shown)


@need("classes.change")
@require_POST
def open_(request: HttpRequest) -> HttpResponse:
    """Open the chosen planned classes, all or none."""
    if not may_manage(request):
        raise PermissionDenied
    chosen = [pk for pk in request.POST.getlist("planned") if pk.isdigit()]
    rows = PlannedClass.objects.filter(pk__in=chosen).select_related("scenario", "course", "venue", "lecturer")
    try:
        made = services.open_classes(actor=request.user, planned=rows, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
        return redirect("training:to_open")
    text = ngettext("%(n)s class is open.", "%(n)s classes are open.", len(made))
    messages.success(request, text % {"n": len(made)})
    return redirect("training:show", made[0].pk) if len(made) == 1 else redirect("training:list")


def _money(row: TrainingClass, funnel: queries.Funnel) -> dict[str, Any]:
    """Cost against the plan: đồng, per head, per level gained."""
    plan = row.planned.cost if row.planned else None
    heads = funnel.completed or funnel.held
    effect = getattr(row, "effect", None)
    gained = effect.shift * effect.people if effect and effect.low > 0 else 0
    top = max(row.cost, plan or 0, 1)
    return {
        "plan": plan,
        "spent": row.cost if row.settled_at else None,
        "head": row.cost / heads if heads else None,
        "level": row.cost / gained if gained else None,
        "spent_width": f"{100 * row.cost / top:.1f}",
        "plan_width": f"{100 * (plan or 0) / top:.1f}",
    }


def _in_line(roster: QuerySet[Enrolment]) -> list[tuple[int, Enrolment, str]]:
    """Those of a roster who wait, each with the number in the whole line and where the person works."""
    rows = list(roster.filter(status=Enrolment.Status.WAITLISTED).order_by("turn"))
    numbers = queries.line_numbers(rows[0].training_class) if rows else {}
    return [(numbers[one.pk], one, where) for one, where in queries.placed(rows)]


def facets(request: HttpRequest, row: TrainingClass) -> dict[str, Any]:
    """Everything that the page of a class shows."""
    access, at = request.access, now()  # type: ignore[attr-defined]
    held, funnel = queries.sessions(row, at), queries.funnel(row)
    may_change, roster = may_manage(request), queries.roster(row, access.scope)
    course = next(iter(queries.by_course(row.course)), None)
    return {
        "row": row,
        "covers": row.course.covers.select_related("competence"),
        "funnel": funnel,
        "sessions": held,
        "next_session": next((one for one in held if one.phase != "past"), held[-1] if held else None),
        "today": local_day(at),
        "lines": queries.attendance_rows(row, access.scope, held),
        "waiting": _in_line(roster),
        "asked": queries.placed(roster.filter(status__in=PENDING)),
        "small": row.minimum > funnel.held and row.status == TrainingClass.Status.OPEN,
        "may_change": may_change,
        "may_nominate": row.status == TrainingClass.Status.OPEN,
        "whole_city": access.scope.everything,
        "decline_form": forms.DeclineForm(),
        "effect": getattr(row, "effect", None),
        "course_effects": course,
        "forest": drawing.forest(course.effects, course.whole) if course else None,
        "retest": queries.retest_state(row) if row.status == TrainingClass.Status.DONE else None,
        "money": _money(row, funnel) if access.may("budget.view") else None,
        "cost_form": forms.CostForm(),
    }


@need("classes.view")
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One class: places, sessions, attendance of the viewer's people, effect, cost, papers."""
    return render(request, "training/show.html", facets(request, the_class(request, pk)))


@need("classes.change")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a class off: what is lost, a reason, the code typed by hand."""
    row = managed(request, pk)
    form = forms.CancelForm(request.POST or None, code=row.code)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            services.cancel_class(actor=request.user, training_class=row, reason=reason, at=now())  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("Class %(code)s is called off.") % {"code": row.code})
            return redirect("training:show", pk)
    shown = {"row": row, "form": form, "funnel": queries.funnel(row)}
    return render(request, "training/cancel.html", shown, status=422 if form.errors else 200)


@need("classes.change")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold one session at another time."""
    session = get_object_or_404(ClassSession.objects.select_related("training_class__course"), pk=pk)
    row = managed(request, session.training_class_id)
    form = forms.MoveForm(request.POST or None, initial={"starts_at": timezone.localtime(session.starts_at)})
    if request.method == "POST" and form.is_valid():
        try:
            starts = form.cleaned_data["starts_at"]
            services.move_session(actor=request.user, session=session, starts_at=starts, at=now())  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("Session %(n)s is moved.") % {"n": session.number})
            return redirect("training:show", row.pk)
    shown = {"row": row, "session": session, "form": form, "held": session.attendances.exists()}
    return render(request, "training/move.html", shown, status=422 if form.errors else 200)


@need("classes.change")
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what the class has cost."""
    row, form = managed(request, pk), forms.CostForm(request.POST)
    try:
        if form.is_valid():
            cost = form.cleaned_data["cost"]
            services.settle_cost(actor=request.user, training_class=row, cost=cost, at=now())  # type: ignore[arg-type]
            messages.success(request, _("The amount is entered."))
            return redirect("training:show", pk)
    except Refused as no:
        form.add_error(None, str(no))
    return render(request, "training/show.html", facets(request, row) | {"cost_form": form}, status=422)


@need("classes.view")
@require_GET
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The roster or the attendance sheet of the viewer's people as a workbook."""
    row, scope = the_class(request, pk), request.access.scope  # type: ignore[attr-defined]
    if kind not in ("danh-sach", "diem-danh"):
        raise Http404
    sheet = sheets.roster_list(row, scope) if kind == "danh-sach" else sheets.attendance_sheet(row, scope, now())
    told = {"what": kind, "rows": len(list(sheet.rows)), "training_class": row}
    services.note_export(actor=request.user, at=now(), **told)  # type: ignore[arg-type]
    return workbook(f"{kind}-{row.code.lower()}", [sheet], at=now())
