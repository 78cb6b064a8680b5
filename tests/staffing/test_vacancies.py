"""Fit, suggestion, alternatives, decision, succession: figures equal to the engines', scopes, and nothing automatic."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from django.urls import reverse
from scipy.optimize import linear_sum_assignment

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.develop.staffing import queries, services
from nanglucso.develop.staffing.models import Decision, Suggestion, Vacancy
from nanglucso.develop.staffing.queries.steps import climb, steps
from nanglucso.develop.staffing.queries.vacancies import allowed
from nanglucso.project.demo import arrangement
from nanglucso.workforce.people.models import Position
from tests import make
from tests.gaps.believed import believe

pytestmark = pytest.mark.django_db
POST = "VTVL-SO-TH-01"


def expert(theta: float, unit: str = "Sở Nội vụ", code: str = "VTVL-XA-TH-01", **told):
    return believe(make.person(unit=make.unit(unit), position=make.position(code), **told), theta)


def vacancy(unit: str = "Sở Nội vụ", code: str = POST) -> Vacancy:
    told = {"since": date(2026, 5, 1), "at": make.AT}
    return services.add_vacancy(actor=None, unit=make.unit(unit), position=make.position(code), **told)[0]


def suggest(scope: Scope = EVERYTHING, **told) -> Suggestion:
    return services.suggest(actor=None, framework=make.framework(), scope=scope, at=make.AT, **told)


def decide(row: Vacancy, person, scope: Scope = EVERYTHING, **told) -> Decision:
    first = {"authority": "Chủ tịch Ủy ban nhân dân thành phố", "reason": "Phù hợp yêu cầu của vị trí."}
    return services.decide(
        actor=None, framework=make.framework(), vacancy=row, person=person, scope=scope, at=make.AT, **first | told
    )


def test_the_fittest_comes_first_with_what_is_met_missing_and_how_long():
    strong, weak = expert(4.0), expert(-4.0)
    row = vacancy()
    lines = queries.candidates(make.framework(), row, scope=EVERYTHING, at=make.AT)
    assert [line.person for line in lines] == [strong, weak]
    needs = dict(row.position.requirements.values_list("competence__code", "level"))
    first, last = lines[0].candidate, lines[1].candidate
    assert set(first.met) == set(needs)
    assert (first.missing, first.tiet) == ((), 0)
    assert {code for code, _level in last.missing} == set(needs)
    assert all(0 < level <= needs[code] for code, level in last.missing)
    hours = sum(level for _code, level in last.missing) * queries.figures()["tiet_per_level"]
    assert last.tiet == pytest.approx(hours, abs=1)
    assert set(last.must) == set(
        row.position.requirements.filter(must_have=True).values_list("competence__code", flat=True)
    )


def test_who_was_never_measured_is_not_yet_known_and_said_so():
    person = make.person(position=make.position("VTVL-XA-TH-01"))
    line = queries.candidates(make.framework(), vacancy(), scope=EVERYTHING, at=make.AT)[0]
    assert line.person == person
    assert not line.candidate.measured
    assert line.candidate.unknown


def test_a_person_beside_a_position_requirement_by_requirement(as_user):
    person, position = expert(-4.0), make.position(POST)
    line, parts = queries.fit_of(make.framework(), person, position, at=make.AT)
    needs = dict(position.requirements.values_list("competence__code", "level"))
    assert {part.code: part.required for part in parts} == needs
    assert {part.code for part in parts if part.word == "not_met"} == {code for code, _n in line.candidate.missing}
    assert sum(part.open for part in parts) * queries.figures()["tiet_per_level"] == pytest.approx(
        line.candidate.tiet, abs=1
    )
    assert all(part.percent <= 10 and part.tiet > 0 for part in parts)
    address = reverse("staffing:fit", args=[person.pk])
    shown = as_user(make.user("training")).get(address, {"vi-tri": position.pk}).content.decode()
    assert all(code in shown for code in needs)
    assert f"{line.percent}%" in shown
    own = as_user(make.user("training")).get(address, {"vi-tri": "x"}).content.decode()
    assert person.position.title in own


def test_the_suggestion_is_the_optimum_of_scipy_over_who_may_be_moved():
    rng = np.random.default_rng(3)
    for theta in rng.normal(0, 1.2, 14):
        expert(float(theta))
    for code in (POST, POST, "VTVL-XA-TH-01"):
        vacancy("Sở Tài chính", code)
    made = suggest(floor=0.0)
    seats = list(Vacancy.objects.order_by("pk"))
    people = queries.pool(scope=EVERYTHING)
    table = queries.fit_table(make.framework(), people, [seat.position for seat in seats], at=make.AT)
    fit = table.fit[:, [table.column[seat.position_id] for seat in seats]]
    assert allowed(people, seats).all()
    rows, columns = linear_sum_assignment(fit, maximize=True)
    assert made.total == pytest.approx(fit[rows, columns].sum())
    assert sum(line["fit"] for line in made.lines) == pytest.approx(made.total, abs=1e-3)
    assert len({line["person"] for line in made.lines}) == 3


def test_nobody_stays_in_place_goes_down_or_jumps_two_steps():
    row = vacancy()
    holder = expert(4.0, code=POST)
    boss = believe(make.person(position=Position.objects.filter(group="a").first()), 4.0)
    support = believe(make.person(position=Position.objects.filter(group="c", is_generic=False).first()), 4.0)
    people = queries.pool(scope=EVERYTHING)
    may = dict(zip(people.values_list("pk", flat=True), allowed(people, [row])[:, 0], strict=True))
    assert (may[holder.pk], may[boss.pk], may[support.pk]) == (False, False, True)


@pytest.mark.parametrize(
    ("held", "wanted", "up"),
    [
        ("VTVL-CQ-LX-01", "VTVL-SO-VT-01", 1),  # driver, registry clerk
        ("VTVL-SO-VT-01", "VTVL-SO-TP-02", 1),  # clerk, deputy head of a division
        ("VTVL-SO-TH-01", "VTVL-SO-TP-01", 1),
        ("VTVL-SO-TP-02", "VTVL-SO-TP-01", 0),  # one step: heads and deputies of divisions
        ("VTVL-SO-TP-01", "VTVL-SO-LD-02", 1),  # head of a division, deputy director
        ("VTVL-SO-LD-02", "VTVL-SO-LD-01", 1),
        ("VTVL-SO-VT-01", "VTVL-SO-LD-02", 2),
        ("VTVL-SO-TH-01", "VTVL-SO-LD-01", 3),
        ("VTVL-SO-LD-01", "VTVL-SO-LD-02", -1),
        ("VTVL-XA-TH-01", "VTVL-SO-TH-01", 0),
        ("VTVL-XA-TP-02", "VTVL-XA-LD-02", 1),
        ("VTVL-XA-LD-03", "VTVL-XA-LD-01", 1),
        ("VTVL-XA-LD-01", "VTVL-SO-LD-02", 0),  # a commune's chair, a deputy director
        ("VTVL-XA-LD-02", "VTVL-SO-LD-01", 2),
        ("VTVL-SO-TP-01", "VTVL-XA-LD-01", 1),
        ("VTVL-SO-TP-01", "VTVL-SN-LD-01", 0),  # a division, a service unit
    ],
)
def test_the_steps_from_post_to_post(held, wanted, up):
    one, other = make.position(held), make.position(wanted)
    known = steps()
    assert climb(known[one.pk], known[other.pk]) == up


def test_a_department_is_led_next_by_its_deputy_and_a_clerk_is_not_proposed():
    told = {
        code: believe(make.person(unit=make.unit("Sở Nội vụ"), position=make.position(code)), theta)
        for code, theta in (
            ("VTVL-SO-LD-01", 0.0), ("VTVL-SO-LD-02", 0.0), ("VTVL-SO-TP-01", 0.0), ("VTVL-SO-VT-01", 5.0),
            ("VTVL-SO-CNTT-01", 5.0),
        )
    }  # fmt: skip
    holders = [told["VTVL-SO-LD-01"], told["VTVL-SO-LD-02"], told["VTVL-SO-TP-01"]]
    rows = queries.succession(make.framework(), holders, scope=EVERYTHING, at=make.AT)
    assert [line.person for line in rows[0].lines] == [told["VTVL-SO-LD-02"]]
    assert [line.person for line in rows[1].lines] == [told["VTVL-SO-TP-01"]]
    assert {line.person for line in rows[2].lines} == {told["VTVL-SO-VT-01"], told["VTVL-SO-CNTT-01"]}
    row = vacancy("Sở Tài chính", "VTVL-SO-LD-02")
    assert suggest(floor=0.0).lines[0]["person"] in (told["VTVL-SO-LD-02"].pk, told["VTVL-SO-TP-01"].pk)
    lines = queries.candidates(make.framework(), row, scope=EVERYTHING, at=make.AT)
    assert {line.person for line in lines} == {told["VTVL-SO-LD-02"], told["VTVL-SO-TP-01"]}


def test_the_demonstration_decides_for_a_deputy_by_the_right_authority():
    person = expert(0.0, code="VTVL-SO-LD-02")
    expert(5.0, code=POST)
    expert(5.0, "Sở Tài chính", "VTVL-SO-LD-01")
    vacancy()
    row = vacancy(code="VTVL-SO-LD-01")
    suggest(floor=0.0)
    arrangement._decide(None, SimpleNamespace(framework=make.framework(), at=make.at), 0)
    made = Decision.objects.get()
    assert (made.vacancy, made.person) == (row, person)
    assert made.authority.startswith("Chủ tịch Ủy ban nhân dân thành phố")


def test_a_reorganisation_looks_only_at_the_people_of_its_unit_and_a_scope_at_its_own():
    inside, outside = expert(0.5), expert(4.0, "Sở Tài chính")
    vacancy()
    assert suggest(floor=0.0).lines[0]["person"] == outside.pk
    assert suggest(floor=0.0, unit=make.unit("Sở Nội vụ")).lines[0]["person"] == inside.pk
    scope = Scope(paths=(make.unit("Sở Nội vụ").path,))
    made = suggest(scope=scope, floor=0.0)
    assert made.lines[0]["person"] == inside.pk
    assert list(queries.suggestions(scope=scope)) == [made]
    assert made not in queries.suggestions(scope=EVERYTHING)


def test_a_post_stays_empty_rather_than_below_the_floor():
    expert(-4.0)
    vacancy()
    assert suggest(floor=0.5).lines[0]["person"] is None


def test_an_alternative_tells_what_it_costs_the_other_posts():
    good, fair = expert(3.0), expert(0.0)
    one = vacancy()
    vacancy("Sở Tài chính", "VTVL-XA-TH-01")
    made = suggest(floor=0.0)
    lines = {line.person: line for line in queries.candidates(make.framework(), one, scope=EVERYTHING, at=make.AT)}
    chosen = {line["vacancy"]: line["person"] for line in made.lines}
    best = good if chosen[one.pk] == good.pk else fair
    other = fair if best == good else good
    assert lines[best].suggested
    assert lines[best].price == pytest.approx(0)
    seats = list(Vacancy.objects.order_by("pk"))
    people = queries.pool(scope=EVERYTHING)
    table = queries.fit_table(make.framework(), people, [seat.position for seat in seats], at=make.AT)
    fit = table.fit[:, [table.column[seat.position_id] for seat in seats]]
    place = {int(pk): n for n, pk in enumerate(table.table.ids)}
    swapped = fit[place[other.pk], 0] + fit[place[best.pk], 1]
    assert lines[other].price == pytest.approx(made.total - swapped, abs=1e-6)


def test_a_decision_keeps_figures_and_proposal_and_moves_nobody():
    person, row = expert(3.0), vacancy()
    suggest(floor=0.0)
    before = (person.unit_id, person.position_id, person.appointments.count())
    made = decide(row, person)
    person.refresh_from_db()
    assert (person.unit_id, person.position_id, person.appointments.count()) == before
    assert made.suggested == person
    assert made.shown["fit"] > 0.9
    assert AuditEntry.objects.filter(verb="staffing.decide", person_id=person.pk).exists()
    with pytest.raises(Refused):
        decide(row, person)
    vacancy("Sở Tài chính")
    assert not queries.pool(scope=EVERYTHING).filter(pk=person.pk).exists()


@pytest.mark.parametrize("told", [{"authority": " "}, {"reason": "tốt"}])
def test_a_decision_without_authority_or_reason_is_refused(told):
    person, row = expert(3.0), vacancy()
    with pytest.raises(Refused):
        decide(row, person, **told)
    row.refresh_from_db()
    assert row.state == "open"


def test_somebody_outside_the_scope_cannot_be_chosen():
    person, row = expert(3.0, "Sở Tài chính"), vacancy()
    with pytest.raises(Refused):
        decide(row, person, scope=Scope(paths=(make.unit("Sở Nội vụ").path,)))


def test_posts_are_entered_in_number_but_leading_ones_singly_and_withdrawn_once():
    told = {"actor": None, "unit": make.unit(), "since": date(2026, 5, 1), "at": make.AT}
    rows = services.add_vacancy(position=make.position(POST), number=3, **told)
    assert len(rows) == 3
    with pytest.raises(Refused):
        services.add_vacancy(position=Position.objects.filter(group="a").first(), number=2, **told)
    with pytest.raises(Refused):
        services.add_vacancy(position=make.position(POST), number=21, **told)
    services.withdraw_vacancy(actor=None, vacancy=rows[0], at=make.AT)
    with pytest.raises(Refused):
        services.withdraw_vacancy(actor=None, vacancy=rows[0], at=make.AT)


def test_no_vacancy_or_nobody_to_look_at_is_said():
    with pytest.raises(Refused):
        suggest()
    vacancy()
    with pytest.raises(Refused):
        suggest()


def test_succession_names_the_nearest_of_the_same_agency_oldest_holder_first():
    head = Position.objects.filter(group="a", is_generic=False).first()
    old = make.person(unit=make.unit("Sở Nội vụ"), position=head, birth_year=1966)
    young = make.person(unit=make.unit("Sở Tài chính"), position=head, birth_year=1985)
    ready, not_ready, elsewhere = expert(5.0), expert(-4.0), expert(5.0, "Sở Tài chính")
    holders = list(queries.leading(scope=EVERYTHING))
    assert holders[:2] == [old, young]
    rows = queries.succession(make.framework(), holders, scope=EVERYTHING, at=make.AT)
    assert [line.person for line in rows[0].lines] == [ready, not_ready]
    assert [line.person for line in rows[1].lines] == [elsewhere]
    assert rows[0].ready == 1


def test_succession_says_that_only_digital_competence_was_looked_at(as_user):
    make.person(unit=make.unit("Sở Nội vụ"), position=Position.objects.filter(group="a", is_generic=False).first())
    expert(5.0)
    page = as_user(make.user("training")).get(reverse("staffing:succession")).text
    assert "1 người đạt đủ yêu cầu năng lực số" in page
    assert "Mức phù hợp chỉ xét năng lực số" in page
    assert "sẵn sàng" not in page


@pytest.mark.parametrize(("word", "chance", "shown"), [("not_yet_known", 0.897, 89), ("not_yet_known", 0.104, 11),
                                                       ("met", 0.9, 90), ("not_met", 0.1, 10)])  # fmt: skip
def test_a_chance_is_never_rounded_onto_a_threshold_it_did_not_reach(word, chance, shown):
    assert queries.Part("1.1", word, 2, 1, chance, 0.1, 1, 1.0, False).percent == shown


def test_the_officer_enters_looks_suggests_and_decides_on_the_pages(as_user):
    best, second = expert(3.0), expert(1.0)
    client = as_user(make.user("training"))
    told = {
        "unit": "Sở Tài chính",
        "position": make.position(POST).pk,
        "since": "01/05/2026",
        "number": "1",
        "reason": "left",
    }
    assert client.post(reverse("staffing:vacancy_new"), told | {"since": "31/02/2026"}).status_code == 422
    page = client.post(reverse("staffing:vacancy_new"), told, follow=True)
    assert best.full_name in page.content.decode()
    row = Vacancy.objects.get()
    shown = client.post(reverse("staffing:suggest"), {"unit": "", "floor": "0"}, follow=True)
    assert best.full_name in shown.content.decode()
    first = {"person": str(second.pk), "authority": "Giám đốc Sở", "reason": "", "other": ""}
    again = client.post(reverse("staffing:vacancy_decide", args=[row.pk]), first)
    assert again.status_code == 422
    assert "Giám đốc Sở" in again.content.decode()
    unknown = first | {"person": "other", "other": "KHONG-CO", "reason": "Trao đổi và thống nhất."}
    assert client.post(reverse("staffing:vacancy_decide", args=[row.pk]), unknown).status_code == 422
    done = unknown | {"other": second.staff_code}
    kept = client.post(reverse("staffing:vacancy_decide", args=[row.pk]), done, follow=True)
    assert Decision.objects.get().person == second
    assert Decision.objects.get().suggested == best
    assert second.full_name in kept.content.decode()
    assert client.get(reverse("staffing:vacancies"), {"tt": "decided"}).status_code == 200


def test_pages_need_a_fixed_number_of_statements(as_user, django_assert_max_num_queries):
    for theta in range(12):
        expert(theta / 3 - 2)
    row = vacancy()
    vacancy("Sở Tài chính")
    suggest(floor=0.0)
    client = as_user(make.user("training"))
    for address in (
        reverse("staffing:vacancy", args=[row.pk]), reverse("staffing:vacancies"), reverse("staffing:succession"),
        reverse("staffing:suggestion", args=[Suggestion.objects.get().pk]),
    ):  # fmt: skip
        with django_assert_max_num_queries(40):
            assert client.get(address).status_code == 200
