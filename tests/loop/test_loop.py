"""A staff file in, a plan out: every row is accounted for, and what is assumed is said."""

import json
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from docx import Document

from nanglucso.develop.plans.models import Lecturer, PlannedSeat, Scenario, Venue
from nanglucso.engines import check
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.project.loop.calendar import teaching_year
from nanglucso.project.loop.order import BadInput
from nanglucso.workforce.people.models import Person, Unit
from tests import make, messy
from tests.documents.reading import docx_text, squeezed
from tests.loop.conftest import UNITS, staff_rows, workbook


def report(files) -> dict:
    return json.loads(files["report.json"])


def test_plan_gaps_and_report_come_out(loop, tmp_path):
    files = loop(workbook(tmp_path / "a.xlsx", staff_rows(40)))
    assert set(files) == {"plan.docx", "plan.pdf", "gaps.xlsx", "report.json"}
    told = report(files)
    assert (told["rows_read"], told["people"], told["duplicates"]) == (41, 40, 0)
    assert told["objective"] > 0
    assert told["bound"] >= told["objective"]
    assert told["cost"] <= told["budget"] == 40_000_000
    assert told["positions"]["generic"] == 10
    assert sum(told["positions"].values()) == 40
    assert told["first_tests"] == told["basis"]["from_prior"] == 40
    assert PlannedSeat.objects.count() == told["seats"] > 0
    people = openpyxl.load_workbook(BytesIO(files["gaps.xlsx"])).worksheets[2]
    assert people.max_row == 41
    assert files["plan.pdf"].startswith(b"%PDF")


def test_document_names_the_people_and_says_what_is_assumed(loop, tmp_path):
    files = loop(workbook(tmp_path / "a.xlsx", staff_rows(40)))
    words = docx_text(files["plan.docx"])
    assert squeezed("Chưa có ai được đánh giá") in words
    assert squeezed("2 phòng học, 2 giảng viên và nguồn kinh phí do phần mềm đặt ra") not in words
    assert squeezed("1 phòng học, 2 giảng viên và nguồn kinh phí do phần mềm đặt ra") in words
    assert squeezed("Tệp a.xlsx: đọc 41 dòng; 40 người") in words
    seat = PlannedSeat.objects.select_related("person").first()
    assert squeezed(seat.person.ho_dem) in words


def test_messy_file_is_accounted_for_to_the_row(loop, tmp_path):
    make.city()
    path = tmp_path / "lon-xon.xlsx"
    truth = messy.write_messy_staff(path, 60, seed=5)
    told = report(loop(path))
    assert told["rows_read"] == truth.rows_read
    assert told["rows_read"] == told["people"] + told["duplicates"] + len(told["skipped"])
    assert told["duplicates"] >= len(truth.duplicates) > 0
    assert told["people"] == Person.objects.count() > 45
    assert all(row["reason"] and row["row"] for row in told["skipped"])


def test_unknown_unit_is_left_out_with_the_nearest(loop, tmp_path):
    rows = staff_rows(20)
    rows[3] = (*rows[3][:4], "Phường Cái Khhế", rows[3][5])
    (row,) = [row for row in report(loop(workbook(tmp_path / "a.xlsx", rows)))["skipped"] if row["row"] == 5]
    assert "Gần nhất: Phường Cái Khế" in row["reason"]


def test_another_citys_units_become_the_tree_and_it_is_said(loop, tmp_path):
    rows = staff_rows(30, ("Sở Du lịch tỉnh Xa Lạ", "UBND xã Không Tên", "Trường Mầm non Sao Lạ"))
    files = loop(workbook(tmp_path / "a.xlsx", rows))
    told = report(files)
    assert told["own_units"]
    assert told["people"] == 30
    kinds = dict(Unit.objects.filter(depth=2).values_list("name", "kind"))
    assert kinds == {
        "Sở Du lịch tỉnh Xa Lạ": "so",
        "UBND xã Không Tên": "xa",
        "Trường Mầm non Sao Lạ": "don_vi_su_nghiep",
    }
    words = docx_text(files["plan.docx"])
    assert squeezed("Tên cơ quan, đơn vị lấy từ chính danh sách nhân sự đưa vào") in words
    assert "SỞNỘIVỤ" not in words
    assert "CầnThơ" not in words


def test_shipped_tree_is_kept_when_any_unit_matches(loop, tmp_path):
    rows = staff_rows(20, ("Sở Nội vụ", "Sở Du lịch tỉnh Xa Lạ"))
    told = report(loop(workbook(tmp_path / "a.xlsx", rows)))
    assert not told["own_units"]
    assert told["people"] == 10
    assert len(told["skipped"]) == 11


def test_units_of_the_file_can_be_asked_for(loop, tmp_path):
    rows = staff_rows(20, ("Sở Nội vụ", "Sở Du lịch tỉnh Xa Lạ"))
    told = report(loop(workbook(tmp_path / "a.xlsx", rows), units="file"))
    assert told["own_units"]
    assert told["people"] == 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_csv_encodings_give_the_same_people(loop, tmp_path, encoding):
    lines = [",".join(("Họ và tên", "Đơn vị", "Chức vụ", "Mã cán bộ"))]
    lines += [f"{name},{unit},{title},{code}" for _n, name, _year, code, unit, title in staff_rows(12)]
    text = "\r\n".join(lines)
    path = tmp_path / "a.csv"
    path.write_bytes(messy.to_1258(text) if encoding == "cp1258" else text.encode(encoding))
    told = report(loop(path))
    assert told["people"] == 12
    assert set(Person.objects.values_list("unit__name", flat=True)) == set(UNITS)
    assert Person.objects.filter(ho_dem="Nguyễn Thị Thử").count() == 3


def test_too_few_people_for_any_class_is_said_and_costs_nothing(loop, tmp_path):
    files = loop(workbook(tmp_path / "a.xlsx", staff_rows(5)))
    told = report(files)
    assert (told["classes"], told["seats"], told["cost"], told["objective"]) == (0, 0, 0, 0)
    words = docx_text(files["plan.docx"])
    assert squeezed("Chưa xếp được lớp nào") in words
    assert squeezed("Bằng chữ: Không đồng") in words


def test_answers_and_ratings_are_taken_through_the_ledger(loop, tmp_path):
    make.bank()
    from nanglucso.measure.bank.models import Item

    codes = list(Item.objects.filter(status="live").values_list("code", flat=True)[:6])
    lines = ["staff_code,item_id,score,date"]
    lines += [f"MC{n:04d},{code},{n % 2},01/02/2026" for n in range(8) for code in codes]
    lines += ["MC9999,x,1,01/02/2026", f"MC0000,{codes[0]},9,01/02/2026", "MC0000,KHONG-CO,1,01/02/2026"]
    lines += [f"MC0000,{codes[0]},1,01/02/2099", f"MC0000,{codes[0]},1,01/02/2026"]
    (tmp_path / "r.csv").write_text("\n".join(lines), encoding="utf-8")
    ratings = workbook(
        tmp_path / "s.xlsx", [("MC0001", 2, 3), ("MC0002", 9, 1), ("Ai", 1, 1)], ("Mã cán bộ", "1.1", 1.2)
    )
    files = loop(workbook(tmp_path / "a.xlsx", staff_rows(20)), responses=tmp_path / "r.csv", ratings=ratings)
    told = report(files)
    assert (told["responses"]["rows"], told["responses"]["taken"], told["responses"]["people"]) == (53, 48, 8)
    assert len(told["responses"]["skipped"]) == 5
    assert (told["self_ratings"]["taken"], len(told["self_ratings"]["skipped"])) == (1, 2)
    assert told["basis"] == {"people": 20, "measured": 8, "from_prior": 12}
    assert told["first_tests"] == 12
    assert Belief.objects.filter(measured=True).count() == 8
    assert Evidence.objects.filter(kind="self").count() == 1
    assert {row.at.date() for row in Evidence.objects.filter(kind="outside")} == {date(2026, 2, 1)}
    assert squeezed("12/20 người chưa được đánh giá") in docx_text(files["plan.docx"])


def test_resources_replace_the_assumptions(loop, tmp_path):
    from nanglucso.develop.budget.models import FundingSource

    path = tmp_path / "r.yaml"
    path.write_text(
        "venues: [{name: Phòng 1, area: CT, seats: 30, rate: 500000}, {name: Phòng 2, area: Sóc Trăng, seats: 20}]\n"
        "lecturers: [{name: Cô Một, rate: 1.200.000, courses: [S5]}, {name: Thầy Hai, week_max: 3}]\n"
        "sources: [{name: Ngân sách, amount: 30000000}, {name: Nguồn khác, amount: 10000000, courses: [S1]}]\n",
        encoding="utf-8",
    )
    files = loop(workbook(tmp_path / "a.xlsx", staff_rows(40)), resources=path)
    told = report(files)
    assert told["means"] == {"rooms": 2, "lecturers": 2, "sources": 2, "assumed": []}
    assert dict(Venue.objects.values_list("name", "seats")) == {"Phòng 1": 30, "Phòng 2": 20}
    teacher = Lecturer.objects.get(name="Cô Một")
    assert teacher.courses
    assert all(code.startswith("S5") for code in teacher.courses)
    assert FundingSource.objects.filter(year=2026).count() == 2
    assert squeezed("do phần mềm đặt ra") not in docx_text(files["plan.docx"])


def test_resources_from_a_workbook(loop, tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "r.xlsx")) as book:
        rooms, teachers = book.add_worksheet("Phòng học"), book.add_worksheet("Giảng viên")
        rooms.write_row(0, 0, ("Tên phòng", "Khu vực", "Số chỗ", "Đơn giá"))
        rooms.write_row(1, 0, ("Phòng máy", "CT", 25, 700000))
        teachers.write_row(0, 0, ("Họ và tên", "Thù lao", "Số buổi/tuần"))
        teachers.write_row(1, 0, ("Cô Ba", 1500000, 4))
    told = report(loop(workbook(tmp_path / "a.xlsx", staff_rows(20)), resources=tmp_path / "r.xlsx"))
    assert told["means"] == {"rooms": 1, "lecturers": 1, "sources": 1, "assumed": ["sources"]}
    assert Lecturer.objects.get().week_max == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("venues: [{name: P, seats: 30, area: Huế}]", "Huế"),
        ("venues: [{name: P, seats: 0}]", "seats"),
        ("venues: [{seats: 30}]", "name"),
        ("lecturers: [{name: A, courses: [KHONG-CO]}]", "KHONG-CO"),
        ("sources: [{name: A, amount: nhiều}]", "nhiều"),
        ("sources: [{name: A, amount: 5, unit_types: [huyen]}]", "huyen"),
        ("venues: 5", "venues"),
        ("[1, 2", "YAML"),
        ("{}", "venues"),
    ],
)
def test_resources_with_a_fault_are_refused_in_one_sentence(loop, tmp_path, text, said):
    (tmp_path / "r.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        loop(workbook(tmp_path / "a.xlsx", staff_rows(8)), resources=tmp_path / "r.yaml")
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("rows", "heads", "said"),
    [
        ([("Lê A", "Chuyên viên")], ("Họ và tên", "Chức vụ"), "Đơn vị"),
        ([("Lê A", "Phòng X lạ"), ("Lê B", "Sở Nội vụụ")], ("Họ và tên", "Đơn vị"), ""),
    ],
)
def test_file_that_leaves_nobody(loop, tmp_path, rows, heads, said):
    path = workbook(tmp_path / "a.xlsx", rows, heads)
    with pytest.raises(BadInput) as refusal:
        loop(path, units="city")
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("staff_code,item_id,score\nMC0000,x,1", "staff_code, item_id, score, date"),
        ("staff_code,item_id,score,date\n", "dòng"),
        ("staff_code,item_id,score,date\nAI,x,1,01/02/2026", "AI"),
    ],
)
def test_answers_of_which_nothing_fits_are_refused(loop, tmp_path, text, said):
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        loop(workbook(tmp_path / "a.xlsx", staff_rows(8)), responses=tmp_path / "r.csv")
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("year", "today", "first", "weeks"),
    [
        (2027, date(2026, 11, 23), date(2027, 3, 1), 40),
        (2026, date(2026, 3, 2), date(2026, 4, 6), 36),
        (2026, date(2026, 7, 31), date(2026, 9, 7), 14),
        (2026, date(2026, 11, 30), date(2027, 1, 4), 1),
    ],
)
def test_classes_begin_after_tet_and_after_the_first_tests(year, today, first, weeks):
    found = teaching_year(year, today)
    assert (found.first_week, found.weeks) == (first, weeks)
    assert found.first_week.weekday() == 0


def test_plan_keeps_every_rule_of_the_checker(loop, tmp_path):
    from nanglucso.develop.plans import building
    from nanglucso.engines.instance import FORMS

    loop(workbook(tmp_path / "a.xlsx", staff_rows(40)))
    scenario = Scenario.objects.get()
    built = building.build(make.framework(), scenario, at=make.AT)
    import numpy as np

    place = {pk: i for i, pk in enumerate(built.table.ids.tolist())}
    rows = list(scenario.classes.order_by("number"))
    indexes = [
        [
            [c.pk for c in built.courses].index(row.course_id),
            FORMS.index(row.form),
            [v.pk for v in built.venues].index(row.venue_id) if row.venue_id else -1,
            row.start,
            [x.pk for x in built.lecturers].index(row.lecturer_id),
            [s.pk for s in built.sources].index(row.source_id),
        ]
        for row in rows
    ]
    seats = [[place[seat.person_id], j] for j, row in enumerate(rows) for seat in row.seats.all()]
    verdict = check.check(built.instance, np.array(indexes), np.array(seats))
    assert verdict["valid_placing"], verdict["violations"]


def test_docx_opens_with_word_library(loop, tmp_path):
    files = loop(workbook(tmp_path / "a.xlsx", staff_rows(12)))
    document = Document(BytesIO(files["plan.docx"]))
    assert document.core_properties.title.startswith("KẾ HOẠCH")
