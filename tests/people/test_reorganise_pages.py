"""Reorganisation through real HTTP: drawn up by one, approved by another; who sees what before and after."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from nanglucso.core import jobs
from nanglucso.core.models import Role, RoleGrant
from nanglucso.workforce.people import services
from nanglucso.workforce.people.models import Person, Position, PositionFamily, Reorganisation
from tests import make
from tests.people.reorganising import at, done, tree

pytestmark = pytest.mark.django_db


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk(time_machine_at):
    """A small tree with one person in A, and two officers over the city."""
    units = tree()
    return units, make.person("Trần Thị Dời", unit=units["A"]), make.user("training"), make.user("training")


@pytest.fixture
def time_machine_at():
    import time_machine

    with time_machine.travel(make.AT, tick=False):
        yield


def draft(client: Client) -> int:
    answer = client.post(
        reverse("people:reorganisation_new"), {"title": "Hợp nhất hai sở", "decision": "NQ 1", "day": "01/02/2026"}
    )
    assert answer.status_code == 302
    return Reorganisation.objects.get().pk


def test_from_draft_to_effect_and_back(desk):
    units, person, writer, reviewer = desk
    one, two = browser(writer), browser(reviewer)
    pk = draft(one)
    step = reverse("people:reorganisation_step", args=[pk, "merge"])
    wrong = one.post(step, {"unit": "Sở Không Có", "into": "Sở Bình"})
    assert wrong.status_code == 422
    assert "Sở Không Có" in wrong.content.decode()
    assert one.post(step, {"unit": "Sở An", "into": "Sở Bình"}).status_code == 302
    page = reverse("people:reorganisation", args=[pk])
    assert "Trần Thị Dời" in one.get(page).content.decode()
    assert Person.objects.get(pk=person.pk).unit.code == "A"
    one.post(reverse("people:reorganisation_decide", args=[pk, "gui"]))
    mark = Reorganisation.objects.get().mark
    one.post(reverse("people:reorganisation_decide", args=[pk, "duyet"]), {"mark": mark})
    assert Reorganisation.objects.get().status == "sent"
    two.post(reverse("people:reorganisation_decide", args=[pk, "duyet"]), {"mark": mark})
    assert Person.objects.get(pk=person.pk).unit.code == "B"
    then = two.get(reverse("people:units_on"), {"ngay": "31/01/2026"}).content.decode()
    now = two.get(reverse("people:units_on"), {"ngay": "01/02/2026"}).content.decode()
    assert "Sở An" in then
    assert "Sở An" not in now
    history = two.get(reverse("people:unit_history", args=[units["A"].pk]), {"ngay": "31/01/2026"}).content.decode()
    assert "Trần Thị Dời" in history
    assert "Sở Bình" in history
    told = two.get(reverse("people:person", args=[person.pk]), {"ngay": "31/01/2026"}).content.decode()
    assert "31/01/2026" in told
    assert "Sở An" in told
    assert two.get(reverse("people:unit", args=[units["A"].pk])).status_code == 404
    two.post(reverse("people:reorganisation_decide", args=[pk, "hoan-tac"]))
    assert Person.objects.get(pk=person.pk).unit.code == "A"


def sent_to(client: Client) -> Reorganisation:
    """A merger of A into B that waits for review."""
    pk = draft(client)
    told = {"unit": "Sở An", "into": "Sở Bình"}
    client.post(reverse("people:reorganisation_step", args=[pk, "merge"]), told)
    client.post(reverse("people:reorganisation_decide", args=[pk, "gui"]))
    return Reorganisation.objects.get()


def test_the_leader_sees_that_one_waits_and_approves_it(desk):
    _units, person, writer, _reviewer = desk
    row, leader = sent_to(browser(writer)), browser(make.user("leader"))
    menu = leader.get(reverse("people:units")).context
    assert menu["reviews"]
    assert waiting(leader) == 1
    assert waiting(browser(writer)) == 0
    page = leader.get(reverse("people:reorganisation", args=[row.pk])).content.decode()
    assert "Trần Thị Dời" in page
    assert reverse("people:person", args=[person.pk]) not in page
    assert leader.get(reverse("people:reorganisation_new")).status_code == 403
    assert leader.post(reverse("people:reorganisation_decide", args=[row.pk, "huy"])).status_code == 403
    leader.post(reverse("people:reorganisation_decide", args=[row.pk, "duyet"]), {"mark": row.mark})
    assert Person.objects.get(pk=person.pk).unit.code == "B"
    assert leader.post(reverse("people:reorganisation_decide", args=[row.pk, "hoan-tac"])).status_code == 403
    assert waiting(leader) == 0


def waiting(client: Client) -> int:
    """The number beside “Units” in the menu."""
    groups = client.get(reverse("people:units")).context["menu"]["groups"]
    found = [
        line["badge"]() for group in groups for line in group["entries"] if line["address"] == reverse("people:units")
    ]
    return found[0]


def test_what_is_given_back_tells_its_writer_why(desk):
    *_rest, writer, reviewer = desk
    row = sent_to(browser(writer))
    back = reverse("people:reorganisation_decide", args=[row.pk, "tra-lai"])
    browser(reviewer).post(back, {"reason": ""})
    assert Reorganisation.objects.get().status == "sent"
    browser(reviewer).post(back, {"reason": "Thiếu Phòng Hai"})
    page = browser(writer).get(reverse("people:reorganisation", args=[row.pk])).content.decode()
    assert "Thiếu Phòng Hai" in page
    assert Reorganisation.objects.get().status == "draft"


def test_a_unit_that_an_earlier_step_founds_is_offered_and_taken(desk):
    _units, person, writer, _reviewer = desk
    one = browser(writer)
    pk = draft(one)
    new = {"name": "Sở Hợp nhất", "code": "HN", "unit_kind": "so", "parent": "Thành phố Thử"}
    assert one.post(reverse("people:reorganisation_step", args=[pk, "found"]), new).status_code == 302
    offered = one.get(reverse("people:unit_options"), {"nhap": pk, "into": "hop nhat"}).content.decode()
    assert "Sở Hợp nhất (mới, HN)" in offered
    told = {"unit": "Sở An", "unit_2": "Sở Bình", "into": "Sở Hợp nhất (mới, HN)"}
    assert one.post(reverse("people:reorganisation_step", args=[pk, "merge"]), told).status_code == 302
    seen = Reorganisation.objects.get().effects
    assert [(one["name"], one["to"]) for one in seen["shown"]] == [(person.full_name, "Sở Hợp nhất")]


def test_an_approved_one_waits_for_its_day_and_then_takes_effect_by_itself(desk):
    _units, person, writer, reviewer = desk
    one = browser(writer)
    pk = draft(one)
    told = {"title": "Hợp nhất hai sở", "decision": "NQ 1", "day": "10/03/2026"}
    assert one.post(reverse("people:reorganisation_edit", args=[pk]), told).status_code == 302
    step = {"unit": "Sở An", "into": "Sở Bình"}
    one.post(reverse("people:reorganisation_step", args=[pk, "merge"]), step)
    one.post(reverse("people:reorganisation_decide", args=[pk, "gui"]))
    mark = Reorganisation.objects.get().mark
    two = browser(reviewer)
    two.post(reverse("people:reorganisation_decide", args=[pk, "duyet"]), {"mark": mark})
    assert Reorganisation.objects.get().status == "approved"
    assert "10/03/2026" in two.get(reverse("people:reorganisation", args=[pk])).content.decode()
    assert Person.objects.get(pk=person.pk).unit.code == "A"
    assert services.apply_due(at=make.at(7)) == 0
    assert services.apply_due(at=make.at(8)) == 1
    assert Person.objects.get(pk=person.pk).unit.code == "B"


def test_people_of_a_divided_unit_are_sent_to_their_parts_by_the_page(desk):
    units, person, writer, _reviewer = desk
    stays = make.person(unit=units["A"])
    one = browser(writer)
    pk = draft(one)
    told = {"unit": "Sở An", "keep": "on", "name": "Sở Tách", "code": "TACH", "unit_kind": "so"}
    assert one.post(reverse("people:reorganisation_step", args=[pk, "split"]), told).status_code == 302
    page = reverse("people:reorganisation_divide", args=[pk, 1])
    assert person.full_name in one.get(page).content.decode()
    assert one.post(page, {f"p{person.pk}": "0", f"u{units['A2'].pk}": "0"}).status_code == 302
    row = Reorganisation.objects.get()
    assert row.steps[0]["people"] == {str(person.pk): 0}
    assert row.steps[0]["children"] == {"A2": 0}
    assert row.effects["people"] == 1
    assert stays.full_name not in str(row.effects["shown"])


def test_a_head_of_a_merged_unit_sees_the_new_unit_in_the_same_minute(desk):
    units, person, _writer, _reviewer = desk
    other = make.person("Lý Văn Khác", unit=units["B"])
    head = browser(make.user("head", units["A"]))
    assert head.get(reverse("people:person", args=[other.pk])).status_code == 404
    done([{"kind": "merge", "units": ["A"], "into": "B"}], date(2026, 2, 1))
    assert head.get(reverse("people:person", args=[other.pk])).status_code == 200
    assert head.get(reverse("people:person", args=[person.pk])).status_code == 200


def heads() -> Position:
    return Position.objects.filter(family__is_head=True).first()


def test_a_mover_sees_the_new_unit_and_no_longer_the_old(desk):
    units, old, writer, _reviewer = desk
    new = make.person("Lý Văn Mới", unit=units["B"])
    mover = make.person("Võ Trưởng Phòng", unit=units["A"], position=heads(), login=True)
    for role in (Role.HEAD, Role.TRAINING):
        RoleGrant.objects.create(user=mover.user, role=role, unit=units["A"], granted_at=make.at(-9))
    client, officer = browser(mover.user), browser(writer)
    assert client.get(reverse("people:person", args=[old.pk])).status_code == 200
    told = {"unit": "Sở Bình", "position": heads().pk, "since": "02/03/2026", "title": ""}
    assert officer.post(reverse("people:appoint", args=[mover.pk]), told).status_code == 302
    assert client.get(reverse("people:person", args=[old.pk])).status_code == 404
    assert client.get(reverse("people:person", args=[new.pk])).status_code == 200
    open_grants = {(g.role, g.unit.code) for g in mover.user.grants.filter(ended_at=None)}
    assert open_grants == {("official", "B"), ("head", "B")}


def test_a_leaver_loses_access_in_the_same_minute_and_comes_back_as_an_official(desk):
    units, _old, writer, _reviewer = desk
    leaver = make.person("Đỗ Thôi Việc", unit=units["A"], login=True)
    RoleGrant.objects.create(user=leaver.user, role=Role.HEAD, unit=units["A"], granted_at=make.at(-9))
    client, officer = browser(leaver.user), browser(writer)
    assert client.get(reverse("people:list")).status_code == 200
    held = leaver.appointments.get()
    officer.post(reverse("people:end_appointment", args=[held.pk]), {"until": "02/03/2026"})
    gone = client.get(reverse("people:list"))
    assert gone.status_code == 302
    assert gone.headers["Location"].startswith(reverse("account_login"))
    assert not leaver.user.grants.filter(ended_at=None).exists()
    plain = PositionFamily.objects.filter(is_head=False).first().positions.first()
    told = {"unit": "Sở Bình", "position": plain.pk, "since": "02/03/2026", "title": ""}
    assert officer.post(reverse("people:appoint", args=[leaver.pk]), told).status_code == 302
    leaver.refresh_from_db()
    assert leaver.user.is_active
    assert [(g.role, g.unit.code) for g in leaver.user.grants.filter(ended_at=None)] == [("official", "B")]


def test_an_end_that_lies_ahead_takes_access_on_its_day(desk):
    units, *_rest = desk
    leaver = make.person(unit=units["A"], login=True)
    held = leaver.appointments.get()
    services.end_appointment(actor=None, appointment=held, until=date(2026, 3, 10), at=make.AT)
    leaver.refresh_from_db()
    assert (leaver.active, leaver.user.is_active) == (True, True)
    assert services.settle_due(at=make.at(7)) == 0
    assert services.settle_due(at=make.at(8)) == 1
    leaver.refresh_from_db()
    leaver.user.refresh_from_db()
    assert (leaver.active, leaver.user.is_active) == (False, False)


def test_a_beginning_that_lies_ahead_moves_on_its_day(desk):
    units, person, *_rest = desk
    services.appoint(
        actor=None, person=person, unit=units["B"], position=person.position, since=date(2026, 3, 10), at=make.AT
    )
    assert Person.objects.get(pk=person.pk).unit.code == "A"
    services.settle_due(at=make.at(8))
    assert Person.objects.get(pk=person.pk).unit.code == "B"


def test_a_joiner_in_a_heads_position_gets_the_role_with_the_account(desk):
    units, *_rest = desk
    joiner = make.person(unit=units["A"], position=heads())
    user = services.create_account(actor=None, person=joiner, at=make.AT)
    assert {(g.role, g.unit.code) for g in user.grants.all()} == {("official", "A"), ("head", "A")}


def test_the_last_administrator_cannot_leave(desk):
    units, *_rest = desk
    person = make.person(unit=units["A"], login=True)
    RoleGrant.objects.filter(role=Role.ADMIN).update(ended_at=make.at(-1))
    RoleGrant.objects.create(user=person.user, role=Role.ADMIN, unit=None, granted_at=make.at(-9))
    from nanglucso.core.refusals import Refused

    with pytest.raises(Refused):
        services.end_appointment(actor=None, appointment=person.appointments.get(), until=make.AT.date(), at=make.AT)
    assert Person.objects.get(pk=person.pk).active
    assert at("A").until is None


@pytest.fixture
def sent(desk, monkeypatch):
    """A reorganisation that counts as one of many people, sent for review; (row, reviewer)."""
    from nanglucso.workforce.people.services import reorganising

    monkeypatch.setattr(reorganising, "LATER_FROM", 0)
    _units, _person, writer, reviewer = desk
    one = browser(writer)
    pk = draft(one)
    one.post(reverse("people:reorganisation_step", args=[pk, "merge"]), {"unit": "Sở An", "into": "Sở Bình"})
    one.post(reverse("people:reorganisation_decide", args=[pk, "gui"]))
    return Reorganisation.objects.get(pk=pk), reviewer


def approved(row, reviewer) -> Client:
    two = browser(reviewer)
    two.post(reverse("people:reorganisation_decide", args=[row.pk, "duyet"]), {"mark": row.mark})
    row.refresh_from_db()
    return two


def test_one_of_many_people_is_put_into_effect_by_a_worker_and_the_page_tells_how_far(desk, sent):
    _units, person, *_rest = desk
    row, reviewer = sent
    two = approved(row, reviewer)
    assert (row.status, row.job.status) == ("approved", "queued")
    assert Person.objects.get(pk=person.pk).unit.code == "A"
    page = reverse("people:reorganisation", args=[row.pk])
    assert 'role="status"' in two.get(page).content.decode()
    assert services.apply_due(at=make.AT) == 0
    two.post(reverse("people:reorganisation_decide", args=[row.pk, "tra-lai"]), {"reason": "Chưa đúng đơn vị"})
    row.refresh_from_db()
    assert row.status == "approved"
    jobs.perform(str(row.job.pk))
    row.refresh_from_db()
    assert (row.status, row.job.status, row.applied_at) == ("applied", "done", make.AT)
    assert Person.objects.get(pk=person.pk).unit.code == "B"
    assert two.get(page, headers={"HX-Request": "true"}).headers["HX-Redirect"] == page


def test_work_that_died_is_all_or_nothing_and_begins_again(desk, sent, monkeypatch):
    from nanglucso.workforce.people.services import reorganising

    _units, person, *_rest = desk
    row, reviewer = sent
    two = approved(row, reviewer)
    run = reorganising.Rearrangement.run

    def dies(self, steps):
        run(self, steps)
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(reorganising.Rearrangement, "run", dies)
        with pytest.raises(MemoryError):
            jobs.perform(str(row.job.pk))
    row.refresh_from_db()
    assert (row.status, row.job.status) == ("approved", "failed")
    assert Person.objects.get(pk=person.pk).unit.code == "A"
    two.post(reverse("people:reorganisation_decide", args=[row.pk, "chay-lai"]))
    row.refresh_from_db()
    jobs.perform(str(row.job.pk))
    row.refresh_from_db()
    assert row.status == "applied"


def test_data_that_changed_before_the_worker_came_ask_the_reviewer_again(desk, sent):
    units, person, *_rest = desk
    row, reviewer = sent
    two = approved(row, reviewer)
    make.person("Người Vừa Đến", unit=units["A"])
    jobs.perform(str(row.job.pk))
    row.refresh_from_db()
    assert (row.status, row.reviewed_by) == ("sent", None)
    assert row.problem
    assert Person.objects.get(pk=person.pk).unit.code == "A"
    assert row.problem in two.get(reverse("people:reorganisation", args=[row.pk])).content.decode()
