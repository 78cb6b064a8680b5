"""The same person twice, and two people under one number. All people are made up."""

import datetime as dt
from typing import Any

from nanglucso.workforce.people.staffsheet.duplicates import find_duplicates
from nanglucso.workforce.people.staffsheet.records import StaffRecord

BORN = dt.date(1980, 2, 5)


def person(row: int, name: str = "Lê Giả Định", **more: Any) -> StaffRecord:
    ho_dem, _, ten = name.rpartition(" ")
    born = more.setdefault("birth_date", BORN)
    more.setdefault("birth_year", born.year if born else None)
    more.setdefault("unit_text", "Sở Y tế")
    return StaffRecord(row=row, sheet="A", name=name, ho_dem=ho_dem, ten=ten, **more)


def outcome(*records: StaffRecord) -> tuple[list[int], dict[int, tuple[int, str]], list[tuple[int, str]]]:
    done = find_duplicates(records, [("A", "staff_code", 3), ("A", "name", 1)])
    again = {item.record.row: (item.first.row, item.by) for item in done.duplicates}
    return [item.row for item in done.unique], again, [(item.row, item.code) for item in done.problems]


def test_by_staff_code_whatever_its_case_and_the_tone_place() -> None:
    found = outcome(
        person(1, "Lê Hoà", staff_code="ct-1"), person(2, "LÊ HÒA", staff_code="CT-1", unit_text="Sở Tư pháp")
    )
    assert found == ([1], {2: (1, "staff_code")}, [(2, "duplicate_differs")])


def test_by_citizen_number() -> None:
    found = outcome(person(1, citizen_number="099080000001"), person(2, citizen_number="099080000001", birth_date=None))
    assert found == ([1], {2: (1, "citizen_number")}, [])


def test_by_name_birth_and_unit_spelt_two_ways() -> None:
    found = outcome(person(1, unit_text="Văn phòng UBND"), person(2, unit_text="VP Ủy ban nhân dân"))
    assert found == ([1], {2: (1, "name_birth_unit")}, [])


def test_two_people_of_one_name_stay_two() -> None:
    assert outcome(person(1, staff_code="1"), person(2, staff_code="2")) == ([1, 2], {}, [])
    assert outcome(person(1), person(2, birth_date=dt.date(1981, 1, 1))) == ([1, 2], {}, [])
    assert outcome(person(1), person(2, unit_text="Sở Tư pháp")) == ([1, 2], {}, [])


def test_one_number_under_two_names_is_an_error_with_both_named() -> None:
    done = find_duplicates(
        [person(1, staff_code="7"), person(2, "Trần Giả Danh", staff_code="7")], [("A", "staff_code", 3)]
    )
    (problem,) = done.problems
    assert (problem.code, problem.severity, problem.row, problem.column) == ("staff_code_taken", "error", 2, "D")
    assert problem.sentence == "Staff number 7 is already that of Lê Giả Định in row 1: check both."
    assert len(done.unique) == 2


def test_nothing_to_tell_them_apart_is_a_warning() -> None:
    year_only = {"birth_date": None, "birth_year": 1980}
    found = outcome(person(1, **year_only), person(2, **year_only))
    assert found == ([1, 2], {}, [(2, "possible_duplicate")])


def test_differences_are_named() -> None:
    done = find_duplicates(
        [person(1, staff_code="1", phone="0900000001"), person(2, staff_code="1", phone="0900000002")]
    )
    assert done.duplicates[0].differs == ("phone",)
