"""The books on the screen: report, workbook, commitments and movements."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from nanglucso.core.clock import today
from nanglucso.core.models import AuditEntry
from nanglucso.develop.budget import services
from nanglucso.develop.budget.models import Commitment, FundingSource
from tests import make

pytestmark = pytest.mark.django_db
YEAR = 2043


@pytest.fixture
def source() -> FundingSource:
    told = {"actor": None, "year": YEAR, "at": make.AT}
    return services.set_source(code="ngan_sach", name_vi="Ngân sách", amount=100_000_000, **told)


@pytest.fixture
def officer(as_user):
    return as_user(make.user("training"))


def bound(source: FundingSource, **told: object) -> Commitment:
    return services.commit(actor=None, source=source, name_vi="In tài liệu", amount=30_000_000, at=make.AT, **told)


def text(reply) -> str:
    return reply.content.decode()


def test_money_is_committed_paid_and_settled_by_hand(officer, source):
    page = officer.post(
        f"{reverse('budget:commit')}?nam={YEAR}",
        {"source": source.pk, "name": "In tài liệu", "amount": "30 triệu", "reference": "12/HĐ"},
    )
    row = Commitment.objects.get(source=source)
    assert page.url == reverse("budget:commitment", args=[row.pk])
    assert (row.held, row.reference) == (30_000_000, "12/HĐ")
    officer.post(
        reverse("budget:post", args=[row.pk]), {"kind": "advance", "amount": "10.000.000", "document": "GRT 5"}
    )
    officer.post(reverse("budget:settle", args=[row.pk]), {"cost": "25.000.000"})
    row.refresh_from_db()
    assert (row.state, row.held, row.spent) == ("settled", 25_000_000, 25_000_000)
    assert "GRT 5" in text(officer.get(page.url))


def test_too_much_is_refused_with_the_figure_and_keeps_what_was_typed(officer, source):
    bound(source)
    page = officer.post(
        f"{reverse('budget:commit')}?nam={YEAR}",
        {"source": source.pk, "name": "Thuê máy", "amount": "80.000.000"},
    )
    assert "còn 70.000.000 đồng" in text(page)
    assert 'value="Thuê máy"' in text(page)
    assert Commitment.objects.filter(source=source).count() == 1


def test_a_rejected_movement_stays_on_the_page_as_typed(officer, source):
    row = bound(source)
    page = officer.post(reverse("budget:post", args=[row.pk]), {"kind": "clear", "amount": "5000000", "note": "đợt 2"})
    assert page.status_code == 422
    assert 'value="đợt 2"' in text(page)
    assert row.entries.count() == 1


def test_a_class_is_not_settled_or_released_behind_its_back(officer, source):
    row = bound(source, key="class-9")
    for name, data in (("settle", {"cost": "1"}), ("cancel", {"reason": "x"})):
        officer.post(reverse(f"budget:{name}", args=[row.pk]), data)
    row.refresh_from_db()
    assert row.state == "open"


def test_the_report_and_its_workbook_have_the_same_sums(officer, source):
    unit = make.unit()
    row = bound(source, course="S3-CB-01", units={unit.pk: 2})
    services.post(actor=None, commitment=row, kind="pay", amount=7_000_001, at=make.AT)
    page = text(officer.get(f"{reverse('budget:report')}?nam={YEAR}"))
    assert unit.name in page
    assert 'data-l="Đã thanh toán">7,0<' in page
    assert page.count("· triệu đồng</p>") == 3
    assert page.count('<tr><th scope="row">Cộng</th>') == 3
    assert page.count('data-l="Đã cam kết">30,0<') == 6
    assert "7.000.001" in text(officer.get(reverse("budget:commitment", args=[row.pk])))
    reply = officer.get(f"{reverse('budget:report_export')}?nam={YEAR}")
    book = openpyxl.load_workbook(BytesIO(b"".join(reply) if reply.streaming else reply.content))
    assert len(book.worksheets) == 3
    last = [list(sheet.iter_rows(values_only=True))[-1] for sheet in book.worksheets]
    assert last[0][2:] == (100_000_000, 0, 30_000_000, 0, 7_000_001, 70_000_000, 1)
    assert last[1][3:] == last[2][3:] == (30_000_000, 0, 7_000_001, 1)
    assert AuditEntry.objects.filter(verb="budget.export").count() == 1


def test_filters_of_the_list(officer, source):
    bound(source)
    done = bound(source, reference="XONG-1")
    services.settle(actor=None, commitment=done, cost=5, at=make.AT)
    page = text(officer.get(f"{reverse('budget:commitments')}?nam={YEAR}&tt=settled"))
    assert page.count("In tài liệu") == 1
    assert "XONG-1" in page


def test_the_list_begins_with_the_running_year_and_leads_to_the_others(officer, source):
    told = {"actor": None, "amount": 50_000_000, "at": make.AT}
    bound(services.set_source(code="nam_nay", year=today().year, name_vi="Nguồn năm nay", **told))
    page = text(officer.get(reverse("budget:commitments")))
    assert "In tài liệu" in page
    assert f'<a class="chip" href="?nam={YEAR}">' in page


def test_somebody_responsible_for_one_unit_does_not_see_the_citys_books(as_user, source):
    client = as_user(make.user("training", make.unit()))
    for name in ("report", "report_export", "commitments"):
        assert client.get(f"{reverse(f'budget:{name}')}?nam={YEAR}").status_code == 403
