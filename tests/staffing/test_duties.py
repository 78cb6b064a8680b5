"""The register and the review desk: what is entered, what is found, who sees it, what becomes of it."""

import unicodedata
from datetime import date
from io import BytesIO

import docx
import openpyxl
import pytest
from django.urls import reverse

from nanglucso.core.models import AuditEntry, Job
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.develop.staffing import queries, services
from nanglucso.develop.staffing.models import Duty, Overlap
from nanglucso.workforce.people.models import Position, Unit
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def duty(unit: Unit, text: str) -> Duty:
    return services.add_duty(actor=None, unit=unit, text=text, since=DAY, at=make.AT)


@pytest.fixture
def pair() -> Overlap:
    duty(make.unit("Sở Nội vụ"), "Tổng hợp báo cáo cải cách hành chính của thành phố")
    duty(make.unit("Sở Tài chính"), "Soạn báo cáo cải cách hành chính thành phố")
    services.find_overlaps(actor=None, at=make.AT)
    return Overlap.objects.get()


def test_units_of_one_name_are_counted_apart_and_said_in_full(pair):
    below = [
        make.unit(name).add_child(name="Văn phòng", code=f"vp-{n}", kind=Unit.Kind.ROOM)
        for n, name in enumerate(("Sở Y tế", "Sở Xây dựng"))
    ]
    Duty.objects.filter(pk=pair.one_id).update(unit=below[0])
    Duty.objects.filter(pk=pair.other_id).update(unit=below[1])
    services.review_overlap(actor=None, pair=Overlap.objects.get(), verdict="same", at=make.AT)
    assert queries.per_unit(Overlap.objects.all()) == [
        ("Văn phòng, Sở Xây dựng", 1, 1, 0),
        ("Văn phòng, Sở Y tế", 1, 1, 0),
    ]


def test_the_register_takes_over_every_duty_of_the_profiles_once():
    added, ended = services.take_profiles(actor=None, at=make.AT)
    told = sum(len(row.profile.get("III_cong_viec", [])) for row in Position.objects.filter(is_generic=False))
    assert (added, ended) == (told, 0)
    assert services.take_profiles(actor=None, at=make.at(1)) == (0, 0)
    position = make.position("VTVL-SO-TH-01")
    position.profile["III_cong_viec"][0]["viec"] = "Soạn báo cáo năm của sở"
    position.save()
    assert services.take_profiles(actor=None, at=make.at(2)) == (1, 1)
    assert list(position.duties.filter(key="CV1").order_by("pk").values_list("until", flat=True)) == [
        date(2026, 3, 4),
        None,
    ]


@pytest.mark.parametrize("text", ["", "...", "ab", "Quản lý đất đai " * 60])
def test_a_function_without_words_or_too_long_is_refused(text):
    with pytest.raises(Refused):
        duty(make.unit(), text)


def test_the_same_function_twice_is_refused_wherever_its_tone_mark_stands():
    duty(make.unit(), "Quản lý hóa chất.")
    with pytest.raises(Refused):
        duty(make.unit(), "quản lý hoá chất")


def test_a_function_ends_once_and_a_profile_duty_never_by_hand():
    row = duty(make.unit(), "Quản lý hồ sơ công chức")
    with pytest.raises(Refused):
        services.end_duty(actor=None, duty=row, until=date(2026, 3, 1), at=make.AT)
    services.end_duty(actor=None, duty=row, until=date(2026, 4, 1), at=make.AT)
    with pytest.raises(Refused):
        services.end_duty(actor=None, duty=row, until=date(2026, 5, 1), at=make.AT)
    services.take_profiles(actor=None, at=make.AT)
    with pytest.raises(Refused):
        services.end_duty(actor=None, duty=Duty.objects.exclude(position=None).first(), until=DAY, at=make.AT)


def test_what_is_handed_down_is_no_overlap_and_an_ended_duty_neither():
    parent = make.unit("Sở Nội vụ")
    child = Unit.objects.get_children(parent).first()
    text = "Quản lý biên chế công chức của thành phố"
    duty(parent, text)
    old = duty(make.unit("Sở Tài chính"), text)
    duty(child, text)
    services.end_duty(actor=None, duty=old, until=DAY, at=make.AT)
    assert services.find_overlaps(actor=None, at=make.AT)["new"] == 0
    services.take_profiles(actor=None, at=make.AT)
    services.find_overlaps(actor=None, at=make.AT)
    assert not Overlap.objects.filter(one__unit=None, other__unit__isnull=False).exists()
    assert not Overlap.objects.filter(one__position__isnull=False, other__position__isnull=True).exists()
    assert Overlap.objects.filter(one__position__isnull=False).exists()


def test_duties_of_city_and_commune_are_pairs_between_levels():
    commune = Unit.objects.filter(kind=Unit.Kind.COMMUNE).first()
    duty(make.unit("Sở Nông nghiệp và Môi trường"), "Quản lý nhà nước về đất đai trên địa bàn thành phố")
    duty(commune, "Quản lý nhà nước về đất đai trên địa bàn xã theo phân cấp")
    services.find_overlaps(actor=None, at=make.AT)
    row = Overlap.objects.get()
    assert row.across_levels
    assert row.hint == "shared_by_law"


def test_a_position_that_both_levels_have_is_said_to_be_of_neither(as_user):
    services.take_profiles(actor=None, at=make.AT)
    client = as_user(make.user("training"))
    for code, said in (("VTVL-SN-YT-01", ""), ("VTVL-XA-TN-01", "Cấp xã"), ("VTVL-SO-TH-01", "Cấp thành phố")):
        told = {"loai": "position", "vi-tri": make.position(code).pk}
        page = client.get(reverse("staffing:duties"), told).text.partition("<tbody>")[2]
        assert {word for word in ("Cấp xã", "Cấp thành phố") if word in page} == ({said} if said else set())
        assert ("chưa xác định được" in page) == (not said)


def test_a_new_search_keeps_what_a_person_said_and_drops_what_nobody_looked_at(pair):
    services.review_overlap(actor=None, pair=pair, verdict="different", at=make.AT)
    waiting = duty(make.unit("Sở Tư pháp"), "Báo cáo cải cách hành chính của thành phố")
    assert services.find_overlaps(actor=None, at=make.at(1))["new"] == 2
    services.end_duty(actor=None, duty=waiting, until=date(2026, 4, 1), at=make.at(2))
    assert services.find_overlaps(actor=None, at=make.at(3))["new"] == 0
    assert Overlap.objects.get().verdict == "different"


def test_a_pair_is_found_resolved_and_closed_in_this_order(pair):
    unit = make.unit("Sở Nội vụ")
    told = {"action": "keep_one", "owner": unit, "due": date(2026, 5, 1)}
    with pytest.raises(Refused):
        services.resolve_overlap(actor=None, pair=pair, at=make.AT, **told)
    with pytest.raises(Refused):
        services.review_overlap(actor=None, pair=pair, verdict="shared_by_law", at=make.AT)
    services.review_overlap(actor=None, pair=pair, verdict="same", at=make.AT)
    with pytest.raises(Refused):
        services.close_overlap(actor=None, pair=pair, on=DAY, closing="QĐ 1", at=make.AT)
    services.resolve_overlap(actor=None, pair=pair, at=make.AT, **told)
    assert queries.counts(queries.overlaps(scope=EVERYTHING), date(2026, 6, 1))["late"] == 1
    services.close_overlap(actor=None, pair=pair, on=DAY, closing="QĐ 1", at=make.AT)
    with pytest.raises(Refused):
        services.review_overlap(actor=None, pair=pair, verdict="different", at=make.AT)
    assert queries.counts(queries.overlaps(scope=EVERYTHING), date(2026, 6, 1))["closed"] == 1
    assert AuditEntry.objects.filter(verb="staffing.close_overlap").exists()


def test_a_finding_of_no_overlap_takes_the_resolution_back(pair):
    services.review_overlap(actor=None, pair=pair, verdict="same", at=make.AT)
    services.resolve_overlap(actor=None, pair=pair, action="merge", owner=make.unit(), due=date(2026, 5, 1), at=make.AT)
    services.review_overlap(actor=None, pair=pair, verdict="different", at=make.AT)
    pair.refresh_from_db()
    assert (pair.action, pair.owner, pair.due) == ("", None, None)


def test_a_scope_sees_pairs_only_when_both_units_lie_in_it(pair):
    one = Scope(paths=(make.unit("Sở Nội vụ").path,))
    assert not queries.overlaps(scope=one).exists()
    assert queries.duties(scope=one, wanted=queries.DutyFilter(kind="unit")).count() == 1
    both = Scope(paths=(make.unit("Sở Nội vụ").path, make.unit("Sở Tài chính").path))
    assert queries.overlaps(scope=both).count() == 1


def test_the_officer_searches_reviews_resolves_and_closes_on_the_pages(as_user, pair):
    client = as_user(make.user("training"))
    page = client.get(reverse("staffing:overlaps"))
    assert "Soạn báo cáo cải cách hành chính thành phố" in page.content.decode()
    shown = client.get(reverse("staffing:overlap", args=[pair.pk]))
    assert "cải cách hành chính" in shown.context["words"]
    bad = client.post(reverse("staffing:overlap_review", args=[pair.pk]), {"verdict": "shared_by_law", "remark": " "})
    assert bad.status_code == 422
    client.post(reverse("staffing:overlap_review", args=[pair.pk]), {"verdict": "contained", "remark": "Một phần"})
    told = {"action": "divide", "owner": "Sở Nội vụ", "due": "01/05/2026", "plan": "Ghi rõ"}
    wrong = client.post(reverse("staffing:overlap_resolve", args=[pair.pk]), told | {"owner": "Sở Không Có"})
    assert wrong.status_code == 422
    assert "Ghi rõ" in wrong.content.decode()
    client.post(reverse("staffing:overlap_resolve", args=[pair.pk]), told)
    client.post(reverse("staffing:overlap_close", args=[pair.pk]), {"on": "02/05/2026", "closing": "QĐ 12/QĐ-SNV"})
    pair.refresh_from_db()
    assert (pair.verdict, pair.action, pair.closing) == ("contained", "divide", "QĐ 12/QĐ-SNV")


def test_a_search_from_the_page_runs_in_the_background_and_only_once_at_a_time(as_user, pair):
    client = as_user(make.user("training"))
    Job.objects.create(kind="staffing.find_overlaps", status="running", created_at=make.AT)
    client.post(reverse("staffing:overlaps_search"))
    assert Job.objects.filter(kind="staffing.find_overlaps").count() == 1
    Job.objects.filter(kind="staffing.find_overlaps").update(status="done")
    client.post(reverse("staffing:overlaps_search"))
    assert Job.objects.filter(kind="staffing.find_overlaps").count() == 2


def test_the_report_stands_in_workbook_and_document_alike(as_user, pair):
    services.review_overlap(actor=None, pair=pair, verdict="same", at=make.AT)
    services.resolve_overlap(
        actor=None, pair=pair, action="keep_one", owner=make.unit(), due=date(2026, 5, 1), at=make.AT
    )
    client = as_user(make.user("leader"))
    book = client.get(reverse("staffing:overlaps_export", args=["xlsx"]))
    rows = list(openpyxl.load_workbook(BytesIO(book.content)).active.iter_rows(values_only=True))
    assert any("Soạn báo cáo cải cách hành chính thành phố" in row for row in rows)
    file = client.get(reverse("reports:streamlining", args=["docx"]))
    document = docx.Document(BytesIO(file.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any("Soạn báo cáo cải cách hành chính thành phố (Sở Tài chính)" in cell for cell in cells)
    assert any("một nơi giữ, nơi kia thôi thực hiện" in cell for cell in cells)
    assert AuditEntry.objects.filter(verb="staffing.export_overlaps").count() == 2
    assert client.get(reverse("reports:streamlining", args=["pdf"])).content.startswith(b"%PDF")


def test_a_head_enters_a_function_of_the_own_unit_and_of_no_other(as_user):
    own = make.unit("Sở Nội vụ")
    client = as_user(make.user("head", own))
    assert 'value="Sở Nội vụ"' in client.get(reverse("staffing:duty_new")).content.decode()
    told = {"unit": "Sở Nội vụ", "text": "Quản lý hội, quỹ", "since": "02/03/2026"}
    assert client.post(reverse("staffing:duty_new"), told | {"unit": "Sở Tài chính"}).status_code == 422
    assert client.post(reverse("staffing:duty_new"), told).status_code == 302
    assert Duty.objects.get(unit__isnull=False).unit == own
    assert "Quản lý hội, quỹ" in client.get(reverse("staffing:duties"), {"q": "hội", "loai": "unit"}).content.decode()
    row = Duty.objects.get(unit=own)
    assert client.post(reverse("staffing:duty_end", args=[row.pk]), {"until": "01/01/2026"}).status_code == 422
    assert client.post(reverse("staffing:duty_end", args=[row.pk]), {"until": "01/04/2026"}).status_code == 302


def test_words_in_common_are_spelled_as_the_duties_spell_them():
    told = {"since": date(2026, 1, 1), "at": make.AT, "actor": None, "unit": make.unit()}
    one = services.add_duty(text="Bảo quản thiết bị ký, tài khoản cơ quan", **told)
    other = services.add_duty(text="Giữ thiết bị ký số, Tài Khoản văn thư", **told)
    words = queries.common_words(Overlap(one=one, other=other))
    assert "tài khoản" in words
    assert all(word == unicodedata.normalize("NFC", word) for word in words)
