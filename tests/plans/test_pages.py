"""Pages of a scenario by role and scope: list, new, show, people, class, acts, compare, export."""

from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from python_calamine import CalamineWorkbook

from nanglucso.core import jobs
from nanglucso.core.models import AuditEntry, Job
from nanglucso.develop.budget import queries as money
from nanglucso.develop.plans import queries, services
from nanglucso.develop.plans.models import Scenario
from nanglucso.ui import figures
from tests import make
from tests.plans import tiny

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(make.at(20), tick=False):
        yield


@pytest.fixture
def row(people):
    return tiny.kept(tiny.scenario(make.user("training")))


@pytest.fixture
def officer(as_user, row):
    return as_user(row.created_by)


def text(reply) -> str:
    return reply.content.decode()


def pages(row) -> list[str]:
    return [
        reverse("plans:list"), reverse("plans:show", args=[row.pk]), reverse("plans:people", args=[row.pk]),
        reverse("plans:class", args=[row.pk, 2]), reverse("plans:export", args=[row.pk]), reverse("plans:catalogue"),
        reverse("plans:course", args=["T1"]), reverse("plans:means"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("training", 200),
        ("leader", 200),
        ("official", 403),
        ("head", 403),
        ("author", 403),
        ("auditor", 403),
        ("admin", 403),
    ],
)
def test_every_page_opens_to_training_officers_and_leaders_only(as_user, row, role, status):
    client = as_user(make.user(role, unit=make.unit() if role == "head" else None))
    assert {client.get(url).status_code for url in pages(row)} == {status}


def test_strangers_are_sent_to_the_login_page(client, row):
    assert all(client.get(url).status_code == 302 for url in pages(row))


@pytest.mark.parametrize("name", ["solve", "stop", "submit", "copy", "drop"])
def test_leaders_and_officers_of_one_unit_change_nothing(as_user, row, name):
    url = reverse(f"plans:{name}", args=[row.pk])
    for user in (make.user("leader"), make.user("training", unit=make.unit())):
        assert as_user(user).post(url).status_code == 403
    row.refresh_from_db()
    assert row.status == "solved"


@pytest.mark.parametrize("name", ["solve", "stop", "submit", "approve", "send_back", "copy", "drop"])
def test_acts_are_post_only(as_user, row, name):
    user = make.user("leader" if name in ("approve", "send_back") else "training")
    assert as_user(user).get(reverse(f"plans:{name}", args=[row.pk])).status_code == 405


def test_the_finding_stands_on_the_page_with_its_three_numbers(officer, row):
    shown = text(officer.get(reverse("plans:show", args=[row.pk])))
    need = row.figures["need"]
    closed = f"{100 * row.figures['objective'] / need:.1f}".replace(".", ",")
    assert f"Kế hoạch đáp ứng <strong>{closed}%</strong> nhu cầu" in shown
    assert "không phương án nào đáp ứng thêm quá" in shown
    assert "<strong>1,5</strong> mức" in shown
    assert "Tuần 1–2: đánh giá trước 1 người" in shown


def test_what_a_better_plan_could_add_is_said_in_one_figure(officer, row):
    found = queries.finding(row)
    assert found
    more, apart = (
        f"{100 * share:.1f}".replace(".", ",").removesuffix(",0") for share in (found.more, row.figures["gap"])
    )
    shown = text(officer.get(reverse("plans:show", args=[row.pk])))
    assert more != apart
    assert shown.count(f"{more}%") >= 2
    assert f"{apart}%" not in shown
    assert "Còn kém phương án tốt nhất (tối đa)" in shown


def test_beside_an_approved_plan_of_the_year_another_one_is_not_urged(as_user, row):
    leader, url = make.user("leader"), reverse("plans:show", args=[row.pk])
    assert '<button class="btn main"' in text(as_user(row.created_by).get(url))
    other = tiny.kept(tiny.scenario(row.created_by, name="Phương án hai"))
    services.submit_scenario(actor=row.created_by, scenario=other, at=make.at(19))
    services.approve(actor=leader, scenario=other, at=make.at(19))
    shown = text(as_user(row.created_by).get(url))
    assert f'<a href="{reverse("plans:show", args=[other.pk])}">Phương án hai</a>' in shown
    assert "Trình phê duyệt" in shown
    assert '<button class="btn main"' not in shown


def test_a_unit_sees_only_its_own_people_and_their_classes(as_user, row, people):
    ward = make.user("training", unit=make.unit("Phường Cái Khế"))
    office = make.user("training", unit=make.unit("Sở Nội vụ"))
    client = as_user(ward)
    assert client.get(reverse("plans:class", args=[row.pk, 1])).status_code == 404
    assert people[0].full_name not in text(client.get(reverse("plans:people", args=[row.pk])))
    shown = text(client.get(reverse("plans:show", args=[row.pk])))
    assert "Khóa thử một" not in shown
    client = as_user(office)
    shown = text(client.get(reverse("plans:class", args=[row.pk, 1])))
    assert people[0].full_name in shown


def test_names_inside_a_class_are_cut_to_the_units_of_the_viewer(as_user, people):
    row = tiny.kept(tiny.scenario(), seats=10)
    client = as_user(make.user("training", unit=make.unit("Phường Cái Khế")))
    shown = text(client.get(reverse("plans:class", args=[row.pk, 1])))
    assert people[9].full_name in shown
    assert people[0].full_name not in shown
    assert "4 trong 10 người" in shown


def test_provisional_names_are_marked(officer, row, people):
    shown = text(officer.get(reverse("plans:people", args=[row.pk]) + "?chi=tied"))
    assert people[3].full_name in shown
    assert people[0].full_name not in shown
    assert "có thể thay" in text(officer.get(reverse("plans:class", args=[row.pk, 1])))


def test_leaders_see_names_but_not_what_each_person_lacks(as_user, row, people):
    shown = text(as_user(make.user("leader")).get(reverse("plans:class", args=[row.pk, 1])))
    assert people[0].full_name in shown
    assert "Mức lấp được" not in shown


def test_filters_and_sorting_stand_in_the_address(officer, row):
    url = reverse("plans:show", args=[row.pk])
    assert "Khóa thử hai" not in text(officer.get(url + "?hinh_thuc=online"))
    assert "Khóa thử một" not in text(officer.get(url + "?khu_vuc=CT"))
    assert "Không có lớp phù hợp" in text(officer.get(url + "?quy=4"))
    shown = text(officer.get(url + "?sort=-tien"))
    assert shown.index("Khóa thử hai") < shown.index("Khóa thử một")
    assert officer.get(url + "?quy=x&hinh_thuc=<b>&sort=drop&page=99").status_code == 200


def test_the_workbook_holds_exactly_the_rows_and_order_of_the_screen(officer, row):
    for query in ("", "?hinh_thuc=inperson", "?sort=-tien"):
        shown = text(officer.get(reverse("plans:show", args=[row.pk]) + query))
        reply = officer.get(reverse("plans:export", args=[row.pk]) + query)
        sheet = CalamineWorkbook.from_filelike(BytesIO(reply.content)).get_sheet_by_index(0).to_python()
        body = sheet[3:]
        places = [shown.index(f"/ke-hoach/{row.pk}/lop/{int(line[0])}/") for line in body]
        assert places == sorted(places)
        assert len(body) == shown.count(f'href="/ke-hoach/{row.pk}/lop/')
        wanted = {planned.number: planned for planned in row.classes.all()}
        for line in body:
            planned = wanted[int(line[0])]
            assert (line[1], line[2], int(line[11])) == (planned.course.name, planned.course.code, planned.cost)
            assert int(line[10]) == planned.seats.count()
    assert AuditEntry.objects.filter(verb="plans.export").count() == 3


def test_a_new_scenario_takes_trieu_and_asks_back_when_dong_were_typed(officer):
    url = reverse("plans:new")
    typed = {"name": "Mới", "year": 2027, "weeks": 30, "absent": 12, "retest": 50, "forms_open": ["online", "blended"]}
    shown = text(officer.post(url, typed | {"budget": "30.000.000.000"}))
    assert "Có phải ý đồng chí là 30.000 triệu đồng?" in shown
    assert 'value="30.000.000.000"' in shown
    reply = officer.post(url, typed | {"budget": "30 tỷ", "pri_S5": "1.5", "unit_size": 20, "unit_share": 40})
    row = Scenario.objects.get(name="Mới")
    assert reply.url == reverse("plans:show", args=[row.pk])
    assert (row.budget, row.weeks, row.first_week.isoformat()) == (30_000_000_000, 30, "2027-03-01")
    assert row.params["absent_max"] == 0.12
    assert row.params["forms"] == ["online", "blended"]
    assert row.params["unit_minimum"] == {"size": 20, "share": 0.4}
    assert row.params["priorities"]["5.1"] == 1.5
    assert row.params["priorities"]["1.1"] == 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"budget": "nhiều"}, "Ghi số tiền bằng số triệu đồng"),
        ({"budget": "-5"}, "không được âm"),
        ({"first_week": "02/03/2027"}, "bắt đầu vào thứ Hai"),
        ({"unit_size": 20}, "Ghi cả số người và tỷ lệ"),
        ({"mandatory": ["T1"], "mandatory_week": 35}, "không có nhiều tuần học"),
        ({"budget": "0,5"}, "Có phải ý đồng chí là 500000 triệu đồng?"),
    ],
)
def test_wrong_settings_come_back_with_one_sentence_and_what_was_typed(officer, change, said):
    typed = {"name": "Sai", "year": 2027, "budget": "300", "weeks": 30, "absent": 12, "retest": 50}
    reply = officer.post(reverse("plans:new"), typed | change)
    assert reply.status_code == 200
    assert said in text(reply)
    assert 'value="Sai"' in text(reply)
    assert not Scenario.objects.filter(name="Sai").exists()


def test_the_way_from_draft_to_approval_over_http(as_user, people):
    officer, leader = make.user("training"), make.user("leader")
    row = tiny.scenario(officer)
    client = as_user(officer)
    url = reverse("plans:show", args=[row.pk])
    assert "Tính kế hoạch" in text(client.get(url))
    client.post(reverse("plans:solve", args=[row.pk]), {"seconds": 20})
    row.refresh_from_db()
    assert (row.status, row.job.args["seconds"]) == ("solving", 20)
    running = text(client.get(url))
    assert f'hx-get="{url}"' in running
    assert '<noscript><meta http-equiv="refresh" content="5">' in running
    part = client.get(url, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert "Dừng, giữ kết quả này" in text(part)
    with time_machine.travel(make.at(20), tick=True):
        jobs.perform(str(row.job.pk))
    assert client.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    client.post(reverse("plans:submit", args=[row.pk]))
    assert as_user(officer).post(reverse("plans:approve", args=[row.pk])).status_code == 403
    client = as_user(leader)
    assert "Phê duyệt kế hoạch" in text(client.get(url))
    client.post(reverse("plans:approve", args=[row.pk]))
    row.refresh_from_db()
    assert (row.status, row.approved_by) == ("approved", leader)
    assert "Tính lại" not in text(as_user(officer).get(url))


def test_the_curve_is_drawn_while_the_plan_grows(officer, row):
    services.ask_solution(actor=None, scenario=row, at=make.at(20), seconds=60)
    Job.objects.filter(pk=row.job.pk).update(status=Job.Status.RUNNING, started_at=make.at(20), progress=0.3)
    Scenario.objects.filter(pk=row.pk).update(track=[[1.0, 80.0, 120.0], [3.0, 100.0, 110.0]])
    shown = text(officer.get(reverse("plans:show", args=[row.pk]), headers={"HX-Request": "true"}))
    assert 'class="p-line"' in shown
    assert "không phương án nào hơn phương án này quá <strong>10%</strong>" in shown.lower()
    assert "NaN" not in shown


def test_sending_back_shows_the_reason_to_the_planner(as_user, row):
    services.submit_scenario(actor=row.created_by, scenario=row, at=make.at(19))
    leader = as_user(make.user("leader"))
    leader.post(reverse("plans:send_back", args=[row.pk]), {"reason": ""})
    row.refresh_from_db()
    assert row.status == "submitted"
    leader.post(reverse("plans:send_back", args=[row.pk]), {"reason": "Thiếu khối xã"})
    shown = text(as_user(row.created_by).get(reverse("plans:show", args=[row.pk])))
    assert "Thiếu khối xã" in shown
    assert "Trình phê duyệt" in shown


def test_deleting_needs_the_name_typed(officer, row):
    url = reverse("plans:drop", args=[row.pk])
    officer.post(url, {"name": "khác"})
    assert Scenario.objects.filter(pk=row.pk).exists()
    assert officer.post(url, {"name": row.name}).url == reverse("plans:list")
    assert not Scenario.objects.filter(pk=row.pk).exists()


def test_copying_takes_another_budget(officer, row):
    reply = officer.post(reverse("plans:copy", args=[row.pk]), {"name": "Bản hai", "budget": "150"})
    copy = Scenario.objects.get(name="Bản hai")
    assert reply.url == reverse("plans:show", args=[copy.pk])
    assert (copy.budget, copy.status) == (150_000_000, "draft")


def test_comparing_shows_two_to_four_columns_and_the_differences(officer, row):
    other = tiny.kept(tiny.scenario(name="Phương án hai", budget=120_000_000), seats=6)
    draft = tiny.scenario(name="Chưa tính")
    url = reverse("plans:compare")
    shown = text(officer.get(f"{url}?p={row.pk}&p={other.pk}&p={draft.pk}"))
    assert "So sánh 2 phương án" in shown
    assert "1 · 4" in shown
    assert "1 · 6" in shown
    assert "Khóa thử hai" not in shown
    assert 'class="p-dot"' in shown
    for query in ("", f"?p={row.pk}", f"?p={row.pk}&p={draft.pk}", "?p=x&p=99999999999999999999"):
        assert officer.get(url + query).url == reverse("plans:list")


def test_unmet_rules_are_said_with_their_reason(officer, row):
    row.figures["reasons"] = [
        {"rule": "R16", "mandatory": 0, "course": "T1", "done": 3, "needed": 9, "why": "No lecturer can teach the course."},
        {"rule": "R17", "unit": 0, "unit_name": "Sở Nội vụ", "done": 1, "needed": 2, "why": "No course can be taught."},
    ]  # fmt: skip
    row.save()
    shown = text(officer.get(reverse("plans:show", args=[row.pk])))
    assert "Khóa bắt buộc T1" in shown
    assert "Không giảng viên nào dạy được khóa này." in shown
    assert "3 / 9" in shown
    assert "Tỷ lệ tối thiểu của Sở Nội vụ" in shown


def test_the_list_says_who_and_what_and_the_menu_counts_plans_that_wait(as_user, row):
    services.submit_scenario(actor=row.created_by, scenario=row, at=make.at(19))
    shown = text(as_user(make.user("leader")).get(reverse("plans:list")))
    assert row.name in shown
    assert "Đã trình duyệt" in shown
    assert "<b>1<span" in shown
    assert text(as_user(make.user("training")).get(reverse("plans:list") + "?nam=2030")).count("Năm này chưa có") == 2


def test_the_page_of_a_plan_costs_a_bounded_number_of_queries(officer, row, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        officer.get(reverse("plans:show", args=[row.pk]))


def test_size_and_share_go_together_even_when_something_else_is_missing_too(officer):
    reply = officer.post(reverse("plans:new"), {"year": 2027, "unit_size": "10"})
    errors = reply.context["form"].errors
    assert {"name", "unit_share"} <= set(errors)


def test_a_created_scenario_says_what_comes_next(officer):
    told = {"name": "Thử", "year": 2027, "budget": "500", "weeks": "40", "absent": "10", "retest": "50"}
    reply = officer.post(reverse("plans:new"), told, follow=True)
    assert "Đã tạo phương án Thử" in text(reply)


def test_the_slider_computes_only_when_it_is_asked(officer, row, monkeypatch):
    def never(*_args, **_more):
        raise AssertionError("computed without being asked")

    monkeypatch.setattr("nanglucso.develop.plans.trying.loaded", never)
    page = text(officer.get(reverse("plans:whatif", args=[row.pk])))
    assert "Kéo thanh trượt" in page
    assert f'<strong id="chosen">100% = {figures.dong(row.budget)}</strong>' in page
    assert f"<li><span>50%</span><small>{figures.dong(row.budget / 2)}</small></li>" in page
    with pytest.raises(AssertionError):
        officer.get(reverse("plans:whatif", args=[row.pk]), {"muc": "100"})


def test_a_change_by_hand_chooses_its_class_by_name(officer, row):
    page = text(officer.get(reverse("plans:hand", args=[row.pk]), {"lop": "1"}))
    first = row.classes.select_related("course").get(number=1)
    assert f"1. {first.course} (" in page
    assert '<option value="1" selected' in page


def test_a_plan_above_the_funding_of_the_year_says_so(officer, row):
    whole = money.total(row.year)
    for budget, warned in ((whole, False), (whole + 1_000_000, True)):
        Scenario.objects.filter(pk=row.pk).update(budget=budget)
        page = text(officer.get(reverse("plans:show", args=[row.pk])))
        assert ("Phần vượt chỉ mở lớp được sau khi bổ sung nguồn" in page) is warned
