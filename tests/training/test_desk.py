"""The lecturer's desk: own classes and no other, attendance, materials that learners see."""

from datetime import timedelta

import pytest
from django.urls import reverse

from nanglucso.core.refusals import Refused
from nanglucso.develop.training import services
from nanglucso.develop.training.models import Attendance, LecturerAccount
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def taught():
    """(class, learner with a log-in, the lecturer's log-in)"""
    person, user = make.person(login=True), make.user()
    row = plan.opened([person])
    services.link_lecturer(actor=None, lecturer=row.lecturer, username=user.username, at=make.AT)
    return row, person, user


def test_a_lecturer_sees_the_own_classes_only(as_user, taught):
    row, person, user = taught
    other = plan.opened(course="S5-CB-01", lecturer="gv-hai", seats=25)
    client = as_user(user)
    shown = client.get(reverse("training:desk")).content.decode()
    assert row.code in shown
    assert other.code not in shown
    assert person.full_name in client.get(reverse("training:desk_class", args=[row.pk])).content.decode()
    for name, pk in (
        ("desk_class", other.pk),
        ("desk_sheet", other.pk),
        ("desk_attendance", other.sessions.first().pk),
    ):
        assert client.get(reverse(f"training:{name}", args=[pk])).status_code == 404
    assert as_user(make.user()).get(reverse("training:desk_class", args=[row.pk])).status_code == 404


def test_a_lecturer_takes_attendance_and_it_is_known_who_did(as_user, taught):
    row, person, user = taught
    address = reverse("training:desk_attendance", args=[row.sessions.first().pk])
    reply = as_user(user).post(address, {"present": [person.pk]})
    assert reply.url == reverse("training:desk_class", args=[row.pk])
    assert Attendance.objects.get().recorded_by == user
    assert as_user(user).get(reverse("training:desk_sheet", args=[row.pk])).content[:2] == b"PK"


def test_materials_are_listed_for_learners_and_can_be_removed(as_user, taught, monkeypatch):
    row, person, user = taught
    address = reverse("training:desk_class", args=[row.pk])
    assert as_user(user).post(address, {"title": " ", "place": "x"}).status_code == 422
    as_user(user).post(address, {"title": "Bài giảng buổi 1", "place": "Phát tại lớp"})
    material = row.materials.get()
    assert (material.title, material.by) == ("Bài giảng buổi 1", user)
    assert "Bài giảng buổi 1" in as_user(person.user).get(reverse("training:mine")).content.decode()
    as_user(user).post(reverse("training:material_remove", args=[row.pk, material.pk]))
    assert not row.materials.exists()
    with pytest.raises(Refused):
        services.add_material(actor=user, training_class=row, title="", place="", at=make.AT)


def test_an_unknown_log_in_is_said_and_an_empty_one_takes_the_desk_away(taught):
    row, _person, user = taught
    told = {"actor": None, "lecturer": row.lecturer, "at": make.AT + timedelta(days=1)}
    with pytest.raises(Refused):
        services.link_lecturer(username="khong-co-ai", **told)
    assert LecturerAccount.objects.get().user == user
    services.link_lecturer(username="", **told)
    assert not LecturerAccount.objects.exists()


def test_the_desk_belongs_to_the_own_classes_and_asks_for_no_link_that_is_there(as_user, taught):
    row, person, user = taught
    plan.attended(row, [person])
    end = row.sessions.last().ends_at + timedelta(hours=1)
    services.finish_class(actor=None, framework=make.framework(), training_class=row, at=end)
    shown = as_user(user).get(reverse("training:desk")).content.decode()
    assert "Lớp đã dạy" in shown
    assert "gắn tài khoản" not in shown
    assert f'<li><a href="{reverse("training:mine")}">' in shown
    assert f'<a href="{reverse("training:mine")}" aria-current="true">' in shown
