"""Practice of items: key and reason at once, nothing kept, and never an item of this year's exams."""

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import practising, services
from nanglucso.measure.assessments.models import Answer, Sitting
from nanglucso.measure.bank import queries as bank_queries
from nanglucso.measure.bank import services as bank
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.profiles.models import Evidence

pytestmark = pytest.mark.django_db
SHORT = {"items_min": 6, "items_max": 8}


@pytest.fixture(autouse=True)
def _in_the_year():
    with time_machine.travel(make.at(1), tick=False):
        yield


def fields(version, choice):
    if isinstance(choice, dict):
        return {f"m_{key}": value for key, value in choice.items()}
    return {"step" if version.item.type == "order" else "a": choice}


def place(version):
    code = version.item.competence.code
    rows = list(bank_queries.practice_versions(make.framework(), code))
    return reverse("assessments:practice_item", args=[code, rows.index(version) + 1])


SHIPPED = ["single", "multiple", "match", "numeric", "order", "sjt", "cloze", "hotspot"]


@pytest.mark.parametrize("kind", SHIPPED)
def test_every_type_is_practised_with_key_and_reason_and_nothing_is_kept(kind, as_user):
    version = bank_queries.practice_versions(make.framework()).filter(item__type=kind).first()
    client, url = as_user(make.person(login=True).user), place(version)
    before = client.get(url).content.decode()
    why = version.notes["rationale"]
    assert (version.body["stem"][:30] in before, why in before) == (True, False)
    for choice, part in ((make.right_choice(version), "full"), (make.wrong_choice(version), "none")):
        reply = client.post(url, fields(version, choice))
        assert (reply.status_code, reply.context["said"].part) == (200, part)
        assert why in reply.content.decode()
    assert client.post(url, {}).status_code == 422
    assert not Evidence.objects.exists()
    assert not Answer.objects.exists()


def test_before_the_answer_the_page_carries_nothing_of_the_key(as_user):
    version = bank_queries.practice_versions(make.framework()).filter(item__type="single").first()
    page = as_user(make.person(login=True).user).get(place(version)).content.decode()
    assert not [text for text in version.key["feedback"].values() if text in page]


def test_an_exam_item_cannot_be_reached_by_practice(as_user):
    client = as_user(make.person(login=True).user)
    shown = {row.pk for row in bank_queries.practice_versions(make.framework())}
    assert not shown & set(bank_queries.live_versions(make.framework()).values_list("pk", flat=True))
    last = len(bank_queries.practice_versions(make.framework(), "5.2"))
    assert client.get(reverse("assessments:practice_item", args=["5.2", last + 1])).status_code == 404
    assert client.get(reverse("assessments:practice_item", args=["1.1", 1])).status_code == 404


def test_no_exam_asks_an_item_for_practice():
    campaign = make.campaign(people=[make.person()], **SHORT)
    practised = set(ItemVersion.objects.filter(item__practice=True).values_list("pk", flat=True))
    assert practised
    assert not practised & {*campaign.items, *campaign.files}


def test_an_item_of_this_years_exam_is_not_released_before_the_next_year():
    campaign = make.campaign(people=[make.person()], **SHORT)
    item = ItemVersion.objects.get(pk=campaign.items[0]).item
    told = {"actor": None, "item": item, "reason": "Đã lộ."}
    with pytest.raises(Refused, match="năm sau"):
        practising.release(**told, at=make.at(1))
    services.close_campaign(actor=None, campaign=campaign, at=make.at(2))
    with pytest.raises(Refused):
        practising.release(**told, at=make.at(60))
    practising.release(**told, at=make.at(330))
    assert item.practice
    assert AuditEntry.objects.get(verb="bank.set_practice").details["practice"] is True


def test_an_item_taken_back_from_practice_is_no_exam_item_this_year():
    item = Item.objects.filter(practice=True).first()
    practising.end(actor=None, item=item, reason="Sai đáp án.", at=make.at(1))
    assert (item.practice, item.status) == (False, "review")
    told = {"actor": None, "item": item, "status": "live", "reason": "Đã sửa."}
    with pytest.raises(Refused, match="2027"):
        bank.set_status(**told, at=make.at(100))
    bank.set_status(**told, at=make.at(330))
    assert Item.objects.get(pk=item.pk).status == "live"


def test_only_an_item_in_use_or_retired_and_scored_by_the_machine_is_released():
    file = Item.objects.filter(type=Item.Type.FILE).first()
    draft = Item.objects.filter(type="single", practice=False).first()
    Item.objects.filter(pk=draft.pk).update(status=Item.Status.DRAFT)
    draft.refresh_from_db()
    for item in (file, draft):
        with pytest.raises(Refused):
            practising.release(actor=None, item=item, reason="Đã lộ.", at=make.at(1))
    draft.status = Item.Status.RETIRED
    practising.release(actor=None, item=draft, reason="Đã lộ.", at=make.at(1))


def test_the_author_releases_on_the_items_page_with_a_reason(as_user):
    item = Item.objects.filter(type="single", practice=False).first()
    client, url = as_user(make.user("author")), reverse("assessments:item_practice", args=[item.code])
    client.post(url, {"reason": " "})
    assert not Item.objects.get(pk=item.pk).practice
    assert client.post(url, {"reason": "Đã lộ ngoài phòng thi."}).url == reverse("bank:item", args=[item.code])
    assert Item.objects.get(pk=item.pk).practice
    client.post(url, {"reason": "Sai."})
    assert Item.objects.get(pk=item.pk).status == "review"


def test_steps_are_moved_without_script_before_the_answer(as_user):
    version = bank_queries.practice_versions(make.framework()).filter(item__type="order").first()
    client, url = as_user(make.person(login=True).user), place(version)
    keys = [step["key"] for step in version.body["steps"]]
    reply = client.post(url, {"step": keys, "move": f"{keys[1]}:up"})
    assert [row["key"] for row in reply.context["q"]["body"]["steps"]][:2] == [keys[1], keys[0]]
    assert "said" not in reply.context
    assert client.post(url, {"step": ["x"]}).status_code == 404


def test_the_exam_gives_no_feedback(as_user):
    person = make.person(login=True)
    sitting = make.campaign(people=[person], **SHORT).sittings.get()
    client = as_user(person.user)
    client.post(reverse("assessments:begin", args=[sitting.pk]))
    version = Sitting.objects.get().served_item
    page = client.get(reverse("assessments:sit", args=[sitting.pk])).content.decode()
    assert version.notes.get("rationale", "?") not in page
