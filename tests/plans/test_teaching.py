"""Teaching weeks: what days off leave, in the plan's dates, in the class that is opened, on the page."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.core.content import read_yaml, root
from nanglucso.core.days import local_day
from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans import building, services, teaching
from nanglucso.develop.plans.models import DayOff, PlannedClass, Scenario
from nanglucso.develop.training.services import open_class
from tests import make
from tests.plans import tiny
from tests.plans.lunar import first_of, lunar

SHIPPED = read_yaml(root() / "calendar" / "days_off.yaml")["days"]
YEARS = range(2026, 2031)


def off(first, last=None, **fields):
    return DayOff(code=f"d{first}", name_vi="Nghỉ", first=first, last=last or first, source="QĐ thử", **fields)


def shipped(name):
    return {row["code"]: row for row in SHIPPED}[name]


@pytest.mark.parametrize(
    ("year", "day"),
    [(1985, "1985-01-21"), (2007, "2007-02-17"), (2023, "2023-01-22"), (2025, "2025-01-29"), (2026, "2026-02-17")],
)
def test_the_lunar_calculation_gives_the_days_of_tet_that_were_held(year, day):
    assert first_of(year, 1).isoformat() == day


@pytest.mark.parametrize("year", YEARS)
def test_the_shipped_days_are_those_of_the_law_and_of_the_moon(year):
    tet = shipped(f"tet-nguyen-dan-{year}")
    assert (tet["first"], tet["last"]) == (lunar(year, 1, 1) - timedelta(days=1), lunar(year, 1, 4))
    assert shipped(f"gio-to-{year}")["first"] == lunar(year, 3, 10)
    for name, day in (("tet-duong-lich", (1, 1)), ("30-4", (4, 30)), ("1-5", (5, 1))):
        assert shipped(f"{name}-{year}")["first"] == shipped(f"{name}-{year}")["last"] == date(year, *day)
    national = shipped(f"quoc-khanh-{year}")
    assert national["first"] <= date(year, 9, 2) <= national["last"]
    assert (national["last"] - national["first"]).days == 1


@pytest.mark.parametrize("year", YEARS)
def test_eleven_working_days_are_off_in_every_year_and_none_is_given_twice(year):
    """Article 112: 1 + 5 + 1 + 1 + 2 + 1 days; one on a weekend is made up for on a working day (article 111)."""
    rows = [row for row in SHIPPED if row["first"].year == year]
    days = [row["first"] + timedelta(days=n) for row in rows for n in range((row["last"] - row["first"]).days + 1)]
    assert len(days) == len(set(days))
    assert len([day for day in days if day.weekday() < 5]) == 11


def test_a_week_with_too_few_working_days_gets_no_number_and_the_year_grows_longer():
    monday = date(2027, 2, 1)
    rows = [off(date(2027, 2, 5), date(2027, 2, 11)), off(date(2027, 2, 17))]
    weeks = teaching.calendar(monday, 3, 3, rows)
    assert [(w.monday.day, w.days, w.number) for w in weeks] == [(1, 4, 0), (8, 1, None), (15, 4, 1), (22, 5, 2)]
    assert [len(w.off) for w in weeks] == [1, 1, 1, 0]
    assert [w.number for w in teaching.calendar(monday, 3, 5, rows)] == [None, None, None, 0, 1, 2]
    assert [w.number for w in teaching.calendar(monday, 3, 1, rows)] == [0, 1, 2]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 12)), max_size=8), st.integers(1, 52), st.integers(1, 5))
def test_teaching_weeks_are_numbered_without_a_gap_and_none_lacks_days(spans, n, least):
    first = date(2026, 3, 2)
    rows = [off(first + timedelta(days=a), first + timedelta(days=a + b)) for a, b in spans]
    weeks = teaching.calendar(first, n, least, rows)
    assert [w.number for w in weeks if w.number is not None] == list(range(n))
    assert all((w.number is None) == (w.days < least) for w in weeks)
    gone = teaching.off_days(rows)
    assert all(w.days == sum(w.monday + timedelta(days=d) not in gone for d in range(5)) for w in weeks)


def test_days_off_without_end_leave_no_plan():
    with pytest.raises(ValueError, match="no room"):
        teaching.calendar(date(2027, 1, 4), 4, 3, [off(date(2027, 1, 1), date(2029, 1, 1))])


def planned(first, last):
    """The hand-made plan of the tiny city (classes in teaching weeks 0 and 1) with these days off on record."""
    told = {"name_vi": "Nghỉ", "first": first, "last": last, "source": "QĐ 1", "at": make.AT}
    services.set_day_off(actor=None, code="n", **told)
    return tiny.kept(tiny.scenario())


def test_a_plan_has_no_class_in_a_week_without_capacity_and_keeps_its_dates_when_days_change(people):
    blocked = tiny.FIRST + timedelta(weeks=1)
    plan = planned(blocked, blocked + timedelta(days=4))
    assert plan.basis["mondays"][:2] == [tiny.FIRST.isoformat(), (tiny.FIRST + timedelta(weeks=2)).isoformat()]
    assert len(plan.basis["mondays"]) == plan.weeks
    one, two = PlannedClass.objects.filter(scenario=plan).select_related("scenario")
    assert (one.first_day, one.last_day) == (tiny.FIRST, tiny.FIRST + timedelta(days=4))
    assert two.first_day == tiny.FIRST + timedelta(weeks=2)
    assert plan.monday(plan.weeks) == plan.monday(plan.weeks - 1) + timedelta(weeks=1)
    assert plan.last_day == tiny.FIRST + timedelta(weeks=plan.weeks, days=4)
    year = teaching.year_of(plan)
    assert (year.left_out, year.outdated) == (1, False)
    DayOff.objects.update(active=False)
    plan.refresh_from_db()
    assert plan.monday(1) == tiny.FIRST + timedelta(weeks=2)
    assert teaching.year_of(plan).outdated


def test_a_class_opened_in_a_week_with_a_holiday_meets_on_the_days_that_are_left(people):
    plan = planned(tiny.FIRST, tiny.FIRST + timedelta(days=1))
    Scenario.objects.filter(pk=plan.pk).update(status=Scenario.Status.APPROVED)
    row = PlannedClass.objects.get(scenario=plan, number=1)
    opened = open_class(actor=make.user("training"), planned=row, at=make.at(400))
    assert opened.starts_on == min(local_day(one.starts_at) for one in opened.sessions.all())
    assert opened.starts_on == tiny.FIRST + timedelta(days=2)
    assert opened.ends_on == row.last_day


def test_a_plan_that_days_off_leave_no_weeks_for_is_refused(people):
    for n in range(10):
        first = tiny.FIRST + timedelta(days=50 * n)
        told = {"name_vi": "Nghỉ", "first": first, "last": first + timedelta(days=49), "source": "QĐ", "at": make.AT}
        services.set_day_off(actor=None, code=f"n{n}", **told)
    with pytest.raises(Refused, match="Ngày nghỉ"):
        tiny.kept(tiny.scenario())


def test_a_lecturer_teaches_the_domains_and_the_single_courses_that_are_named(people):
    told = {"actor": None, "code": "g2", "name": "Giảng viên Thử Hai", "rate": 1_200_000, "at": make.AT}
    services.set_lecturer(**told, families=["S5"], courses=["T1"])
    built = building.build(make.framework(), tiny.scenario(), at=make.at(1))
    place = {one.code: i for i, one in enumerate(built.lecturers)}
    codes = [course.code for course in built.courses]
    able = lambda who: [codes[c] for c in range(len(codes)) if built.instance.can[place[who], c]]  # noqa: E731
    assert (able("g1"), able("g2")) == (["T1", "T2", "T3"], ["T1", "T3"])


def test_pay_stays_within_the_legal_maximum_of_the_class(people):
    told = {"actor": None, "code": "g1", "name": "Giảng viên Thử Một", "at": make.at(1)}
    with pytest.raises(Refused, match=r"4\.000\.000.*100/2025/TT-BTC") as refused:
        services.set_lecturer(**told, rate=4_000_001)
    assert refused.value.field == "rate"
    services.set_lecturer(**told, rate=4_000_000)
    with pytest.raises(Refused, match=r"2\.000\.000"):
        services.set_lecturer(**told, rate=3_000_000, pay_class="assistant_session")
    services.set_lecturer(**told, rate=9_000_000, pay_class="foreign_lecturer")
    entry = AuditEntry.objects.filter(verb="plans.set_lecturer").first()
    assert entry.details["changes"] == {
        "rate": [4_000_000, 9_000_000], "pay_class": ["lecturer_session", "foreign_lecturer"]
    }  # fmt: skip


@pytest.mark.django_db
def test_days_off_are_loaded_once_and_what_the_city_changed_stays():
    n = services.load_days_off(at=make.AT)
    assert n == len(SHIPPED) == DayOff.objects.count()
    tet = DayOff.objects.get(code="tet-nguyen-dan-2027")
    told = {"name_vi": tet.name_vi, "first": date(2027, 2, 4), "last": date(2027, 2, 10), "kind": "own", "at": make.AT}
    services.set_day_off(actor=make.user("training"), code=tet.code, source="QĐ 99/QĐ-TTg", **told)
    assert services.load_days_off(at=make.AT) == 0
    tet.refresh_from_db()
    assert (tet.first, tet.source) == (date(2027, 2, 4), "QĐ 99/QĐ-TTg")
    entry = AuditEntry.objects.get(verb="plans.set_day_off")
    assert entry.details["changes"]["first"] == ["2027-02-05", "2027-02-04"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [({"source": " "}, "source"), ({"last": date(2027, 1, 1)}, "last"), ({"last": date(2027, 9, 1)}, "last")],
)
def test_what_cannot_be_meant_is_refused(changed, field):
    told = {"name_vi": "Nghỉ", "first": date(2027, 2, 1), "last": date(2027, 2, 3), "source": "QĐ", "at": make.AT}
    with pytest.raises(Refused) as refused:
        services.set_day_off(actor=None, code="x", **{**told, **changed})
    assert refused.value.field == field
    assert not DayOff.objects.exists()


@pytest.mark.django_db
def test_the_page_adds_days_off_shows_them_with_their_source_and_says_what_was_changed(as_user):
    make.city()
    client = as_user(make.user("training"))
    typed = {"name_vi": "Đại hội thành phố", "first": "05/04/2027", "last": "07/04/2027", "kind": "own",
             "source": "KH 12/KH-UBND", "active": "on"}  # fmt: skip
    wrong = client.post(reverse("plans:day_off_new"), {**typed, "last": "01/04/2027"})
    assert "Đại hội thành phố" in wrong.content.decode()
    assert not DayOff.objects.exists()
    assert client.post(reverse("plans:day_off_new"), typed).url == reverse("plans:means")
    row = DayOff.objects.get()
    page = client.get(reverse("plans:means")).content.decode()
    assert "KH 12/KH-UBND" in page
    client.post(reverse("plans:day_off", args=[row.pk]), {**typed, "last": "08/04/2027", "source": "KH 13/KH-UBND"})
    page = client.get(reverse("plans:day_off", args=[row.pk])).content.decode()
    assert "2027-04-07" in page
    assert "KH 13/KH-UBND" in page


def test_the_plan_s_page_tells_of_weeks_left_out_and_of_days_changed_later(people, as_user):
    blocked = tiny.FIRST + timedelta(weeks=1)
    plan = planned(blocked, blocked + timedelta(days=4))
    client = as_user(make.user("training"))
    page = client.get(reverse("plans:show", args=[plan.pk])).content.decode()
    assert f"{blocked:%d/%m/%Y}" in page
    assert "không có lớp" in page
    assert "Ngày nghỉ đã được sửa" not in page
    DayOff.objects.update(active=False)
    assert "Ngày nghỉ đã được sửa" in client.get(reverse("plans:show", args=[plan.pk])).content.decode()


def test_the_lecturer_s_form_keeps_what_was_typed_and_says_what_the_law_allows(people, as_user):
    client, row = as_user(make.user("training")), tiny.lecturer()
    typed = {"name": row.name, "qualification": "Thạc sĩ công nghệ thông tin", "pay_class": "lecturer_session",
             "rate": "5.000.000", "week_max": 4, "quarter_max": 20, "families": ["S5"], "active": "on"}  # fmt: skip
    wrong = client.post(reverse("plans:lecturer", args=[row.pk]), typed).content.decode()
    assert "5.000.000" in wrong
    assert "100/2025/TT-BTC" in wrong
    assert client.post(reverse("plans:lecturer", args=[row.pk]), {**typed, "rate": "1.600.000"}).status_code == 302
    row.refresh_from_db()
    assert (row.families, row.rate, row.qualification) == (["S5"], 1_600_000, "Thạc sĩ công nghệ thông tin")
    past = client.get(reverse("plans:lecturer", args=[row.pk])).content.decode()
    assert "1.500.000" in past
