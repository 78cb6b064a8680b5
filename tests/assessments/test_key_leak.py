"""Nothing of an item's key ever travels to the taker: not in the page, the fragment or the JSON, for any type."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.measure.assessments import delivery
from nanglucso.measure.assessments.models import Sitting
from nanglucso.measure.bank import queries as bank_queries
from nanglucso.measure.bank.models import Item, ItemVersion

pytestmark = pytest.mark.django_db
SECRET = "BI-MAT-7F3A"
WORDS = (b"misconception", b"feedback", b"rationale", b"partial_min", b"tolerance", b"parameters_from")


@pytest.fixture
def begun(as_user):
    with time_machine.travel(make.at(1), tick=False):
        person = make.person(login=True)
        campaign = make.campaign(people=[person], items_min=6, items_max=8, competences=["1.1", "1.2", "5.1", "5.2"])
        client = as_user(person.user)
        sitting = campaign.sittings.get()
        client.post(reverse("assessments:begin", args=[sitting.pk]))
        client.get(reverse("assessments:sit", args=[sitting.pk]))
        yield client, Sitting.objects.get(pk=sitting.pk)


def marked(value):
    """The key with a mark in every text, so that any leak is seen."""
    if isinstance(value, str):
        return f"{value} {SECRET}"
    if isinstance(value, dict):
        return {key: marked(inner) for key, inner in value.items()}
    return [marked(inner) for inner in value] if isinstance(value, list) else value


def spiked(kind):
    version = ItemVersion.objects.filter(item__type=kind, current=True).order_by("pk").first()
    ItemVersion.objects.filter(pk=version.pk).update(key=marked(version.key), notes=marked(version.notes))
    return version


@pytest.mark.parametrize("kind", [kind for kind, _ in Item.Type.choices])
def test_the_page_of_every_type_carries_no_key(begun, kind):
    client, sitting = begun
    version = spiked(kind)
    Sitting.objects.filter(pk=sitting.pk).update(served_item=version, deadline=make.at(1) + timedelta(hours=1))
    reply = client.get(reverse("assessments:sit", args=[sitting.pk]))
    assert (reply.status_code, version.body["stem"] in reply.content.decode()) == (200, True)
    assert SECRET.encode() not in reply.content
    assert not [word for word in WORDS if word in reply.content]
    assert reply.context["q"].body.keys() <= {
        "stem", "stimulus", "type", "options", "choose", "steps", "left", "right", "unit", "screen", "file"
    }  # fmt: skip


def test_the_fragment_after_an_answer_carries_no_key_of_the_next_item(begun):
    client, sitting = begun
    served = Sitting.objects.select_related("served_item__item").get(pk=sitting.pk).served_item
    choice = make.right_choice(served)
    for version in ItemVersion.objects.exclude(pk=served.pk):
        ItemVersion.objects.filter(pk=version.pk).update(key=marked(version.key))
    delivery._desk.cache_clear()
    bank_queries.deck.cache_clear()
    data = {"seq": 0, "key": str(uuid.uuid4()), "item": served.pk}
    data |= {f"m_{k}": v for k, v in choice.items()} if isinstance(choice, dict) else {}
    data |= {} if isinstance(choice, dict) else {"step" if served.item.type == "order" else "a": choice}
    url = reverse("assessments:answer", args=[sitting.pk])
    reply = client.post(url, data, headers={"NLS-Outbox": "1"})
    assert (reply.status_code, reply["NLS-Seq"]) == (200, "1")
    assert SECRET.encode() not in reply.content
    assert not [word for word in WORDS if word in reply.content]


def test_how_an_item_was_answered_is_for_its_author_only(begun, as_user):
    _, sitting = begun
    code = ItemVersion.objects.get(pk=sitting.served_item_id).item.code
    url = reverse("assessments:item_use", args=[code])
    assert as_user(make.user("training")).get(url).status_code == 403
    assert as_user(make.user("author")).get(url).status_code == 200


def test_how_an_item_was_answered_counts_choices_and_full_scores(begun):
    from nanglucso.measure.assessments.models import Answer
    from nanglucso.measure.assessments.queries import item_use

    _, sitting = begun
    version = ItemVersion.objects.select_related("item").filter(item__type="single", current=True).first()
    right = version.key["answer"]
    wrong = make.wrong_choice(version)
    for seq, choice in enumerate((right, right, right, wrong)):
        Answer.objects.create(
            sitting=sitting, seq=seq, item_version=version, choice=choice, score=int(choice == right), key=uuid.uuid4(),
            shown_ms=1000 * (seq + 1), at=make.AT,
        )  # fmt: skip
    [use] = item_use(version.item)
    assert (use.answers, use.full, use.enough) == (4, 0.75, False)
    assert (use.chosen[0][0], use.chosen[0][2]) == (right, 0.75)
    assert sum(share for _, _, share in use.chosen) == pytest.approx(1.0)
