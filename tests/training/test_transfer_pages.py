"""Pages of transfer: the head's list and form, the re-check, what stands beside the effect, what the person reads."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from nanglucso.develop.training.models import ClassEffect, ClassTransfer, TransferView
from nanglucso.measure.assessments.models import Campaign
from tests import make
from tests.training import planned as plan
from tests.training.test_transfer import head_over, view

pytestmark = pytest.mark.django_db
WHOLE = {"dung": "5", "tot": "4", "kien": "0", "note": "Tự lập được báo cáo tháng."}


def url(name, *args):
    return reverse(f"training:{name}", args=args)


@pytest.fixture
def here():
    return make.unit("Sở Nội vụ")


@pytest.fixture
def head(here):
    return head_over(here).user


@pytest.fixture
def person(here):
    return make.person("Trần Thị Của Tôi", unit=here, login=True)


@pytest.fixture
def row(person):
    row = plan.finished([person, make.person("Lê Văn Nhà Bên", unit=make.unit("Sở Tài chính"))])
    with time_machine.travel(row.closed_at + timedelta(days=100), tick=False):
        yield row


def effects(row, shift, left, people=24):
    told = {"people": people, "comparison": people, "standard_error": 0.2, "method": "x", "measured_at": make.AT}
    ClassEffect.objects.create(
        training_class=row, course=row.course, shift=shift, low=shift - 0.3, high=shift + 0.3, **told
    )
    return ClassTransfer.objects.create(training_class=row, shift=left, low=left - 0.3, high=left + 0.3, **told)


def test_the_head_is_told_how_many_wait_says_it_on_a_form_and_the_number_is_gone(as_user, head, person, row):
    place = row.enrolments.get(person=person)
    client = as_user(head, "head")
    page = client.get(url("transfers")).content.decode()
    assert "Học xong 3–6 tháng: đã dùng vào việc chưa?" in page
    assert "1 trên 1 lượt chờ" in page
    assert "Lê Văn Nhà Bên" not in page
    assert _badge(page) == "1"
    assert client.post(url("transfer", place.pk), WHOLE).url == url("transfers")
    kept = TransferView.objects.get()
    assert (kept.answers, kept.note, kept.by) == ({"dung": 5, "tot": 4, "kien": 0}, WHOLE["note"], head)
    page = client.get(url("transfers")).content.decode()
    assert "0 trên 1 lượt chờ" in page
    assert _badge(page) == ""
    again = client.get(url("transfer", place.pk)).content.decode()
    assert again.count(" checked") == 3
    assert WHOLE["note"] in again
    client.post(url("transfer", place.pk), WHOLE | {"dung": "1"})
    kept.refresh_from_db()
    assert kept.answers["dung"] == 1


def _badge(page: str) -> str:
    """The number beside the entry of the menu."""
    entry = page.split(f'href="{url("transfers")}"', 1)[1].split("</a>", 1)[0]
    return entry.split("<b>", 1)[1].split("<", 1)[0] if "<b>" in entry else ""


def test_a_form_that_is_incomplete_says_what_is_missing_and_keeps_the_rest(as_user, head, person, row):
    reply = as_user(head, "head").post(
        url("transfer", row.enrolments.get(person=person).pk), {"dung": "5", "tot": "9", "note": "Đã thấy"}
    )
    assert reply.status_code == 422
    text = reply.content.decode()
    assert "2, 3" in text
    assert text.count(" checked") == 1
    assert "Đã thấy" in text
    assert not TransferView.objects.exists()


def test_the_head_next_door_oneself_another_heads_view_and_a_closed_window_are_not_found(as_user, head, person, row):
    place = row.enrolments.get(person=person)
    neighbour = as_user(make.user("head", unit=make.unit("Sở Tài chính")))
    assert (neighbour.get(url("transfer", place.pk)).status_code, neighbour.post(url("transfer", place.pk), WHOLE).status_code) == (404, 404)  # fmt: skip
    assert "Trần Thị Của Tôi" not in neighbour.get(url("transfers")).content.decode()
    assert as_user(person.user).get(url("transfers")).status_code == 403
    own = head_over(person.unit)
    mine = plan.finished([own], start=20).enrolments.get()
    with time_machine.travel(mine.training_class.closed_at + timedelta(days=100), tick=False):
        assert as_user(own.user, "head").get(url("transfer", mine.pk)).status_code == 404
    view(place, head)
    other = as_user(make.user("head", unit=person.unit))
    assert other.get(url("transfer", place.pk)).status_code == 404
    assert head.full_name in other.get(url("transfers")).content.decode()
    with time_machine.travel(row.closed_at + timedelta(days=181), tick=False):
        assert as_user(head, "head").get(url("transfer", place.pk)).status_code == 404
    assert TransferView.objects.get().by == head


def test_the_person_reads_what_the_head_said_and_nobody_else_does(as_user, head, person, row):
    view(row.enrolments.get(person=person), head, use=0, note="Chưa được giao việc này.")
    page = as_user(person.user).get(url("mine")).content.decode()
    assert "Chưa được giao việc này." in page
    assert "Chưa có dịp quan sát" in page
    colleague = make.person(unit=person.unit, login=True)
    assert "Chưa được giao việc này." not in as_user(colleague.user).get(url("mine")).content.decode()


def test_the_officer_opens_the_re_check_once_in_its_window(as_user, row):
    client = as_user(make.user("training"))
    shown = client.get(url("effect", row.pk)).content.decode()
    assert url("recheck", row.pk) in shown
    assert "tối đa 6 câu, 15 phút" in client.get(url("recheck", row.pk)).content.decode()
    assert client.post(url("recheck", row.pk)).url == url("effect", row.pk)
    assert Campaign.objects.get(purpose="retest").sittings.count() == 2
    assert client.post(url("recheck", row.pk)).status_code == 422
    shown = client.get(url("effect", row.pk)).content.decode()
    assert url("recheck", row.pk) not in shown
    assert url("left", row.pk) in shown
    reply = client.post(url("left", row.pk), follow=True).content.decode()
    assert "Chưa đến 5 người" in reply
    assert not ClassTransfer.objects.exists()


def test_outside_its_window_the_page_says_when_and_offers_no_button(as_user, row):
    for days, words in ((50, "nhận xét từ"), (190, "hạn mở đã hết")):
        with time_machine.travel(row.closed_at + timedelta(days=days), tick=False):
            client = as_user(make.user("training"))
            shown = client.get(url("effect", row.pk)).content.decode()
            assert words in shown
            assert url("recheck", row.pk) not in shown
            assert client.post(url("recheck", row.pk)).status_code == 422
    assert not Campaign.objects.filter(purpose="retest").exists()


def test_only_the_training_role_over_the_city_re_checks_and_computes(as_user, here, row):
    for user in (make.user("head", unit=here), make.user("training", unit=here), make.user("official")):
        client = as_user(user)
        assert (client.get(url("recheck", row.pk)).status_code, client.post(url("left", row.pk)).status_code) == (
            403,
            403,
        )


@pytest.mark.parametrize(("left", "word"), [(1.9, "Giữ được"), (0.7, "Giảm bớt"), (1.3, "Chưa đủ để kết luận")])
def test_what_is_left_stands_beside_the_effect_in_a_word_with_both_intervals(as_user, row, left, word):
    effects(row, 2.0, left)
    for page in (url("effect", row.pk), url("course_effect", row.course_id)):
        shown = as_user(make.user("training")).get(page).content.decode()
        part = shown.split('id="later-h"', 1)[1].split("</section>", 1)[0]
        assert word in part
        assert "+2,00" in part
        assert f"+{left:.2f}".replace(".", ",") in part
        assert {"Giữ được", "Giảm bớt", "Chưa đủ để kết luận"} & set(_tags(part)) == {word}


def _tags(part: str) -> list[str]:
    return [one.split("</svg>", 1)[1].split("<", 1)[0] for one in part.split('<span class="tag')[1:]]


def test_the_heads_figure_is_for_the_whole_city_after_the_window_and_from_five_on(as_user, here, row):
    more = [make.person(unit=here) for _ in range(5)]
    for one in more:
        row.enrolments.create(person=one, status="completed", at=make.AT)
    for place in row.enrolments.exclude(person__in=more[:1]):
        view(place, use=5)
    officer, page = make.user("training"), url("effect", row.pk)
    shown = as_user(officer).get(page).content.decode()
    assert "6 / 7" in shown
    assert "100%" not in shown
    with time_machine.travel(row.closed_at + timedelta(days=181), tick=False):
        shown = as_user(officer).get(page).content.decode()
        assert "100%" in shown
        assert "6 trên 6 người" in shown
        assert "100%" not in as_user(make.user("head", unit=here)).get(page).content.decode()
        TransferView.objects.filter(pk__in=TransferView.objects.values("pk")[:2]).delete()
        assert "dưới 5 người" in as_user(officer).get(page).content.decode()


def test_the_pages_speak_english_too(as_user, head, person, row):
    effects(row, 2.0, 1.9)
    view(row.enrolments.get(person=person), head, note="Làm được việc.")
    client = as_user(make.user("training"))
    client.cookies["nls-lang"] = "en"
    assert "Of the gain right after the class" in client.get(url("effect", row.pk)).content.decode()
    client = as_user(person.user)
    client.cookies["nls-lang"] = "en"
    page = client.get(url("mine")).content.decode()
    assert "Has used what was learnt" in page
    assert 'lang="vi" translate="no">Làm được việc.' in page


def test_a_class_that_has_not_ended_says_that_it_comes_later(as_user):
    running = plan.opened([make.person()])
    shown = as_user(make.user("training")).get(url("effect", running.pk)).content.decode()
    assert "ba đến sáu tháng" in shown
