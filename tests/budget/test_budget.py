"""Money: typed amounts, sources of a year, rates with their legal basis."""

from datetime import date

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import queries, services
from nanglucso.develop.budget.fields import DongField, MillionField
from nanglucso.develop.budget.models import FundingSource, Rate
from nanglucso.develop.budget.wording import legal_words, rate_words
from tests import make

pytestmark = pytest.mark.django_db


def text(reply) -> str:
    return reply.content.decode()


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("30.000", 30_000_000_000), ("30 tỷ", 30_000_000_000), ("1,25 tỷ đồng", 1_250_000_000), ("0,5", 500_000),
        ("500.000.000 đồng", 500_000_000), ("86,4 triệu", 86_400_000), ("250.000 đ", 250_000), ("", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(typed, dong):
    with translation.override("vi"):
        assert MillionField(required=False).clean(typed) == dong


@pytest.mark.parametrize("typed", ["30.000.000.000", "nhiều", "-3", "1,2345678901", "1.2.3"])
def test_amounts_that_cannot_be_meant_are_refused(typed):
    with translation.override("vi"), pytest.raises(ValidationError):
        MillionField().clean(typed)


def test_an_amount_comes_back_in_trieu_as_it_is_written():
    with translation.override("vi"):
        assert MillionField().prepare_value(1_250_500_000) == "1.250,5"
        assert MillionField().prepare_value("1.250,5x") == "1.250,5x"
        assert DongField().prepare_value(600_000) == "600.000"
        assert DongField().clean("1,5 triệu") == 1_500_000
        with pytest.raises(ValidationError):
            DongField().clean("0,5")


def test_rates_have_a_legal_basis_or_are_marked_as_assumptions():
    make.catalogue()
    assert Rate.objects.filter(kind=Rate.Kind.CAP, legal_basis="").count() == 0
    assert Rate.objects.filter(kind=Rate.Kind.ASSUMPTION, amount=None).count() == 0
    caps, amounts = queries.rates_by_code(make.AT.date()), queries.amounts_on(make.AT.date())
    assert caps["lecturer_session"].amount == 4_000_000
    assert amounts["lecturer_session_plan"] <= amounts["lecturer_session"]
    assert "translation" not in amounts


def test_rates_on_a_day_leave_out_what_is_not_yet_or_no_longer_in_force():
    make.catalogue()
    Rate.objects.create(code="cu", name_vi="Cũ", name_en="Old", kind="cap", amount=1, effective_to=date(2026, 1, 1))
    Rate.objects.create(code="moi", name_vi="Mới", name_en="New", kind="cap", amount=1, effective_from=date(2027, 1, 1))
    codes = set(queries.rates_on(date(2026, 6, 1)).values_list("code", flat=True))
    assert not codes & {"cu", "moi"}
    every = queries.rate_table()
    assert {"cu", "moi"} <= set(every.values_list("code", flat=True))
    assert every.first().kind == "cap"


def test_sources_add_up_and_setting_again_changes_the_same_row():
    told = {"actor": None, "year": 2031, "at": make.AT}
    services.set_source(code="ns_thanh_pho", name_vi="A", amount=3_000_000, **told)
    services.set_source(code="thu_su_nghiep", name_vi="B", amount=2_000_000, **told)
    services.set_source(code="ns_thanh_pho", name_vi="A", amount=4_000_000, **told)
    assert queries.total(2031) == 6_000_000
    assert queries.sources(2031).count() == 2
    assert queries.source_years()[0] == 2031
    with pytest.raises(Refused):
        services.set_source(code="x", name_vi="X", amount=-1, **told)


def test_every_shipped_kind_of_source_says_its_rule():
    kinds = queries.source_kinds()
    assert [kind.order for kind in kinds.values()] == sorted(kind.order for kind in kinds.values())
    assert all(kind.rule_vi and kind.rule_en and kind.unit_kinds for kind in kinds.values())


def test_the_page_of_sources_shows_rule_and_sum_and_officers_may_add(as_user):
    services.set_source(
        actor=None, code="ns_thanh_pho", year=2027, name_vi="Ngân sách TP", amount=30_000_000_000, at=make.AT
    )
    officer, leader = make.user("training"), make.user("leader")
    shown = text(as_user(officer).get(reverse("budget:sources") + "?nam=2027"))
    assert "30,0 tỷ đồng" in shown
    assert "100/2025/TT-BTC" in shown
    assert reverse("budget:source_new") in shown
    assert reverse("budget:source_new") not in text(as_user(leader).get(reverse("budget:sources")))
    assert as_user(leader).get(reverse("budget:source_new")).status_code == 403
    small = as_user(make.user("training", unit=make.unit()))
    assert small.get(reverse("budget:source_new")).status_code == 403
    assert as_user(make.user("official")).get(reverse("budget:sources")).status_code == 403


def test_a_source_is_added_and_changed_over_http(as_user):
    client = as_user(make.user("training"))
    typed = {
        "kind": "ns_khoa_hoc",
        "year": 2027,
        "amount": "1,5 tỷ",
        "families": ["S1", "S5"],
        "unit_types": ["so", "xa"],
    }
    reply = client.post(reverse("budget:source_new"), typed)
    assert reply.url == reverse("budget:sources") + "?nam=2027"
    row = FundingSource.objects.get(code="ns_khoa_hoc")
    assert (row.amount, row.order, row.courses, row.unit_types) == (1_500_000_000, 4, ["S1", "S5"], ["so", "xa"])
    assert row.name_vi.startswith("Ngân sách khoa học")
    again = text(client.post(reverse("budget:source_new"), typed))
    assert "Năm này đã có nguồn này" in again
    client.post(reverse("budget:source_edit", args=[row.pk]), {"name": "Tên khác", "amount": "900", "order": 2})
    row.refresh_from_db()
    assert (row.name_vi, row.amount, row.order, row.year) == ("Tên khác", 900_000_000, 2, 2027)


def test_another_source_needs_a_name_and_gets_a_code(as_user):
    client = as_user(make.user("training"))
    typed = {"kind": "khac", "year": 2027, "amount": "100"}
    assert "Ghi tên nguồn kinh phí." in text(client.post(reverse("budget:source_new"), typed))
    client.post(reverse("budget:source_new"), typed | {"name": "Quỹ học tập"})
    assert FundingSource.objects.get(year=2027).code == "quy_hoc_tap"


def test_the_page_of_rates_shows_unseen_amounts_as_not_seen(as_user):
    make.catalogue()
    client = as_user(make.user("leader"))
    shown = text(client.get(reverse("budget:rates")))
    assert "chưa có số tiền" in shown
    assert "4 triệu đồng" in shown
    assert "Điều 4 Thông tư số 100/2025/TT-BTC" in shown
    assert shown.count("chưa có số tiền</span>") == 8
    assert "không có mức cố định" in shown
    assert shown.index("4 triệu đồng") < shown.index("chưa có số tiền</span>")
    only = text(client.get(reverse("budget:rates") + "?loai=assumption"))
    assert "100/2025/TT-BTC" not in only
    assert "Thuê phòng học" in only


@pytest.mark.parametrize(
    ("stored", "cited"),
    [
        ("100/2025/TT-BTC Điều 4", "Điều 4 Thông tư số 100/2025/TT-BTC"),
        ("100/2025/TT-BTC Điều 4.5; 40/2017/TT-BTC", "Khoản 5 Điều 4 Thông tư số 100/2025/TT-BTC; Thông tư số 40/2017/TT-BTC"),
        (
            "40/2017/TT-BTC sửa bởi 12/2025/TT-BTC",
            "Thông tư số 40/2017/TT-BTC (được sửa đổi bởi Thông tư số 12/2025/TT-BTC)",
        ),
        ("73/2019/NĐ-CP; 82/2024/NĐ-CP", "Nghị định số 73/2019/NĐ-CP; Nghị định số 82/2024/NĐ-CP"),
        ("Thông tư 100/2025/TT-BTC", "Thông tư 100/2025/TT-BTC"),
        ("Quyết định số 15/2026/QĐ-UBND", "Quyết định số 15/2026/QĐ-UBND"),
    ],
)  # fmt: skip
def test_a_legal_basis_is_cited_by_kind_number_and_article(stored, cited):
    with translation.override("vi"):
        assert legal_words(stored) == (cited, True)


def test_the_shipped_words_of_rates_are_english_on_the_english_page(as_user):
    make.catalogue()
    client = as_user(make.user("leader"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    shown = text(client.get(reverse("budget:rates")))
    assert "In force since" in shown
    for word in ("person per session (4 periods)", "Article 4, Circular 100/2025/TT-BTC", "assumed; below the maximum"):
        assert word in shown
    rates = Rate.objects.all()
    with translation.override("en"):
        assert not [
            row.code for row in rates for one in (row.per, row.legal_basis, row.note) if one and rate_words(one)[1]
        ]
    assert rates.filter(note__regex="[a-z]_[a-z]").count() == 0
