"""JSON from a browser, as deep, as large and as odd as somebody likes: refused, and nothing is written."""

import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nanglucso.develop.learning import services
from nanglucso.develop.learning.scorm import launching
from nanglucso.kit.jsonread import MOST_DEPTH, BadJson, read_json
from nanglucso.measure.assessments.models import Answer, Sitting
from tests import make
from tests.learning import scorm

DEEP = "[" * 100_000 + "]" * 100_000
JUST_TOO_DEEP = "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1)
ODD = {
    "a hundred thousand deep": DEEP, "never closed": "[" * 100_000, "one list too deep": JUST_TOO_DEEP,
    "half a letter": '"\\ud800"', "NUL": '"\\u0000"', "no JSON": "<script>",
    "a number of ten thousand figures": "1" * 10_000,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with time_machine.travel(make.at(0.01), tick=False):
        yield


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_the_reader_says_what_is_wrong(text: str):
    with pytest.raises(BadJson):
        read_json(text.encode())


def test_what_is_just_deep_enough_is_read():
    found = read_json(("[" * MOST_DEPTH + "]" * MOST_DEPTH).encode())
    depth = 0
    while found:
        (found,), depth = found, depth + 1
    assert depth == MOST_DEPTH - 1


@pytest.mark.django_db
def test_an_answer_of_odd_json_is_refused_and_nothing_is_stored():
    person = make.person(login=True)
    sitting = make.campaign(people=[person], items_min=2, items_max=2, competences=["3.3"]).sittings.get()
    client = Client(raise_request_exception=False)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("assessments:begin", args=[sitting.pk]))
    client.get(reverse("assessments:sit", args=[sitting.pk]))
    address = reverse("assessments:answer", args=[sitting.pk])
    before = Sitting.objects.values().get(pk=sitting.pk)
    head = f'{{"seq": 0, "key": "{uuid.uuid4()}", "item": {before["served_item_id"]}, "choice": '
    bodies = [head + text + "}" for text in ODD.values()] + list(ODD.values())
    bodies += ["3", "null", '"x"', "{}", head + '"A", "item": {}}', head + '"A", "seq": 1e999}']
    for body in bodies:
        reply = client.post(address, body, content_type="application/json", headers={"accept": "application/json"})
        assert reply.status_code == 400, body[:80]
    large = client.post(address, head + '"' + "x" * 5_100_000 + '"}', content_type="application/json")
    assert large.status_code in (400, 413)
    assert not Answer.objects.filter(sitting=sitting).exists()
    assert Sitting.objects.values().get(pk=sitting.pk) == before


@pytest.mark.django_db
def test_what_a_package_says_in_odd_json_is_refused_and_nothing_is_kept():
    person = make.person(login=True)
    run = services.begin_package(actor=person.user, person=person, package=scorm.kept_package().package, at=make.AT)
    client = Client(raise_request_exception=False)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    ticket = launching.ticket(launching.Ticket(person.user_id, run.version_id, str(run.pk), "I1", 1))
    told = {"ticket": ticket, "n": "1", "event": "set", "reads": "0"}
    address = reverse("learning:package_record", args=[run.pk])
    before = type(run).objects.values().get(pk=run.pk)
    for text in [*ODD.values(), *(f'{{"cmi.core.lesson_location": {text}}}' for text in ODD.values())]:
        assert client.post(address, told | {"values": text}).status_code == 422, text[:60]
    large = '{"cmi.suspend_data": "' + "x" * 5_100_000 + '"}'
    assert client.post(address, told | {"values": large}).status_code in (400, 413)
    assert type(run).objects.values().get(pk=run.pk) == before
