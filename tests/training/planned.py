"""Planned and opened classes for the tests of this room and of certificates, built without the solver."""

from datetime import date, timedelta
from itertools import count

from nanglucso.develop.budget.models import FundingSource
from nanglucso.develop.plans.models import Course, Lecturer, PlannedClass, PlannedSeat, Scenario, Venue
from nanglucso.develop.training import services
from nanglucso.develop.training.models import TrainingClass
from nanglucso.workforce.people.models import Person, TravelArea
from tests import make

MONDAY = date(2026, 3, 9)
_number = count(1)


def scenario(status: str = Scenario.Status.APPROVED, year: int = 2026) -> Scenario:
    """A plan whose teaching week 0 begins one week after the anchor."""
    make.catalogue()
    return Scenario.objects.create(
        year=year, name=f"Phương án thử {next(_number)}", budget=900_000_000, first_week=MONDAY, status=status,
        created_at=make.AT,
    )  # fmt: skip


def planned(
    people: list[Person] = (), *, course: str = "S3-CB-01", form: str = "inperson", start: int = 0, seats: int = 30,
    plan: Scenario | None = None, lecturer: str = "gv-thu",
) -> PlannedClass:  # fmt: skip
    """A class of an approved plan with these people in it."""
    plan = plan or scenario()
    row = Course.objects.get(code=course)
    area = TravelArea.objects.first()
    venue, _ = Venue.objects.get_or_create(
        code=f"phong-{seats}", defaults={"name": f"Phòng máy {seats}", "area": area, "seats": seats, "rate": 600_000}
    )
    teacher, _ = Lecturer.objects.get_or_create(
        code=lecturer, defaults={"name": "Trần Văn Giảng", "rate": 1_500_000, "made_up": True}
    )
    source, _ = FundingSource.objects.get_or_create(
        code="ngan-sach", year=plan.year,
        defaults={"name_vi": "Ngân sách thành phố", "name_en": "City budget", "amount": 900_000_000},
    )  # fmt: skip
    made = PlannedClass.objects.create(
        scenario=plan, number=plan.classes.count() + 1, course=row, form=form, venue=venue, start=start,
        weeks=row.forms[form]["weeks"], lecturer=teacher, source=source, cost=34_100_000,
    )  # fmt: skip
    PlannedSeat.objects.bulk_create(
        PlannedSeat(planned_class=made, person=person, gain=1 + len(people) - i) for i, person in enumerate(people)
    )
    return made


def opened(people: list[Person] = (), **told: object) -> TrainingClass:
    """An opened class with these people booked."""
    return services.open_class(actor=None, planned=planned(people, **told), at=make.AT)


def attended(row: TrainingClass, people: list[Person], numbers: tuple[int, ...] | None = None) -> None:
    """These people were at the sessions with these numbers (at all of them when not said)."""
    for session in row.sessions.all():
        if numbers is None or session.number in numbers:
            services.mark_attendance(actor=None, session=session, present=people, at=session.starts_at)


def finished(people: list[Person], **told: object) -> TrainingClass:
    """A class that everybody completed."""
    row = opened(people, **told)
    attended(row, people)
    end = row.sessions.last().ends_at + timedelta(hours=1)
    return services.finish_class(actor=None, framework=make.framework(), training_class=row, at=end)
