"""The door before a test: a full server lets newcomers wait in line, and never those who sit already."""

import json
import uuid
from datetime import timedelta

import pytest
import time_machine
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import make

from nanglucso.core.content import root
from nanglucso.core.watching.crowding import crowd_rules
from nanglucso.measure.assessments import admission, services
from nanglucso.measure.assessments.models import Admission, Sitting

pytestmark = pytest.mark.django_db
BOUNDS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@pytest.fixture
def rules(settings, tmp_path):
    """Change figures of the rules: rules(most=2)."""

    def change(most=2, **told):
        text = (root() / "operate" / "admission.yaml").read_text(encoding="utf-8")
        told = yaml.safe_load(text) | {"most": {"sqlite": most, "postgresql": most}} | told
        (tmp_path / "admission.yaml").write_text(yaml.safe_dump(told))
        settings.ADMISSION_RULES = str(tmp_path / "admission.yaml")
        crowd_rules.cache_clear()
        admission.forget_count()
        return crowd_rules()

    yield change
    crowd_rules.cache_clear()
    admission.forget_count()


@pytest.fixture
def four():
    """Four people, each with a test to begin."""
    people = [make.person(login=True) for _ in range(4)]
    campaign = make.campaign(people=people, items_min=6, items_max=10)
    return [campaign.sittings.get(person=one) for one in people]


def come(sitting, at):
    """Press start: the test begins, or a place in line."""
    place = admission.ask(sitting=sitting, at=at)
    if not place.number:
        services.start_sitting(actor=None, sitting=sitting, at=at)
    return place.number


def look(sitting, at):
    return admission.look(sitting_id=sitting.pk, person_id=sitting.person_id, at=at)


def test_whoever_finds_no_room_stands_in_line_in_the_order_of_coming(rules, four):
    rules(most=2)
    assert [come(one, make.at(minutes=i)) for i, one in enumerate(four)] == [0, 0, 1, 2]
    assert admission.sitters_waiting(make.at(minutes=4)) == 2
    assert Sitting.objects.filter(status="running").count() == 2


def test_a_place_that_becomes_free_goes_to_the_first_in_line_alone(rules, four):
    rules(most=2)
    for i, one in enumerate(four):
        come(one, make.at(minutes=1, seconds=i))
    services.submit(actor=None, sitting=four[0], at=make.at(minutes=2))
    later = make.at(minutes=2, seconds=5)
    assert look(four[3], later).number == 2
    assert look(four[2], later).number == 0
    assert look(four[3], later + timedelta(seconds=30)).number == 1
    assert come(four[2], later + timedelta(seconds=60)) == 0
    assert look(four[2], later + timedelta(seconds=61)) is None
    assert look(four[3], later + timedelta(seconds=62)).number == 1


def test_a_turn_that_nobody_takes_passes_on_and_its_owner_goes_to_the_end(rules, four):
    rules(most=2)
    for i, one in enumerate(four):
        come(one, make.at(minutes=1, seconds=i))
    services.submit(actor=None, sitting=four[0], at=make.at(minutes=2))
    called = make.at(minutes=2, seconds=10)
    assert look(four[2], called).number == 0
    assert look(four[3], called + timedelta(seconds=119)).number == 1
    assert look(four[3], called + timedelta(seconds=121)).number == 0
    assert look(four[2], called + timedelta(seconds=122)).number == 1


def test_who_does_not_look_any_more_holds_nobody_up(rules, four):
    rules(most=2, silent_minutes=60)
    for i, one in enumerate(four):
        come(one, make.at(minutes=1, seconds=i))
    assert look(four[3], make.at(minutes=3)).number == 2
    assert look(four[3], make.at(minutes=4)).number == 1
    # Back within ten minutes: the old place. Later: the end of the line.
    assert look(four[2], make.at(minutes=5)).number == 1
    assert look(four[3], make.at(minutes=5, seconds=10)).number == 2
    assert look(four[3], make.at(minutes=14)).number == 1
    assert look(four[2], make.at(minutes=16)).number == 2


def test_a_test_that_lies_silent_keeps_no_place(rules, four):
    rules(most=2)
    assert [come(one, make.at(minutes=i)) for i, one in enumerate(four[:3])] == [0, 0, 1]
    assert look(four[2], make.at(minutes=9)).number == 1
    assert look(four[2], make.at(minutes=10, seconds=30)).number == 0


def test_many_at_once_are_let_in_as_quickly_as_starts_are_carried(rules, four):
    had = rules(most=1000, held_per_second={"sqlite": 4, "postgresql": 4}, start_share=0.05)
    assert (had.sitters("sqlite"), had.starts_per_second("sqlite")) == (90, 0.2)  # two in ten seconds
    at = make.at(minutes=1)
    assert [come(one, at + timedelta(milliseconds=i)) for i, one in enumerate(four)] == [0, 0, 1, 2]
    place = look(four[3], at + timedelta(seconds=3))
    assert (place.number, place.seconds, place.again, place.minutes) == (2, 10, 10, 1)
    assert [look(one, at + timedelta(seconds=11)).number for one in four[2:]] == [0, 0]


def test_what_was_measured_here_replaces_the_figure_of_the_rules(rules, settings):
    had = rules(most=1000)
    settings.HELD_PER_SECOND = 10.0
    assert had.sitters("postgresql") == 225
    settings.HELD_PER_SECOND = 0.0
    assert had.sitters("sqlite") == 1000


class TestPages:
    """Through HTTP, as a browser without script and as a program."""

    @pytest.fixture
    def full(self, rules, four):
        rules(most=2)
        with time_machine.travel(make.at(1), tick=False) as clock:
            for one in four[:2]:
                come(one, make.at(1))
            yield four, clock

    def test_the_start_leads_to_a_page_that_looks_by_itself(self, full, as_user):
        four, clock = full
        client = as_user(four[2].person.user)
        reply = client.post(reverse("assessments:begin", args=[four[2].pk]), follow=True)
        text = reply.content.decode()
        assert reply.redirect_chain[-1][0] == reverse("assessments:wait", args=[four[2].pk])
        assert 'id="place">1</dd>' in text
        assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in text
        assert "khoảng 20 phút" in text
        assert reply["Cache-Control"] == "no-store"
        assert Sitting.objects.get(pk=four[2].pk).started_at is None
        services.submit(actor=None, sitting=four[0], at=make.at(1))
        clock.shift(60)
        text = client.get(reverse("assessments:wait", args=[four[2].pk])).content.decode()
        assert "http-equiv" not in text
        assert reverse("assessments:begin", args=[four[2].pk]) in text
        assert Sitting.objects.get(pk=four[2].pk).started_at is None
        done = client.post(reverse("assessments:begin", args=[four[2].pk]))
        assert done["Location"] == reverse("assessments:sit", args=[four[2].pk])
        assert Sitting.objects.get(pk=four[2].pk).started_at == make.at(1) + timedelta(seconds=60)

    def test_a_program_is_told_503_and_when_to_come_again(self, full, as_user):
        four, _clock = full
        client, machine = as_user(four[2].person.user), {"Accept": "application/json"}
        for reply in (
            client.post(reverse("assessments:begin", args=[four[2].pk]), headers=machine),
            client.get(reverse("assessments:wait", args=[four[2].pk]), headers=machine),
        ):
            assert (reply.status_code, reply["Retry-After"], reply.json()["place"]) == (503, "60", 1)
        Admission.objects.update(called_at=make.at(1))
        reply = client.get(reverse("assessments:wait", args=[four[2].pk]), headers=machine)
        assert (reply.status_code, reply.json()) == (200, {"turn": True})

    def test_who_sits_already_is_let_through_by_four_statements(self, full, as_user):
        four, _clock = full
        client = as_user(four[0].person.user)
        client.get(reverse("assessments:sit", args=[four[0].pk]))

        def answer(seq):
            item = Sitting.objects.select_related("served_item__item").get(pk=four[0].pk).served_item
            sent = {"seq": seq, "key": str(uuid.uuid4()), "item": item.pk, "choice": make.right_choice(item)}
            address, machine = reverse("assessments:answer", args=[four[0].pk]), {"Accept": "application/json"}
            with CaptureQueriesContext(connection) as seen:
                reply = client.post(address, json.dumps(sent), content_type="application/json", headers=machine)
            return reply, seen

        answer(0)  # the first in five seconds also counts what is shown how often
        reply, seen = answer(1)
        asked = [row["sql"] for row in seen.captured_queries if not row["sql"].startswith(BOUNDS)]
        assert (reply.status_code, reply.json()["seq"]) == (200, 2)
        assert len(asked) <= 4, asked
        assert not any("admission" in one for one in asked)

    def test_a_look_costs_few_statements(self, full, as_user):
        four, _clock = full
        client = as_user(four[3].person.user)
        client.post(reverse("assessments:begin", args=[four[3].pk]))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("assessments:wait", args=[four[3].pk]))
        asked = [row["sql"] for row in seen.captured_queries if not row["sql"].startswith(BOUNDS)]
        assert len(asked) <= 5, asked
        assert not any("session" in one or "core_user" in one for one in asked), asked

    def test_nobody_stands_in_the_line_of_another(self, full, as_user):
        four, _clock = full
        as_user(four[2].person.user).post(reverse("assessments:begin", args=[four[2].pk]))
        stranger = Client()
        stranger.force_login(four[3].person.user)
        address = reverse("assessments:wait", args=[four[2].pk])
        assert stranger.get(address)["Location"] == reverse("assessments:begin", args=[four[2].pk])
        assert stranger.get(address, headers={"Accept": "application/json"}).status_code == 409
