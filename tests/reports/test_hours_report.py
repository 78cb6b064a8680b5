"""The report on the yearly duty of periods, and the yearly report that repeats its sums."""

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.develop.hours import services
from nanglucso.govern.reports import queries, yearly
from nanglucso.govern.reports.documents import to_docx, to_pdf
from nanglucso.govern.reports.hours import hours_document
from tests import make
from tests.documents.reading import docx_text, pdf_text, squeezed
from tests.hours import living

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """One of two civil servants has forty periods; a public employee has none; all of one agency."""
    full, lacking = make.person("Lê Thị An"), make.person("Trần Văn Bảo")
    public = make.person("Phạm Thị Chi", unit=living.service_unit())
    services.enter(actor=None, person=full, year=2026, tiet=40, reason="QLNN", document="QĐ 1", at=make.at(200))
    return full, lacking, public


def agency():
    return Scope(paths=(make.unit("Sở Nội vụ").path,))


def test_a_units_report_names_its_people_in_an_annex_and_says_the_same_in_both_files(people):
    document = hours_document(agency(), 2026, names=True, at=make.at(310))
    words = docx_text(to_docx(document))
    assert pdf_text(to_pdf(document), document, words) == words
    for one in people:
        assert squeezed(one.full_name) in words
    for text in ("SỞ NỘI VỤ", "Công chức", "50,0%", "chưa đối chiếu văn bản", "chưa khóa sổ"):
        assert squeezed(text) in words
    assert len(document.annexes) == 1


def test_the_citys_report_goes_by_unit_and_holds_no_name(people):
    make.person("Ngô Thị Dung", unit=make.unit("Sở Tài chính"))
    document = hours_document(EVERYTHING, 2026, names=True, at=make.at(310))
    words = docx_text(to_docx(document))
    assert squeezed("Sở Tài chính") in words
    assert squeezed("Ngô Thị Dung") not in words
    assert document.annexes == ()
    assert document.to == "Kính gửi: Ủy ban nhân dân thành phố Cần Thơ"


def test_a_closed_year_reports_frozen_figures_and_its_corrections_apart(people):
    full, lacking, _public = people
    services.close_year(actor=None, year=2026, at=living.CLOSED)
    before = docx_text(to_docx(hours_document(agency(), 2026, names=True, at=make.at(332))))
    told = {"actor": None, "person": lacking, "year": 2026, "reason": "Bổ sung", "at": make.at(350)}
    services.enter(**told, tiet=40, document="Biên bản 3")
    after = docx_text(to_docx(hours_document(agency(), 2026, names=True, at=make.at(351))))
    assert squeezed("50,0%") in before
    assert squeezed("50,0%") in after
    assert squeezed("Biên bản 3") in after
    assert squeezed("đã khóa sổ ngày") in after
    assert full.full_name


def test_the_yearly_report_holds_each_group_against_its_own_duty(people):
    told = yearly.figures(2026, at=make.at(310))
    assert told["forty"] == [
        {"name": "Công chức", "people": 2, "met": 1, "owed": 40},
        {"name": "Viên chức", "people": 1, "met": 0, "owed": 40},
    ]
    words = docx_text(to_docx(yearly.yearly_document(2026, at=make.at(310))))
    assert squeezed("Công chức đủ 40 tiết trong năm: 1/2 người (50,0%).") in words
    assert squeezed("Viên chức") in docx_text(to_docx(yearly.yearly_document(2025, at=make.at(310))))


def test_a_year_that_is_over_waits_to_be_closed(people):
    def waiting():
        found = queries.todos(year=2027, at=living.CLOSED)
        return [one for one in found if one.address.startswith(reverse("hours:city"))]

    assert waiting() == [], "nobody attended anything in it"
    living.attended(list(people), (1,))
    [todo] = waiting()
    assert (todo.days, todo.address) == (4, f"{reverse('hours:city')}?nam=2026")
    services.close_year(actor=None, year=2026, at=living.CLOSED)
    assert waiting() == []


def test_a_year_before_the_first_duty_has_no_report(as_user, people):
    with time_machine.travel(make.at(310), tick=False):
        client = as_user(make.user("training"))
        assert client.get(reverse("reports:hours_file", args=["2024", "docx"])).status_code == 404
        reply = client.get(reverse("reports:hours_file", args=["2026", "docx"]))
    assert reply.status_code == 200
    assert reply.content[:2] == b"PK"


def test_a_leader_over_the_city_gets_no_name(as_user, people):
    with time_machine.travel(make.at(310), tick=False):
        reply = as_user(make.user("leader")).get(reverse("reports:hours_file", args=["2026", "docx"]))
    assert squeezed("Trần Văn Bảo") not in docx_text(reply.content)
