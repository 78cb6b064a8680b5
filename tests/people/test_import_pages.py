"""The import pages: upload, preview, choices, apply, undo, drop; closed to others; bad files."""

import html

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nanglucso.core import jobs
from nanglucso.core.models import StoredFile
from nanglucso.kit.spreadsheets import read_sheets
from nanglucso.workforce.people import previewing
from nanglucso.workforce.people.models import Person, StaffImport
from nanglucso.workforce.people.views import imports as views
from tests import make
from tests.people.workbooks import AN, HEADS, HIEU, NGAN, book

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    make.city()


@pytest.fixture
def officer(as_user):
    return as_user(make.user("training"))


def send(client, path):
    file = SimpleUploadedFile(path.name, path.read_bytes(), content_type="application/octet-stream")
    return client.post(reverse("people:import_new"), {"file": file})


def test_upload_shows_what_would_change_and_changes_nothing(officer, tmp_path):
    sent = send(officer, book(tmp_path / "can-bo.xlsx", [NGAN, HIEU]))
    row = StaffImport.objects.get()
    assert sent.url == reverse("people:import_show", args=[row.pk])
    page = officer.get(sent.url)
    assert NGAN[0] in page.text
    assert "Phường Cái Khế" in page.text
    assert row.status == "read"
    assert not Person.objects.exists()


def test_file_is_kept_under_a_random_name_outside_the_web_root(officer, tmp_path, settings):
    send(officer, book(tmp_path / "can-bo.xlsx", [NGAN]))
    file = StoredFile.objects.get()
    assert file.name == "can-bo.xlsx"
    assert "can-bo" not in file.path
    assert (settings.MEDIA_ROOT / file.path).stat().st_size == file.size


def test_apply_then_undo_by_the_buttons(officer, tmp_path):
    send(officer, book(tmp_path / "a.xlsx", [NGAN, AN]))
    row = StaffImport.objects.get()
    officer.post(reverse("people:import_apply", args=[row.pk]))
    assert Person.objects.count() == 2
    page = officer.get(reverse("people:import_show", args=[row.pk]))
    assert reverse("people:import_undo", args=[row.pk]) in page.text
    officer.post(reverse("people:import_undo", args=[row.pk]))
    assert not Person.objects.exists()
    assert officer.post(reverse("people:import_undo", args=[row.pk]), follow=True).status_code == 200


def test_changed_fields_show_old_and_new_with_vietnamese_dates(officer, tmp_path):
    send(officer, book(tmp_path / "a.xlsx", [NGAN]))
    officer.post(reverse("people:import_apply", args=[StaffImport.objects.get().pk]))
    send(officer, book(tmp_path / "b.xlsx", [(NGAN[0], "13/04/1985", *NGAN[2:])]))
    page = officer.get(reverse("people:import_show", args=[StaffImport.objects.first().pk]))
    assert "12/04/1985</del>" in page.text
    assert "13/04/1985</ins>" in page.text


def test_unknown_unit_is_chosen_on_the_page_and_remembered(officer, tmp_path):
    wrong = (*AN[:3], "Sở Nội vụu", *AN[4:])
    send(officer, book(tmp_path / "a.xlsx", [wrong]))
    row = StaffImport.objects.get()
    assert row.summary["errors"] == 1
    page = officer.get(reverse("people:import_show", args=[row.pk]))
    assert "Sở Nội vụu" in page.text
    place = next(at for at, ask in enumerate(row.preview["asks"]) if ask["kind"] == "unit")
    answer = {f"ask.{place}": "không có đơn vị này"}
    page = officer.post(reverse("people:import_mapping", args=[row.pk]), answer, follow=True)
    assert "không có đơn vị này" in page.text
    officer.post(reverse("people:import_mapping", args=[row.pk]), {f"ask.{place}": "Sở Nội vụ"})
    row.refresh_from_db()
    assert (row.summary["errors"], row.summary["new"]) == (0, 1)
    officer.post(reverse("people:import_apply", args=[row.pk]))
    send(officer, book(tmp_path / "b.xlsx", [wrong, NGAN]))
    again = StaffImport.objects.first()
    assert (again.summary["errors"], again.summary["unchanged"], again.summary["new"]) == (0, 1, 1)


def test_columns_can_be_matched_otherwise(officer, tmp_path):
    heads = (*HEADS[:-1], "Cột lạ")
    send(officer, book(tmp_path / "a.xlsx", [NGAN], heads))
    row = StaffImport.objects.get()
    address = reverse("people:import_mapping", args=[row.pk])
    officer.post(address, {"columns": "1", "col.G": "email"})
    row.refresh_from_db()
    officer.post(reverse("people:import_apply", args=[row.pk]))
    assert Person.objects.get().email == NGAN[-1]


def test_two_columns_for_one_field_are_refused_with_both_letters(officer, tmp_path):
    send(officer, book(tmp_path / "a.xlsx", [NGAN]))
    address = reverse("people:import_mapping", args=[StaffImport.objects.get().pk])
    page = officer.post(address, {"columns": "1", "col.G": "staff_code", "lang": "en"}, follow=True)
    assert "D" in page.context["messages"]._loaded_data[0].message
    assert "G" in page.context["messages"]._loaded_data[0].message


def test_file_that_cannot_be_read_says_why_and_changes_nothing(officer, tmp_path):
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"<html><table><tr><td>Ten</td></tr></table></html>")
    page = officer.get(send(officer, bad).url)
    row = StaffImport.objects.get()
    assert row.status == "bad"
    assert row.summary["params"]["name"] == "bad.xlsx"
    assert previewing.refusal(row) in html.unescape(page.text)


def test_empty_upload_is_a_form_error(officer):
    page = officer.post(reverse("people:import_new"), {})
    assert page.status_code == 422
    assert not StaffImport.objects.exists()


def test_problems_download_has_every_place(officer, tmp_path):
    wrong = (AN[0], "31/02/1990", *AN[2:])
    send(officer, book(tmp_path / "a.xlsx", [NGAN, wrong]))
    sent = officer.get(reverse("people:import_problems", args=[StaffImport.objects.get().pk]))
    out = tmp_path / "out.xlsx"
    out.write_bytes(sent.content)
    rows = read_sheets(out)[0].rows[1:]
    assert [row[:3] for row in rows] == [("Danh sách", "3", "C")]
    assert "31/02/1990" in rows[0][5]


def test_large_file_is_read_applied_and_undone_by_a_worker(officer, tmp_path, monkeypatch):
    monkeypatch.setattr(views, "INLINE_BYTES", 10)
    monkeypatch.setattr(views.services, "LATER_FROM", 1)
    send(officer, book(tmp_path / "a.xlsx", [NGAN, AN]))
    row = StaffImport.objects.get()
    address = reverse("people:import_show", args=[row.pk])
    assert "hx-trigger" in officer.get(address).text
    jobs.perform(str(row.job_id))
    row.refresh_from_db()
    assert row.status == "read"
    assert NGAN[0] in officer.get(address).text
    officer.post(reverse("people:import_apply", args=[row.pk]))
    assert not Person.objects.exists()
    row.refresh_from_db()
    jobs.perform(str(row.job_id))
    row.refresh_from_db()
    assert row.status == "applied"
    assert row.job.result["created"] == 2
    officer.post(reverse("people:import_undo", args=[row.pk]))
    assert Person.objects.count() == 2
    row.refresh_from_db()
    jobs.perform(str(row.job_id))
    row.refresh_from_db()
    assert (row.status, Person.objects.count()) == ("undone", 0)


def test_stopped_reading_says_so_and_can_be_dropped(officer, tmp_path, monkeypatch):
    monkeypatch.setattr(views, "INLINE_BYTES", 10)
    send(officer, book(tmp_path / "a.xlsx", [NGAN]))
    row = StaffImport.objects.get()
    officer.post(reverse("people:import_drop", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "reading"
    jobs.cancel(row.job, at=make.AT)
    page = officer.get(reverse("people:import_show", args=[row.pk]))
    assert "hx-trigger" not in page.text.split("<main", 1)[1].split("</main>")[0]
    officer.post(reverse("people:import_drop", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "dropped"


def test_dropped_import_cannot_be_applied(officer, tmp_path):
    send(officer, book(tmp_path / "a.xlsx", [NGAN]))
    row = StaffImport.objects.get()
    officer.post(reverse("people:import_drop", args=[row.pk]))
    officer.post(reverse("people:import_apply", args=[row.pk]))
    assert not Person.objects.exists()
    assert StaffImport.objects.get().status == "dropped"


@pytest.mark.parametrize("role", ["official", "head", "author", "leader", "auditor", "admin"])
def test_import_is_closed_to_other_roles(as_user, role):
    client = as_user(make.user(role))
    assert client.get(reverse("people:imports")).status_code == 403
    assert client.get(reverse("people:import_new")).status_code == 403


def test_officer_of_a_part_of_the_city_cannot_import_or_see_imports(as_user, officer, tmp_path):
    send(officer, book(tmp_path / "a.xlsx", [NGAN]))
    row = StaffImport.objects.get()
    client = as_user(make.user("training", make.unit("Phường Cái Khế")))
    assert client.get(reverse("people:import_new")).status_code == 403
    assert client.get(reverse("people:import_show", args=[row.pk])).status_code == 404
    assert client.post(reverse("people:import_apply", args=[row.pk])).status_code == 404
    assert not Person.objects.exists()


def test_list_and_template_open(officer, tmp_path):
    send(officer, book(tmp_path / "can-bo.xlsx", [NGAN]))
    assert "can-bo.xlsx" in officer.get(reverse("people:imports")).text


def test_model_file_offers_units_and_its_example_is_nobody(officer, tmp_path):
    out = tmp_path / "mau.xlsx"
    out.write_bytes(officer.get(reverse("people:import_template")).content)
    sheet = openpyxl.load_workbook(out)["Danh sách"]
    offered = {str(one.sqref).split(":")[0]: one.formula1 for one in sheet.data_validations.dataValidation}
    assert set(offered) == {"D2", "G2", "H2"}
    assert offered["G2"].startswith("'Danh mục'!")
    assert send(officer, out).status_code == 302
    assert StaffImport.objects.first().status == "bad"
    sheet.append([1, *NGAN[:2], "Nữ", NGAN[2], None, *NGAN[3:5]])
    sheet.parent.save(out)
    send(officer, out)
    row = StaffImport.objects.first()
    assert (row.summary["new"], row.summary["errors"], row.summary["warnings"]) == (1, 0, 0)
    assert [one["reason"] for one in row.preview["skipped"]] == ["header", "example"]
