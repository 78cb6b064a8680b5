"""An answer sent by a script goes past sessions and log-ins, and nothing that guards it is left behind."""

import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import make

from nanglucso.measure.assessments import services, ticket
from nanglucso.measure.assessments.models import Answer

pytestmark = pytest.mark.django_db
CSRF = "b" * 32


@pytest.fixture
def sitting():
    person = make.person()
    campaign = make.campaign(people=[person], items_min=6, items_max=10)
    with time_machine.travel(make.AT, tick=False):
        yield services.start_sitting(actor=None, sitting=campaign.sittings.get(), at=make.AT)


def sent(sitting, shape, token=CSRF, number=None, **more):
    """One answer by a browser that holds nothing but the ticket; `shape`: json, outbox or page."""
    from django.core import signing

    browser = Client(enforce_csrf_checks=True)
    mark = {"s": sitting.pk.hex, "p": sitting.person_id, "e": sitting.epoch}
    browser.cookies[ticket.NAME] = signing.dumps(mark, salt=ticket.SALT)
    browser.cookies["nls-csrf"] = CSRF
    told = {"seq": 0, "key": str(uuid.uuid4()), "item": sitting.served_item_id, **more}
    choice = make.right_choice(sitting.served_item)
    address = reverse("assessments:answer", args=[number or sitting.pk])
    if shape == "json":
        headers = {"Accept": "application/json", "X-CSRFToken": token}
        return browser.post(address, told | {"choice": choice}, content_type="application/json", headers=headers)
    told |= make.form_fields(sitting.served_item, choice)
    headers = {"X-CSRFToken": token} | ({"NLS-Outbox": "1"} if shape == "outbox" else {})
    return browser.post(address, told, headers=headers)


@pytest.mark.parametrize("shape", ["json", "outbox", "page"])
def test_an_answer_is_taken_by_ticket_alone_whatever_road_it_takes(sitting, shape):
    with CaptureQueriesContext(connection) as seen:
        reply = sent(sitting, shape)
    assert reply.status_code == (302 if shape == "page" else 200)
    assert Answer.objects.filter(sitting=sitting).count() == 1
    assert [row["sql"] for row in seen.captured_queries if "session" in row["sql"] or "core_user" in row["sql"]] == []


@pytest.mark.parametrize("shape", ["json", "outbox", "page"])
def test_a_forged_request_is_refused_on_every_road(sitting, shape):
    assert sent(sitting, shape, token="c" * 32).status_code == 403
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("shape", ["json", "outbox"])
def test_what_a_script_reads_may_load_nothing_and_stands_in_no_frame(sitting, shape):
    headers = sent(sitting, shape).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert headers["NLS-Version"]


def test_an_address_that_is_none_and_a_move_of_a_step_by_script_store_nothing(sitting):
    assert sent(sitting, "json", number=uuid.uuid4()).status_code == 401
    assert sent(sitting, "outbox", move="1:up", item="x").status_code == 400
    assert Answer.objects.count() == 0
