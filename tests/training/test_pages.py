"""Pages of classes by role and scope: insider, neighbour, stranger."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from nanglucso.core.models import AuditEntry
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.training import services
from nanglucso.develop.training.models import Enrolment, TrainingClass
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db
State = Enrolment.Status


@pytest.fixture(autouse=True)
def _in_time():
    with time_machine.travel(make.at(1), tick=False):
        yield


@pytest.fixture
def here():
    return make.unit("Sở Nội vụ")


@pytest.fixture
def officer():
    return make.user("training")


def url(name, *args):
    return reverse(f"training:{name}", args=args)


def test_the_officer_sees_all_and_a_head_only_names_of_the_own_unit(as_user, here, officer):
    mine, theirs = (
        make.person("Trần Thị Của Tôi", unit=here),
        make.person("Lê Văn Nhà Bên", unit=make.unit("Sở Tài chính")),
    )
    row = plan.opened([mine, theirs])
    whole = as_user(officer).get(url("show", row.pk)).content.decode()
    assert "Trần Thị Của Tôi" in whole
    assert "Lê Văn Nhà Bên" in whole
    cut = as_user(make.user("head", unit=here)).get(url("show", row.pk)).content.decode()
    assert "Trần Thị Của Tôi" in cut
    assert "Lê Văn Nhà Bên" not in cut
    assert "34,1" in whole
    assert "34,1" not in cut


def test_a_head_does_not_reach_a_running_class_without_own_people(as_user, here, officer):
    row = plan.opened([make.person(unit=make.unit("Sở Tài chính"))])
    head = as_user(make.user("head", unit=here))
    assert head.get(url("show", row.pk)).status_code == 200, "open for enrolment: anybody may nominate"
    TrainingClass.objects.filter(pk=row.pk).update(status="running")
    for name in ("show", "nominate", "effect"):
        assert head.get(url(name, row.pk)).status_code == 404
    for kind in ("danh-sach", "diem-danh"):
        assert head.get(url("paper", row.pk, kind)).status_code == 404
    assert as_user(officer).get(url("show", row.pk)).status_code == 200


@pytest.mark.parametrize("name", ["to_open", "finish", "cancel", "retest"])
def test_only_the_training_role_over_the_city_manages(as_user, here, name):
    row = plan.opened([make.person(unit=here)])
    page = url(name) if name == "to_open" else url(name, row.pk)
    assert as_user(make.user("head", unit=here)).get(page).status_code == 403
    assert as_user(make.user("training", unit=here)).get(page).status_code == 403
    assert as_user(make.user("official")).get(page).status_code == 403
    assert as_user(make.user("training")).get(page).status_code == 200


def test_without_log_in_every_page_leads_to_it(client):
    row = plan.opened()
    for page in (
        url("list"),
        url("show", row.pk),
        url("mine"),
        url("effects"),
        url("session_qr", row.sessions.first().pk),
    ):
        reply = client.get(page)
        assert reply.status_code == 302
        assert reply.url.startswith(reverse("account_login"))


def test_the_list_filters_by_its_address_and_ignores_nonsense(as_user, officer):
    plan.opened(course="S3-CB-01")
    plan.opened(course="S5-CB-01", start=3)
    TrainingClass.objects.update(minimum=0)  # neither is put forward above the list
    client = as_user(officer)
    shown = client.get(url("list"), {"course": "S5-CB-01"}).content.decode()
    assert "S5-CB-01-2026" in shown
    assert "S3-CB-01-2026" not in shown
    assert client.get(url("list"), {"status": "cancelled"}).context["page"].paginator.count == 0
    for odd in ({"status": "x' OR 1=1"}, {"year": "20x6"}, {"page": "-4"}, {"course": "💥"}):
        assert client.get(url("list"), odd).status_code == 200


def test_the_export_holds_what_the_list_shows_and_leaves_a_trace(as_user, officer):
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    plan.opened(course="S3-CB-01")
    plan.opened(course="S5-CB-01", start=3)
    reply = as_user(officer).get(url("export"), {"course": "S5-CB-01"})
    rows = CalamineWorkbook.from_filelike(BytesIO(reply.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["S5-CB-01-2026-001"]
    assert AuditEntry.objects.get(verb="training.export").details["rows"] == 1


def test_papers_are_cut_to_the_scope(as_user, here):
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    mine, theirs = (
        make.person("Trần Thị Của Tôi", unit=here),
        make.person("Lê Văn Nhà Bên", unit=make.unit("Sở Tài chính")),
    )
    row = plan.opened([mine, theirs])
    plan.attended(row, [mine], (1,))
    client = as_user(make.user("head", unit=here))
    for kind in ("danh-sach", "diem-danh"):
        book = client.get(url("paper", row.pk, kind))
        text = str(CalamineWorkbook.from_filelike(BytesIO(book.content)).get_sheet_by_index(0).to_python())
        assert "Trần Thị Của" in text
        assert "Lê Văn Nhà" not in text
    assert client.get(url("paper", row.pk, "khac")).status_code == 404


def test_opening_from_the_plan_over_http(as_user, officer):
    whole = plan.scenario()
    rows = [plan.planned([make.person()], plan=whole, start=week) for week in (0, 1)]
    client = as_user(officer)
    page = client.get(url("to_open")).content.decode()
    assert page.count('name="planned"') == 2
    assert client.post(url("open")).url == url("to_open")
    reply = client.post(url("open"), {"planned": [row.pk for row in rows]})
    assert reply.url == url("list")
    assert TrainingClass.objects.count() == 2
    assert client.get(url("to_open")).context["rows"] == []
    draft = plan.planned(plan=plan.scenario(Scenario.Status.SUBMITTED))
    assert client.post(url("open"), {"planned": [draft.pk]}).url == url("to_open")
    assert TrainingClass.objects.count() == 2


def test_calling_off_asks_for_the_code_and_keeps_what_was_typed(as_user, officer):
    row = plan.opened([make.person()])
    client = as_user(officer)
    reply = client.post(url("cancel", row.pk), {"reason": "Bão số 3", "code": "khac"})
    assert reply.status_code == 422
    assert "Bão số 3" in reply.content.decode()
    assert client.post(url("cancel", row.pk), {"reason": "", "code": row.code}).status_code == 422
    row.refresh_from_db()
    assert row.status == "open"
    assert client.post(url("cancel", row.pk), {"reason": "Bão số 3", "code": row.code.lower()}).status_code == 302
    row.refresh_from_db()
    assert row.status == "cancelled"


def test_finishing_shows_who_will_have_completed_and_then_does_it(as_user, officer):
    full, half, none = make.person(), make.person(), make.person()
    row = plan.opened([full, half, none])
    plan.attended(row, [full, half], (1,))
    plan.attended(row, [full], (2,))
    client = as_user(officer)
    shown = client.get(url("finish", row.pk)).context
    assert [one.enrolment.person for one in shown["completed"]] == [full]
    assert [one.enrolment.person for one in shown["partly"]] == [half]
    assert [one.enrolment.person for one in shown["absent"]] == [none]
    assert client.post(url("finish", row.pk)).url == url("show", row.pk)
    assert row.enrolments.get(person=full).status == State.COMPLETED
    client.post(url("finish", row.pk))
    assert AuditEntry.objects.filter(verb="training.finish_class").count() == 1


def test_a_session_is_moved_over_http(as_user, officer):
    row = plan.opened()
    session = row.sessions.last()
    client = as_user(officer)
    assert client.post(url("move", session.pk), {"starts_at": "mai"}).status_code == 422
    assert client.post(url("move", session.pk), {"starts_at": "2026-03-20T08:00"}).status_code == 302
    session.refresh_from_db()
    assert timezone.localtime(session.starts_at).isoformat()[:16] == "2026-03-20T08:00"
    assert 'value="20/03/2026 08:00"' in client.get(url("move", session.pk)).content.decode()
    assert client.post(url("move", session.pk), {"starts_at": "21/03/2026 13:30"}).status_code == 302
    session.refresh_from_db()
    assert timezone.localtime(session.starts_at).isoformat()[:16] == "2026-03-21T13:30"


def test_an_ended_class_offers_no_form_to_move_or_call_it_off(as_user, officer):
    row = plan.finished([make.person()])
    client = as_user(officer)
    for address in (url("cancel", row.pk), url("move", row.sessions.first().pk)):
        shown = client.get(address)
        assert shown.status_code == 200
        assert "novalidate" not in shown.content.decode()
        assert "Lớp đã kết thúc." in shown.content.decode()


def test_a_session_that_was_attended_offers_no_form_to_move_it(as_user, officer):
    person = make.person()
    row = plan.opened([person])
    plan.attended(row, [person], (1,))
    first, last = row.sessions.first(), row.sessions.last()
    assert "novalidate" not in as_user(officer).get(url("move", first.pk)).content.decode()
    assert "novalidate" in as_user(officer).get(url("move", last.pk)).content.decode()


def test_spending_understands_grouping_and_refuses_words(as_user, officer):
    row = plan.finished([make.person()])
    client = as_user(officer)
    reply = client.post(url("settle", row.pk), {"cost": "ba mươi"})
    assert reply.status_code == 422
    assert "ba mươi" in reply.content.decode()
    client.post(url("settle", row.pk), {"cost": "31.700.000"})
    row.refresh_from_db()
    assert row.cost == 31_700_000


def test_a_head_nominates_only_the_own_people(as_user, here):
    mine, theirs = make.person(unit=here), make.person(unit=make.unit("Sở Tài chính"))
    row = plan.opened()
    client = as_user(make.user("head", unit=here))
    page = client.get(url("nominate", row.pk)).content.decode()
    assert f'value="{mine.pk}"' in page
    assert f'value="{theirs.pk}"' not in page
    client.post(url("nominate", row.pk), {"person": [mine.pk, theirs.pk]})
    assert list(row.enrolments.values_list("person", flat=True)) == [mine.pk]


def test_too_many_absences_ask_to_be_confirmed_and_keep_the_choice(as_user, here):
    people = [make.person(unit=here) for _ in range(3)]
    row = plan.opened()
    client = as_user(make.user("head", unit=here))
    chosen = [people[0].pk, people[1].pk]
    reply = client.post(url("nominate", row.pk), {"person": chosen})
    assert reply.status_code == 422
    assert reply.content.decode().count("checked") == 2
    assert not row.enrolments.exists()
    assert client.post(url("nominate", row.pk), {"person": chosen, "insist": "1"}).status_code == 302
    assert row.enrolments.count() == 2


def test_nobody_chosen_or_a_closed_class_is_said(as_user, here, officer):
    make.person(unit=here)
    row = plan.opened()
    client = as_user(officer)
    assert client.post(url("nominate", row.pk)).status_code == 422
    TrainingClass.objects.filter(pk=row.pk).update(status="running")
    assert client.get(url("nominate", row.pk)).status_code == 200
    assert not row.enrolments.exists()


def test_an_official_asks_the_head_accepts(as_user, here):
    person = make.person(unit=here, login=True)
    row = plan.opened()
    assert as_user(person.user).post(url("enrol", row.pk)).url == url("mine")
    place = row.enrolments.get(person=person)
    assert place.status == State.REQUESTED
    stranger = as_user(make.user("head", unit=make.unit("Sở Tài chính")))
    assert stranger.post(url("decide", place.pk, "nhan")).status_code == 404
    head = as_user(make.user("head", unit=here))
    assert person.full_name in head.get(url("list")).content.decode()
    head.post(url("decide", place.pk, "nhan"))
    place.refresh_from_db()
    assert place.status == State.BOOKED
    assert as_user(person.user).post(url("leave", row.pk)).url == url("mine")
    place.refresh_from_db()
    assert place.status == State.WITHDRAWN


def test_a_request_is_turned_down_with_a_reason_only(as_user, here):
    person = make.person(unit=here)
    row = plan.opened()
    place = services.ask_place(actor=None, training_class=row, person=person, at=make.AT)
    head = as_user(make.user("head", unit=here))
    head.post(url("decide", place.pk, "tu-choi"), {"reason": ""})
    place.refresh_from_db()
    assert place.status == State.REQUESTED
    head.post(url("decide", place.pk, "tu-choi"), {"reason": "Trùng lịch trực"})
    place.refresh_from_db()
    assert place.status == State.DECLINED
    assert head.post(url("decide", place.pk, "nhan")).status_code == 404
    assert head.post(url("decide", place.pk, "gi-do")).status_code == 404


def test_a_head_does_not_decide_the_own_request(as_user, here):
    person = make.person(unit=here)
    person.user = make.user("head", unit=here)
    person.save()
    row = plan.opened()
    place = services.ask_place(actor=None, training_class=row, person=person, at=make.AT)
    assert as_user(person.user).post(url("decide", place.pk, "nhan")).status_code == 403


def test_nobody_leaves_for_somebody_else(as_user):
    owner, other = make.person(login=True), make.person(login=True)
    row = plan.opened([owner])
    client = as_user(other.user)
    assert client.post(url("leave", row.pk)).status_code == 404
    assert client.get(url("ics", row.pk)).status_code == 404
    assert row.enrolments.get().status == State.BOOKED


def test_my_classes_show_what_comes_what_was_and_ask_for_the_periods(as_user):
    person = make.person(login=True)
    plan.finished([person])
    plan.opened([person], course="S5-CB-01", start=4)
    page = as_user(person.user).get(url("mine")).content.decode()
    assert "S3-CB-01-2026-001" in page
    assert f'hx-get="{reverse("hours:mine_slot")}' in page
    assert "Tài khoản và thiết bị an toàn" in page
    slot = as_user(person.user).get(url("mine_slot"))
    assert slot.status_code == 200
    assert "<html" not in slot.content.decode()


def test_an_account_without_a_record_has_no_classes_but_no_error(as_user):
    row = plan.opened()
    client = as_user(make.user("official"))
    assert client.get(url("mine")).status_code == 200
    assert client.get(url("mine_slot")).content == b""
    assert client.post(url("enrol", row.pk)).url == url("mine")
    assert not row.enrolments.exists()


def test_the_calendar_file_has_one_event_a_session_with_stable_names(as_user):
    person = make.person(login=True)
    row = plan.opened([person])
    reply = as_user(person.user).get(url("ics", row.pk))
    text = reply.content.decode()
    assert reply["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == row.sessions.count()
    assert "DTSTART:20260309T003000Z" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    services.move_session(actor=None, session=row.sessions.last(), starts_at=make.at(20), at=make.at(1))
    moved = as_user(person.user).get(url("ics", row.pk)).content.decode()
    uids = [[line for line in one.split("\r\n") if line.startswith("UID:")] for one in (text, moved)]
    assert uids[0] == uids[1]
    assert moved != text


def test_the_effect_pages_say_when_it_cannot_be_told(as_user, officer):
    row = plan.finished([make.person()])
    client = as_user(officer)
    reply = client.post(url("effect", row.pk))
    assert reply.status_code == 422
    assert "Chưa đủ để kết luận" in reply.content.decode()
    assert client.get(url("effects")).status_code == 200
    assert as_user(make.user("leader")).get(url("effects")).status_code == 200
    assert as_user(make.user("head", unit=make.unit())).get(url("effects")).status_code == 403


def test_the_retest_is_opened_over_http(as_user, officer):
    person = make.person()
    row = plan.finished([person])
    client = as_user(officer)
    assert client.get(url("retest", row.pk)).status_code == 200
    assert client.post(url("retest", row.pk), {"size": "7", "days": "30"}).status_code == 422
    assert client.post(url("retest", row.pk), {"size": "10", "days": "30"}).url == url("effect", row.pk)
    assert "Đợt đo lại đang mở đến" in client.get(url("retest", row.pk)).content.decode()
    with time_machine.travel(make.at(40), tick=False):
        client = as_user(officer)
        closed = client.get(url("retest", row.pk)).content.decode()
        assert "Đợt đo lại đã đóng ngày" in closed
        assert "Giao bài đo lại" not in closed
        assert "Đã đóng ngày" in client.get(url("effect", row.pk)).content.decode()
    assert person.sittings.get().campaign.purpose == "retest"
    open_class = plan.opened([make.person()], start=6)
    assert client.post(url("retest", open_class.pk), {"size": "0", "days": "30"}).status_code == 422


def test_every_page_speaks_english_too(as_user, officer):
    row = plan.finished([make.person()])
    client = as_user(officer)
    for name in ("show", "effect", "retest"):
        page = client.get(url(name, row.pk), {"lang": "en"}).content.decode()
        assert 'lang="en"' in page
        assert "Classes" in page


@pytest.mark.parametrize("name", ["show", "nominate", "finish"])
def test_more_people_do_not_ask_the_database_more_often(as_user, officer, name, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    small, large = plan.opened([make.person()]), plan.opened([make.person() for _ in range(12)], start=3)
    client = as_user(officer)
    counts = []
    for row in (small, small, large):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(url(name, row.pk)).status_code == 200
        counts.append(len(seen))
    assert counts[2] <= counts[1] + 2
    with django_assert_max_num_queries(60):
        client.get(url(name, large.pk))


def test_the_list_asks_a_fixed_number_of_times(as_user, officer):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = as_user(officer), []
    for start in (0, 2, 4, 6):
        plan.opened([make.person()], start=start)
        with CaptureQueriesContext(connection) as seen:
            client.get(url("list"))
        counts.append(len(seen))
    assert counts[-1] <= counts[1]


def test_a_head_finds_classes_of_one_competence_and_what_to_do_without_any(as_user):
    row = plan.opened(course="S5-CB-01", seats=25, lecturer="gv-hai")
    plan.opened(course="S3-CB-01")
    code = row.course.covers.first().competence.code
    head = as_user(make.user("head", unit=make.unit("Sở Nội vụ")))
    page = head.get(reverse("training:list"), {"status": "open", "competence": code})
    assert [one.pk for one in page.context["page"]] == [row.pk]
    empty = head.get(reverse("training:list"), {"status": "open", "competence": "9.9"}).content.decode()
    assert "Hiện không có lớp đang ghi danh" in empty
    assert reverse("plans:proposals") in empty


def test_classes_further_ahead_are_one_step_away(as_user):
    client = as_user(make.user("training"))
    far = plan.planned(start=30)
    with time_machine.travel(make.AT, tick=False):
        near = client.get(reverse("training:to_open"))
        assert (near.context["rows"], near.context["later"]) == ([], 1)
        assert "Xem 1 lớp bắt đầu muộn hơn" in near.content.decode()
        whole = client.get(reverse("training:to_open") + "?ca-nam")
    assert [one.planned for one in whole.context["rows"]] == [far]


def test_attendance_of_a_finished_class_is_read_and_not_ticked(as_user, officer):
    row = plan.finished([make.person("Trần Thị Có Mặt")])
    session = row.sessions.first()
    page = as_user(officer).get(url("attendance", session.pk)).content.decode()
    assert 'type="checkbox"' not in page
    assert "1/1 có mặt" in page
    assert "Xem điểm danh" in as_user(officer).get(url("session_qr", session.pk)).content.decode()
