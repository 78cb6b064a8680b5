"""Terms of a class: two approvals, seats, the minimum and its day, what a person decides, what people are told."""

from datetime import timedelta

import pytest
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.develop.training import queries, rules, services
from nanglucso.develop.training.models import ClassNotice, TrainingClass
from nanglucso.develop.training.signup import Side, State
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db


def terms(row, **told):
    whole = {"seats": row.seats, "minimum": row.minimum, "decide_by": row.decide_by, "stages": row.stages} | told
    return services.set_terms(actor=None, training_class=row, at=make.AT, **whole)


def test_with_two_approvals_the_unit_and_somebody_else_at_the_city_decide():
    row, head, officer, person = plan.opened(), make.user("head"), make.user("training"), make.person()
    terms(row, stages=2)
    services.ask_place(actor=None, training_class=row, person=person, at=make.AT)

    def approve(user, side):
        return services.enrol(actor=user, training_class=row, person=person, at=make.AT, side=side).status

    assert approve(officer, Side.CITY) == State.APPROVED
    with pytest.raises(Refused) as no:
        approve(head, Side.UNIT)
    assert "cán bộ đào tạo" in str(no.value)
    with pytest.raises(Refused):
        approve(officer, Side.CITY)
    assert approve(make.user("training"), Side.CITY) == State.BOOKED
    steps = list(row.enrolments.get().steps.values_list("before", "after", "side"))
    assert steps == [("", "requested", "own"), ("requested", "approved", "city"), ("approved", "booked", "city")]


def test_what_waits_for_the_second_approval_waits_for_the_city_only():
    here, row = make.unit("Sở Nội vụ"), plan.opened()
    terms(row, stages=2)
    told = {"actor": make.user("head"), "training_class": row, "at": make.AT, "side": Side.UNIT}
    assert services.enrol(person=make.person(unit=here), **told).status == State.NOMINATED
    assert not queries.requests(Scope(paths=(here.path,)))
    assert queries.requests(EVERYTHING).count() == 1


def test_more_seats_go_to_the_waiting_list_and_fewer_than_taken_are_refused():
    row = plan.opened([make.person() for _ in range(5)], seats=3)
    with pytest.raises(Refused) as no:
        terms(row, seats=4)
    assert "Phòng máy 3" in str(no.value)
    TrainingClass.objects.filter(pk=row.pk).update(venue=None)
    waiting = list(row.enrolments.filter(status=State.WAITLISTED).order_by("turn"))
    terms(row, seats=4)
    assert [row.enrolments.get(pk=one.pk).status for one in waiting] == [State.BOOKED, State.WAITLISTED]
    with pytest.raises(Refused):
        terms(row, seats=3)
    assert row.enrolments.filter(status=State.BOOKED).count() == 4


def test_a_class_below_its_minimum_is_put_forward_and_never_called_off_by_itself():
    row = plan.opened([make.person()])
    assert (row.minimum, row.decide_by) == (15, row.starts_on - timedelta(days=7))
    last = row.decide_by
    assert not queries.below_minimum(last)
    assert list(queries.below_minimum(last + timedelta(days=1))) == [row]
    row.refresh_from_db()
    assert row.status == TrainingClass.Status.OPEN
    with pytest.raises(Refused):
        services.hold_anyway(actor=None, training_class=row, reason=" ", at=make.AT)
    services.hold_anyway(actor=make.user("training"), training_class=row, reason="Khóa bắt buộc", at=make.AT)
    assert not queries.below_minimum(last + timedelta(days=1))
    assert AuditEntry.objects.get(verb="training.hold_anyway").details["reason"] == "Khóa bắt buộc"


def test_terms_that_cannot_hold_are_refused():
    row = plan.opened()
    for told in ({"minimum": row.seats + 1}, {"decide_by": row.starts_on}):
        with pytest.raises(Refused):
            terms(row, **told)


def test_who_sits_elsewhere_at_these_hours_stays_nominated_when_the_class_opens():
    person, other = make.person(), make.person()
    plan.opened([person])
    row = plan.opened([person, other], course="S5-CB-01", seats=25, lecturer="gv-hai")
    assert {one.person: one.status for one in row.enrolments.all()} == {
        person: State.NOMINATED, other: State.BOOKED
    }  # fmt: skip


def test_who_waits_and_sits_elsewhere_by_now_is_passed_over_and_keeps_the_turn():
    a, b, c = (make.person() for _ in range(3))
    row = plan.opened([a], seats=1)
    for person in (b, c):
        services.enrol(actor=None, training_class=row, person=person, at=make.AT)
    plan.opened([b], course="S5-CB-01", seats=25, lecturer="gv-hai")
    services.cancel_place(actor=None, enrolment=row.enrolments.get(person=a), at=make.AT)
    assert [row.enrolments.get(person=one).status for one in (b, c)] == [State.WAITLISTED, State.BOOKED]
    assert queries.own_turns([row.enrolments.get(person=b)]) == {row.enrolments.get(person=b).pk: 1}


def test_a_session_is_not_moved_onto_another_class_of_its_learners():
    person = make.person()
    row = plan.opened([person])
    other = plan.opened([person], course="S5-CB-01", start=4, seats=25, lecturer="gv-hai")
    with pytest.raises(Refused) as no:
        services.move_session(
            actor=None, session=row.sessions.first(), starts_at=other.sessions.first().starts_at, at=make.AT
        )
    assert other.code in str(no.value)
    assert person.full_name in str(no.value)


def test_people_are_told_what_others_decide_and_not_what_they_did_themselves():
    a, b = make.person(login=True), make.person()
    row = plan.opened([a], seats=1)
    services.ask_place(actor=None, training_class=row, person=b, at=make.AT)
    services.decline(
        actor=None, enrolment=row.enrolments.get(person=b), reason="Trùng lịch trực", at=make.AT, side=Side.UNIT
    )
    session = row.sessions.last()
    services.move_session(actor=None, session=session, starts_at=session.starts_at + timedelta(days=30), at=make.AT)
    assert list(ClassNotice.objects.filter(person=a).values_list("kind", flat=True)) == ["moved", "booked"]
    assert [(one.kind, one.reason) for one in ClassNotice.objects.filter(person=b)] == [("declined", "Trùng lịch trực")]
    assert queries.notices(a, row.starts_on).count() == 2
    assert not queries.notices(a, row.starts_on + timedelta(days=400))
    services.see_notices(actor=a.user, person=a, at=make.AT)
    assert not queries.notices(a, row.starts_on)


def test_the_shipped_rules_read_and_wrong_ones_are_named(tmp_path):
    assert rules.place_rules().cutoff == timedelta(days=7)
    wrong = tmp_path / "classes.yaml"
    wrong.write_text("cutoff_days: 7\napproval_stages: 3\n")
    with pytest.raises(ValueError, match="1 or 2"):
        rules.place_rules(wrong)


def test_the_pages_say_and_keep_what_was_typed(as_user):
    row, officer = plan.opened([make.person()]), make.user("training")
    client, address = as_user(officer), reverse("training:terms", args=[row.pk])
    reply = client.post(
        address, {"do": "terms", "seats": "0", "minimum": "3", "decide_by": "01/03/2026", "stages": "1"}
    )
    assert reply.status_code == 422
    assert 'value="3"' in reply.content.decode()
    client.post(address, {"do": "terms", "seats": "12", "minimum": "3", "decide_by": "01/03/2026", "stages": "2"})
    row.refresh_from_db()
    assert (row.seats, row.minimum, row.decide_by.day, row.stages) == (12, 3, 1, 2)
    assert client.post(address, {"do": "link", "username": "khong-co"}).status_code == 422
    assert client.post(address, {"do": "hold", "reason": ""}).status_code == 422
    shown = client.get(reverse("training:places", args=[row.pk])).content.decode()
    assert row.enrolments.get().person.full_name in shown
    assert "Được cử" in shown
