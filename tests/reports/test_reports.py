"""The year page, the leader's page and the yearly report say what the records say."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.training import queries as training_queries
from nanglucso.develop.training import questionnaires
from nanglucso.develop.training import services as training
from nanglucso.develop.training.models import ClassEffect, Enrolment
from nanglucso.govern.reports import leading, queries, yearly
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.gaps.services import take_snapshot
from nanglucso.workforce.people.models import Position
from tests import make
from tests.gaps.believed import below
from tests.training.planned import attended, finished, opened, scenario

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived():
    """Two classes have ended; one of three people was in both, one woman never came."""
    anna, bao, chi = (make.person(name, gender="f") for name in ("Lê Thị An", "Trần Thị Bảo", "Phạm Thị Chi"))
    first, second = opened([anna, bao, chi]), opened([anna], course="S5-CB-01")
    attended(first, [anna, bao])
    attended(second, [anna])
    for row in (first, second):
        training.finish_class(actor=None, framework=make.framework(), training_class=row, at=make.at(40))
    return first, second


def test_the_yearly_report_counts_attendances_and_people_apart(lived):
    told = yearly.figures(2026, at=make.at(300))
    assert (told["finished"], told["totals"]["seats"], told["totals"]["people"]) == (2, 3, 2)
    assert told["totals"]["women"] == 2
    assert told["made_up"]
    assert sum(row["seats"] for row in told["results"]) == told["totals"]["seats"]
    assert sum(row["classes"] for row in told["contents"]) == 2


def test_a_post_of_both_levels_counts_where_the_learner_works():
    post = Position.objects.filter(group="b", unit_kinds__icontains='"so"').filter(unit_kinds__icontains='"xa"').first()
    people = [
        make.person(unit=make.unit(name), position=post) for name in ("Sở Nội vụ", "Phường Cái Khế", "Xã Thạnh An")
    ]
    row = opened(people)
    attended(row, people)
    training.finish_class(actor=None, framework=make.framework(), training_class=row, at=make.at(40))
    told = {one["name"]: one["people"] for one in yearly.figures(2026, at=make.at(300))["results"]}
    assert told == {"Công chức chuyên môn cấp thành phố": 1, "Công chức chuyên môn cấp xã": 2}


def test_the_six_objects_of_evaluation_come_from_the_sheets_once_there_are_enough():
    people = [make.person() for _ in range(5)]
    row = finished(people)
    asked = questionnaires.asked_for("sau-lop", make.AT.date()).questions
    end = row.closed_at + timedelta(days=40)
    for person in people:
        assert yearly.figures(2026, at=end)["quality"] == []
        answers = {one.id: 5 if one.object == "lecturers" else 3 for one in asked}
        training.evaluate(
            actor=None,
            training_class=row,
            person=person,
            form="sau-lop",
            answers=answers,
            at=row.closed_at + timedelta(1),
        )
    told = {one["name"]: (one["answers"], one["mean"]) for one in yearly.figures(2026, at=end)["quality"]}
    assert told["Giảng viên"] == (5, 5.0)
    assert told["Chương trình"] == (5, 3.0)
    assert told["Hiệu quả sau bồi dưỡng"] == (0, None)
    assert len(told) == 6


def test_money_spent_is_what_the_book_has_paid_not_what_was_planned(lived):
    assert queries.spent(2026)[0] == 0
    for row in lived:
        training.settle_cost(actor=None, training_class=row, cost=row.cost - 100_000, at=make.at(300))
    spent, _given = queries.spent(2026)
    assert spent == sum(row.cost for row in lived)
    assert sum(row.spent for row in leading.money_rows(2026)) == spent


def test_effects_of_a_course_are_those_that_training_pools(lived):
    first, second = lived
    for row, shift, error in ((first, 0.2, 0.1), (second, 0.8, 0.2)):
        ClassEffect.objects.create(
            training_class=row, course=first.course, people=10, shift=shift, standard_error=error, low=0, high=1,
            method="x", measured_at=make.at(50),
        )  # fmt: skip
    (pooled,) = leading.course_effects()
    (told,) = training_queries.by_course()
    assert (pooled.shift, pooled.low, pooled.high) == (told.whole.mean, told.whole.low, told.whole.high)
    assert 0.2 < pooled.shift < 0.5, "nearer to the better known class"
    assert (pooled.people, pooled.classes) == (20, 2)
    assert pooled.low < pooled.shift < pooled.high


def test_the_drawing_of_effects_holds_every_interval_whole(as_user, lived):
    first, second = lived
    for row, shift in ((first, -1.2), (second, 0.3)):
        ClassEffect.objects.create(
            training_class=row, course=row.course, people=10, shift=shift, standard_error=0.1, low=0, high=1,
            method="x", measured_at=make.at(50),
        )  # fmt: skip
    rows = leading.course_effects()
    assert len(rows) == 2
    assert min(row.low for row in rows) < -0.5
    start, end = rows[0].ends
    for row in rows:
        assert row.ends == (start, end), "one axis for all"
        ends = float(row.x_low), float(row.x_low) + float(row.band)
        assert 0 < ends[0] < float(row.x) < ends[1] < 100
        assert ends[1] - ends[0] == pytest.approx(100 * (row.high - row.low) / (end - start), abs=0.2)
        assert float(row.zero) == pytest.approx(-100 * start / (end - start), abs=0.1)
    with time_machine.travel(make.at(60), tick=False):
        page = as_user(make.user("leader")).get(reverse("reports:leader")).content.decode()
    assert all(f'<rect x="{row.x_low}%" y="4" width="{row.band}%"' in page for row in rows)
    assert f'<line x1="{rows[0].zero}%"' in page


@pytest.mark.parametrize("bands", [[], [(0.2, 0.9)], [(-1.2, -0.1)], [(0.0, 0.0)]])
def test_the_axis_of_effects_always_holds_zero(bands):
    start, end = leading.axis(bands)
    assert start < 0 < end


def test_small_communes_and_unmeasured_ones_show_no_figure():
    for number in range(6):
        make.person(f"Lê Thị Số {number}", unit=make.unit("Phường Cái Khế"))
    make.person("Lê Thị Một", unit=make.unit("Phường Ninh Kiều"))
    tiles = {t.name: t for area in leading.commune_tiles(make.framework(), EVERYTHING, make.AT) for t in area.tiles}
    assert tiles["Ninh Kiều"].percent is None
    assert tiles["Cái Khế"].percent is None
    assert len(tiles) == 103


def test_the_strip_has_five_steps_and_each_leads_somewhere(lived):
    counts = queries.city_counts(make.framework(), make.at(60))
    strip = queries.year_strip(counts, year=2026, at=make.at(60))
    assert len(strip) == 5
    assert all(stage.address.startswith("/") for stage in strip)
    assert strip[3].done == 100


def test_a_class_whose_last_day_has_passed_waits_to_be_closed():
    person = make.person()
    row = opened([person])
    attended(row, [person])
    (todo,) = [t for t in queries.todos(year=2026, at=make.at(90)) if t.detail == row.code]
    assert todo.late > 0
    assert todo.address == reverse("training:show", args=[row.pk])


def test_a_closed_re_measurement_names_its_course_whatever_it_is_called(lived):
    (row, _other), person = lived, make.person()
    again = training.open_retest(
        actor=None, framework=make.framework(), training_class=row, people=[person], at=make.at(41)
    )
    Campaign.objects.filter(pk=again.pk).update(status="closed", name_vi="Đo lại quý bốn")
    address = reverse("assessments:campaign", args=[again.pk])
    (todo,) = [t for t in queries.todos(year=2026, at=make.at(90)) if t.address == address]
    assert todo.detail == f"{row.course.name} · Đo lại quý bốn"


@pytest.mark.parametrize(("role", "name"), [("training", "year"), ("leader", "leader"), ("leader", "yearly")])
def test_the_pages_open_in_both_languages(as_user, lived, role, name):
    take_snapshot(actor=None, framework=make.framework(), label="Đầu năm", at=make.at(1))
    client = as_user(make.user(role))
    with time_machine.travel(make.at(60), tick=False):
        for lang in ("vi", "en"):
            page = client.get(reverse(f"reports:{name}"), {"lang": lang})
            assert page.status_code == 200
            assert f'lang="{lang}"' in page.content.decode()


def test_the_yearly_report_is_vietnamese_for_an_english_reader_too(as_user, lived):
    client = as_user(make.user("leader"))
    with time_machine.travel(make.at(60), tick=False):
        pages = {lang: client.get(reverse("reports:yearly"), {"lang": lang}).content.decode() for lang in ("vi", "en")}
    assert "is issued in Vietnamese" in pages["en"]
    bodies = {lang: page.partition('translate="no" class="stack text">')[2] for lang, page in pages.items()}
    ends = {lang: body.partition("trân trọng báo cáo")[0] for lang, body in bodies.items()}
    assert ends["vi"] == ends["en"]
    assert 'data-l="Thực hiện (đồng)"' in ends["en"]
    assert "chưa có số liệu" in ends["vi"]


def test_the_change_is_held_against_the_first_snapshot_in_both_languages(as_user):
    make.person()
    for day in (1, 20):
        take_snapshot(actor=None, framework=make.framework(), label=f"Ngày {day}", at=make.at(day))
    client = as_user(make.user("training"))
    with time_machine.travel(make.at(60), tick=False):
        for lang, said in (("vi", "so với lần chốt số đầu tiên"), ("en", "points since the first snapshot")):
            assert said in client.get(reverse("reports:year"), {"lang": lang}).content.decode()


def test_a_measured_department_stands_on_the_leaders_page_while_no_commune_has_a_figure(as_user):
    for name, n in (("Sở Nội vụ", 8), ("Sở Tài chính", 5), ("Sở Tư pháp", 3)):
        for i in range(n):
            below(make.person(f"Lê Thị {name} {i}", unit=make.unit(name)))
    (told,) = leading.department_tiles(make.framework(), EVERYTHING, make.at(2))
    assert [(tile.name, tile.percent) for tile in told.tiles] == [("Sở Nội vụ", 100)], (
        "three people, and who hides them"
    )
    with time_machine.travel(make.at(60), tick=False):
        page = as_user(make.user("leader")).get(reverse("reports:leader")).content.decode()
    assert "Chưa xã, phường nào có đủ số liệu." in page
    assert "Cần Thơ, ngày " in page


def test_a_plan_that_was_not_computed_has_no_document(as_user):
    row = scenario(status=Scenario.Status.DRAFT)
    client = as_user(make.user("training"))
    assert client.get(reverse("reports:plan_document", args=[row.pk, "pdf"])).status_code == 404


def test_the_yearly_report_comes_as_word_and_pdf_and_is_logged(as_user, lived):
    from nanglucso.core.models import AuditEntry

    client = as_user(make.user("training"))
    with time_machine.travel(make.at(60), tick=False):
        for kind, magic in (("docx", b"PK"), ("pdf", b"%PDF")):
            reply = client.get(reverse("reports:yearly_file", args=[2026, kind]))
            assert reply.content.startswith(magic)
    assert AuditEntry.objects.filter(verb="reports.yearly_file").count() == 2
    assert Enrolment.objects.filter(status=Enrolment.Status.NO_SHOW).count() == 1
