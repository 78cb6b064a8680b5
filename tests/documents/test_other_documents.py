"""The yearly report and the gaps workbook."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.govern.reports.documents import gaps_workbook, to_docx, to_pdf, yearly_report
from tests import make
from tests.documents.reading import docx_text, pdf_text, squeezed

FIGURES = {
    "year": 2026, "day": date(2026, 12, 20), "made_up": True, "people": 2000, "measured": 1500, "classes": 12,
    "finished": 11, "cancelled": 1, "tiet": 96, "forty": [{"name": "Công chức", "people": 1400, "met": 700, "owed": 40}, {"name": "Viên chức", "people": 12, "met": None, "owed": None}], "gap": (9000, 7500),
    "results": [
        {"name": "Lãnh đạo, quản lý", "seats": 60, "people": 50, "women": 20, "minority": 3, "completed": 55},
        {"name": "Công chức", "seats": 240, "people": 180, "women": 99, "minority": None, "completed": 230},
    ],
    "totals": {"name": "", "seats": 300, "people": 230, "women": 119, "minority": 3, "completed": 285},
    "contents": [{"name": "An toàn thông tin", "classes": 12, "seats": 300, "completed": 285}],
    "money": [
        {"name": "Ngân sách thành phố", "planned": 500_000_000, "spent": 400_000_000},
        {"name": "Nguồn thu", "planned": 100_000_000, "spent": 50_000_000},
    ],
    "quality": [
        {"name": "Chương trình", "answers": 200, "mean": 4.25},
        {"name": "Học viên", "answers": 0, "mean": None},
    ],
    "effect": [{"name": "Xử lý khi tài khoản gặp nạn", "people": 90, "shift": 0.41, "low": 0.3, "high": 0.52}],
    "limits": ["Có 100 người chưa được đánh giá."],
    "next": ["Đánh giá trước toàn bộ người chưa được đo."],
}  # fmt: skip


@pytest.mark.django_db
def test_yearly_report_says_the_same_in_both_files_and_sums_its_money():
    document = yearly_report(FIGURES)
    words = docx_text(to_docx(document))
    assert pdf_text(to_pdf(document), document, words) == words
    for text in ("450.000.000", "75,0%", "4,25", "0,41 (0,30; 0,52)", "báo cáo./.", "50,0%"):
        assert squeezed(text) in words
    assert document.to == "Kính gửi: Ủy ban nhân dân thành phố Cần Thơ"
    assert document.kind == "BÁO CÁO"
    assert "người giả định" in " ".join(document.notes)


@pytest.mark.django_db
def test_yearly_report_without_effect_says_not_enough_grounds():
    figures = {name: value for name, value in FIGURES.items() if name not in ("effect", "quality", "limits")}
    words = docx_text(to_docx(yearly_report(figures)))
    assert squeezed("chưa đủ căn cứ") in words
    assert squeezed("chưa có lớp nào đủ số phiếu") in words


@pytest.mark.django_db
def test_missing_figure_is_an_error():
    with pytest.raises(KeyError):
        yearly_report({name: value for name, value in FIGURES.items() if name != "people"})


@pytest.mark.django_db
def test_gaps_workbook_counts_agree_with_its_people():
    for number in range(6):
        make.person(unit=make.unit(("Sở Nội vụ", "Phường Cái Khế")[number % 2]))
    data = gaps_workbook(make.framework(), EVERYTHING, make.AT)
    book = openpyxl.load_workbook(BytesIO(data))
    units, families, people, notes = (list(sheet.values) for sheet in book.worksheets)
    assert {row[0]: row[1] for row in units[1:]} == {"Sở Nội vụ": 3, "Phường Cái Khế": 3}
    assert sum(row[1] for row in families[1:]) == len(people) - 1 == 6
    counted = sum(value for row in units[1:] for value in row[3:])
    said = sum(value != "–" for row in people[1:] for value in row[5:])
    assert counted == said > 0
    assert {value for row in people[1:] for value in row[5:]} <= {"đạt", "chưa đạt", "chưa đủ căn cứ", "–"}
    assert len(notes) > 5


@pytest.mark.django_db
def test_gaps_workbook_is_cut_to_the_scope():
    inside = make.person(unit=make.unit("Sở Nội vụ"))
    make.person(unit=make.unit("Sở Tư pháp"))
    scope = Scope(paths=(make.unit("Sở Nội vụ").path,))
    people = openpyxl.load_workbook(BytesIO(gaps_workbook(make.framework(), scope, make.AT))).worksheets[2]
    assert [row[0] for row in people.values][1:] == [inside.full_name]
