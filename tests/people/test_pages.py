"""Staff, unit and position pages: insider, neighbour and stranger; lists, export, forms."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.kit.spreadsheets import read_sheets
from nanglucso.workforce.people.models import Person, PositionFamily
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return make.unit("Phường Cái Khế")


@pytest.fixture
def hoa(ward):
    return make.person("Nguyễn Thị Hòa", unit=ward, staff_code="TT-HOA")


@pytest.fixture
def stranger():
    return make.person("Nguyễn Thị Hồng", unit=make.unit("Phường Ô Môn"), staff_code="TT-HONG")


def test_the_first_day_offered_is_the_city_s_today_at_night_too(as_user):
    client = as_user(make.user("training"))
    with time_machine.travel(datetime(2026, 11, 29, 18, 0, tzinfo=UTC), tick=False):
        assert 'value="30/11/2026"' in client.get(reverse("people:add")).text


def test_list_shows_my_scope_only(as_user, ward, hoa, stranger):
    page = as_user(make.user("head", ward)).get(reverse("people:list"))
    assert page.status_code == 200
    assert "Nguyễn Thị Hòa" in page.text
    assert "Nguyễn Thị Hồng" not in page.text
    whole = as_user(make.user("training")).get(reverse("people:list"))
    assert "Nguyễn Thị Hồng" in whole.text


@pytest.mark.parametrize("role", ["official", "author", "leader", "auditor"])
def test_names_are_closed_to_other_roles(as_user, hoa, role):
    client = as_user(make.user(role))
    assert client.get(reverse("people:list")).status_code == 403
    assert client.get(reverse("people:person", args=[hoa.pk])).status_code == 403
    assert client.get(reverse("people:export")).status_code == 403


def test_anonymous_is_sent_to_log_in(client, hoa):
    assert client.get(reverse("people:person", args=[hoa.pk])).status_code == 302


def test_person_of_a_neighbour_is_not_found(as_user, ward, hoa, stranger):
    client = as_user(make.user("head", ward))
    assert client.get(reverse("people:person", args=[hoa.pk])).status_code == 200
    assert client.get(reverse("people:person", args=[stranger.pk])).status_code == 404


def test_search_ignores_marks_and_sort_is_by_given_name(as_user, ward, hoa):
    make.person("Trần Văn Đức", unit=ward)
    make.person("Lê Thị Ánh", unit=ward)
    client = as_user(make.user("head", ward))
    assert "Nguyễn Thị Hòa" in client.get(reverse("people:list"), {"q": "thi hoa"}).text
    assert "Nguyễn Thị Hòa" not in client.get(reverse("people:list"), {"q": "duc"}).text
    text = client.get(reverse("people:list")).text
    assert text.index("Lê Thị Ánh") < text.index("Trần Văn Đức") < text.index("Nguyễn Thị Hòa")
    text = client.get(reverse("people:list"), {"sort": "-ten"}).text
    assert text.index("Nguyễn Thị Hòa") < text.index("Lê Thị Ánh")


def test_filters_by_unit_family_and_status(as_user, ward, hoa, stranger):
    gone = make.person("Phan Văn Xưa", unit=ward)
    Person.objects.filter(pk=gone.pk).update(active=False)
    client = as_user(make.user("training"))
    text = client.get(reverse("people:list"), {"unit": ward.pk}).text
    assert "Nguyễn Thị Hòa" in text
    assert "Nguyễn Thị Hồng" not in text
    assert "Phan Văn Xưa" not in text
    assert "Phan Văn Xưa" in client.get(reverse("people:list"), {"status": "left"}).text
    other = PositionFamily.objects.exclude(pk=hoa.position.family_id).first()
    assert "Nguyễn Thị Hòa" not in client.get(reverse("people:list"), {"family": other.pk}).text


def test_export_holds_exactly_the_people_shown_and_leaves_a_trace(as_user, ward, hoa, stranger, tmp_path):
    client = as_user(make.user("head", ward))
    sent = client.get(reverse("people:export"), {"q": "hoa"})
    path = tmp_path / "out.xlsx"
    path.write_bytes(sent.content)
    (sheet,) = read_sheets(path)
    assert [row[:3] for row in sheet.rows[1:]] == [("Nguyễn Thị", "Hòa", "TT-HOA")]
    assert AuditEntry.objects.filter(verb="people.export").get().details["rows"] == 1


def test_training_officer_adds_corrects_and_moves_a_person(as_user, ward):
    client = as_user(make.user("training"))
    form = {"name": "Lý Thị Mới", "unit": "Phường Cái Khế", "position": make.position().pk, "since": "01/03/2026"}
    sent = client.post(reverse("people:add"), {**form, "staff_code": "MOI-1"})
    row = Person.objects.get(staff_code="MOI-1")
    assert sent.status_code == 302
    assert row.unit == ward
    facts = {"name": "Lý Thị Mới", "staff_code": "MOI-1", "birth_date": "05/02/1990"}
    client.post(reverse("people:person_edit", args=[row.pk]), facts)
    row.refresh_from_db()
    assert row.birth_date == date(1990, 2, 5)
    assert row.birth_year == 1990
    assert 'value="1990"' not in client.get(reverse("people:person_edit", args=[row.pk])).text
    moved = {"unit": "Sở Nội vụ", "position": make.position().pk, "since": "01/04/2026"}
    client.post(reverse("people:appoint", args=[row.pk]), moved)
    row.refresh_from_db()
    assert row.unit.name == "Sở Nội vụ"
    assert row.appointments.filter(until=date(2026, 4, 1)).count() == 1


def test_typing_a_unit_offers_the_divisions_of_my_scope(as_user, ward):
    client = as_user(make.user("training", ward))
    offered = client.get(reverse("people:unit_options"), {"unit": "van phong"}).text
    assert "Văn phòng HĐND và UBND, Phường Cái Khế" in offered
    assert "Ô Môn" not in offered


def test_refused_form_keeps_what_was_typed(as_user, hoa):
    form = {"name": "Ai Đó", "unit": "Phường Cái Khế", "position": make.position().pk, "since": "01/03/2026"}
    page = as_user(make.user("training")).post(reverse("people:add"), {**form, "staff_code": "TT-HOA"})
    assert page.status_code == 422
    assert "Ai Đó" in page.text
    assert "Nguyễn Thị Hòa" in page.text
    assert Person.objects.count() == 1


def test_head_may_look_but_not_change(as_user, ward, hoa):
    client = as_user(make.user("head", ward))
    assert client.get(reverse("people:person_edit", args=[hoa.pk])).status_code == 403
    assert client.post(reverse("people:account", args=[hoa.pk])).status_code == 403
    assert client.get(reverse("people:imports")).status_code == 403


def test_a_person_leads_to_the_profile_and_the_periods(as_user, ward, hoa):
    client = as_user(make.user("head", ward))
    page = client.get(reverse("people:person", args=[hoa.pk])).text
    for name in ("profiles:person", "hours:person"):
        address = reverse(name, args=[hoa.uuid])
        assert address in page
        assert client.get(address).status_code == 200
    assert (
        reverse("profiles:person", args=[hoa.uuid])
        not in as_user(make.user("admin")).get(reverse("people:person", args=[hoa.pk])).text
    )


def test_officer_of_a_part_cannot_change_a_neighbours_person(as_user, ward, stranger):
    client = as_user(make.user("training", ward))
    held = stranger.appointments.get()
    assert client.post(reverse("people:end_appointment", args=[held.pk]), {"until": "01/04/2026"}).status_code == 404
    assert client.post(reverse("people:account", args=[stranger.pk])).status_code == 404
    outside = {"name": "A B", "unit": "Phường Ô Môn", "position": make.position().pk, "since": "01/03/2026"}
    assert client.post(reverse("people:add"), outside).status_code == 422


def test_ending_the_only_appointment_keeps_the_record(as_user, hoa):
    held = hoa.appointments.get()
    client = as_user(make.user("training"))
    client.post(reverse("people:end_appointment", args=[held.pk]), {"until": "bad"})
    hoa.refresh_from_db()
    assert hoa.active
    client.post(reverse("people:end_appointment", args=[held.pk]), {"until": "01/04/2026"})
    hoa.refresh_from_db()
    assert not hoa.active


def test_account_gets_the_staff_number_as_log_in_name(as_user, hoa):
    as_user(make.user("training")).post(reverse("people:account", args=[hoa.pk]))
    hoa.refresh_from_db()
    assert hoa.user.username == "tt-hoa"
    assert hoa.user.must_change_password or hoa.made_up
    assert not hoa.user.has_usable_password()


def test_unit_pages_follow_the_scope(as_user, ward, hoa, stranger):
    client = as_user(make.user("head", ward))
    assert "Phường Cái Khế" in client.get(reverse("people:units")).text
    assert client.get(reverse("people:unit", args=[ward.pk])).status_code == 200
    assert client.get(reverse("people:unit", args=[stranger.unit_id])).status_code == 404
    whole = as_user(make.user("leader")).get(reverse("people:units"), {"q": "o mon"})
    assert "Phường Ô Môn" in whole.text


def test_position_page_shows_levels_reasons_and_the_official_form(as_user):
    position = make.position("VTVL-XA-TN-01")
    client = as_user(make.user("official"))
    page = client.get(reverse("people:position", args=[position.pk]))
    assert "Nâng cao 3" in page.text
    assert "III–V. Công việc" in page.text
    assert position.requirements.first().reason in page.text
    family = client.get(reverse("people:family", args=[position.family.code]))
    assert position.code in family.text
    found = client.get(reverse("people:positions"), {"q": "mot cua"})
    assert position.name in found.text


def test_competence_page_loads_the_positions_late_and_works_without_script(as_user):
    make.city()
    client = as_user(make.user("official"))
    page = client.get(reverse("framework:competence", args=["4.1"]))
    address = reverse("people:demands", args=["4.1"])
    assert f'hx-get="{address}"' in page.text
    assert "<html" in client.get(address).text
    fragment = client.get(address, headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert make.position("VTVL-XA-TN-01").name in fragment


@pytest.mark.parametrize("name", ["framework:browse", "framework:crosswalk", "people:positions", "people:units"])
def test_pages_speak_english_too(as_user, name):
    make.city()
    page = as_user(make.user("training")).get(reverse(name), {"lang": "en"})
    assert page.status_code == 200
    assert 'lang="en"' in page.text


def test_list_page_asks_the_database_a_fixed_number_of_times(as_user, ward, django_assert_max_num_queries):
    for number in range(12):
        make.person(unit=ward, name=f"Lê Thị Số {'ABCDEGHIKLMN'[number]}n")
    client = as_user(make.user("head", ward))
    with django_assert_max_num_queries(16):
        client.get(reverse("people:list"))


def test_pages_about_positions_stand_under_their_own_line_of_the_menu(as_user):
    make.city()
    client = as_user(make.user("official"))
    family = PositionFamily.objects.first()
    for address, line in (
        (reverse("people:family", args=[family.code]), "people:positions"),
        (reverse("people:demands", args=["4.1"]), "framework:browse"),
    ):
        assert f'<a href="{reverse(line)}" aria-current="true">' in client.get(address).text
