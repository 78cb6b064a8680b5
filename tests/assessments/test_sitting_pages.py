"""The test over real HTTP: start, answer, replay, refusal, another device, end."""

import uuid

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core import jobs
from nanglucso.core.models import Job
from nanglucso.measure.assessments.models import Answer, Sitting
from nanglucso.measure.bank.models import ItemVersion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_campaign():
    with time_machine.travel(make.at(1), tick=False):
        yield


@pytest.fixture
def begun(as_user):
    person = make.person(login=True)
    campaign = make.campaign(people=[person], items_min=6, items_max=8)
    sitting = campaign.sittings.get()
    client = as_user(person.user)
    client.post(reverse("assessments:begin", args=[sitting.pk]))
    client.get(reverse("assessments:sit", args=[sitting.pk]))
    return client, Sitting.objects.get(pk=sitting.pk)


def answer(client, sitting, **change):
    row = Sitting.objects.select_related("served_item__item").get(pk=sitting.pk)
    version = row.served_item
    data = {"seq": row.seq, "key": str(uuid.uuid4()), "item": version.pk, "choice": make.right_choice(version)} | change
    url = reverse("assessments:answer", args=[sitting.pk])
    return data, client.post(url, data, content_type="application/json", headers={"Accept": "application/json"})


def test_a_json_answer_is_acknowledged_with_the_next_item_and_no_key_leaks(begun):
    client, sitting = begun
    _, reply = answer(client, sitting)
    told = reply.json()
    assert (reply.status_code, told["seq"], told["replay"]) == (200, 1, False)
    shown = {"stem", "stimulus", "type", "options", "choose", "steps", "left", "right", "unit", "screen", "file"}
    assert set(told["next"]["body"]) <= shown
    assert b"score" not in reply.content
    assert b"feedback" not in reply.content


def test_a_repeated_key_is_a_replay(begun):
    client, sitting = begun
    data, first = answer(client, sitting)
    url = reverse("assessments:answer", args=[sitting.pk])
    again = client.post(url, data, "application/json", headers={"Accept": "application/json"})
    assert (again.status_code, again.json()["replay"]) == (200, True)
    assert again.json()["next"] == first.json()["next"]
    assert Answer.objects.count() == 1


def test_a_form_without_script_answers_and_returns_to_the_question(begun):
    client, sitting = begun
    row = Sitting.objects.select_related("served_item__item").get(pk=sitting.pk)
    page = client.get(reverse("assessments:sit", args=[sitting.pk]))
    assert page.status_code == 200
    choice, data = make.right_choice(row.served_item), {"seq": 0, "key": str(uuid.uuid4()), "item": row.served_item_id}
    data |= make.form_fields(row.served_item, choice)
    reply = client.post(reverse("assessments:answer", args=[sitting.pk]), data)
    assert (reply.status_code, reply.url) == (302, reverse("assessments:sit", args=[sitting.pk]))
    assert Sitting.objects.get(pk=sitting.pk).seq == 1


def test_a_typed_answer_without_tone_marks_is_asked_for_once_and_then_taken(begun):
    client, sitting = begun
    in_bank = sitting.campaign.items
    version = ItemVersion.objects.filter(item__type="cloze", pk__in=in_bank).first()
    ItemVersion.objects.filter(pk=version.pk).update(key={"answer": "bảo mật", "accept": ["bảo mật"], "refuse": []})
    Sitting.objects.filter(pk=sitting.pk).update(served_item=version)
    url = reverse("assessments:answer", args=[sitting.pk])
    data = {"seq": 0, "key": str(uuid.uuid4()), "item": version.pk, "a": "bao mat"}
    reply = client.post(url, data, headers={"NLS-Outbox": "1"})
    assert (reply.status_code, reply["NLS-Asked"], Answer.objects.count()) == (422, "1", 0)
    assert client.post(url, data).url.endswith("?asked=1")
    assert (
        'name="asked" value="1"'
        in client.get(reverse("assessments:sit", args=[sitting.pk]), {"asked": 1}).content.decode()
    )
    assert client.post(url, data | {"asked": "1"}, headers={"NLS-Outbox": "1"}).status_code == 200
    assert Answer.objects.get().choice == "bao mat"


@pytest.mark.parametrize("move", ["", "khong-co:up", ":", "s1"])
def test_a_damaged_move_of_a_step_is_refused_without_a_fault(begun, move):
    client, sitting = begun
    version = ItemVersion.objects.filter(item__type="order", current=True).first()
    Sitting.objects.filter(pk=sitting.pk).update(served_item=version)
    reply = client.post(reverse("assessments:answer", args=[sitting.pk]), {"move": move, "step": ["x"]})
    assert (reply.status_code, reply.url) == (302, reverse("assessments:sit", args=[sitting.pk]))


def test_steps_move_up_and_down_without_script(begun):
    client, sitting = begun
    version = ItemVersion.objects.filter(item__type="order", current=True).first()
    Sitting.objects.filter(pk=sitting.pk).update(served_item=version)
    keys = [step["key"] for step in version.body["steps"]]
    reply = client.post(reverse("assessments:answer", args=[sitting.pk]), {"move": f"{keys[1]}:up", "step": keys})
    assert [step["key"] for step in reply.context["q"].body["steps"]][:2] == [keys[1], keys[0]]


def test_an_incomplete_answer_is_refused_and_nothing_is_stored(begun):
    client, sitting = begun
    _, reply = answer(client, sitting, choice=None)
    assert reply.status_code == 422
    assert Answer.objects.count() == 0


def test_without_a_ticket_nothing_is_taken(begun):
    client, sitting = begun
    client.cookies.pop("nls-sitting")
    _, reply = answer(client, sitting)
    assert reply.status_code == 401
    assert Answer.objects.count() == 0


def test_the_whole_test_ends_by_itself_and_is_weighed_by_a_job(begun):
    client, sitting = begun
    for _ in range(8):
        _, reply = answer(client, sitting)
        if reply.json()["finished"]:
            break
    reply = client.get(reverse("assessments:sit", args=[sitting.pk]))
    assert reply.url == reverse("assessments:finished", args=[sitting.pk])
    jobs.perform(str(Job.objects.get(kind="assessments.score").pk))
    assert Sitting.objects.get(pk=sitting.pk).status == Sitting.Status.SCORED


def test_another_person_gets_404(begun, as_user):
    _, sitting = begun
    stranger = make.person(login=True)
    client = as_user(stranger.user)
    for name in ("sit", "begin", "finished"):
        assert client.get(reverse(f"assessments:{name}", args=[sitting.pk])).status_code == 404


def test_taking_over_leaves_the_older_device_with_403(begun):
    client, sitting = begun
    old = client.cookies["nls-sitting"].value
    client.post(reverse("assessments:control", args=[sitting.pk, "take_over"]))
    client.cookies["nls-sitting"] = old
    _, reply = answer(client, sitting)
    assert reply.status_code == 403
    assert client.get(reverse("assessments:sit", args=[sitting.pk])).status_code == 409


def form_of(sitting):
    """The fields that a browser sends for the item served now."""
    row = Sitting.objects.select_related("served_item__item").get(pk=sitting.pk)
    choice, data = (
        make.right_choice(row.served_item),
        {"seq": row.seq, "key": str(uuid.uuid4()), "item": row.served_item_id},
    )
    if isinstance(choice, dict):
        return data | {f"m_{k}": v for k, v in choice.items()}
    return data | {"step" if row.served_item.item.type == "order" else "a": choice}


def test_the_older_device_is_told_in_one_sentence_and_nothing_is_stored(begun):
    client, sitting = begun
    old = client.cookies["nls-sitting"].value
    client.post(reverse("assessments:control", args=[sitting.pk, "take_over"]))
    client.cookies["nls-sitting"] = old
    url = reverse("assessments:answer", args=[sitting.pk])
    reply = client.post(url, form_of(sitting), headers={"NLS-Outbox": "1", "Accept-Language": "en"})
    assert (reply.status_code, reply["NLS-Seq"], Answer.objects.count()) == (403, "0", 0)
    assert len(reply.content) < 400


def test_an_answer_that_meets_a_pause_neither_counts_nor_ends_the_test(begun):
    client, sitting = begun
    client.post(reverse("assessments:control", args=[sitting.pk, "pause"]))
    data, url = form_of(sitting), reverse("assessments:answer", args=[sitting.pk])
    reply = client.post(url, data, headers={"NLS-Outbox": "1"})
    row = Sitting.objects.get(pk=sitting.pk)
    assert (reply.status_code, row.status, row.seq, Answer.objects.count()) == (423, "paused", 0, 0)
    client.post(reverse("assessments:control", args=[sitting.pk, "resume"]))
    assert client.post(url, data, headers={"NLS-Outbox": "1"}).status_code == 200
    assert Answer.objects.count() == 1


def test_a_stale_answer_is_told_that_another_one_counts(begun):
    client, sitting = begun
    url, data = reverse("assessments:answer", args=[sitting.pk]), form_of(sitting)
    client.post(url, data, headers={"NLS-Outbox": "1"})
    reply = client.post(url, data | {"key": str(uuid.uuid4())}, headers={"NLS-Outbox": "1"})
    assert (reply.status_code, reply.context["counted"]) == (409, True)


@pytest.mark.parametrize("choice", [{"a": []}, [["A"]], [{}], True, None, "x" * 9_000, {"1": ["x"]}])
def test_an_answer_of_any_wrong_shape_is_refused_in_one_sentence(begun, choice):
    client, sitting = begun
    for version in ItemVersion.objects.filter(current=True, pk__in=sitting.campaign.items).order_by("item__type", "pk")[
        ::7
    ]:
        Sitting.objects.filter(pk=sitting.pk).update(served_item=version)
        _, reply = answer(client, sitting, choice=choice)
        assert reply.status_code in (400, 422), version.item.type
    assert Answer.objects.count() == 0
