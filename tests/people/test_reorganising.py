"""Merge, split, rename, move, found, dissolve: one reviewed act, on its day, taken back exactly."""

from datetime import date, timedelta

import pytest

from nanglucso.core.models import AuditEntry, Role, RoleGrant
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.measure.gaps.models import UnitSums
from nanglucso.workforce.people import queries_units, services
from nanglucso.workforce.people.models import Person, Reorganisation, Unit, UnitPast
from nanglucso.workforce.people.queries_units import TreeOn
from tests import make
from tests.people.reorganising import at, done, drafted, officers, sums, tree

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 1)
MERGE = {"kind": "merge", "units": ["A"], "into": "B"}


def named(day: date) -> set[str]:
    """Units of the small tree on a day; the builders lay the real one beside it."""
    tree_on = TreeOn(day)
    return {tree_on.place(row.state.unit_id) for row in tree_on.rows(scope=Scope(paths=(at("R").path,)))}


def test_merging_moves_people_and_roles_and_keeps_both_histories():
    units = tree()
    mine, other = make.person(unit=units["A1"], login=True), make.person(unit=units["B"])
    officer = make.user("training", units["A"])
    head = make.user("head", units["B"])
    row = done([MERGE], DAY)
    assert row.status == Reorganisation.Status.APPLIED
    mine.refresh_from_db()
    assert mine.unit.code == "B1"
    assert [(one.unit.code, one.since, one.until) for one in mine.appointments.order_by("since")] == [
        ("A1", date(2025, 7, 1), DAY),
        ("B1", DAY, None),
    ]
    assert Person.objects.get(pk=other.pk).appointments.count() == 1
    assert [grant.unit.code for grant in officer.grants.filter(ended_at=None)] == ["B"]
    assert [grant.unit.code for grant in head.grants.filter(ended_at=None)] == ["B"]
    assert [grant.unit.code for grant in mine.user.grants.filter(ended_at=None)] == ["B1"]
    assert (at("A").until, at("A1").until, at("A2").until) == (DAY, DAY, None)
    assert at("A2").path.startswith(at("B").path)
    assert at("A").path.startswith(at("B").path)
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    assert "Văn phòng, Sở An" in named(DAY - timedelta(1))
    assert named(DAY) == {"Thành phố Thử", "Sở Bình", "Văn phòng, Sở Bình", "Phòng Hai, Sở Bình", "Phường Cát"}
    assert queries_units.place_on(mine, DAY - timedelta(1)).unit.code == "A1"
    assert AuditEntry.objects.get(verb="people.apply_reorganisation").details["people"] == 1


def test_renaming_keeps_the_old_name_for_the_days_before():
    tree()
    done([{"kind": "rename", "unit": "A", "name": "Sở An và Hòa"}], DAY)
    assert TreeOn(DAY).place(at("A").pk) == "Sở An và Hòa"
    assert TreeOn(DAY - timedelta(1)).place(at("A1").pk) == "Văn phòng, Sở An"
    past = UnitPast.objects.get()
    assert (past.since, past.until) == (date(2025, 1, 1), DAY)


def test_moving_takes_parts_and_people_along_and_tells_whose_scope_changes():
    units = tree()
    person = make.person(unit=units["A1"])
    over_a, over_b = make.user("training", units["A"]), make.user("training", units["B"])
    row = done([{"kind": "move", "unit": "A2", "parent": "B"}], DAY)
    told = {(one["user"], one["what"]) for one in row.effects["grants"]}
    assert told == {(str(over_a), "loses"), (str(over_b), "gains")}
    assert person.appointments.count() == 1
    assert TreeOn(DAY - timedelta(1)).place(at("A2").pk) == "Phòng Hai, Sở An"
    assert TreeOn(DAY).place(at("A2").pk) == "Phòng Hai, Sở Bình"


def test_splitting_sends_named_people_to_their_part_and_the_others_to_the_first():
    units = tree()
    one, two = make.person(unit=units["A"], login=True), make.person(unit=units["A"], login=True)
    RoleGrant.objects.create(user=two.user, role=Role.HEAD, unit=units["A"], granted_at=make.at(-9))
    officer = make.user("training", units["A"])
    parts = [{"code": "X", "name": "Sở Xuân", "kind": "so"}, {"code": "Y", "name": "Sở Yên", "kind": "so"}]
    step = {"kind": "split", "unit": "A", "parts": parts, "people": {str(two.pk): 1}, "children": {"A2": 1}}
    done([step], DAY)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.unit.code, two.unit.code) == ("X", "Y")
    assert (at("A1").path.startswith(at("X").path), at("A2").path.startswith(at("Y").path)) == (True, True)
    assert {grant.unit.code for grant in officer.grants.filter(ended_at=None)} == {"X", "Y"}
    assert {(g.role, g.unit.code) for g in two.user.grants.filter(ended_at=None)} == {("official", "Y"), ("head", "Y")}


def test_a_part_split_off_leaves_the_unit_standing_with_the_others():
    units = tree()
    stays, goes = make.person(unit=units["A"]), make.person(unit=units["A"])
    step = {"kind": "split", "unit": "A", "keep": True, "parts": ["B"], "people": {str(goes.pk): 0}}
    done([step], DAY)
    assert (Person.objects.get(pk=stays.pk).unit.code, Person.objects.get(pk=goes.pk).unit.code) == ("A", "B")
    assert at("A").until is None


def test_dissolving_an_empty_unit_needs_no_successor_and_one_with_people_does():
    units = tree()
    make.person(unit=units["W"])
    done([{"kind": "dissolve", "unit": "A2"}], DAY)
    assert at("A2").until == DAY
    with pytest.raises(Refused, match=r"Bước 1|Step 1"):
        drafted([{"kind": "dissolve", "unit": "W"}], DAY, make.AT)


def test_appointments_after_the_day_are_corrected_and_those_over_it_are_cut():
    units = tree()
    late = make.person(unit=units["W"], since=date(2026, 2, 20))
    left = make.person(unit=units["W"])
    held = left.appointments.get()
    services.end_appointment(actor=None, appointment=held, until=date(2026, 2, 10), at=make.AT)
    gone = make.person(unit=units["W"])
    services.end_appointment(actor=None, appointment=gone.appointments.get(), until=date(2025, 9, 1), at=make.AT)
    row = done([{"kind": "merge", "units": ["W"], "into": "A"}], DAY)
    assert [(one.unit.code, one.since) for one in late.appointments.all()] == [("A", date(2026, 2, 20))]
    told = [(one.unit.code, one.until) for one in left.appointments.order_by("since")]
    assert told == [("W", DAY), ("A", date(2026, 2, 10))]
    assert Person.objects.get(pk=gone.pk).unit.code == "W"
    assert at("W").path.startswith(at("A").path)
    assert (row.effects["ended"], row.effects["begun"], row.effects["corrected"]) == (1, 1, 1)


def test_undo_restores_every_row():
    units = tree()
    make.person(unit=units["A1"], login=True)
    make.user("training", units["A"])
    before = sums()
    founded = {"code": "N", "name": "Sở Mới", "kind": "so", "parent": "R"}
    steps = [
        {"kind": "found", "unit": founded},
        {"kind": "merge", "units": ["A", "B"], "into": "N"},
        {"kind": "rename", "unit": "W", "name": "Phường Cát Mới"},
    ]
    row = done(steps, DAY)
    assert sums() != before
    services.undo_reorganisation(actor=officers()[0], row=row, scope=EVERYTHING, at=make.at(1))
    officers_grants = {user.grants.get().pk for user in officers()}
    after = sums()
    after["RoleGrant"] = [one for one in after["RoleGrant"] if one[0] not in officers_grants]
    assert after == before


def test_a_role_given_over_a_new_unit_stands_in_the_way_of_undoing_and_kept_counts_do_not():
    tree()
    before = sums()
    founded = {"code": "N", "name": "Sở Mới", "kind": "so", "parent": "R"}
    row = done([{"kind": "found", "unit": founded}], DAY)
    given = RoleGrant.objects.create(user=make.user("training"), role=Role.HEAD, unit=at("N"), granted_at=make.at(1))
    UnitSums.objects.create(framework=make.framework(), unit=at("N"), key=b"k", numbers=b"n")
    with pytest.raises(Refused, match=str(given.user)):
        services.undo_reorganisation(actor=None, row=row, scope=EVERYTHING, at=make.at(2))
    given.delete()
    services.undo_reorganisation(actor=None, row=row, scope=EVERYTHING, at=make.at(2))
    assert not UnitSums.objects.exists()
    assert sums()["Unit"] == before["Unit"]


def test_undo_is_refused_when_something_has_built_on_it():
    units = tree()
    person = make.person(unit=units["A"])
    first = done([MERGE], DAY)
    second = done([{"kind": "rename", "unit": "B", "name": "Sở Bình An"}], date(2026, 2, 15), make.at(1))
    with pytest.raises(Refused, match="Sắp xếp thử"):
        services.undo_reorganisation(actor=None, row=first, scope=EVERYTHING, at=make.at(2))
    services.undo_reorganisation(actor=None, row=second, scope=EVERYTHING, at=make.at(2))
    person.refresh_from_db()
    services.appoint(
        actor=None, person=person, unit=at("W"), position=person.position, since=date(2026, 3, 1), at=make.at(2)
    )
    with pytest.raises(Refused, match=person.full_name):
        services.undo_reorganisation(actor=None, row=first, scope=EVERYTHING, at=make.at(3))


def test_a_preview_writes_nothing_and_the_writer_cannot_approve():
    units = tree()
    make.person(unit=units["A"])
    writer, _reviewer = officers()
    before = sums()
    row = drafted([MERGE], DAY, make.AT, writer)
    assert row.effects["people"] == 1
    assert sums() == before
    row = services.send_for_review(actor=writer, row=row, scope=EVERYTHING, at=make.AT)
    with pytest.raises(Refused):
        services.approve(actor=writer, row=row, mark=row.mark, scope=EVERYTHING, at=make.AT)


def test_what_changed_since_the_preview_is_shown_again_instead_of_done():
    units = tree()
    make.person(unit=units["A"])
    writer, reviewer = officers()
    row = drafted([MERGE], DAY, make.AT, writer)
    row = services.send_for_review(actor=writer, row=row, scope=EVERYTHING, at=make.AT)
    seen = row.mark
    make.person(unit=units["A"])
    with pytest.raises(Refused):
        services.approve(actor=reviewer, row=row, mark=seen, scope=EVERYTHING, at=make.AT)
    row.refresh_from_db()
    assert (row.effects["people"], row.status) == (2, Reorganisation.Status.SENT)
    services.approve(actor=reviewer, row=row, mark=row.mark, scope=EVERYTHING, at=make.AT)
    assert at("A").until == DAY


def test_a_future_day_waits_and_takes_effect_on_it():
    units = tree()
    person = make.person(unit=units["A"])
    row = done([MERGE], date(2026, 4, 1))
    assert row.status == Reorganisation.Status.APPROVED
    assert services.apply_due(at=make.at(20)) == 0
    assert services.apply_due(at=make.at(30)) == 1
    person.refresh_from_db()
    assert person.unit.code == "B"


def test_an_approved_act_that_has_become_impossible_says_why_and_waits():
    tree()
    row = done([MERGE], date(2026, 4, 1))
    done([{"kind": "merge", "units": ["B"], "into": "W"}], date(2026, 3, 2), make.at(1))
    assert services.apply_due(at=make.at(40)) == 0
    row.refresh_from_db()
    assert row.status == Reorganisation.Status.APPROVED
    assert "Sở Bình" in row.problem


@pytest.mark.parametrize(
    "step",
    [
        {"kind": "merge", "units": ["R"], "into": "A"},
        {"kind": "merge", "units": ["A"], "into": "A1"},
        {"kind": "merge", "units": ["A"], "into": "KHONG"},
        {"kind": "move", "unit": "A", "parent": "A1"},
        {"kind": "move", "unit": "A1", "parent": "A"},
        {"kind": "move", "unit": "A1", "parent": "B"},
        {"kind": "rename", "unit": "A", "name": "Sở An"},
        {"kind": "rename", "unit": "A", "name": "Sở Bình"},
        {"kind": "found", "unit": {"code": "A", "name": "Sở Khác", "kind": "so", "parent": "R"}},
        {"kind": "found", "unit": {"code": "K", "name": "Sở Khác", "kind": "lạ", "parent": "R"}},
        {"kind": "found", "unit": {"code": "K", "name": "Sở Khác", "kind": "so"}},
        {"kind": "split", "unit": "A", "parts": ["B"]},
        {"kind": "dissolve", "unit": "R", "to": ["A"]},
    ],
)
def test_impossible_steps_are_refused_and_change_nothing(step):
    tree()
    before = sums()
    with pytest.raises(Refused):
        drafted([step], DAY, make.AT)
    assert sums() == before


def test_a_day_before_the_last_change_of_a_unit_is_refused():
    tree()
    done([{"kind": "rename", "unit": "A", "name": "Sở An Mới"}], DAY)
    with pytest.raises(Refused, match="01/02/2026"):
        done([{"kind": "rename", "unit": "A", "name": "Sở An Cũ"}], DAY, make.at(1))


def test_units_outside_the_scope_are_refused():
    units = tree()
    row = services.draft_reorganisation(actor=None, title="Thử", day=DAY, at=make.AT)
    with pytest.raises(Refused, match="Sở Bình"):
        services.add_step(actor=None, row=row, step=MERGE, scope=Scope(paths=(units["A"].path,)), at=make.AT)


def test_a_role_that_is_kept_out_ends_instead_of_following():
    units = tree()
    officer = make.user("training", units["A"])
    writer, reviewer = officers()
    row = drafted([MERGE], DAY, make.AT, writer)
    row = services.keep_out(actor=writer, row=row, grants=[officer.grants.get().pk], at=make.AT)
    assert [one["what"] for one in row.effects["grants"]] == ["ends"]
    row = services.send_for_review(actor=writer, row=row, scope=EVERYTHING, at=make.AT)
    services.approve(actor=reviewer, row=row, mark=row.mark, scope=EVERYTHING, at=make.AT)
    assert not officer.grants.filter(ended_at=None).exists()
