"""The self-review one competence at a time: every step is kept, nothing counts before the end."""

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import reviewing
from nanglucso.measure.assessments.models import Rating, ReviewDraft
from nanglucso.measure.profiles.models import Evidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day():
    with time_machine.travel(make.at(1), tick=False):
        yield


def codes():
    return list(make.framework().competences.order_by("index").values_list("code", flat=True))


def test_twenty_steps_are_saved_one_by_one_and_counted_at_the_end(as_user):
    person = make.person(login=True)
    client, all_ = as_user(person.user), codes()
    for n, code in enumerate(all_, 1):
        url = reverse("assessments:review_step", args=[n])
        assert client.get(url).status_code == 200
        assert not Evidence.objects.exists()
        reply = client.post(url, {f"c-{code}": n % 3})
        assert reply.status_code == 302
    assert reply.url == reverse("assessments:review_done")
    assert Rating.objects.get().levels == {code: n % 3 for n, code in enumerate(all_, 1)}
    assert Evidence.objects.get(person=person).kind == "self"
    assert not ReviewDraft.objects.exists()
    done = client.get(reply.url)
    assert done.status_code == 200
    assert 'id="next-h"' in done.content.decode()


def test_stopping_and_coming_back_finds_what_was_chosen(as_user):
    person = make.person(login=True)
    client, all_ = as_user(person.user), codes()
    client.post(reverse("assessments:review_step", args=[1]), {f"c-{all_[0]}": 3})
    page = client.get(reverse("assessments:review_step", args=[1])).content.decode()
    assert f'name="c-{all_[0]}" value="3" checked' in page
    assert reviewing.stand(make.framework(), person).next == 2


@pytest.mark.parametrize("level", ["", "9", "-1", "x"])
def test_a_step_without_a_real_level_is_refused_and_keeps_the_draft(as_user, level):
    person = make.person(login=True)
    client, all_ = as_user(person.user), codes()
    client.post(reverse("assessments:review_step", args=[1]), {f"c-{all_[0]}": 2})
    reply = client.post(reverse("assessments:review_step", args=[2]), {f"c-{all_[1]}": level})
    assert reply.status_code == 422
    assert ReviewDraft.objects.get().levels == {all_[0]: 2}


def test_the_last_step_alone_is_not_handed_in_and_says_which_is_missing(as_user):
    person = make.person(login=True)
    client, all_ = as_user(person.user), codes()
    url = reverse("assessments:review_step", args=[len(all_)])
    reply = client.post(url, {f"c-{all_[-1]}": 2})
    assert reply.status_code == 422
    assert all_[0] in reply.context["refused"]
    assert reverse("assessments:review_step", args=[1]) in reply.content.decode()
    assert ReviewDraft.objects.get().levels == {all_[-1]: 2}
    with pytest.raises(Refused):
        reviewing.hand_in(actor=person.user, person=person, framework=make.framework(), at=make.at(1))


def test_a_step_that_does_not_exist_leads_to_the_first(as_user):
    client = as_user(make.person(login=True).user)
    assert client.get(reverse("assessments:review_step", args=[99])).url == reverse("assessments:review_step", args=[1])
    assert client.get(reverse("assessments:review_done")).url == reverse("assessments:review_step", args=[1])
