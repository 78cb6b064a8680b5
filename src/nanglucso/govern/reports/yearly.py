"""The figures of a year's report, counted from the records of the other rooms."""

from datetime import datetime

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import override

from nanglucso.core.days import local_day
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.hours import queries as hours
from nanglucso.develop.hours.lawrules import law
from nanglucso.develop.training.models import Attendance, ClassEffect, Enrolment, TrainingClass
from nanglucso.develop.training.queries import HOLDING, course_scores, finished
from nanglucso.develop.training.questionnaires import rules
from nanglucso.govern.reports.documents import OfficialDocument, YearFigures, yearly_report
from nanglucso.govern.reports.documents.year_report import ContentRow, DutyRow, EffectRow, QualityRow, ResultRow
from nanglucso.govern.reports.leading import course_effects, money_rows
from nanglucso.measure.gaps.models import GapSnapshot
from nanglucso.measure.gaps.queries import active_people
from nanglucso.measure.profiles.models import Belief
from nanglucso.workforce.people.models import Person, Unit

REGIMES = {"cong_chuc": "Công chức", "vien_chuc": "Viên chức"}
COMMUNE_KINDS = (Unit.Kind.COMMUNE, Unit.Kind.WARD)
AUDIENCES = (
    ("Lãnh đạo, quản lý cấp thành phố", "a", False),
    ("Lãnh đạo, quản lý cấp xã", "a", True),
    ("Công chức chuyên môn cấp thành phố", "b", False),
    ("Công chức chuyên môn cấp xã", "b", True),
    ("Nhân viên hỗ trợ, phục vụ", "c", None),
)


def _places(year: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(
        training_class__starts_on__year=year, training_class__status=TrainingClass.Status.DONE, status__in=HOLDING
    ).exclude(status=Enrolment.Status.NO_SHOW)


def _result(name: str, rows: QuerySet[Enrolment]) -> ResultRow:
    female = Q(person__gender=Person.Gender.FEMALE)
    done = Q(status=Enrolment.Status.COMPLETED)
    n = rows.aggregate(
        seats=Count("id"), people=Count("person", distinct=True), women=Count("person", filter=female, distinct=True),
        completed=Count("id", filter=done),
    )  # fmt: skip
    return {"name": name, **n, "minority": None}  # type: ignore[typeddict-item]


def _in_a_commune() -> Exists:
    """Whether the learner's unit is a commune or ward, or lies below one; the position alone may be of either."""
    own = ExpressionWrapper(OuterRef("person__unit__path"), output_field=CharField())
    above = Unit.objects.filter(kind__in=COMMUNE_KINDS).alias(own=own).filter(own__startswith=F("path"))
    return Exists(above)


def _results(year: int) -> tuple[list[ResultRow], ResultRow]:
    rows, made = _places(year).annotate(at_commune=_in_a_commune()), []
    for name, group, commune in AUDIENCES:
        own = rows.filter(person__position__group=group)
        if commune is not None:
            own = own.filter(at_commune=commune)
        made.append(_result(name, own))
    return [row for row in made if row["seats"]], _result("Tổng", rows)


def _contents(year: int) -> list[ContentRow]:
    names = {"S1": "Thông tin, dữ liệu, môi trường số", "S2": "Trao đổi thông tin", "S3": "Phân tích, quản lý dữ liệu"}
    names |= {"S4": "Văn bản liên thông, nội dung số", "S5": "An toàn thông tin", "S6": "Giải quyết sự cố"}
    done = Q(status=Enrolment.Status.COMPLETED)
    rows = (
        _places(year)
        .values("training_class__course__family")
        .annotate(classes=Count("training_class", distinct=True), seats=Count("id"), completed=Count("id", filter=done))
        .order_by("training_class__course__family")
    )
    return [
        {
            "name": names.get(row["training_class__course__family"], row["training_class__course__family"]),
            "classes": row["classes"], "seats": row["seats"], "completed": row["completed"],
        }
        for row in rows
    ]  # fmt: skip


def _gap(year: int) -> tuple[int, int] | None:
    rows = list(GapSnapshot.objects.filter(unit__depth=1, at__year=year).order_by("at"))
    if len(rows) < 2:
        return None
    first, last = (sum(v[2] for v in row.counts.values()) for row in (rows[0], rows[-1]))
    return int(first), int(last)


def _effects() -> list[EffectRow]:
    return [
        {"name": row.name, "people": row.people, "shift": row.shift, "low": row.low, "high": row.high}
        for row in course_effects()
    ]


def _quality(year: int, at: datetime) -> list[QualityRow]:
    """The six objects over the classes that ended in the year, of those with enough sheets; [] while none has."""
    rows, made = course_scores(finished(year=year), at), list[QualityRow]()
    for one in rules().objects:
        held = [row.scores[one.code] for row in rows if one.code in row.scores]
        sheets, answers = sum(score.people for score in held), sum(score.answers for score in held)
        mean = sum(score.total for score in held) / answers if answers else None
        made.append({"name": one.vi, "answers": sheets, "mean": mean})
    return made if any(row["answers"] for row in made) else []


def _forty(year: int, at: datetime) -> list[DutyRow]:
    """Each regime against its own duty; as frozen when the year is closed."""
    whole, _units = hours.totals(hours.listing(EVERYTHING, year, at), ())
    return [
        {"name": REGIMES[row.regime], "people": row.people, "met": row.met, "owed": _owed(row.regime, year)}
        for row in whole.rows
    ]


def _owed(regime: str, year: int) -> int | None:
    duty = law().duty(regime, year)
    return duty.tiet if duty else None


def figures(year: int, *, at: datetime) -> YearFigures:
    """Everything the yearly report of a year says, as counted at a moment."""
    day = local_day(at)
    classes = TrainingClass.objects.filter(starts_on__year=year)
    by_status = dict(classes.values_list("status").annotate(n=Count("id")))
    people = active_people(EVERYTHING)
    tiet = Attendance.objects.filter(session__starts_at__year=year).aggregate(sum=Sum("session__tiet"))["sum"] or 0
    results, totals = _results(year)
    told: YearFigures = {
        "year": year, "day": day, "people": people.count(), "made_up": people.filter(made_up=True).exists(),
        "measured": Belief.objects.filter(person__in=people.order_by().values("pk"), measured=True).count(),
        "classes": sum(by_status.values()), "finished": by_status.get(TrainingClass.Status.DONE, 0),
        "cancelled": by_status.get(TrainingClass.Status.CANCELLED, 0), "tiet": tiet, "results": results,
        "totals": totals, "contents": _contents(year), "forty": _forty(year, at), "effect": _effects(),
        "money": [{"name": m.names[0], "planned": m.given, "spent": m.spent} for m in money_rows(year)],
        "quality": _quality(year, at), "limits": _limits(year, at), "next": [],
    }  # fmt: skip
    gap = _gap(year)
    if gap:
        told["gap"] = gap
    return told


def _limits(year: int, at: datetime) -> list[str]:
    """What the records show as weak; the writer adds causes."""
    made = []
    unmeasured = TrainingClass.objects.filter(
        starts_on__year=year, status=TrainingClass.Status.DONE, effect=None
    ).count()
    if unmeasured:
        made.append(f"{unmeasured} lớp đã kết thúc chưa được đo lại nên chưa kết luận được hiệu quả.")
    unclear = ClassEffect.objects.filter(training_class__starts_on__year=year, low__lte=0).count()
    if unclear:
        made.append(f"{unclear} lớp đã đo lại nhưng khoảng tin cậy 90% còn chứa 0: chưa đủ căn cứ nói lớp có tác dụng.")
    enough, people = hours.reached(year, at)
    if enough < people:
        made.append(f"{people - enough} người chưa đủ số tiết bồi dưỡng của năm tính theo các lớp ghi nhận tại đây.")
    return made


def yearly_document(year: int, *, at: datetime) -> OfficialDocument:
    """The report as a document: official, so in Vietnamese with every name in it, whatever the reader's language."""
    with override("vi"):
        return yearly_report(figures(year, at=at))
