"""The demo's periods of training: courses elsewhere, with and without periods stated, and entries by hand."""

from datetime import date, timedelta
from typing import Any

from nanglucso.develop.hours import services
from nanglucso.develop.training.models import Enrolment
from nanglucso.measure.assessments import certifying
from nanglucso.project.demo.year import City

COURSE = "binh-dan-hoc-vu-so"
EACH = 4
TOLD = 12
LONG = 40


def write_down(city: City, day: float) -> None:
    """Some who attended a class also took a course elsewhere; of a few nobody has written down the periods yet."""
    at, officer = city.at(day), city.logins["training"]
    learnt = Enrolment.objects.filter(status=Enrolment.Status.COMPLETED).order_by("pk")
    people = [p for p in city.people if p.pk in set(learnt.values_list("person_id", flat=True)) and p.user != officer]
    done: date = (at - timedelta(days=60)).date()
    for number, person in enumerate(people[: 3 * EACH]):
        told: dict[str, Any] = {"actor": officer, "person": person, "at": at}
        if number < 2 * EACH:
            row = certifying.enter_listed(
                rule=COURSE, issued_on=done, number=f"BD-{number + 1:04}", extract="Trích danh sách giả định",
                name="trich.txt", **told,
            )  # fmt: skip
            certifying.confirm(actor=officer, certificate=row, framework=city.framework, at=at)
            if number < EACH:
                services.enter(
                    year=done.year, tiet=TOLD, reason="Khóa phổ cập kỹ năng số", document=row.number, certificate=row,
                    **told,
                )  # fmt: skip
        else:
            document = f"Quyết định cử đi học số {number:02} (giả định)"
            reason = "Lớp bồi dưỡng kiến thức quản lý nhà nước tại Trường Chính trị"
            services.enter(year=done.year, tiet=LONG, reason=reason, document=document, **told)
    city.say(f"periods written down for {min(len(people), 3 * EACH)} people")
