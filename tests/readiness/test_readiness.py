"""Infrastructure of units: survey, sheet, map, investment list, decision; through services and real HTTP."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse

from nanglucso.core.days import local_day
from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.readiness import queries, services
from nanglucso.develop.readiness.models import Facts
from nanglucso.develop.readiness.questionnaire import clean, current
from nanglucso.develop.readiness.scoring import lacking, standing
from nanglucso.kit.spreadsheets import Column, OutSheet, write_xlsx
from nanglucso.measure.gaps.queries import SMALL_GROUP
from tests import make

pytestmark = pytest.mark.django_db
GOOD = {
    "desks": "20", "computers": "20", "computers_old": "0", "signatures": "20", "network": "steady",
    "systems": ["documents", "axis", "services", "reports", "mail"],
}  # fmt: skip
POOR = GOOD | {"computers": "10", "computers_old": "4"}


def asked():
    return current(date(2026, 3, 2))


def told(answers):
    return clean(asked(), answers)[0]


def survey(unit=None):
    units = queries.surveyed_units() if unit is None else [unit]
    return services.open_round(actor=None, name="Khảo sát", due=date(2026, 3, 20), units=units, at=make.AT)


def record(unit, answers, at=make.AT):
    return services.record(actor=None, unit=unit, version=asked().version, answers=answers, day=local_day(at), at=at)


def test_the_weakest_part_decides_and_says_what_is_lacking():
    n = len(asked().question("systems").choices)
    assert standing(told(GOOD), n).equipped
    poor = standing(told(POOR), n)
    assert poor.weakest.rule.code == "devices"
    assert poor.index == pytest.approx((6 / 20) / 0.8)
    (line,) = lacking(told(POOR), n)
    assert (line.purchase.code, line.quantity, line.replaced) == ("computer", 10, 4)
    assert standing(told(GOOD | {"network": "none"}), n).index == 0


def test_what_is_lacking_makes_the_unit_equipped():
    n = len(asked().question("systems").choices)
    for old in range(11):
        answers = told(POOR | {"computers_old": str(old)})
        buy = sum(line.quantity for line in lacking(answers, n) if line.purchase.code == "computer")
        assert standing(answers | {"computers": 10 + buy}, n).equipped


def test_every_fault_of_the_answers_is_told_at_its_question():
    made, faults = clean(asked(), GOOD | {"computers_old": "25", "network": "on dịnh", "desks": "nhiều"})
    assert {one.question for one in faults} == {"computers_old", "desks"}
    assert made["network"] == "steady"
    _made, faults = clean(asked(), {})
    assert {one.question for one in faults} >= {"desks", "computers", "network"}


def test_a_head_fills_in_the_survey_and_it_counts(client):
    unit = make.unit()
    head, row = make.user("head", unit), survey()
    slip = row.slips.get(unit=unit)
    client.force_login(head)
    assert reverse("readiness:slip", args=[slip.pk]) in client.get(reverse("readiness:mine")).content.decode()
    page = reverse("readiness:slip", args=[slip.pk])
    reply = client.post(page, {"saves": 0, "desks": "20", "luu": "1"})
    assert reply.status_code == 302
    assert not Facts.objects.exists()
    reply = client.post(page, {"saves": 1, "desks": "20", "computers": "ba", "gui": "1"})
    assert reply.status_code == 422
    assert 'value="ba"' in reply.content.decode()
    reply = client.post(page, {**GOOD, "saves": 0, "gui": "1"})
    assert reply.status_code == 422
    assert not Facts.objects.exists()
    reply = client.post(page, {**GOOD, "saves": 1, "gui": "1"})
    assert reply.status_code == 302
    assert queries.held_now(unit, Facts.objects.get().day).standing.equipped
    assert queries.slip_counts(row)["sent"] == 1
    assert AuditEntry.objects.filter(verb="readiness.send_slip").exists()


def test_a_contact_may_fill_in_and_a_stranger_not(client):
    unit = make.unit()
    person, other = make.person(unit=unit, login=True), make.person(unit=make.unit("Sở Y tế"), login=True)
    slip = survey(unit).slips.get()
    page = reverse("readiness:slip", args=[slip.pk])
    client.force_login(person.user)
    assert client.get(page).status_code == 404
    line = f'href="{reverse("readiness:mine")}"'
    assert line not in client.get(reverse("learning:mine")).content.decode()
    services.set_contact(actor=None, slip=slip, person=person, at=make.AT)
    assert client.get(page).status_code == 200
    assert line in client.get(reverse("learning:mine")).content.decode()
    client.force_login(other.user)
    assert client.get(page).status_code == 404
    with pytest.raises(Refused):
        services.set_contact(actor=None, slip=slip, person=other, at=make.AT)


def test_a_round_is_the_only_open_one_and_late_units_are_reminded():
    make.city()
    row = survey()
    with pytest.raises(Refused):
        survey()
    late = queries.late(row, date(2026, 3, 2))
    assert services.remind(actor=None, row=row, slips=[late[0].pk], at=make.AT) == 1
    assert queries.late(row, date(2026, 3, 2))[-1] == late[0]
    services.close_round(actor=None, row=row, at=make.AT)
    with pytest.raises(Refused):
        services.save_slip(actor=None, slip=late[0], answers=GOOD, saves=0, send=True, at=make.AT)


def sheet(*rows):
    heads = ["Tên đơn vị", "Số người cần máy tính", "Số máy tính", "Máy cũ", "Chữ ký số", "Internet", "Các hệ thống"]
    file = BytesIO()
    write_xlsx(file, [OutSheet("Hạ tầng", [Column(one, 20) for one in heads], [list(row) for row in rows])])
    file.seek(0)
    return file


def read(*rows):
    return services.read_sheet(actor=None, stream=sheet(*rows), name="a.xlsx", day=date(2026, 3, 1), at=make.AT)


def test_a_sheet_is_read_applied_and_undone():
    unit = make.unit()
    record(unit, POOR, make.at(-30))
    row = read(
        ("So Noi vu", 20, 20, 0, 15, "Ổn định", "Quản lý văn bản và điều hành, Thư công vụ, một cửa, báo cáo"),
        ("Sở Nội vú", 20, 20, 0, 15, "Ổn định", ""),
        ("Sở Y tế", 20, 30, 40, 15, "Ôn đinhh", ""),
    )
    assert [one["name"] for one in row.plan["rows"]] == ["Sở Nội vụ"]
    faults = {(one["row"], one["column"]) for one in row.plan["problems"]}
    assert {(4, "D"), (4, "F")} <= faults
    assert any(place[0] == 3 for place in faults)
    assert queries.held_now(unit, date(2026, 3, 2)).standing.weakest.rule.code == "devices"
    assert services.apply_sheet(actor=None, row=row, at=make.AT) == 1
    assert queries.held_now(unit, date(2026, 3, 2)).standing.equipped
    assert queries.held_now(unit, date(2026, 3, 2)).answers["computers_old"] == 0
    with pytest.raises(Refused):
        services.apply_sheet(actor=None, row=row, at=make.AT)
    assert services.undo_sheet(actor=None, row=row, at=make.AT) == 1
    assert not queries.held_now(unit, date(2026, 3, 2)).standing.equipped


def test_a_blank_cell_leaves_what_the_unit_said_and_is_a_fault_where_it_said_nothing():
    unit, other = make.unit(), make.unit("Sở Y tế")
    record(unit, GOOD | {"protected": "12", "note": "Mạng chậm"}, make.at(-30))
    row = read(("Sở Nội vụ", 10, 10, 0, 9, "Ổn định", ""), ("Sở Y tế", 20, 20, 0, 15, "Ổn định", ""))
    assert [(one["row"], one["column"]) for one in row.plan["problems"]] == [(3, "G")]
    assert services.apply_sheet(actor=None, row=row, at=make.AT) == 1
    held = queries.held_now(unit, date(2026, 3, 2))
    assert held.answers["systems"] == GOOD["systems"]
    assert "protected" not in held.answers  # 12 of 10 computers cannot stand
    assert "note" not in held.answers
    row = read(("Sở Y tế", 20, 20, 0, 15, "Ổn định", "Không"))
    services.apply_sheet(actor=None, row=row, at=make.AT)
    assert queries.held_now(other, date(2026, 3, 2)).standing.weakest.rule.code == "systems"


def test_a_sheet_with_a_closed_unit_changes_nothing():
    one, other = make.unit(), make.unit("Sở Y tế")
    row = read(("Sở Nội vụ", 20, 20, 0, 15, "Ổn định", "mail"), ("Sở Y tế", 20, 20, 0, 15, "Ổn định", "mail"))
    assert len(row.plan["rows"]) == 2
    other.until = date(2026, 3, 2)
    other.save()
    with pytest.raises(Refused):
        services.apply_sheet(actor=None, row=row, at=make.AT)
    assert not Facts.objects.filter(unit=one).exists()


def the_map(names=True, scope=EVERYTHING, at=make.AT):
    return queries.readiness_map(make.framework(), scope, names=names, at=at)


def test_old_figures_count_as_not_known():
    unit = make.unit()
    record(unit, GOOD, make.at(-700))
    place = next(one for one in the_map().places if one.unit == unit)
    assert not place.fresh
    assert place.quarter == queries.UNKNOWN
    assert not queries.ready_units(date(2026, 3, 2))[unit.path].ready


def test_a_small_unit_is_kept_back_from_who_may_not_see_names():
    unit = make.unit()
    for _n in range(SMALL_GROUP - 1):
        make.person(unit=unit)
    record(unit, POOR)
    place = next(one for one in the_map(names=False).places if one.unit == unit)
    assert place.hidden
    assert place.met is None
    assert place.people is None
    assert place.quarter == queries.HIDDEN
    assert not next(one for one in the_map().places if one.unit == unit).hidden
    (package,) = queries.investments(the_map(names=False))
    assert package.assumed


def test_the_list_ranks_by_people_enabled_and_a_leader_decides(client):
    one, other = make.unit(), make.unit("Sở Y tế")
    record(one, POOR)
    record(other, GOOD | {"network": "weak"})
    rows = queries.investments(the_map())
    assert [row.place.unit for row in rows] == [other, one]
    assert rows[0].per_million > rows[1].per_million
    assert rows[1].cost == 10 * 15_000_000
    found = queries.readiness_summary(EVERYTHING, framework=make.framework(), at=make.AT)
    assert found.cost == sum(row.cost for row in rows)
    assert found.answered == 2
    leader, officer = make.user("leader"), make.user("training")
    client.force_login(officer)
    page = reverse("readiness:decide", args=[one.pk])
    assert client.post(page, {"verdict": "taken", "reason": "QĐ 1"}).status_code == 403
    client.force_login(leader)
    client.post(page, {"verdict": "taken", "reason": "QĐ 1"})
    assert queries.decisions([one.pk])[one.pk].by == leader
    assert client.get(reverse("readiness:investments_export")).status_code == 200


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_opens(client, lang, settings):
    unit = make.unit()
    record(unit, POOR, make.at(-1))
    row, made = survey(), read(("Sở Nội vụ", 20, 20, 0, 15, "Ổn định", "mail"), ("Sở ABC", 1, 1, 1, 1, "", ""))
    client.force_login(make.user("training"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    slip = row.slips.get(unit=unit)
    for name, args in (
        ("map", []), ("unit", [unit.pk]), ("investments", []), ("mine", []), ("slip", [slip.pk]), ("rounds", []),
        ("round_new", []), ("round", [row.pk]), ("sheets", []), ("sheet_new", []), ("sheet", [made.pk]), ("template", []),
    ):  # fmt: skip
        assert client.get(reverse(f"readiness:{name}", args=args)).status_code == 200, name
    reply = client.post(reverse("readiness:round_new"), {"name": "x", "due": "01/01/2020", "kinds": ["so"]})
    assert reply.status_code == 422


def test_a_source_carries_over_what_its_rule_allows(client):
    from nanglucso.develop.budget.reporting import Line
    from nanglucso.develop.budget.services import set_source
    from nanglucso.develop.budget.years import carried, over_years

    line = Line("", limit=100, held=60, spent=25)
    assert [carried(line, rule) for rule in ("decision", "all", "none")] == [35, 75, 0]
    for year in (2025, 2026):
        for code in ("thu_su_nghiep", "ns_thanh_pho"):
            set_source(actor=None, code=code, year=year, name_vi=code, amount=5_000_000, at=make.AT)
    years, rows, sums = over_years()
    assert years == [2025, 2026]
    assert [row.state for row in rows] == [True, False]
    assert sums[0].line.limit == 10_000_000
    assert sums[0].carried == 5_000_000
    client.force_login(make.user("leader"))
    assert client.get(reverse("budget:years")).status_code == 200


def test_a_plan_only_for_ready_units_leaves_the_others_out_and_says_why():
    from nanglucso.develop.budget.services import set_source
    from nanglucso.develop.plans import unready
    from nanglucso.develop.plans.building import build
    from nanglucso.develop.plans.services import create_scenario, set_lecturer

    make.catalogue()
    ready, short, silent = make.unit(), make.unit("Sở Y tế"), make.unit("Sở Tư pháp")
    people = [make.person(unit=unit) for unit in (ready, short, silent)]
    set_source(actor=None, code="ns_thanh_pho", year=2026, name_vi="NS", amount=10**9, at=make.AT)
    set_lecturer(actor=None, code="gv", name="Lê Văn Dạy", rate=1_000_000, at=make.AT)
    record(ready, GOOD)
    record(short, POOR)
    told = {"actor": None, "year": 2026, "budget": 10**9, "at": make.AT}
    params = {"unit_minimum": {"size": 1, "share": 1.0}}
    every = build(make.framework(), create_scenario(name="A", **told), at=make.AT)
    only = build(make.framework(), create_scenario(name="B", readiness="ready", **params, **told), at=make.AT)
    place = {int(pk): i for i, pk in enumerate(only.table.ids)}
    needs = [bool(only.instance.open[place[one.pk]].any()) for one in people]
    assert needs == [True, False, False]
    assert all(every.instance.open[place[one.pk]].any() for one in people)
    units = {unit.pk: i for i, unit in enumerate(only.units)}
    assert only.instance.least_trained[units[ready.pk]] == 1
    assert only.instance.least_trained[[units[short.pk], units[silent.pk]]].tolist() == [0, 0]
    assert "unready" not in every.basis
    assert [unready.waits(only.basis, unit) for unit in (ready, short, silent)] == [False, True, True]
    shown = unready.told(only.basis)
    assert shown["people"] == 2
    assert {one["name"]: one["part"] and one["part"].code for one in shown["units"]} == {
        "Sở Y tế": "devices", "Sở Tư pháp": None,
    }  # fmt: skip
