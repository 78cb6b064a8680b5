"""Nouns of reporting: the year on one strip, what waits, the leader's figures; all from other rooms' queries."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from nanglucso.core.days import local_day, midnight
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.budget.queries import commitments, sources, sums_of
from nanglucso.develop.hours.queries import closed, reached
from nanglucso.develop.plans.models import PlannedClass, Scenario
from nanglucso.develop.plans.queries import approved
from nanglucso.develop.training.models import Attendance, ClassSession, TrainingClass
from nanglucso.develop.training.queries import measured_classes, proposals
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.assessments.queries import DONE, progress_by_unit
from nanglucso.measure.gaps.models import GapSnapshot
from nanglucso.measure.gaps.queries import Counts, unit_sums, whole
from nanglucso.ui.figures import num, num1, pct, signed
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import StaffImport, TravelArea

SOON_DAYS = 21


@dataclass(frozen=True)
class Stage:
    """One of the five steps of the year. done and due: percent; state: done | now | late | todo."""

    title: str
    address: str
    dates: str
    text: str
    state: str
    tag: str
    icon: str
    done: int
    due: int


@dataclass(frozen=True)
class Figure:
    """One number of the head row with its change in words and its trend (values, oldest first)."""

    label: str
    value: str
    of: str = ""
    change: str = ""
    worse: bool = False
    trend: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Todo:
    """One thing that waits. `days`: until it is due, negative = late, None = no date."""

    text: str
    detail: str
    address: str
    act: str
    days: int | None

    @property
    def late(self) -> int:
        """Days overdue, 0 when it is not."""
        return max(0, -(self.days or 0))


def city_counts(framework: Framework, at: datetime) -> Counts:
    """Counts over the whole city."""
    return whole(unit_sums(framework, EVERYTHING, at=at))


def _span(begin: date, end: date, today: date) -> int:
    return round(100 * min(1.0, max(0.0, (today - begin).days / max(1, (end - begin).days))))


def _d(day: date | datetime) -> str:
    return day.strftime("%d/%m")


def _campaign_stage(row: Campaign | None, today: date) -> Stage:
    title, address = _("Campaign"), reverse("assessments:campaigns")
    if row is None:
        return Stage(title, address, "", _("No campaign yet"), "todo", _("To begin"), "circle-dashed", 0, 0)
    begin, end = local_day(row.opens_at), local_day(row.closes_at)
    assigned, finished = row.sittings.count(), row.sittings.filter(status__in=DONE).count()
    done, due = round(100 * finished / max(1, assigned)), _span(begin, end, today)
    text = _("%(a)s of %(b)s people have sat") % {"a": num(finished), "b": num(assigned)}
    over = row.status in (Campaign.Status.CLOSED, Campaign.Status.RELEASED)
    state, tag, icon = ("done", _("Done"), "check") if over else _pace(done, due)
    return Stage(title, address, f"{_d(begin)} – {_d(end)}", text, state, tag, icon, 100 if over else done, due)


def _pace(done: int, due: int) -> tuple[str, str, str]:
    if done >= 100:
        return "done", _("Done"), "check"
    if due >= done + 10:
        return "late", _("Behind by %(n)s points") % {"n": due - done}, "clock"
    return ("now", _("Under way"), "play") if due > 0 else ("todo", _("Not due yet"), "circle-dashed")


def _gap_stage(counts: Counts) -> Stage:
    last = GapSnapshot.objects.order_by("-at").first()
    text = _("%(n)s requirements not met, %(u)s not yet known") % {
        "n": num(int(counts.not_met.sum())), "u": num(int(counts.unknown.sum())),
    }  # fmt: skip
    measured = round(100 * counts.measured / max(1, counts.people))
    state, tag, icon = ("done", _("Done"), "check") if last else ("todo", _("To begin"), "circle-dashed")
    return Stage(
        _("Gaps"), reverse("gaps:city"), _d(last.at) if last else "", text, state, tag, icon, measured, measured
    )


_STEPS: dict[str, int] = {
    Scenario.Status.DRAFT: 10, Scenario.Status.SOLVING: 30, Scenario.Status.SOLVED: 50, Scenario.Status.SUBMITTED: 80,
    Scenario.Status.APPROVED: 100,
}  # fmt: skip


def _plan_stage(year: int, today: date) -> Stage:
    rows = list(Scenario.objects.filter(year=year))
    title, address = _("Plan %(year)s") % {"year": year}, reverse("plans:list")
    best = max(rows, key=lambda row: _STEPS.get(row.status, 0), default=None)
    begin, end = date(year - 1, 11, 15), date(year - 1, 12, 31)
    due = _span(begin, end, today)
    if best is None:
        state, tag, icon = _pace(0, due)
        return Stage(title, address, f"{_d(begin)} – {_d(end)}", _("No scenario yet"), state, tag, icon, 0, due)
    done = _STEPS.get(best.status, 0)
    text = _("%(n)s scenarios; %(name)s: %(state)s") % {
        "n": len(rows), "name": best.name, "state": str(best.get_status_display()).lower(),
    }  # fmt: skip
    state, tag, icon = _pace(done, due)
    return Stage(title, address, f"{_d(begin)} – {_d(end)}", text, state, tag, icon, done, due)


def _class_stage(plan: Scenario | None, today: date) -> Stage:
    title, address = _("Classes"), reverse("training:list")
    if plan is None:
        return Stage(title, address, "", _("No approved plan"), "todo", _("To begin"), "circle-dashed", 0, 0)
    begin, end = plan.monday(0), plan.last_day
    planned = PlannedClass.objects.filter(scenario=plan).count()
    ended = TrainingClass.objects.filter(planned__scenario=plan, status=TrainingClass.Status.DONE).count()
    past = sum(
        plan.monday(s + w - 1) + timedelta(weeks=1) <= today
        for s, w in PlannedClass.objects.filter(scenario=plan).values_list("start", "weeks")
    )
    done, due = round(100 * ended / max(1, planned)), round(100 * past / max(1, planned))
    text = _("%(a)s of %(b)s classes finished") % {"a": ended, "b": planned}
    state, tag, icon = _pace(done, due)
    return Stage(title, address, f"{_d(begin)} – {_d(end)}", text, state, tag, icon, done, due)


def _report_stage(year: int, today: date) -> Stage:
    end = date(year + 1, 1, 31)
    due = _span(date(year, 12, 1), end, today)
    dates = _("before %(day)s") % {"day": end.strftime("%d/%m/%Y")}
    state, tag, icon = _pace(0, due)
    text = _("Drafted from this year's records")
    return Stage(_("Annual report"), reverse("reports:yearly"), dates, text, state, tag, icon, 0, due)


def year_strip(counts: Counts, *, year: int, at: datetime) -> list[Stage]:
    """The five steps of the year on one strip."""
    today = local_day(at)
    main = Campaign.objects.filter(purpose=Campaign.Purpose.MAIN).order_by("-opens_at").first()
    return [
        _campaign_stage(main, today), _gap_stage(counts), _plan_stage(year + 1, today),
        _class_stage(approved(year), today), _report_stage(year, today),
    ]  # fmt: skip


def share_trend() -> list[float]:
    """Share of requirements met in the city at every snapshot, percent, oldest first."""
    rows = GapSnapshot.objects.filter(unit__depth=1).order_by("at")
    made = []
    for row in rows:
        need = sum(v[0] for v in row.counts.values())
        made.append(100 * sum(v[1] for v in row.counts.values()) / max(1, need))
    return made


def money_unit(most: int) -> tuple[int, str]:
    """(divisor, name) that makes amounts up to `most` đồng short to read."""
    return (10**9, _("billion VND")) if most >= 10**9 else (10**6, _("million VND"))


def spent(year: int) -> tuple[int, int]:
    """(paid with papers, money of the year), đồng."""
    return sums_of(commitments(year))["spent"], sources(year).aggregate(sum=Sum("amount"))["sum"] or 0


def _classes_due(plan: Scenario | None, today: date) -> list[Todo]:
    """Planned classes of the next three weeks that nobody has opened yet."""
    if plan is None:
        return []
    found = []
    for row in PlannedClass.objects.filter(scenario=plan, opened=None).select_related("course").order_by("start")[:30]:
        days = (plan.monday(row.start) - today).days
        if days <= SOON_DAYS:
            text = _("Open class %(name)s") % {"name": row.course.name}
            found.append(Todo(text, str(row.get_form_display()), reverse("training:to_open"), _("Open"), days))
    return found


def _classes_over(today: date) -> list[Todo]:
    """Classes whose last day has passed and that nobody has closed."""
    rows = TrainingClass.objects.filter(status=TrainingClass.Status.RUNNING, ends_on__lt=today).select_related("course")
    return [
        Todo(
            _("Close class %(name)s") % {"name": row.course.name}, row.code, reverse("training:show", args=[row.pk]),
            _("Close"), (row.ends_on - today).days,
        )
        for row in rows
    ]  # fmt: skip


def todos(*, year: int, at: datetime) -> list[Todo]:
    """What waits for the training officer, most urgent first."""
    today = local_day(at)
    found = [*_classes_due(approved(year), today), *_classes_over(today)]
    for file in StaffImport.objects.filter(status=StaffImport.Status.READ)[:5]:
        address = reverse("people:import_show", args=[file.pk])
        found.append(Todo(_("Apply or drop the staff file"), file.file_name, address, _("View"), None))
    if Scenario.objects.filter(year=year + 1, status=Scenario.Status.SOLVED).exists():
        text = _("Choose the plan of %(year)s") % {"year": year + 1}
        days = (date(year, 12, 15) - today).days
        detail = _("Computed scenarios wait for a choice")
        found.append(Todo(text, detail, reverse("plans:list"), _("Compare"), days))
    found += _to_release()
    found += _to_close(today)
    for effect in proposals(waiting=True)[:5]:
        address = reverse("training:course_effect", args=[effect.course_id])
        text = _("Decide whether the plan counts with a measured effect")
        found.append(Todo(text, effect.course.name, address, _("View"), None))
    return sorted(found, key=lambda todo: 999 if todo.days is None else todo.days)


def _to_release() -> list[Todo]:
    """Closed campaigns; a re-measurement is told apart by the course of its class."""
    rows = list(Campaign.objects.filter(status=Campaign.Status.CLOSED))
    classes, made = measured_classes(rows), []
    for row in rows:
        detail = f"{classes[row.pk].course.name} · {row.name}" if row.pk in classes else row.name
        made.append(Todo(_("Release results"), detail, reverse("assessments:campaign", args=[row.pk]), _("View"), 0))
    return made


def _to_close(today: date) -> list[Todo]:
    """Last year's periods, while its attendance is on record and nobody has closed it; due before 31 January."""
    year = today.year - 1
    held = Attendance.objects.filter(session__starts_at__gte=midnight(date(year, 1, 1)))
    if closed(year) or not held.filter(session__starts_at__lt=midnight(date(year + 1, 1, 1))).exists():
        return []
    text = _("Close the training periods of %(year)s") % {"year": year}
    address, days = f"{reverse('hours:city')}?nam={year}", (date(year + 1, 1, 30) - today).days
    return [Todo(text, _("The report is due before 31 January"), address, _("Close"), days)]


@dataclass(frozen=True)
class AreaRow:
    """Classes of one travel area ("" = online) against the plan."""

    name: str
    planned: int
    done: int
    running: int

    @property
    def left(self) -> int:
        return max(0, self.planned - self.done - self.running)

    @property
    def done_width(self) -> int:
        return round(120 * self.done / max(1, self.planned))

    @property
    def both_width(self) -> int:
        return round(120 * min(self.planned, self.done + self.running) / max(1, self.planned))


def classes_by_area(plan: Scenario | None) -> list[AreaRow]:
    """Planned, finished and running classes of the approved plan in each area."""
    if plan is None:
        return []
    done = Q(opened__status=TrainingClass.Status.DONE)
    going = Q(opened__status__in=(TrainingClass.Status.OPEN, TrainingClass.Status.RUNNING))
    rows = (
        PlannedClass.objects.filter(scenario=plan)
        .values("venue__area")
        .annotate(planned=Count("id"), done=Count("id", filter=done), running=Count("id", filter=going))
    )
    names = {area.pk: area.name_vi for area in TravelArea.objects.all()}
    made = [AreaRow(names.get(r["venue__area"], _("Online")), r["planned"], r["done"], r["running"]) for r in rows]
    return sorted(made, key=lambda row: (-row.planned, row.name))


def slow_units(at: datetime, most: int = 5) -> list[tuple[str, int]]:
    """Units with the smallest share of people who have sat in the newest main campaign."""
    row = Campaign.objects.filter(purpose=Campaign.Purpose.MAIN).order_by("-opens_at").first()
    units = progress_by_unit(row, EVERYTHING, at=at) if row else []
    return [(unit.name, round(unit.share)) for unit in units[:most]]


def this_week(at: datetime) -> list[ClassSession]:
    """Sessions from Monday to Sunday of this week."""
    today = local_day(at)
    monday = today - timedelta(days=today.weekday())
    rows = ClassSession.objects.filter(starts_at__date__gte=monday, starts_at__date__lt=monday + timedelta(days=7))
    return list(rows.select_related("training_class__course", "training_class__venue").order_by("starts_at")[:8])


def head_figures(counts: Counts, *, year: int, at: datetime) -> list[Figure]:
    """The four numbers under the strip."""
    trend, met = share_trend(), 100 * counts.share_met()
    change = _("%(n)s points since the first snapshot") % {"n": signed(met - trend[0])} if trend else ""
    enough, people = reached(year, at)
    used, money = spent(year)
    plan = approved(year)
    unit, word = money_unit(money)
    planned = _("Planned: %(sum)s") % {"sum": num1(plan.figures.get("cost", 0) / unit)} if plan else ""
    measured = pct(counts.measured / max(1, counts.people))
    return [
        Figure(_("Measured"), measured, change=_("of %(n)s people") % {"n": num(counts.people)}),
        Figure(
            _("Requirements met"), f"{num1(met)}%", change=change, worse=bool(trend and met < trend[0]), trend=trend
        ),
        Figure(
            _("40 periods in the year"), pct(enough / max(1, people)), change=_("%(n)s people") % {"n": num(enough)}
        ),
        Figure(_("Spent, %(unit)s") % {"unit": word}, num1(used / unit), of=num1(money / unit), change=planned),
    ]
