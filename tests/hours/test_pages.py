"""The pages of the yearly duty, over HTTP."""

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core.models import AuditEntry, Job
from nanglucso.develop.hours import services
from nanglucso.develop.hours.models import Entry
from tests import make
from tests.hours import living

pytestmark = pytest.mark.django_db
LATE = make.at(260)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(LATE, tick=False):
        yield


def url(name, *args, **query):
    address = reverse(f"hours:{name}", args=args)
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def words(reply):
    return reply.content.decode()


def test_my_page_says_what_counted_what_did_not_and_what_is_missing(as_user):
    person = make.person(login=True)
    row = living.attended([person], (1,))
    living.outside(person)
    page = words(as_user(person.user).get(url("mine")))
    missing = 40 - row.sessions.first().tiet
    for told in (row.code, "171/2025/NĐ-CP", "Buổi vắng mặt không được tính.", f"Còn thiếu {missing} tiết"):
        assert told in page
    assert "Chưa ghi số tiết" in page
    slot = words(as_user(person.user).get(url("mine_slot")))
    assert f"Còn thiếu {missing} tiết" in slot


def test_an_account_without_a_staff_record_is_told_so(as_user):
    client = as_user(make.user("auditor"))
    assert client.get(url("mine")).status_code == 200
    assert words(client.get(url("mine_slot"))) == ""


def test_a_year_that_was_never_counted_falls_back_to_this_one(as_user):
    client = as_user(make.person(login=True).user)
    for asked in ("1999", "x", "2031"):
        assert "2026" in words(client.get(url("mine", nam=asked)))
    assert "2025" in words(client.get(url("mine", nam=2025)))


def test_two_people_of_one_name_and_position_are_told_apart_by_their_numbers(as_user):
    twins = [make.person("Lê Thị Đôi", staff_code=f"GD{n}") for n in (1, 2)]
    alone = make.person("Trần Văn Một", staff_code="GD3")
    page = words(as_user(make.user("head", unit=twins[0].unit)).get(url("unit")))
    assert all(f"<small>{one.position.title}, {one.staff_code}</small>" in page for one in twins)
    assert alone.full_name in page
    assert "GD3" not in page


def test_the_head_sees_the_own_unit_filters_it_and_takes_it_as_a_workbook(as_user):
    one, other = make.person("Lê Thị An"), make.person("Trần Văn Bảo")
    foreign = make.person("Phạm Thị Chi", unit=make.unit("Sở Tài chính"))
    services.enter(actor=None, person=one, year=2026, tiet=40, reason="QLNN", document="QĐ 1", at=LATE)
    client = as_user(make.user("head", unit=make.unit("Sở Nội vụ")))
    page = words(client.get(url("unit")))
    assert one.full_name in page
    assert other.full_name in page
    assert foreign.full_name not in page
    assert one.full_name not in words(client.get(url("unit", tt="missing")))
    assert other.full_name not in words(client.get(url("unit", q="le thi an")))
    assert "Trần" not in words(client.get(url("unit", dt="vien_chuc")))
    assert client.get(url("export", tt="met")).status_code == 200
    assert AuditEntry.objects.get(verb="hours.export").details["people"] == 1
    assert client.get(url("person", foreign.uuid)).status_code == 404


def test_looking_at_a_person_leaves_a_trace_and_only_the_officer_writes(as_user):
    person = make.person()
    head = as_user(make.user("head", unit=person.unit))
    assert url("enter", person.uuid) not in words(head.get(url("person", person.uuid)))
    assert AuditEntry.objects.filter(verb="hours.view", person_id=person.pk).count() == 1
    assert head.post(url("enter", person.uuid), {"tiet": 8, "reason": "Lớp"}).status_code == 403
    officer = as_user(make.user("training"))
    assert url("enter", person.uuid) in words(officer.get(url("person", person.uuid)))
    reply = officer.post(url("enter", person.uuid, nam=2026), {"tiet": 8, "reason": "Lớp tại Trường Chính trị"})
    assert reply.status_code == 302
    assert Entry.objects.get().tiet == 8
    assert "Lớp tại Trường Chính trị" in words(officer.get(url("person", person.uuid)))


def test_a_rejected_entry_keeps_what_was_typed_and_says_where(as_user):
    person = make.person()
    reply = as_user(make.user("training")).post(
        url("enter", person.uuid), {"tiet": -3, "reason": "Ghi thừa buổi", "document": ""}
    )
    assert reply.status_code == 422
    assert "Ghi thừa buổi" in words(reply)
    assert "chưa khóa" in words(reply)
    assert not Entry.objects.exists()


def test_the_periods_of_a_confirmed_course_are_written_from_its_page(as_user):
    person = make.person()
    held = living.outside(person)
    officer = as_user(make.user("training"))
    city = words(officer.get(url("city")))
    assert person.full_name in city
    officer.post(url("enter", person.uuid), {"tiet": 16, "reason": "BDHVS", "document": "BD-1", "certificate": held.pk})
    assert Entry.objects.get().certificate == held
    assert person.full_name not in words(officer.get(url("city")))


def test_the_leader_sees_the_city_without_names_and_a_head_does_not(as_user):
    person = make.person("Lê Thị An")
    living.outside(person)
    leader = as_user(make.user("leader"))
    page = words(leader.get(url("city")))
    assert "Sở Nội vụ" in page
    assert "Lê Thị An" not in page
    assert leader.get(url("unit")).status_code == 403
    assert as_user(make.user("head", unit=person.unit)).get(url("city")).status_code == 403


def test_only_a_year_that_is_over_shows_the_door_to_close_it(as_user):
    make.person()
    officer = as_user(make.user("training"))
    assert url("close", 2026) not in words(officer.get(url("city", nam=2026)))
    assert url("close", 2025) in words(officer.get(url("city", nam=2025)))
    officer.post(url("close", 2026))
    assert not Job.objects.filter(kind="hours.close").exists()
    officer.post(url("close", 2025))
    assert Job.objects.get(kind="hours.close").args == {"year": 2025}


def test_a_closed_year_says_so_and_takes_a_correction(as_user):
    person = make.person(login=True)
    services.close_year(actor=None, year=2025, at=LATE)
    officer = as_user(make.user("training"))
    for address in (url("city", nam=2025), url("unit", nam=2025)):
        assert "hóa sổ" in words(officer.get(address))
    told = {"tiet": 6, "reason": "Bổ sung điểm danh", "document": "Biên bản 2"}
    assert officer.post(url("enter", person.uuid, nam=2025), told).status_code == 302
    page = words(as_user(person.user).get(url("mine", nam=2025)))
    assert "Bổ sung điểm danh" in page
    assert "Biên bản 2" in page


def test_the_pages_open_in_english_without_the_vietnamese_of_the_rules(as_user):
    person = make.person(login=True)
    living.attended([person], (1,))
    page = words(as_user(person.user).get(url("mine", lang="en")))
    assert "checked against the text" in page
    assert "Buổi vắng" not in page


def test_the_table_of_the_city_says_that_it_counts_people(as_user):
    one = make.person("Lê Thị An")
    make.person("Trần Văn Bảo")
    services.enter(actor=None, person=one, year=2026, tiet=40, reason="QLNN", document="QĐ 1", at=LATE)
    page = words(as_user(make.user("leader")).get(url("city")))
    assert 'data-l="Số người đủ">1 <span class="t-muted nowrap">(50%)</span>' in page
    assert 'data-l="Số người chưa đủ">1<' in page
    assert "Khoản 3 Điều 16 Nghị định số 171/2025/NĐ-CP" in page


def test_what_counts_and_why_is_said_once_above_the_lines(as_user):
    person = make.person(login=True)
    for _class in range(2):
        living.attended([person], (1,))
    page = words(as_user(person.user).get(url("mine")))
    assert page.count("tính số tiết của những buổi có điểm danh") == 1
