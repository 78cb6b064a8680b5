"""The demo's lessons: a few made-up officials begin and finish some from their own way, through the services."""

from datetime import datetime, timedelta

from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import queries, services, timing
from nanglucso.develop.learning.lessonfile import PARTS
from nanglucso.develop.learning.lessons import lesson_of, option_order
from nanglucso.develop.learning.models import Lesson, Study
from nanglucso.project.demo.year import City
from nanglucso.workforce.people.models import Person

LEARNERS = 12
FINISHED, TASKS = 3, 2
SIGNS = 18  # of fifteen seconds: four and a half minutes
NOTES = (
    "Đã làm trên danh sách của tổ, tệp để ở thư mục chung của phòng.",
    "Đã áp dụng cho hồ sơ tuần này, gửi kết quả cho đồng chí phụ trách xem.",
)


def _read(study: Study, at: datetime, signs: int) -> datetime:
    """Read on for so many signs of life, part after part; returns the moment of the last."""
    for n in range(signs):
        at += timedelta(seconds=timing.BEAT)
        part = min(PARTS, 1 + n * PARTS // SIGNS)
        services.beat(study_id=study.pk, person_id=study.person_id, part=part, at=at)
    return at


def _answer(study: Study, at: datetime, right: int) -> datetime:
    """Answer the questions, the first `right` of them rightly."""
    for number, one in enumerate(lesson_of(study.version).questions, 1):
        order = option_order(study, number, len(one.options))
        wanted = one.key if number <= right else next(n for n in order if n != one.key)
        at += timedelta(seconds=25)
        told = {"round": study.round, "question": number, "shown": order.index(wanted)}
        services.answer(
            actor=study.person.user, study_id=study.pk, person_id=study.person_id, at=at, **told
        )  # fmt: skip
    return at


def _finish(person: Person, lesson: Lesson, at: datetime, right: int) -> Study:
    study = services.begin(actor=person.user, person=person, lesson=lesson, at=at)
    end = _answer(study, _read(study, at, SIGNS), right)
    return services.beat(study_id=study.pk, person_id=person.pk, part=PARTS, at=end + timedelta(seconds=timing.BEAT))


def _learners(city: City) -> list[Person]:
    """The demo's own log-ins with a record first, then people of their units."""
    own = [user.person for user in city.logins.values() if getattr(user, "person", None)]
    units = {person.unit_id for person in own}
    near = [person for person in city.people if person.unit_id in units and person not in own]
    return [*own, *near][:LEARNERS]


def learn(city: City, days: float) -> None:
    """From `days` on: each finishes up to three lessons of the own way, begins one more, reports two tasks."""
    done = 0
    for place, person in enumerate(_learners(city)):
        way = queries.path_of(person, city.framework, city.at(days)).todo
        for n, step in enumerate(way[: FINISHED if place % 3 else 2]):
            at = city.at(days + n * 2) + timedelta(minutes=11 * place)
            study = _finish(person, step.lesson, at, right=3 - (place + n) % 2)
            done += 1
            if n < TASKS:
                services.report_task(actor=person.user, study=study, note=NOTES[n], at=at + timedelta(days=2))
            if n == 0:
                _confirm(city, study, at + timedelta(days=3))
        for step in way[FINISHED : FINISHED + 1]:
            study = services.begin(actor=person.user, person=person, lesson=step.lesson, at=city.at(-1))
            _read(study, city.at(-1), SIGNS // 3)
    city.say(f"lessons: {done} finished")


def _confirm(city: City, study: Study, at: datetime) -> None:
    """The demo's head confirms what people of the own unit reported."""
    head = city.logins["head"]
    if study.person.unit_id == head.person.unit_id and study.person.user_id != head.pk:
        try:
            services.confirm_task(actor=head, study_id=study.pk, at=at)
        except Refused as no:
            city.say(str(no))
