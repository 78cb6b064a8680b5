"""Search: marks do not matter, scope and permission do."""

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


def _found(client, text: str) -> str:
    return client.get(reverse("ui:search"), {"q": text}).content.decode()


def test_a_person_is_found_without_marks_by_the_training_officer(as_user):
    make.person("Đặng Thị Hồng Hạnh")
    assert "Đặng Thị Hồng Hạnh" in _found(as_user(make.user("training")), "dang hanh")


def test_a_head_finds_only_the_people_of_the_unit(as_user):
    make.person("Đặng Thị Hồng Hạnh", unit=make.unit("Sở Nội vụ"))
    make.person("Đặng Văn Hạnh", unit=make.unit("Sở Y tế"))
    page = _found(as_user(make.user("head", make.unit("Sở Nội vụ"))), "dang hanh")
    assert "Đặng Thị Hồng Hạnh" in page
    assert "Đặng Văn Hạnh" not in page


def test_an_official_finds_positions_but_no_people(as_user):
    make.person("Đặng Thị Hồng Hạnh")
    client = as_user(make.user("official"))
    assert "Đặng Thị Hồng Hạnh" not in _found(client, "dang hanh")
    assert make.position().name in _found(client, make.position().name)


def test_the_search_box_gets_a_fragment(as_user):
    make.city()
    client = as_user(make.user("training"))
    answer = client.get(reverse("ui:search"), {"q": "so noi vu"}, headers={"HX-Request": "true"})
    assert "Sở Nội vụ" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_one_letter_and_markup_find_nothing_and_break_nothing(as_user):
    client = as_user(make.user("training"))
    assert "hai chữ" in _found(client, "") or "Đồng chí cần tìm gì?" in _found(client, "")
    assert "<script>alert" not in _found(client, "<script>alert(1)</script>")


def test_more_than_eight_are_counted_and_lead_to_the_whole_list(as_user):
    unit = make.unit("Sở Nội vụ")
    for number in range(10):
        make.person(f"Nguyễn Văn Khoa {number}", unit=unit)
    make.person("Nguyễn Văn Khoa Ba", unit=make.unit("Sở Y tế"))
    client = as_user(make.user("head", unit))
    page = _found(client, "nguyen van khoa")
    assert "8 trong 10" in page
    assert f"{reverse('people:list')}?q=nguyen+van+khoa" in page
    assert "Sở Y tế" not in page
    assert "8 trong" not in _found(client, "nguyen van khoa 3")
