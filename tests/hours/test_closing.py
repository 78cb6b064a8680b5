"""A closed year never changes; a later correction is a new, dated entry."""

import pytest
import time_machine

from nanglucso.core import jobs
from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.hours import queries, services
from nanglucso.develop.hours.models import Entry, Frozen, YearClose, YearCount
from nanglucso.develop.training import services as training
from nanglucso.workforce.people.services import appoint, end_appointment, erase_person, merge_people
from tests import make
from tests.hours import living

pytestmark = pytest.mark.django_db


def closed(person):
    row = living.attended([person], (1,))
    services.close_year(actor=make.user("training"), year=2026, at=living.CLOSED)
    return row


def test_a_year_is_closed_after_its_end_and_once():
    make.person()
    with pytest.raises(Refused):
        services.close_year(actor=None, year=2026, at=make.at(290))
    with pytest.raises(Refused):
        services.ask_close(actor=None, year=2024, at=living.CLOSED)
    services.close_year(actor=None, year=2026, at=living.CLOSED)
    for verb in (services.close_year, services.ask_close):
        with pytest.raises(Refused):
            verb(actor=None, year=2026, at=living.CLOSED)
    assert AuditEntry.objects.filter(verb="hours.close").count() == 1


def test_what_a_closed_year_says_stays_when_the_records_change():
    person = make.person()
    row = closed(person)
    before = queries.standing(person, 2026, living.CLOSED)
    listed = queries.listing(EVERYTHING, 2026, living.CLOSED)
    for session in row.sessions.all()[1:]:
        training.mark_attendance(actor=None, session=session, present=[person], at=make.at(335))
    living.outside(person)
    after = queries.standing(person, 2026, make.at(340))
    assert (after.tiet, after.lines) == (before.tiet, before.lines)
    assert queries.listing(EVERYTHING, 2026, make.at(340)) == listed
    assert after.tiet == row.sessions.first().tiet


def test_a_correction_stands_beside_the_frozen_figure_with_its_day():
    person, officer = make.person(), make.user("training")
    closed(person)
    frozen = queries.standing(person, 2026, living.CLOSED).tiet
    told = {"actor": officer, "person": person, "year": 2026, "at": make.at(350)}
    with pytest.raises(Refused):
        services.enter(**told, tiet=8, reason="Quên điểm danh", document=" ")
    services.enter(**told, tiet=8, reason="Quên điểm danh", document="Biên bản 3")
    services.enter(**told, tiet=-2, reason="Ghi thừa", document="Biên bản 4")
    now = queries.standing(person, 2026, make.at(351))
    assert (now.tiet, now.corrected) == (frozen, frozen + 6)
    assert [(one.tiet, one.after_close, one.entered_by) for one in now.corrections] == [
        (8, True, officer), (-2, True, officer),
    ]  # fmt: skip
    [row] = queries.listing(EVERYTHING, 2026, make.at(351))
    assert (row.tiet, row.change) == (frozen, 6)
    whole, _units = queries.totals([row], ())
    assert (whole.tiet, whole.corrected) == (frozen, 1)


def test_what_is_written_down_while_everybody_is_counted_is_not_lost():
    people = [make.person() for _ in range(3)]
    row = living.attended(people, (1,))
    told = {"actor": None, "year": 2026, "tiet": 7, "reason": "Lớp", "document": "", "at": living.CLOSED}

    def meanwhile(done: int, total: int) -> None:
        services.enter(**told, person=people[0])
        living.outside(people[1])
        training.mark_attendance(actor=None, session=row.sessions.last(), present=people, at=living.CLOSED)

    services.close_year(actor=None, year=2026, at=living.CLOSED, tell=meanwhile)
    first, last = row.sessions.first().tiet, row.sessions.last().tiet
    frozen = {one.person_id: one for one in YearCount.objects.all()}
    assert [frozen[one.pk].tiet for one in people] == [first + last + 7, first + last, first + last]
    assert [line["lack"] for line in frozen[people[1].pk].lines if line["source"] == "outside"] == ["no_tiet"]


def test_the_rows_of_a_closed_year_refuse_to_be_changed():
    closed(make.person())
    row, close = YearCount.objects.get(), YearClose.objects.get()
    for attempt in (
        row.save, close.save, close.delete, YearCount.objects.all().delete,
        lambda: YearCount.objects.update(tiet=99), lambda: YearCount.objects.filter(pk=row.pk).update(tiet=99),
    ):  # fmt: skip
        with pytest.raises(Frozen):
            attempt()
    assert YearCount.objects.get().tiet == row.tiet


def test_whoever_moves_afterwards_stays_in_the_year_of_the_old_unit():
    person = make.person(unit=make.unit("Sở Nội vụ"))
    closed(person)
    appoint(
        actor=None, person=person, unit=make.unit("Sở Tài chính"), position=person.position,
        since=make.at(340).date(), at=make.at(340),
    )  # fmt: skip
    [row] = queries.listing(EVERYTHING, 2026, make.at(345))
    assert row.unit == make.unit("Sở Nội vụ").pk


def test_two_records_of_one_person_are_merged_without_touching_a_figure():
    kept, gone = make.person("Lê Thị An"), make.person("Lê Thị An")
    closed(gone)
    YearCount.objects.filter(person=kept)._raw_delete("default")
    merge_people(actor=None, kept=kept, gone=gone, at=make.at(335))
    row = YearCount.objects.get()
    assert row.person == kept
    assert row.tiet > 0


def test_an_erased_person_leaves_the_figures_of_closed_years_and_nothing_that_was_typed():
    person = make.person("Lê Thị Bạch Tuyết")
    living.outside(person)
    told = {"actor": None, "person": person, "year": 2026, "tiet": 40, "at": make.at(200)}
    services.enter(**told, reason="Lớp của Lê Thị Bạch Tuyết", document="QĐ 77")
    closed(person)
    before = YearCount.objects.get()
    appointment = person.appointments.get()
    end_appointment(actor=None, appointment=appointment, until=make.at(340).date(), at=make.at(340))
    erase_person(actor=make.user("leader"), person=person, at=make.at(341))
    after = YearCount.objects.get()
    assert (after.tiet, len(after.lines)) == (before.tiet, len(before.lines))
    assert "Tuyết" in str(before.lines)
    for word in ("Tuyết", "QĐ 77", "BD-1"):
        assert word not in str(after.lines)
    assert [one["tiet"] for one in after.lines] == [one["tiet"] for one in before.lines]
    entry = Entry.objects.get()
    assert (entry.reason, entry.document, entry.tiet) == ("", "", 40)


def test_the_job_closes_the_year_and_may_be_begun_again():
    living.attended([make.person()])
    with time_machine.travel(living.CLOSED, tick=False):
        job = services.ask_close(actor=make.user("training"), year=2026, at=living.CLOSED)
        jobs.perform(str(job.pk))
        job.refresh_from_db()
        assert (job.status, job.result) == ("done", {"year": 2026, "people": 1})
    assert YearClose.objects.get().closed_by == job.created_by
