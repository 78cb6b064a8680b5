"""Staff files: read, compared, applied, applied again, undone; conflicts and refusals."""

from datetime import date, timedelta

import pytest

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people import importing, services
from nanglucso.workforce.people.models import Appointment, Person, Position, StaffImport
from nanglucso.workforce.people.services import applying
from nanglucso.workforce.people.services.changes import pack, unpack
from nanglucso.workforce.people.staffsheet.read import read_staff
from tests import make
from tests.people.workbooks import AN, HIEU, NGAN, book

pytestmark = pytest.mark.django_db


def plan_of(path, at=make.AT, **choices):
    make.city()
    return importing.plan_changes(read_staff(path), at=at, choices=choices)


def apply(path, at=make.AT, **choices) -> StaffImport:
    return services.apply_import(actor=None, plan=plan_of(path, at, **choices), file_name=path.name, at=at)


def test_new_people_get_unit_position_and_an_appointment(tmp_path):
    row = apply(book(tmp_path / "a.xlsx", [NGAN, HIEU, AN]))
    assert row.summary["created"] == 3
    ngan = Person.objects.get(staff_code="CT-1001")
    assert (ngan.ho_dem, ngan.ten) == ("Lê Thị Kim", "Ngân")
    assert ngan.unit.name == "Phường Cái Khế"
    assert ngan.position.family.code == "lanh_dao_ubnd_xa"
    assert ngan.birth_date == date(1985, 4, 12)
    assert Person.objects.get(staff_code="CT-1003").birth_year == 1979
    held = ngan.appointments.get()
    assert (held.unit, held.position, held.since, held.until) == (ngan.unit, ngan.position, make.AT.date(), None)


def test_division_named_with_its_ward_is_found(tmp_path):
    apply(book(tmp_path / "a.xlsx", [HIEU]))
    hieu = Person.objects.select_related("unit").get()
    assert hieu.unit.name == "Văn phòng HĐND và UBND"
    assert hieu.unit.path.startswith(make.unit("Phường Cái Khế").path)


def test_same_file_twice_changes_nothing(tmp_path):
    path = book(tmp_path / "a.xlsx", [NGAN, HIEU, AN])
    apply(path)
    plan = plan_of(path, make.at(30))
    assert (plan.size, plan.unchanged, plan.absent) == (0, 3, [])
    apply(path, make.at(30))
    assert (Person.objects.count(), Appointment.objects.count()) == (3, 3)


def test_file_without_numbers_or_birth_dates_is_still_idempotent(tmp_path):
    heads = ("STT", "Họ và tên", "Đơn vị", "Chức vụ")
    path = book(tmp_path / "a.xlsx", [("Lý Thị Bảy", "Sở Nội vụ", "Chuyên viên"), ("Võ Tám", "Sở Nội vụ", "")], heads)
    apply(path)
    assert Person.objects.count() == 2
    assert plan_of(path, make.at(1)).unchanged == 2


def test_changed_fields_are_told_with_old_and_new_and_blanks_erase_nothing(tmp_path):
    apply(book(tmp_path / "a.xlsx", [NGAN]))
    later = (NGAN[0], "13/04/1985", *NGAN[2:5], "")
    plan = plan_of(book(tmp_path / "b.xlsx", [later]), make.at(1))
    (change,) = plan.changed
    assert change.values == {"birth_date": "1985-04-13"}
    assert change.old == {"birth_date": "1985-04-12"}
    services.apply_import(actor=None, plan=plan, at=make.at(1))
    ngan = Person.objects.get()
    assert (ngan.birth_date, ngan.email) == (date(1985, 4, 13), "ngan@vidu.gov.vn")


def test_other_spelling_of_the_tone_is_no_change(tmp_path):
    apply(book(tmp_path / "a.xlsx", [("Lê Thị Hoà", *NGAN[1:])]))
    assert plan_of(book(tmp_path / "b.xlsx", [("LÊ THỊ HÒA", *NGAN[1:])]), make.at(1)).unchanged == 1


def test_move_ends_the_old_appointment_and_opens_a_new_one(tmp_path):
    apply(book(tmp_path / "a.xlsx", [AN]))
    moved = (*AN[:3], "Sở Tư pháp", *AN[4:])
    plan = plan_of(book(tmp_path / "b.xlsx", [moved]), make.at(40))
    assert plan.counts()["moved"] == 1
    services.apply_import(actor=None, plan=plan, at=make.at(40))
    an = Person.objects.get()
    assert an.unit.name == "Sở Tư pháp"
    old, new = an.appointments.order_by("pk")
    assert old.until == new.since == make.at(40).date()
    assert new.until is None


def test_person_changed_since_the_preview_is_not_overwritten(tmp_path):
    apply(book(tmp_path / "a.xlsx", [NGAN, AN]))
    later = [(NGAN[0], "13/04/1985", *NGAN[2:]), (AN[0], "1980", *AN[2:])]
    plan = plan_of(book(tmp_path / "b.xlsx", later), make.at(1))
    ngan = Person.objects.get(staff_code="CT-1001")
    services.change_person(actor=None, person=ngan, birth_date=date(1986, 1, 1), at=make.at(2))
    row = services.apply_import(actor=None, plan=plan, at=make.at(3))
    assert [one["name"] for one in row.summary["conflicts"]] == [NGAN[0]]
    ngan.refresh_from_db()
    assert ngan.birth_date == date(1986, 1, 1)
    assert Person.objects.get(staff_code="CT-1003").birth_year == 1980


def test_person_who_appeared_since_the_preview_is_not_added_twice(tmp_path):
    plan = plan_of(book(tmp_path / "a.xlsx", [NGAN]))
    make.person("Lê Thị Kim Ngân", staff_code="CT-1001")
    row = services.apply_import(actor=None, plan=plan, at=make.AT)
    assert row.summary["conflicts"][0]["why"] == "appeared"
    assert Person.objects.count() == 1


def test_undo_restores_values_appointments_and_removes_the_added(tmp_path):
    apply(book(tmp_path / "a.xlsx", [AN]))
    moved = ("Trần Văn Ân", *AN[1:3], "Sở Tư pháp", *AN[4:])
    row = apply(book(tmp_path / "b.xlsx", [moved, NGAN]), make.at(40))
    assert (row.summary["created"], row.summary["updated"]) == (1, 1)
    services.undo_import(actor=None, row=row, at=make.at(41))
    an = Person.objects.get()
    assert (an.full_name, an.unit.name) == ("Trần Văn An", "Sở Nội vụ")
    assert an.appointments.get().until is None
    row.refresh_from_db()
    assert (row.status, row.summary["removed"], row.summary["restored"]) == ("undone", 1, 1)


def test_undo_keeps_newer_values_and_people_with_an_account(tmp_path):
    apply(book(tmp_path / "a.xlsx", [AN]))
    row = apply(book(tmp_path / "b.xlsx", [(AN[0], "1980", *AN[2:]), NGAN]), make.at(1))
    an, ngan = Person.objects.get(staff_code="CT-1003"), Person.objects.get(staff_code="CT-1001")
    services.change_person(actor=None, person=an, birth_year=1981, at=make.at(2))
    services.create_account(actor=None, person=ngan, at=make.at(2))
    done = services.undo_import(actor=None, row=row, at=make.at(3))
    an.refresh_from_db()
    ngan.refresh_from_db()
    assert an.birth_year == 1981
    assert not ngan.active
    assert {one["why"] for one in done.summary["kept"]} == {"changed", "history"}


def test_only_the_last_import_can_be_undone_and_only_for_fourteen_days(tmp_path):
    first = apply(book(tmp_path / "a.xlsx", [AN]))
    second = apply(book(tmp_path / "b.xlsx", [NGAN]), make.at(1))
    with pytest.raises(Refused):
        services.undo_import(actor=None, row=first, at=make.at(2))
    with pytest.raises(Refused):
        services.undo_import(actor=None, row=second, at=make.at(1) + timedelta(days=15))
    services.undo_import(actor=None, row=second, at=make.at(2))
    assert services.undo_import(actor=None, row=first, at=make.at(2)).status == "undone"
    assert not Person.objects.exists()


def test_import_is_applied_once_only(tmp_path):
    row = apply(book(tmp_path / "a.xlsx", [AN]))
    with pytest.raises(Refused):
        services.apply_import(actor=None, row=row, at=make.at(1))


def test_unknown_unit_is_an_error_with_its_place_and_the_answer_is_taken(tmp_path):
    path = book(tmp_path / "a.xlsx", [(*AN[:3], "Sở Nội vụu", *AN[4:]), NGAN])
    plan = plan_of(path)
    assert [row.name for row in plan.new] == [NGAN[0]]
    (fault,) = [one for one in plan.problems if one.severity == "error"]
    assert (fault.row, fault.column) == (2, "E")
    (ask,) = [one for one in plan.asks if one.kind == "unit"]
    assert ask.choices[0][1] == "Sở Nội vụ"
    answered = plan_of(path, units={ask.key: make.unit("Sở Nội vụ").pk})
    assert len(answered.new) == 2
    assert answered.new[0].unit_how == "chosen"


def test_guessed_position_is_told_and_does_not_replace_a_known_one(tmp_path):
    strange = (*AN[:4], "Phụ trách mảng tổng hợp chung", "")
    plan = plan_of(book(tmp_path / "a.xlsx", [strange]))
    assert plan.new[0].position_how in ("family", "generic")
    assert any("taken for" in one.template for one in plan.problems)
    services.apply_import(actor=None, plan=plan, at=make.AT)
    an = Person.objects.get()
    other = next(one for one in Position.objects.exclude(pk=an.position_id) if "so" in one.unit_kinds)
    services.appoint(actor=None, person=an, unit=an.unit, position=other, since=make.at(1).date(), at=make.at(1))
    assert plan_of(book(tmp_path / "b.xlsx", [strange]), make.at(2)).unchanged == 1


def test_number_of_another_name_is_an_error_and_changes_nobody(tmp_path):
    apply(book(tmp_path / "a.xlsx", [NGAN]))
    stranger = ("Thạch Sa Rinh", "01/01/1999", *NGAN[2:])
    plan = plan_of(book(tmp_path / "b.xlsx", [stranger]), make.at(1))
    assert plan.size == 0
    assert "another name" in next(one for one in plan.problems if one.severity == "error").template


def test_person_perhaps_moved_without_a_number_is_asked_about_not_doubled(tmp_path):
    apply(book(tmp_path / "a.xlsx", [(*HIEU[:2], "", *HIEU[3:])]))
    plan = plan_of(book(tmp_path / "b.xlsx", [(*HIEU[:2], "", "Sở Tư pháp", *HIEU[4:])]), make.at(1))
    assert plan.new == []
    assert "born the same day" in next(one for one in plan.problems if one.severity == "error").template


def test_repeated_rows_are_duplicates_not_people(tmp_path):
    plan = plan_of(book(tmp_path / "a.xlsx", [NGAN, AN, NGAN]))
    assert (len(plan.new), len(plan.duplicates)) == (2, 1)
    assert plan.duplicates[0]["first_row"] == 2


def test_people_of_the_named_units_missing_from_the_file_are_listed_not_touched(tmp_path):
    apply(book(tmp_path / "a.xlsx", [AN, ("Võ Thị Ba", "1980", "CT-1009", "Sở Nội vụ", "Chuyên viên", "")]))
    plan = plan_of(book(tmp_path / "b.xlsx", [AN]), make.at(1))
    assert [one["name"] for one in plan.absent] == ["Võ Thị Ba"]
    services.apply_import(actor=None, plan=plan, at=make.at(1))
    assert Person.objects.filter(active=True).count() == 2


def test_person_who_had_left_and_is_in_the_file_again_comes_back(tmp_path):
    path = book(tmp_path / "a.xlsx", [AN])
    apply(path)
    an = Person.objects.get()
    held = an.appointments.get()
    services.end_appointment(actor=None, appointment=held, until=make.at(5).date(), at=make.at(5))
    row = apply(path, make.at(10))
    an.refresh_from_db()
    assert an.active
    assert an.appointments.filter(until=None).count() == 1
    services.undo_import(actor=None, row=row, at=make.at(11))
    an.refresh_from_db()
    assert not an.active
    assert not an.appointments.filter(until=None).exists()


def test_citizen_number_is_kept_as_a_keyed_hash_only_and_finds_the_person(tmp_path):
    heads = ("STT", "Họ và tên", "Số CCCD", "Đơn vị", "Chức vụ")
    number = "092085001234"
    path = book(tmp_path / "a.xlsx", [("Lê Thị Kim Ngân", number, "Sở Nội vụ", "Chuyên viên")], heads)
    plan = plan_of(path)
    assert number not in pack(plan).hex()
    assert number not in str(plan)
    services.apply_import(actor=None, plan=plan, at=make.AT)
    assert Person.objects.get().citizen_hash == services.hash_citizen(number)
    moved = book(tmp_path / "b.xlsx", [("Lê Thị Kim Ngân", number, "Sở Tư pháp", "Chuyên viên")], heads)
    assert plan_of(moved, make.at(1)).counts()["moved"] == 1


def test_plan_survives_packing(tmp_path):
    plan = plan_of(book(tmp_path / "a.xlsx", [NGAN, HIEU, AN]))
    assert unpack(pack(plan)) == plan


def test_failure_half_way_leaves_nothing(tmp_path, monkeypatch):
    plan = plan_of(book(tmp_path / "a.xlsx", [NGAN, AN]))
    trail = AuditEntry.objects.count()

    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(applying, "_appointment", broken)
    with pytest.raises(RuntimeError):
        services.apply_import(actor=None, plan=plan, at=make.AT)
    assert not Person.objects.exists()
    assert not StaffImport.objects.exists()
    assert AuditEntry.objects.count() == trail


def test_whole_import_is_one_audit_row_with_its_figures(tmp_path):
    plan = plan_of(book(tmp_path / "a.xlsx", [NGAN, HIEU, AN]))
    trail = AuditEntry.objects.count()
    services.apply_import(actor=None, plan=plan, at=make.AT)
    assert AuditEntry.objects.count() == trail + 1
    assert AuditEntry.objects.first().details["created"] == 3
