"""What counts towards the periods of a year, line by line and in sums."""

from datetime import date, timedelta

import numpy as np
import pytest

from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.develop.credentials.models import Completion, CompletionList
from nanglucso.develop.hours import queries, services
from nanglucso.develop.learning.models import Lesson, LessonVersion, Study
from nanglucso.develop.training import services as training
from tests import make
from tests.hours import living
from tests.training import planned

pytestmark = pytest.mark.django_db
LATE = make.at(300)


def year(person, at=LATE):
    return queries.standing(person, 2026, at)


def studied(person, minutes=50):
    lesson = Lesson.objects.create(code=f"BH-{person.pk}", competence="1.1", level=1)
    version = LessonVersion.objects.create(lesson=lesson, number=1, source="x", title_vi="Bài", changed_at=make.AT)
    Study.objects.create(
        person=person, version=version, began_at=make.at(1), seen_at=make.at(1), finished_at=make.at(1),
        spent={"1": minutes * 60},
    )  # fmt: skip


def test_attended_sessions_count_and_missed_ones_stand_there_with_the_reason():
    person = make.person()
    row = living.attended([person], (1,))
    told = year(person)
    [line] = told.lines
    first, whole = row.sessions.first().tiet, sum(one.tiet for one in row.sessions.all())
    assert (line.tiet, line.of, line.lack, line.ref) == (first, whole, "missed", row.code)
    assert (told.tiet, told.missing) == (first, 40 - first)
    assert told.counted == told.left_out == [line]


def test_a_class_to_come_is_ahead_and_covers_what_is_missing():
    person = make.person()
    row = planned.opened([person])
    told = year(person, make.at(1))
    whole = sum(one.tiet for one in row.sessions.all())
    assert (told.lines, told.ahead, told.uncovered) == ([], whole, 40 - whole)


def test_whoever_attended_without_a_place_still_gets_the_periods_and_a_called_off_class_gives_none_to_the_absent():
    person, absent = make.person(), make.person()
    row = living.attended([person], (1,))
    row.enrolments.filter(person=person).update(status="cancelled")
    off = planned.opened([absent], start=2)
    training.cancel_class(actor=None, training_class=off, reason="Mưa bão", at=make.at(2))
    assert year(person).tiet == row.sessions.first().tiet
    assert year(absent).lines == []


def test_an_outside_course_counts_when_confirmed_and_its_periods_are_known():
    person = make.person()
    row = living.outside(person, confirmed=False)
    assert [one.lack for one in year(person).lines] == ["waiting"]
    row.status = "confirmed"
    row.save(update_fields=["status"])
    assert [one.lack for one in year(person).lines] == ["no_tiet"]
    assert list(queries.outside_waiting(EVERYTHING, 2026)) == [row]
    told = {"person": person, "year": 2026, "reason": "Bình dân học vụ số", "document": "BD-1", "at": LATE}
    services.enter(actor=make.user("training"), tiet=12, certificate=row, **told)
    assert [(one.tiet, one.lack) for one in year(person).lines] == [(12, "")]
    assert not queries.outside_waiting(EVERYTHING, 2026)
    with pytest.raises(Refused):
        services.enter(actor=make.user("training"), tiet=12, certificate=row, **told)


def test_the_list_of_completions_may_state_the_periods_itself():
    person = make.person()
    row = living.outside(person)
    held = CompletionList.objects.create(file_name="a.xlsx", sha256="0", read_at=make.AT)
    Completion.objects.create(list=held, certificate=row, row=2, tiet=16)
    assert year(person).tiet == 16
    assert not queries.outside_waiting(EVERYTHING, 2026)


def test_a_certificate_of_proficiency_does_not_count_and_says_why():
    person = make.person()
    living.outside(person, rule="ic3-gs6-1")
    [line] = year(person).lines
    assert (line.tiet, line.lack) == (0, "")
    assert "kỳ thi" in line.why["vi"]


def test_lessons_stand_there_with_minutes_and_do_not_count():
    person = make.person()
    studied(person, minutes=50)
    [line] = year(person).lines
    assert (line.source, line.n, line.minutes, line.tiet, line.of) == ("lesson", 1, 50, 0, 1)
    assert line.why["en"]


def test_a_year_is_that_of_the_city_not_of_greenwich():
    person = make.person()
    row = planned.opened([person])
    session = row.sessions.first()
    session.starts_at = make.AT.replace(month=12, day=31, hour=17, minute=30)
    session.ends_at = session.starts_at + timedelta(hours=3)
    session.save()
    training.mark_attendance(actor=None, session=session, present=[person], at=session.starts_at)
    assert queries.standing(person, 2026, make.at(400)).tiet == 0
    assert queries.standing(person, 2027, make.at(400)).tiet == session.tiet


def test_people_of_a_service_unit_are_public_employees_and_before_july_2026_nobody_judges_them():
    civil, public = make.person(), make.person(unit=living.service_unit())
    assert (year(civil).regime, year(public).regime) == ("cong_chuc", "vien_chuc")
    assert queries.standing(public, 2025, LATE).owed is None
    states = {row.person: row.state for row in queries.listing(EVERYTHING, 2025, LATE)}
    assert (states[civil.pk], states[public.pk]) == ("missing", "unknown")
    whole, _units = queries.totals(queries.listing(EVERYTHING, 2025, LATE), queries.tops())
    assert (whole.people, whole.judged, whole.missing) == (2, 1, 1)


def test_sums_agree_with_the_lines_of_everybody():
    rng = np.random.default_rng(5)
    people = [make.person(unit=living.service_unit() if n % 3 == 0 else None) for n in range(9)]
    for week, course in enumerate(("S3-CB-01", "S5-CB-01", "S2-CB-01")):
        row = planned.opened(people[week * 2 : week * 2 + 5], course=course, start=3 * week)
        for session in row.sessions.all():
            there = [one.person for one in row.enrolments.all() if rng.random() < 0.7]
            training.mark_attendance(actor=None, session=session, present=there, at=session.starts_at)
    for person in people[::2]:
        held = living.outside(person)
        if rng.random() < 0.5:
            told = {"person": person, "year": 2026, "reason": "Khóa", "document": "", "at": LATE}
            services.enter(actor=None, tiet=int(rng.integers(1, 20)), certificate=held, **told)
    services.enter(actor=None, person=people[1], year=2026, tiet=40, reason="QLNN", document="QĐ 1", at=LATE)
    studied(people[2])
    rows = {one.person: one for one in queries.listing(EVERYTHING, 2026, LATE)}
    assert len(rows) == 9
    for person in people:
        told = year(person)
        assert (rows[person.pk].tiet, rows[person.pk].missing) == (told.tiet, told.missing)
    assert sum(one.tiet for one in rows.values()) > 40
    judged = [one for one in rows.values() if one.owed is not None]
    assert queries.reached(2026, LATE) == (sum(one.state == "met" for one in judged), len(judged))


def test_lists_are_cut_to_the_scope_and_units_hold_everybody_below_them():
    inside, below = make.person(unit=make.unit("Sở Nội vụ")), make.person(unit=living.service_unit())
    make.person(unit=make.unit("Sở Tài chính"))
    scope = Scope(paths=(make.unit("Sở Nội vụ").path,))
    assert {one.person for one in queries.listing(scope, 2026, LATE)} == {inside.pk, below.pk}
    whole, units = queries.totals(queries.listing(EVERYTHING, 2026, LATE), queries.tops())
    assert {one.unit.name: one.people for one in units} == {"Sở Nội vụ": 2, "Sở Tài chính": 1}
    assert whole.people == 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"tiet": 0}, "tiet"), ({"tiet": 401}, "tiet"), ({"tiet": -4}, "tiet"), ({"reason": " "}, "reason"), ({"year": 2024}, "year"), ({"year": 2027}, "year")],
)  # fmt: skip
def test_an_entry_that_cannot_be_is_refused_in_one_sentence(wrong, field):
    told = {"person": make.person(), "year": 2026, "tiet": 8, "reason": "Lớp", "document": "", "at": LATE}
    with pytest.raises(Refused) as no:
        services.enter(actor=make.user("training"), **(told | wrong))
    assert no.value.field == field


def test_nobody_writes_down_their_own_periods():
    person = make.person(login=True)
    with pytest.raises(Refused):
        services.enter(
            actor=person.user, person=person, year=2026, tiet=8, reason="Lớp", document="", at=LATE
        )  # fmt: skip


def test_the_certificate_of_another_person_or_year_gives_nothing():
    one, other = make.person(), make.person()
    held, old = living.outside(one), living.outside(other, day=date(2025, 9, 1))
    told = {"actor": None, "year": 2026, "tiet": 8, "reason": "Lớp", "document": "", "at": LATE}
    for person, certificate in ((other, held), (other, old)):
        with pytest.raises(Refused):
            services.enter(**told, person=person, certificate=certificate)
