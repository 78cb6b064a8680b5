"""A page left open over an upgrade: every reply says the edition, and an old page's answer is still taken."""

import re
import uuid

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.measure.assessments.models import Answer, Sitting
from nanglucso.ui import edition as editions

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(as_user):
    with time_machine.travel(make.at(1), tick=False):
        person = make.person(login=True)
        sitting = make.campaign(people=[person], items_min=6, items_max=8).sittings.get()
        client = as_user(person.user)
        client.post(reverse("assessments:begin", args=[sitting.pk]))
        yield client, sitting


def test_page_state_and_answer_say_the_same_edition(begun):
    client, sitting = begun
    page = client.get(reverse("assessments:sit", args=[sitting.pk])).content.decode()
    told = re.search(r'data-edition="([0-9a-f]{16})"', page).group(1)
    assert client.get(reverse("assessments:state", args=[sitting.pk]))["NLS-Version"] == told
    reply = client.post(reverse("assessments:answer", args=[sitting.pk]), {}, headers={"NLS-Outbox": "1"})
    assert (reply.status_code, reply["NLS-Version"]) == (400, told)


def test_the_edition_changes_with_the_files_a_page_is_made_of(tmp_path, monkeypatch):
    (tmp_path / "ui/static/js").mkdir(parents=True)
    script = tmp_path / "ui/static/js/outbox.js"
    monkeypatch.setattr(editions, "ROOT", tmp_path)
    seen = set()
    for text in ("a", "b", "b"):
        script.write_text(text)
        editions.edition.cache_clear()
        seen.add(editions.edition())
    editions.edition.cache_clear()
    assert len(seen) == 2


def test_an_answer_of_an_older_page_without_the_newer_fields_is_taken(begun):
    client, sitting = begun
    client.get(reverse("assessments:sit", args=[sitting.pk]))
    version = Sitting.objects.select_related("served_item__item").get(pk=sitting.pk).served_item
    choice, data = make.right_choice(version), {"seq": 0, "key": str(uuid.uuid4()), "item": version.pk}
    data |= make.form_fields(version, choice)
    reply = client.post(reverse("assessments:answer", args=[sitting.pk]), data, headers={"NLS-Outbox": "1"})
    assert (reply.status_code, Answer.objects.count()) == (200, 1)
