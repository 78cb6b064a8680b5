"""The papers of a class say who, what, when, where and with whose money, in the official form, and nothing more."""

import pytest
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.govern.reports.documents import PAPERS, to_docx, to_pdf
from tests import make
from tests.documents.reading import docx_text
from tests.training import planned as plan

pytestmark = pytest.mark.django_db


def _close(words):
    return "".join(words.split())


@pytest.fixture
def row():
    people = [make.person(f"Nguyễn Thị Học {n}", citizen_id=f"09219000{n:04}") for n in range(3)]
    return plan.opened(people)


def test_the_decision_holds_the_points_that_it_must(row):
    document = PAPERS["quyet-dinh"](row, at=make.AT)
    said = docx_text(to_docx(document))
    for words in (
        "QUYẾT ĐỊNH", "Về việc mở lớp bồi dưỡng", row.course.name_vi, row.code, f"{row.course.tiet} tiết", "03 học viên",
        row.venue.name, row.lecturer.name, "34.100.000 đồng", "Ngân sách thành phố", "Phụ lục I", "LỊCH HỌC",
        "Căn cứ Nghị định số 171/2025/NĐ-CP",
    ):  # fmt: skip
        assert _close(words) in said, words
    assert [block.text for block in document.blocks if block.centred] == ["QUYẾT ĐỊNH:"]
    assert document.bases[-1].endswith(".")
    assert all(line.endswith(";") for line in document.bases[:-1])


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_every_paper_names_the_learners_without_citizen_numbers_and_is_a_pdf_too(row, paper):
    document = PAPERS[paper](row, at=make.AT)
    said = docx_text(to_docx(document))
    for place in row.enrolments.all():
        assert _close(place.person.ho_dem) in said
    assert "09219000" not in said
    assert to_pdf(document)[:5] == b"%PDF-"


def test_the_attendance_sheet_marks_who_was_there(row):
    first, second = (row.enrolments.order_by("pk")[n].person for n in (0, 1))
    services_marks = [first]
    plan.attended(row, services_marks, (1,))
    [annex] = PAPERS["diem-danh"](row, at=make.AT).annexes
    [block] = annex.blocks
    marks = {line.cells[2]: line.cells[4] for line in block.rows}
    assert marks[first.ten] == "X"
    assert marks[second.ten] == ""


def test_a_paper_is_handed_out_to_the_city_only_and_logged(as_user, row):
    address = reverse("reports:class_paper", args=[row.pk, "quyet-dinh", "docx"])
    assert as_user(make.user("head")).get(address).status_code == 403
    assert as_user(make.user("training")).get(address).content[:2] == b"PK"
    assert AuditEntry.objects.get(verb="training.export").details["what"] == "quyet-dinh"
