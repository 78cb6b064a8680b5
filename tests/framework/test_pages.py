"""Framework pages: everybody who has logged in reads them, in both languages."""

import pytest
from django.urls import reverse

from nanglucso.core.models import Role
from nanglucso.workforce.framework.models import Framework
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_every_role_reads_the_framework(as_user, role):
    make.framework()
    client = as_user(make.user(role))
    page = client.get(reverse("framework:browse"))
    assert page.status_code == 200
    for competence in make.framework().competences.all():
        assert competence.name_vi in page.text


def test_anonymous_is_sent_to_log_in(client):
    assert client.get(reverse("framework:browse")).status_code == 302


def test_competence_page_shows_all_four_levels_and_their_behaviours(as_user):
    competence = make.framework().competences.get(code="3.3")
    page = as_user(make.user()).get(reverse("framework:competence", args=["3.3"]))
    for descriptor in competence.descriptors.all():
        assert descriptor.text_vi in page.text
        assert descriptor.ref in page.text
    for label in ("Cơ bản 1", "Trung cấp 2", "Nâng cao 3", "Chuyên sâu 4"):
        assert label in page.text


def test_competence_page_is_whole_in_english(as_user):
    competence = make.framework().competences.get(code="3.3")
    page = as_user(make.user()).get(reverse("framework:competence", args=["3.3"]), {"lang": "en"})
    assert competence.name_en in page.text
    assert competence.descriptors.first().text_en in page.text
    assert competence.descriptors.first().text_vi not in page.text
    assert "Positions that require it" in page.text


def test_unknown_competence_is_not_found(as_user):
    make.framework()
    assert as_user(make.user()).get(reverse("framework:competence", args=["9.9"])).status_code == 404


def test_crosswalk_page_shows_schemes_and_level_map(as_user):
    make.framework()
    page = as_user(make.user()).get(reverse("framework:crosswalk"))
    assert "02/2025" in page.text
    assert "7–8" in page.text
    assert "DigComp 2.2" in page.text


def test_pages_say_so_when_no_framework_is_loaded(as_user):
    Framework.objects.update(status=Framework.Status.DRAFT)
    client = as_user(make.user())
    assert client.get(reverse("framework:browse")).status_code == 200
    assert client.get(reverse("framework:crosswalk")).status_code == 200
    assert client.get(reverse("framework:competence", args=["1.1"])).status_code == 404
