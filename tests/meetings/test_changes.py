"""What changes before a meeting: agenda, papers, parts, time; who is told of it; conclusions taken out."""

from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings import mailing, queries, services
from nanglucso.govern.meetings.models import Meeting, Notice
from tests import make
from tests.meetings import held

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.MEDIA_ROOT, settings.KEYS_ROOT = tmp_path / "media", tmp_path / "keys"
    with time_machine.travel(make.at(1), tick=False):
        yield


def _with_addresses(row: Meeting) -> None:
    for seat in row.attendees.select_related("person"):
        seat.person.email = f"p{seat.pk}@example.vn"
        seat.person.save(update_fields=["email"])


def _sent(row: Meeting) -> list[Any]:
    mail.outbox.clear()
    mailing.mail(meeting=row, at=make.AT)
    return list(mail.outbox)


def test_the_invited_get_one_message_each_but_not_who_sends_it():
    row = held.planned()
    _with_addresses(row)
    chair = held.seat(row, "chair").person
    services.call(actor=chair.user, meeting=row, at=make.AT)
    sent = _sent(row)
    assert sorted(one.to[0] for one in sent) == sorted(
        seat.person.email for seat in row.attendees.exclude(person=chair)
    )
    assert f"http://localhost:8000/hop/{row.pk}/" in sent[0].body
    assert (row.title in sent[0].subject, "Tờ trình" in sent[0].body) == (True, False)
    assert _sent(row) == []


def test_another_time_is_told_another_title_is_not_and_a_stand_in_is_told_instead():
    row = held.called()
    _with_addresses(row)
    _sent(row)
    same = {"place": row.place, "starts_at": row.starts_at, "ends_at": row.ends_at}
    services.change(actor=None, meeting=row, title="Họp khác", at=make.AT, **same)
    assert _sent(row) == []
    seat = held.seat(row)
    made = services.send_stand_in(
        actor=None, seat=seat, person=make.person(unit=row.unit, email="thay@example.vn"), reason="", at=make.AT
    )
    assert [one.to for one in _sent(row)] == [["thay@example.vn"]]
    services.change(actor=None, meeting=row, title="Họp khác", at=make.AT, **(same | {"place": "Phòng B"}))
    told = {one.to[0] for one in _sent(row)}
    assert (made.person.email in told, seat.person.email in told, len(told)) == (True, False, 4)
    services.cancel(actor=None, meeting=row, reason="Trùng lịch", at=make.AT)
    assert all("Trùng lịch" in one.body for one in _sent(row))
    assert Notice.objects.filter(about="cancelled").count() == 4


def test_a_meeting_that_nobody_knows_of_is_changed_and_called_off_in_silence():
    row = held.planned()
    services.change(
        actor=None, meeting=row, title="Họp", place="B", starts_at=row.starts_at, ends_at=row.ends_at, at=make.AT
    )
    services.cancel(actor=None, meeting=row, reason="Thôi", at=make.AT)
    assert not Notice.objects.exists()


def test_the_agenda_is_arranged_and_a_paper_withdrawn_over_the_page(as_user):
    row = held.called()
    first = row.items.get()
    told: dict[str, Any] = {"meeting": row, "minutes": 5, "presenter": None, "at": make.AT}
    other = services.add_item(actor=None, title="Việc khác", **told)
    paper = row.papers.get()
    client = as_user(held.seat(row, "secretary").person.user)
    page = reverse("meetings:agenda", args=[row.pk])
    client.post(page, {"do": f"up:{other.pk}"})
    assert [item.pk for item in row.items.all()] == [other.pk, first.pk]
    client.post(page, {"do": f"off:{other.pk}"})
    client.post(page, {"do": f"withdraw:{paper.pk}"})
    assert [str(item) for item in row.items.all()] == [f"1. {first.title}"]
    assert not queries.papers(row)
    assert client.get(reverse("meetings:pdf", args=[paper.pk])).status_code == 404
    for text in ("up", "x:1", f"up:{other.pk}"):
        assert "không còn" in client.post(page, {"do": text}, follow=True).content.decode()
    assert as_user(held.seat(row).person.user).get(page).status_code == 403


def test_another_chair_takes_over_and_the_page_says_what_was_typed_wrong(as_user):
    row = held.called()
    client = as_user(held.seat(row, "chair").person.user)
    new, old = held.seat(row), held.seat(row, "chair")
    page = reverse("meetings:act", args=[row.pk, "vai-tro"])
    assert client.post(page, {"who": new.pk, "role": "chair", "may_vote": "on"}).status_code == 302
    roles = dict(row.attendees.values_list("pk", "role"))
    assert (roles[new.pk], roles[old.pk]) == ("chair", "delegate")
    services.send_stand_in(actor=None, seat=held.seat(row), person=make.person(unit=row.unit), reason="", at=make.AT)
    gone = row.attendees.get(answer="sends")
    with pytest.raises(Refused):
        services.set_role(actor=None, seat=gone, role="chair", may_vote=True, at=make.AT)
    client = as_user(new.person.user)
    moment = {"starts_at": "03/03/2026 09:30", "ends_at": "03/03/2026 09:00"}
    reply = client.post(reverse("meetings:act", args=[row.pk, "sua"]), {"title": "Họp mới", "place": "B"} | moment)
    assert reply.status_code == 422
    assert "Họp mới" in reply.content.decode()
    shown = client.get(reverse("meetings:act", args=[row.pk, "sua"])).content.decode()
    assert row.title in shown


def test_a_conclusion_is_taken_out_until_it_is_reported_or_the_minutes_are_approved(as_user):
    row = held.over()
    chair, owner = held.seat(row, "chair").person, held.seat(row).person
    told: dict[str, Any] = {"meeting": row, "item": None, "owner": owner, "due_on": make.at(9).date(), "at": make.at(1)}
    task = services.add_conclusion(actor=None, text="Làm A", **told)
    page = reverse("meetings:task", args=[task.pk])
    assert as_user(owner.user).post(page, {"drop": "1"}).status_code == 403
    assert as_user(chair.user).post(page, {"drop": "1"}).url == reverse("meetings:show", args=[row.pk])
    kept = services.add_conclusion(actor=None, text="Làm B", **told)
    services.report_task(actor=None, task=kept, text="Xong", file=None, name="", at=make.at(1))
    with pytest.raises(Refused):
        services.drop_conclusion(actor=None, task=kept, at=make.at(1))
    assert list(row.conclusions.all()) == [kept]
