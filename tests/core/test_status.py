"""The status page and what a load balancer asks."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from nanglucso.core import anchoring, status
from nanglucso.core.acts import act
from nanglucso.core.clock import now
from nanglucso.core.models import AuditEntry, Backup, Job
from nanglucso.core.watching.pulses import beat
from tests import make

pytestmark = pytest.mark.django_db


def kept_well() -> None:
    """A proven copy, and signs of life of worker and drill."""
    Backup.objects.create(name="x.nlsbak", began_at=now(), proven_at=now(), sealed=True)
    with suppress(FileNotFoundError):
        anchoring.own_file().unlink()
    anchoring.write_digest(at=now())
    for part in ("worker", "drill"):
        beat(part, at=now(), seconds=9)


def test_a_healthy_system_says_so(as_user):
    kept_well()
    lamps = status.lamps(at=now())
    assert {"Sao lưu", "Tiến trình xử lý nền", "Diễn tập khôi phục"} <= {lamp.name for lamp in lamps}
    assert {lamp.state for lamp in lamps if lamp.name not in ("Ghi xuống đĩa", "Đĩa còn trống")} == {"good"}
    page = as_user(make.user("admin")).get(reverse("core:status"))
    assert page.status_code == 200
    assert "Hệ thống" in page.context["sentence"]


def test_work_that_nobody_takes_lights_the_lamp_red():
    Job.objects.create(kind="t.x", created_at=now() - timedelta(minutes=10))
    assert status._queue(now()).state == "bad"
    assert status.verdict(status.lamps(at=now()))[0] == "bad"


def test_failed_work_wants_attention_for_a_week():
    row = Job.objects.create(kind="t.x", status="failed", created_at=now(), finished_at=now())
    assert status._failed(now()).state == "warn"
    Job.objects.filter(pk=row.pk).update(finished_at=now() - timedelta(days=8))
    assert status._failed(now()).state == "good"


def test_a_broken_chain_lights_the_lamp_red():
    for _ in range(3):
        with act(None, "core.step", at=make.AT):
            pass
    assert status._chain().state == "good"
    last = AuditEntry.objects.order_by("-seq").first()
    AuditEntry.objects.filter(seq=last.seq - 1).update(verb="core.other")
    assert status._chain().state == "bad"


def test_a_part_that_cannot_be_asked_is_a_broken_one(monkeypatch):
    def gone():
        raise OperationalError("no such host")

    kept_well()
    monkeypatch.setattr(status, "_migrations", gone)
    lamps = status.lamps(at=now())
    assert [lamp.fact for lamp in lamps if lamp.state == "bad"] == ["OperationalError"]


@pytest.mark.parametrize("role", ["official", "head", "training", "author", "leader", "auditor"])
def test_only_the_administrator_sees_the_inside(as_user, role):
    assert as_user(make.user(role)).get(reverse("core:status")).status_code == 403


def test_health_is_open_to_anyone_and_tells_nothing(client):
    for address in (reverse("core:live"), reverse("core:ready"), "/health/live", "/health/ready"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert len(answer.content) < 20


def test_a_database_behind_the_code_is_not_ready_but_alive(client, monkeypatch):
    monkeypatch.setattr(status, "_unapplied", lambda: ["core.0002"])
    assert client.get(reverse("core:ready")).status_code == 503
    assert client.get(reverse("core:live")).status_code == 200


def test_a_database_that_does_not_answer_is_not_ready(client, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    assert status.can_answer() is False
