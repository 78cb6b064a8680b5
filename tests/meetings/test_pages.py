"""The pages over HTTP: what each person may open, and a meeting walked by its roles."""

import pytest
import time_machine
from django.urls import reverse

from nanglucso.govern.meetings.models import Meeting
from tests import make
from tests.meetings import held

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.MEDIA_ROOT, settings.KEYS_ROOT = tmp_path / "media", tmp_path / "keys"
    with time_machine.travel(make.at(1), tick=False):
        yield


def test_a_stranger_finds_nothing_and_a_member_runs_nothing(as_user):
    row = held.called()
    paper = row.papers.get()
    mine = [reverse("meetings:show", args=[row.pk]), reverse("meetings:paper", args=[paper.pk])]
    mine += [reverse("meetings:page", args=[paper.pk, 1]), reverse("meetings:pdf", args=[paper.pk])]
    ruled = [reverse("meetings:people", args=[row.pk]), reverse("meetings:screen", args=[row.pk])]
    ruled += [reverse("meetings:act", args=[row.pk, "ket-thuc"])]
    client = as_user(make.person(login=True).user)
    assert {client.get(one).status_code for one in mine + ruled} == {404}
    client = as_user(held.seat(row).person.user)
    assert [client.get(one).status_code for one in mine] == [200] * 4
    assert [client.get(one).status_code for one in ruled] == [403] * 3


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_meeting_walked_from_empty_to_done(as_user, language: str):
    unit = make.unit()
    chair, secretary, member = (make.person(unit=unit, login=True) for _ in range(3))
    client = as_user(make.user("head", unit=unit))
    client.cookies["nls-lang"] = language
    told = {
        "title": "Họp",
        "place": "A",
        "unit": unit.code,
        "chair": chair.staff_code,
        "secretary": secretary.staff_code,
    }
    wrong = client.post(reverse("meetings:new"), told | {"starts_at": "sai", "ends_at": "03/03/2026 11:00"})
    assert wrong.status_code == 422
    assert "Họp" in wrong.content.decode()
    client.post(reverse("meetings:new"), told | {"starts_at": "03/03/2026 09:30", "ends_at": "03/03/2026 11:00"})
    row = Meeting.objects.get()

    def post(name: str, *args: object, **data: object) -> None:
        reply = client.post(reverse(f"meetings:{name}", args=[row.pk, *args]), data)
        assert reply.status_code == 302, reply.content.decode()[:3000]

    def as_(person: object) -> None:
        as_user(person.user)
        client.cookies["nls-lang"] = language

    as_(secretary)
    post("act", "diem", title="Kế hoạch", minutes=10)
    client.post(
        reverse("meetings:people", args=[row.pk]) + f"?q={member.ten}", {"person": member.pk, "role": "delegate"}
    )
    post("step", "moi-hop")
    as_(member)
    post("own", "tham-du")
    as_(secretary)
    post("screen")
    row.refresh_from_db()
    as_(member)
    post("check_in", row.nonce)
    as_(secretary)
    post("step", "khai-mac")
    as_(member)
    post("own", "phat-bieu")
    as_(secretary)
    speech = row.speeches.get()
    post("speech", speech.pk, "moi")
    post("speech", speech.pk, "xong")
    post("act", "ket-luan", text="Làm việc A", owner=member.pk, due_on="10/03/2026")
    post("act", "ket-thuc", sheets=0)
    post("act", "bien-ban", number="1", text="Đã họp.")
    post("step", "gui-bien-ban")
    as_(chair)
    post("own", "duyet")
    post("step", "luu-tru")
    as_(member)
    task = row.conclusions.get()
    assert client.post(reverse("meetings:task", args=[task.pk]), {"text": "Đã xong"}).status_code == 302
    as_(chair)
    client.post(reverse("meetings:task", args=[task.pk]), {"close": "1"})
    task.refresh_from_db()
    row.refresh_from_db()
    assert (task.status, row.status, row.minutes.status) == ("done", "closed", "approved")
    for name in ("show", "archive"):
        assert client.get(reverse(f"meetings:{name}", args=[row.pk])).status_code == 200
    assert client.get(reverse("meetings:minutes_file", args=[row.pk, "docx"])).status_code == 200
    assert client.get(reverse("meetings:list")).status_code == 200


def test_one_note_is_shown_to_its_writer_alone(as_user):
    row = held.called()
    paper = row.papers.get()
    client = as_user(held.seat(row).person.user)
    client.post(reverse("meetings:note", args=[paper.pk]), {"page": 1, "text": "Chỉ mình tôi"})
    assert "Chỉ mình tôi" in client.get(reverse("meetings:paper", args=[paper.pk])).content.decode()
    for other in (held.seat(row, n=1), held.seat(row, "chair")):
        client = as_user(other.person.user)
        assert "Chỉ mình tôi" not in client.get(reverse("meetings:paper", args=[paper.pk])).content.decode()


def test_figures_are_for_who_may_hold_meetings(as_user):
    row = held.recorded()
    head = make.user("head", unit=row.unit)
    assert as_user(head).get(reverse("meetings:figures")).status_code == 200
    assert as_user(held.seat(row).person.user).get(reverse("meetings:figures")).status_code == 403
