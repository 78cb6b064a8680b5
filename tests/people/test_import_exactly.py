"""An import undone exactly, and what others did between preview, applying and undoing."""

import pytest

from nanglucso.core.refusals import Refused
from nanglucso.workforce.people import importing, services, uploads
from nanglucso.workforce.people.models import Person, StaffImport, Unit
from nanglucso.workforce.people.staffsheet.read import read_staff
from tests import make
from tests.people.tables import checksums
from tests.people.workbooks import AN, HIEU, NGAN, book

pytestmark = pytest.mark.django_db
MINH = ("Võ Thị Minh", "01/02/1988", "CT-1004", "Sở Tư pháp", "Chuyên viên", "minh@vidu.gov.vn")


def plan_of(path, at=make.AT):
    make.city()
    return importing.plan_changes(read_staff(path), at=at)


def apply(path, at=make.AT) -> StaffImport:
    return services.apply_import(actor=None, plan=plan_of(path, at), file_name=path.name, at=at)


def whys(row: StaffImport, key: str = "conflicts") -> list[str]:
    return [one["why"] for one in row.summary[key]]


def test_undo_of_new_changed_moved_and_renamed_people_brings_every_table_back(tmp_path):
    apply(book(tmp_path / "a.xlsx", [NGAN, AN, MINH]))
    before = checksums()
    changed = (NGAN[0], "13/04/1985", *NGAN[2:5], "moi@vidu.gov.vn")
    moved = ("Trần Văn Ân", *AN[1:3], "Sở Y tế", *AN[4:])
    row = apply(book(tmp_path / "b.xlsx", [changed, moved, HIEU]), make.at(40))
    assert (row.summary["created"], row.summary["updated"]) == (1, 2)
    assert checksums() != before
    services.undo_import(actor=None, row=row, at=make.at(41))
    assert checksums() == before


def test_number_given_to_someone_else_since_the_preview_is_told_and_left(tmp_path):
    apply(book(tmp_path / "a.xlsx", [(*AN[:2], "", *AN[3:])]))
    plan = plan_of(book(tmp_path / "b.xlsx", [AN]), make.at(1))
    assert plan.changed[0].values == {"staff_code": "CT-1003"}
    make.person("Người Khác", staff_code="CT-1003")
    row = services.apply_import(actor=None, plan=plan, at=make.at(2))
    assert whys(row) == ["taken"]
    assert Person.objects.get(fold="tran van an").staff_code is None


def test_unit_dissolved_since_the_preview_takes_nobody(tmp_path):
    apply(book(tmp_path / "a.xlsx", [AN]))
    moved = (*AN[:3], "Sở Tư pháp", *AN[4:])
    plan = plan_of(book(tmp_path / "b.xlsx", [moved, MINH, NGAN]), make.at(1))
    Unit.objects.filter(name="Sở Tư pháp").update(until=make.at(1).date())
    row = services.apply_import(actor=None, plan=plan, at=make.at(2))
    assert whys(row) == ["place_gone", "place_gone"]
    assert Person.objects.filter(unit__name="Sở Tư pháp").count() == 0
    assert row.summary["created"] == 1


def test_two_people_may_change_their_numbers_and_names_in_one_import(tmp_path):
    apply(book(tmp_path / "a.xlsx", [(*AN[:2], "", *AN[3:]), (*MINH[:2], "", *MINH[3:])]))
    row = apply(book(tmp_path / "b.xlsx", [AN, MINH]), make.at(1))
    assert row.summary["updated"] == 2
    assert set(Person.objects.values_list("staff_code", flat=True)) == {"CT-1003", "CT-1004"}


def test_added_person_corrected_or_moved_by_hand_since_stays_when_undone(tmp_path):
    row = apply(book(tmp_path / "a.xlsx", [AN, MINH, NGAN]))
    an, minh = Person.objects.get(staff_code="CT-1003"), Person.objects.get(staff_code="CT-1004")
    services.change_person(actor=None, person=an, phone="0912345678", at=make.at(1))
    unit, since = make.unit("Sở Y tế"), make.at(1).date()
    services.appoint(actor=None, person=minh, unit=unit, position=minh.position, since=since, at=make.at(1))
    done = services.undo_import(actor=None, row=row, at=make.at(2))
    assert whys(done, "kept") == ["history", "history"]
    assert set(Person.objects.values_list("staff_code", "active")) == {("CT-1003", False), ("CT-1004", False)}


def test_move_that_was_ended_by_hand_since_is_left_when_undone(tmp_path):
    apply(book(tmp_path / "a.xlsx", [AN]))
    row = apply(book(tmp_path / "b.xlsx", [(*AN[:3], "Sở Tư pháp", *AN[4:])]), make.at(10))
    an = Person.objects.get()
    held = an.appointments.get(until=None)
    services.end_appointment(actor=None, appointment=held, until=make.at(20).date(), at=make.at(20))
    done = services.undo_import(actor=None, row=row, at=make.at(21))
    assert whys(done, "kept") == ["changed"]
    assert an.appointments.count() == 2


def test_plan_that_was_read_again_meanwhile_is_not_applied_unseen(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    make.city()
    with book(tmp_path / "a.xlsx", [AN, NGAN]).open("rb") as stream:
        file = uploads.store(actor=None, stream=stream, name="a.xlsx", content_type="", at=make.AT)
    row = services.start_import(actor=None, file=file, at=make.AT)
    importing.read_import(actor=None, row=row, at=make.AT)
    seen = StaffImport.objects.get(pk=row.pk)
    make.person(NGAN[0], staff_code=NGAN[2])
    importing.read_import(actor=None, row=row, at=make.at(1))
    with pytest.raises(Refused):
        services.apply_import(actor=None, row=seen, at=make.at(1))
    assert Person.objects.count() == 1


def test_share_done_is_told_from_the_beginning_to_the_end(tmp_path):
    told: list[float] = []
    plan = plan_of(book(tmp_path / "a.xlsx", [AN, NGAN, MINH]))
    row = services.apply_import(actor=None, plan=plan, at=make.AT, tell=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    told.clear()
    services.undo_import(actor=None, row=row, at=make.at(1), tell=told.append)
    assert told[-1] == 1.0
