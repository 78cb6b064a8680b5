"""What is kept about a person: the list is complete, only their own, and handed out with a row in the log."""

import json
from io import BytesIO

import openpyxl
import pytest
from django.apps import apps
from django.urls import reverse

from nanglucso.core import audit, own_data
from nanglucso.core.content import read_yaml, root
from nanglucso.core.models import AuditEntry
from nanglucso.measure.assessments import services
from nanglucso.measure.assessments.models import Campaign, Rating, Sitting
from tests import make
from tests.profiles.test_held_results import scored

pytestmark = pytest.mark.django_db


def _about_people() -> set[str]:
    person = apps.get_model("people.Person")
    return {
        model._meta.label
        for model in apps.get_models()
        if any(field.related_model is person for field in model._meta.concrete_fields if field.is_relation)
    }


def test_every_table_that_points_to_a_person_is_listed_or_left_out_with_a_reason():
    told = read_yaml(root() / "own_data.yaml")
    assert "assessments.Sitting" in _about_people()
    assert _about_people() - {kind.model for kind in own_data.kinds()} - set(told["left_out"]) == set()
    assert all(one["why"] for one in told["left_out"].values())


@pytest.mark.parametrize("kind", own_data.kinds(), ids=lambda kind: kind.key)
def test_every_kind_can_be_read_and_names_nothing_that_must_not_leave(kind):
    person = make.person(login=True)
    list(own_data.rows_of(kind, person.user).values(*kind.fields))
    assert not {"score", "entries", "item_version", "password", "data", "citizen_hash", "details"} & set(kind.fields)
    assert not [name for name in kind.fields if "rater" in name or "_by" in name or "actor" in name]
    assert {"vi", "en"} <= set(kind.words["what"]) & set(kind.words["source"]) & set(kind.words["why"])


def test_the_page_says_what_and_why_in_both_languages(as_user):
    client = as_user(make.person(login=True).user)
    page = client.get(reverse("core:own")).content.decode()
    assert "Hồ sơ nhân sự" in page
    assert "Danh sách cán bộ do cơ quan nạp" in page
    client.cookies["nls-lang"] = "en"
    page = client.get(reverse("core:own")).content.decode()
    assert "Staff record" in page


def _json(client):
    answer = client.post(reverse("core:own_export"), {"form": "json"})
    assert answer["Content-Disposition"] == 'attachment; filename="du-lieu-cua-toi.json"'
    return {kind["key"]: kind["rows"] for kind in json.loads(answer.content)["kinds"]}


def test_the_copy_holds_ones_own_and_nobody_elses(as_user):
    mine, other = make.person("Trần Văn Tôi", login=True), make.person("Phạm Thị Khác", login=True)
    boss = make.user("head")
    for person in (mine, other):
        Rating.objects.create(person=person, kind="self", levels={}, note=f"của {person.ten}", at=make.AT)
        Rating.objects.create(person=person, kind="manager", rater=boss, levels={}, note="mật", at=make.AT)
    told = _json(as_user(mine.user))
    assert [row["ten"] for row in told["record"]] == ["Tôi"]
    assert [row["note"] for row in told["self_ratings"]] == ["của Tôi"]
    assert len(told["manager_ratings"]) == 1
    whole = json.dumps(told, ensure_ascii=False)
    assert "Khác" not in whole
    assert "mật" not in whole
    assert boss.full_name not in whole


def test_taking_a_copy_leaves_a_row_that_stands_in_the_copy(as_user):
    person = make.person(login=True)
    told = _json(as_user(person.user))
    row = AuditEntry.objects.get(verb="core.export_own")
    assert (row.actor, row.person_id, row.details) == (person.user, person.pk, {"form": "json"})
    assert "core.export_own" in [line["verb"] for line in told["log"]]
    assert audit.verify().ok


def test_the_workbook_has_a_sheet_for_every_kind_that_holds_something(as_user):
    person = make.person(login=True)
    client = as_user(person.user)
    book = openpyxl.load_workbook(BytesIO(client.post(reverse("core:own_export"), {"form": "xlsx"}).content))
    held = [kind.said("what") for kind, count in own_data.counts(person.user) if count]
    assert book.sheetnames == [name[:31] for name in held]
    cells = {str(cell) for line in book[book.sheetnames[0]].values for cell in line}
    assert {person.staff_code, person.ten} <= cells


def test_an_account_without_a_staff_record_sees_the_account_only(as_user):
    told = _json(as_user(make.user("admin")))
    assert len(told["account"]) == len(told["roles"]) == 1
    assert not any(rows for key, rows in told.items() if key not in {"account", "roles"})


def test_the_copy_is_asked_for_and_not_linked_to(as_user):
    assert as_user(make.user("official")).get(reverse("core:own_export")).status_code == 405


@pytest.mark.parametrize("begun", [make.at(0.5), None])
def test_a_result_that_waits_for_release_is_not_in_the_copy_and_comes_with_the_release(as_user, begun):
    person = make.person(login=True)
    campaign = scored(person)
    Sitting.objects.filter(campaign=campaign).update(started_at=begun)
    client = as_user(person.user)
    told = _json(client)
    assert len(told["sittings"]) == 1
    assert told["profile"] == told["evidence"] == []
    services.close_campaign(actor=None, campaign=Campaign.objects.get(), at=make.at(2))
    services.release(actor=make.user("training"), campaign=Campaign.objects.get(pk=campaign.pk), at=make.at(3))
    told = _json(client)
    assert len(told["profile"]) == len(told["evidence"]) == 1
