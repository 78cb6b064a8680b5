"""What the next question costs: at most 8 SQL statements and 30 kB, for every type of item."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import make

from nanglucso.measure.assessments import answering, delivery
from nanglucso.measure.assessments.models import Sitting
from nanglucso.measure.bank.models import Item, ItemVersion

pytestmark = pytest.mark.django_db
MOST_STATEMENTS, MOST_BYTES = 8, 30_000
BOUNDS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@pytest.mark.parametrize("kind", [kind for kind, _ in Item.Type.choices])
def test_the_next_question_of_every_type_is_light(as_user, kind, monkeypatch):
    with time_machine.travel(make.at(1), tick=False):
        person = make.person(login=True)
        sitting = make.campaign(people=[person], items_min=6, items_max=8, with_file=True).sittings.get()
        client = as_user(person.user)
        client.post(reverse("assessments:begin", args=[sitting.pk]))
        client.get(reverse("assessments:sit", args=[sitting.pk]))
        sitting = Sitting.objects.select_related("served_item__item", "campaign").get(pk=sitting.pk)
        heaviest = max(
            ItemVersion.objects.filter(item__type=kind, current=True, item__practice=False).exclude(
                pk=sitting.served_item_id
            ),
            key=lambda row: len(str(row.body)),
        )
        desk = delivery.desk(sitting.campaign)
        wanted = desk.version(heaviest.pk)
        monkeypatch.setattr(answering.delivery, "next_turn", lambda *_: delivery.Turn(wanted))
        data = {"seq": 0, "key": str(uuid.uuid4()), "item": sitting.served_item_id}
        choice = make.right_choice(sitting.served_item)
        data |= (
            {f"m_{k}": v for k, v in choice.items()}
            if isinstance(choice, dict)
            else {"step" if sitting.served_item.item.type == "order" else "a": choice}
        )
        url = reverse("assessments:answer", args=[sitting.pk])
        with CaptureQueriesContext(
            connection,
        ) as seen:
            reply = client.post(url, data, headers={"NLS-Outbox": "1"})
    asked = [row["sql"] for row in seen.captured_queries if not row["sql"].startswith(BOUNDS)]
    assert (reply.status_code, reply["NLS-Seq"]) == (200, "1")
    assert wanted.body["stem"].split("\n")[0][:40] in reply.content.decode()
    assert len(asked) <= MOST_STATEMENTS, asked
    assert len(reply.content) <= MOST_BYTES
    assert timedelta(0) < sitting.deadline - make.at(1)
