"""The catalogue, what a course costs, and the means."""

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from nanglucso.develop.budget.models import Rate
from nanglucso.develop.budget.queries import rates_by_code
from nanglucso.develop.plans import costing, services
from nanglucso.develop.plans.models import Course, Lecturer, Venue
from nanglucso.workforce.people.models import TravelArea
from tests import make
from tests.plans import tiny

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(make.at(20), tick=False):
        yield


@pytest.fixture
def officer(as_user, people):
    return as_user(make.user("training"))


def text(reply) -> str:
    return reply.content.decode()


def test_shipped_catalogue_has_at_least_24_courses_that_all_can_be_costed(db):
    make.catalogue()
    rates = rates_by_code(make.AT.date())
    courses = Course.objects.filter(active=True).prefetch_related("covers")
    assert courses.count() >= 24
    for course in courses:
        forms = costing.form_costs(course, rates)
        assert forms
        assert course.covers.all()
        for form in forms:
            assert form.class_cost > 0
            assert form.seat_cost > 0
            assert form.a_head < form.class_cost + form.seat_cost


def test_cost_of_a_class_and_a_seat_by_hand(people):
    form = costing.form_costs(Course.objects.get(code="T2"), rates_by_code(make.AT.date()))[0]
    assert form.class_cost == round(1.08 * (300_000 + 2 * 1_500_000 + 2 * 1_000_000))
    assert form.seat_cost == round(1.08 * 40_000)
    assert form.full_cost == form.class_cost + 4 * form.seat_cost
    assert (form.prior, form.measured, form.taken) == (0.55, None, 0.55)


def test_a_rate_without_an_amount_leaves_the_cost_open(people):
    Rate.objects.filter(code="stationery_class").update(amount=None)
    form = costing.form_costs(Course.objects.get(code="T2"), rates_by_code(make.AT.date()))[0]
    assert (form.class_cost, form.full_cost, form.a_head) == (None, None, None)
    assert form.seat_cost == 43_200


def test_the_catalogue_filters_by_domain(officer):
    shown = text(officer.get(reverse("plans:catalogue") + "?linh-vuc=S5"))
    assert "Khóa thử ba" in shown
    assert "Khóa thử một" not in shown


def test_a_course_shows_prior_and_measured_effect_and_its_prerequisites(officer):
    course = Course.objects.get(code="T1")
    services.set_measured_effect(actor=None, course=course, form="online", share=0.65, people=60, at=make.at(1))
    shown = text(officer.get(reverse("plans:course", args=["T1"])))
    assert "giả định 35%, đo được 65% trên 60 người" in shown
    assert "<strong>50%</strong>" in shown
    assert "Khóa thử hai" in shown
    assert officer.get(reverse("plans:course", args=[course.pk])).url == reverse("plans:course", args=["T1"])
    assert officer.get(reverse("plans:course", args=["khong-co"])).status_code == 404


def test_a_room_is_added_changed_and_put_out_of_use(officer):
    area = TravelArea.objects.get(code="ST")
    typed = {"name": "Hội trường Mới", "area": area.pk, "seats": 80, "buoi_week": 10, "rate": "750.000", "active": "on"}
    assert officer.post(reverse("plans:venue_new"), typed | {"assumed": "on"}).url == reverse("plans:means")
    row = Venue.objects.get(name="Hội trường Mới")
    assert (row.code, row.rate, row.assumed, row.active) == ("hoi-truong-moi", 750_000, True, True)
    typed.pop("active")
    assert f"<p>{row.code}</p>" not in text(officer.get(reverse("plans:venue", args=[row.pk])))
    officer.post(reverse("plans:venue", args=[row.pk]), typed)
    row.refresh_from_db()
    assert (row.assumed, row.active, Venue.objects.count()) == (False, False, 2)
    shown = text(officer.post(reverse("plans:venue", args=[row.pk]), typed | {"rate": "rẻ"}))
    assert "ví dụ 600.000" in shown
    assert 'value="rẻ"' in shown


def test_the_history_of_a_room_names_its_area_in_the_readers_language(officer):
    area = TravelArea.objects.get(code="ST")
    told = {"name": "Phòng A", "seats": 8, "buoi_week": 1, "rate": 0, "at": make.AT}
    row = services.set_venue(actor=None, code="phong-a", area=area, **told)
    assert f"Khu vực: {area.name_vi}" in text(officer.get(reverse("plans:venue", args=[row.pk])))
    officer.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert f"Area: {area.name_en}" in text(officer.get(reverse("plans:venue", args=[row.pk])))


def test_two_rooms_of_one_name_get_two_codes(officer):
    typed = {"name": "Phòng A", "area": TravelArea.objects.get(code="ST").pk, "seats": 8, "buoi_week": 1, "rate": "0"}
    for _ in range(2):
        officer.post(reverse("plans:venue_new"), typed)
    assert sorted(Venue.objects.filter(name="Phòng A").values_list("code", flat=True)) == ["phong-a", "phong-a-2"]


def test_a_lecturer_keeps_the_courses_they_can_teach(officer):
    typed = {"name": "Người Dạy", "rate": "1.400.000", "week_max": 5, "quarter_max": 30, "courses": ["T1", "T3"],
             "pay_class": "lecturer_session", "active": "on"}  # fmt: skip
    officer.post(reverse("plans:lecturer_new"), typed)
    row = Lecturer.objects.get(name="Người Dạy")
    assert (row.rate, row.courses, row.week_max) == (1_400_000, ["T1", "T3"], 5)
    assert "checked" in text(officer.get(reverse("plans:lecturer", args=[row.pk])))


def test_assumed_means_are_marked_and_only_the_citys_officer_changes_them(as_user, officer):
    shown = text(officer.get(reverse("plans:means")))
    assert "1 mục là giả định" in shown
    assert reverse("plans:venue_new") in shown
    small = as_user(make.user("training", unit=make.unit()))
    assert reverse("plans:venue_new") not in text(small.get(reverse("plans:means")))
    assert small.get(reverse("plans:venue_new")).status_code == 403
    assert small.post(reverse("plans:lecturer", args=[tiny.lecturer().pk]), {}).status_code == 403
