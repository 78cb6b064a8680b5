"""Certificates: issued once, printed the same, checked by anybody, revoked with a reason."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from pypdf import PdfReader

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials import printing, queries, services
from nanglucso.develop.credentials.models import Certificate
from nanglucso.develop.credentials.rules import digest, initials, tidy
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet():
    cache.clear()
    with time_machine.travel(make.at(30), tick=False):
        yield
    cache.clear()


@pytest.fixture
def holder():
    return make.person("Nguyễn Thị Hồng Hạnh", unit=make.unit("Sở Nội vụ"), login=True)


@pytest.fixture
def row(holder):
    return plan.finished([holder])


@pytest.fixture
def certificate(row):
    return services.issue(actor=None, training_class=row, at=make.at(20))[0]


def url(name, *args):
    return reverse(f"credentials:{name}", args=args)


def test_whoever_completed_gets_one_and_only_one(row, holder):
    made = services.issue(actor=None, training_class=row, at=make.at(20))
    assert [one.person for one in made] == [holder]
    assert services.issue(actor=None, training_class=row, at=make.at(21)) == []
    assert Certificate.objects.count() == 1
    assert queries.lacking(row) == 0


def test_who_only_partly_attended_gets_none():
    full, half = make.person(), make.person()
    row = plan.opened([full, half])
    plan.attended(row, [full, half], (1,))
    plan.attended(row, [full], (2,))
    from nanglucso.develop.training.services import finish_class

    with pytest.raises(Refused):
        services.issue(actor=None, training_class=row, at=make.at(20))
    finish_class(actor=None, framework=make.framework(), training_class=row, at=make.at(20))
    assert [one.person for one in services.issue(actor=None, training_class=row, at=make.at(20))] == [full]


def test_numbers_run_through_the_year_and_begin_again(holder):
    rows = [plan.finished([make.person()], start=week) for week in range(3)]
    first, second = (services.issue(actor=None, training_class=row, at=make.at(40))[0] for row in rows[:2])
    assert (first.number, second.number) == ("00001/2026/XN", "00002/2026/XN")
    new_year = services.issue(actor=None, training_class=rows[2], at=make.at(304.8))[0]
    assert new_year.number == "00001/2027/XN", "01/01/2027 00:12 where the city is, still 2026 in UTC"


def test_the_content_says_every_printed_word(certificate, row, holder):
    told = certificate.content
    assert told["name"] == "Nguyễn Thị Hồng Hạnh"
    assert (told["unit"], told["course"], told["tiet"]) == ("Sở Nội vụ", row.course.name_vi, row.course.tiet)
    assert (told["from"], told["to"], told["issued_on"]) == ("2026-03-09", "2026-03-13", "2026-03-22")
    assert told["made_up"] is True
    kept = AuditEntry.objects.get(verb="credentials.issue").details
    assert kept["digests"] == {certificate.number: certificate.digest}


def test_the_pdf_says_it_in_one_page_and_is_the_same_each_time(certificate, row):
    address = "https://nanglucso.example/chung-nhan/kiem-tra/X/"
    data = printing.certificate_pdf(certificate, address=address)
    reader = PdfReader(BytesIO(data))
    text = " ".join(reader.pages[0].extract_text().split())
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "SỞ NỘI VỤ", "GIẤY XÁC NHẬN HOÀN THÀNH",
        certificate.number, "Nguyễn Thị Hồng Hạnh", "Sở Nội vụ", row.course.name_vi, f"{row.course.tiet} tiết",
        "09/03/2026", "13/03/2026", "Cần Thơ, ngày 22 tháng 3 năm 2026", "GIÁM ĐỐC", certificate.check_code, address,
        "giả định",
    ):  # fmt: skip
        assert words in text, words
    assert len(reader.pages) == 1
    assert data == printing.certificate_pdf(certificate, address=address)
    assert {font["/BaseFont"].split("+")[1][:15] for font in reader.pages[0]["/Resources"]["/Font"].values()} == {
        "LiberationSerif"
    }


def test_markup_in_a_name_stays_text(certificate):
    certificate.content = {**certificate.content, "name": '#panic("x") *A* $y$ <b>', "made_up": False}
    text = PdfReader(BytesIO(printing.certificate_pdf(certificate, address="http://x/"))).pages[0].extract_text()
    assert '#panic("x") *A* $y$ <b>' in text
    assert "giả định" not in text


def test_the_check_page_says_valid_with_the_full_name_only_for_the_code(client, certificate):
    page = client.get(url("check_code", certificate.check_code)).content.decode()
    assert "Có hiệu lực" in page
    assert "Nguyễn Thị Hồng Hạnh" in page
    typed = client.get(url("check"), {"code": f" {certificate.check_code[:5].lower()}-{certificate.check_code[5:]} "})
    assert "Nguyễn Thị Hồng Hạnh" in typed.content.decode()
    by_number = client.get(url("check"), {"code": certificate.number}).content.decode()
    assert "Có hiệu lực" in by_number
    assert "N. T. H. H." in by_number
    assert "Hồng Hạnh" not in by_number


def test_the_check_page_knows_unknown_and_revoked(client, certificate):
    assert "Không tìm thấy" in client.get(url("check_code", "AAAAAAAAAA")).content.decode()
    assert client.get(url("check")).status_code == 200
    services.revoke(actor=make.user("training"), certificate=certificate, reason="Ghi sai tên", at=make.at(25))
    page = client.get(url("check_code", certificate.check_code)).content.decode()
    assert "Đã thu hồi" in page
    assert "Ghi sai tên" not in page


@pytest.mark.parametrize("change", [{"name": "Người Khác"}, {"tiet": 40}, {"course": "Khóa khác"}])
def test_a_changed_word_is_found_and_nothing_of_it_is_shown(client, as_user, certificate, change):
    Certificate.objects.filter(pk=certificate.pk).update(content={**certificate.content, **change})
    page = client.get(url("check_code", certificate.check_code)).content.decode()
    assert "Không đáng tin" in page
    assert str(next(iter(change.values()))) not in page or "tiet" in change
    assert as_user(certificate.person.user).get(url("pdf", certificate.pk)).status_code == 410


def test_a_number_swapped_for_another_is_found(certificate):
    Certificate.objects.filter(pk=certificate.pk).update(number="00099/2026/XN")
    assert queries.verdict(certificate.check_code, day=date(2026, 4, 1)).state == "changed"


def test_the_check_page_brakes_after_thirty_tries(client):
    replies = [client.get(url("check_code", f"SAI{n}")).status_code for n in range(32)]
    assert replies[:30] == [200] * 30
    assert replies[31] == 429
    assert client.get(url("check")).status_code == 200


def test_the_pdf_opens_for_owner_head_and_training_only(as_user, certificate, holder):
    page = url("pdf", certificate.pk)
    reply = as_user(holder.user).get(page)
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/pdf")
    assert not AuditEntry.objects.filter(verb="credentials.print").exists()
    assert as_user(make.user("head", unit=holder.unit)).get(page).status_code == 200
    assert as_user(make.user("training")).get(page).status_code == 200
    assert AuditEntry.objects.filter(verb="credentials.print", person_id=holder.pk).count() == 2
    neighbour, colleague = make.user("head", unit=make.unit("Sở Tài chính")), make.person(unit=holder.unit, login=True)
    for user in (neighbour, colleague.user, make.user("leader"), make.user("auditor")):
        assert as_user(user).get(page).status_code == 404


def test_issuing_and_revoking_over_http_are_the_training_roles(as_user, row, holder):
    head = as_user(make.user("head", unit=holder.unit))
    assert head.post(url("issue", row.pk)).status_code == 403
    officer = make.user("training")
    assert as_user(officer).post(url("issue", row.pk)).url == reverse("training:show", args=[row.pk])
    certificate = Certificate.objects.get()
    assert as_user(make.user("head", unit=holder.unit)).get(url("revoke", certificate.pk)).status_code == 403
    client = as_user(officer)
    assert client.post(url("revoke", certificate.pk), {"reason": " "}).status_code == 422
    assert client.post(url("revoke", certificate.pk), {"reason": "Ghi sai tên"}).status_code == 302
    certificate.refresh_from_db()
    assert certificate.revoked_reason == "Ghi sai tên"
    with pytest.raises(Refused):
        services.revoke(actor=officer, certificate=certificate, reason="x", at=make.at(31))
    assert as_user(holder.user).get(url("pdf", certificate.pk)).status_code == 410


def test_a_revoked_certificate_is_replaced_under_a_new_number_with_todays_name(as_user, certificate, holder):
    officer = make.user("training")
    with pytest.raises(Refused):
        services.reissue(actor=officer, certificate=certificate, at=make.at(26))
    services.revoke(actor=officer, certificate=certificate, reason="Ghi sai tên", at=make.at(25))
    assert services.issue(actor=None, training_class=certificate.training_class, at=make.at(26)) == []
    holder.ten = "Hoa"
    holder.save()
    assert as_user(officer).post(url("reissue", certificate.pk)).status_code == 302
    fresh = Certificate.objects.get(revoked_at=None)
    assert (fresh.number, fresh.content["name"]) == ("00002/2026/XN", "Nguyễn Thị Hồng Hoa")
    assert fresh.check_code != certificate.check_code
    with pytest.raises(Refused):
        services.reissue(actor=officer, certificate=certificate, at=make.at(27))


def test_own_certificates_and_the_slots(as_user, certificate, holder, row):
    client = as_user(holder.user)
    assert certificate.check_code in client.get(url("mine")).content.decode()
    assert certificate.number in client.get(url("mine_slot")).content.decode()
    assert as_user(make.person(login=True).user).get(url("mine_slot")).content == b""
    neighbour = as_user(make.user("head", unit=make.unit("Sở Tài chính")))
    assert neighbour.get(url("class_slot", row.pk)).status_code == 404
    slot = as_user(make.user("head", unit=holder.unit)).get(url("class_slot", row.pk)).content.decode()
    assert certificate.number in slot
    assert url("revoke", certificate.pk) not in slot
    whole = as_user(make.user("training")).get(url("class_slot", row.pk)).content.decode()
    assert url("revoke", certificate.pk) in whole


def test_small_values():
    assert initials("Nguyễn  Thị Đào") == "N. T. Đ."
    assert tidy(" ab-c.1 ") == "ABC1"
    assert digest({"b": 1, "a": "ă"}) == digest({"a": "ă", "b": 1})
    assert digest({"a": 1}) != digest({"a": 2})
