"""Pages of versions, import, comparison, crosswalk and move; and the command."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nanglucso.core.models import AuditEntry, Job
from nanglucso.project.cli import main
from nanglucso.workforce.framework import services
from nanglucso.workforce.framework.models import Comment, Crossing, ForeignTable, Framework
from nanglucso.workforce.framework.queries import current_framework
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make.user("training")


@pytest.fixture
def draft(officer):
    return services.start_draft(actor=officer, source=make.framework(), version="2027", at=make.AT)


def test_an_official_sees_no_draft_but_exports_what_is_in_force(as_user, draft):
    client = as_user(make.user())
    page = client.get(reverse("framework:versions")).text
    assert "2027" not in page
    assert client.get(reverse("framework:version", args=[draft.pk])).status_code == 404
    assert client.get(reverse("framework:case", args=[draft.pk, "1.1"])).status_code == 404
    reply = client.get(reverse("framework:case", args=[make.framework().pk, "1.0"]))
    assert json.loads(reply.content)["CFDocument"]["title"] == make.framework().name_vi
    assert AuditEntry.objects.filter(verb="framework.export").count() == 1


def test_a_draft_from_beginning_to_publication(as_user, officer):
    client = as_user(officer)
    source = make.framework()
    taken = client.post(reverse("framework:start", args=[source.pk]), {"version": source.version})
    assert taken.status_code == 422
    client.post(reverse("framework:start", args=[source.pk]), {"version": "2027"})
    draft = Framework.objects.get(version="2027")
    form = client.get(reverse("framework:edit", args=[draft.pk])).context["form"]
    levels = form.initial["levels"]
    bad = client.post(
        reverse("framework:edit", args=[draft.pk]), {"name_vi": "Khung mới", "levels": levels + "\nM5; Năm"}
    )
    assert bad.status_code == 422
    assert "M5; Năm" in bad.text
    told = {"name_vi": "Khung mới", "levels": levels + "\nM5; Năm; Five; 2,6"}
    client.post(reverse("framework:edit", args=[draft.pk]), told)
    draft.refresh_from_db()
    assert (draft.name_vi, draft.levels.count(), draft.cuts[-1]) == ("Khung mới", 5, 2.6)
    client.post(reverse("framework:act", args=[draft.pk, "xem-xet"]))
    client.post(reverse("framework:comment", args=[draft.pk]), {"about": "3.3", "text": "Cần xem lại."})
    row = Comment.objects.get()
    client.post(reverse("framework:answer", args=[row.pk]), {"answer": "Đã xem."})
    client.post(reverse("framework:act", args=[draft.pk, "cong-bo"]))
    draft.refresh_from_db()
    assert draft.status == "review"  # a training officer does not publish
    as_user(make.user("leader")).post(reverse("framework:act", args=[draft.pk, "cong-bo"]))
    draft.refresh_from_db()
    assert draft.status == "ready"
    page = client.get(reverse("framework:compare", args=[draft.pk, source.pk])).text
    assert "Khung mới" in page
    assert "M5" in page
    assert "Cơ bản −" in page  # cut points stand beside the names of their levels
    assert "[" not in page.split("<main")[1].split("</main>")[0]


def test_a_competence_is_edited_added_and_taken_out(as_user, officer, draft):
    client, old = as_user(officer), draft.competences.get(code="3.3")
    address = reverse("framework:competence_edit", args=[draft.pk, old.uid])
    told = client.get(address).context["form"].initial
    kept = set(old.descriptors.values_list("ref", flat=True))
    told["said_0"] += "\nHành vi thêm vào."
    assert client.post(address, told | {"name_vi": "Tên mới"}).status_code == 302
    row = draft.competences.get(uid=old.uid)
    assert row.name_vi == "Tên mới"
    assert set(row.descriptors.values_list("ref", flat=True)) == kept | {"3.3.CB.n1"}
    assert row.descriptors.exclude(ref="3.3.CB.n1").filter(text_en="").count() == 0
    fresh = {"code": "6.5", "group": "S6", "name_vi": "Năng lực mới"}
    assert client.post(reverse("framework:competence_new", args=[draft.pk]), fresh).status_code == 302
    again = client.post(reverse("framework:competence_new", args=[draft.pk]), fresh | {"name_vi": "Giữ chữ này"})
    assert again.status_code == 422
    assert "Giữ chữ này" in again.text
    client.post(reverse("framework:competence_remove", args=[draft.pk, old.uid]))
    assert not draft.competences.filter(uid=old.uid).exists()


def test_the_wizard_reads_a_table_shows_problems_and_takes_it_over(as_user, officer):
    client = as_user(officer)
    data = "Mã;Năng lực\n1;Tìm tin\n1;Chọn tin\n".encode()
    file = SimpleUploadedFile("khung.csv", data, "text/csv")
    client.post(reverse("framework:import"), {"file": file})
    table = ForeignTable.objects.get()
    address = reverse("framework:table", args=[table.pk])
    page = client.get(address, {"lang": "en"}).text
    assert "Row 3, column A" in page
    told = {"name": "Khung thử", "code": "thu", "version": "1", "col_name": "1"}
    assert "Row 3" not in client.post(address, told | {"do": "look"}).text
    assert client.post(address, told | {"do": "take"}).status_code == 302
    assert Framework.objects.get(code="thu").competences.count() == 2


def test_a_package_that_cannot_be_read_is_named_in_one_sentence(as_user, officer):
    client = as_user(officer)
    for name, data in (("a.json", b"{"), ("b.json", b"{}"), ("c.csv", b"x"), ("d.xlsx", b"PK\x03\x04broken")):
        reply = client.post(reverse("framework:import"), {"file": SimpleUploadedFile(name, data)})
        assert reply.status_code == 422, name
        assert 'role="alert"' in reply.text, name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "lồng nhau quá 60 cấp"),
        (b'{"CFDocument": ' + b"[" * 70 + b"]" * 70 + b"}", "lồng nhau quá 60 cấp"),
        (b'{"CFDocument": {"title": "\\udfff"}}', "ký tự không hợp lệ"),
        (b'{"CFDocument": {"title": "a\\u0000b"}}', "ký tự không hợp lệ"),
    ],
)
def test_a_package_too_deep_or_with_half_letters_is_refused(as_user, officer, data, words):
    reply = as_user(officer).post(reverse("framework:import"), {"file": SimpleUploadedFile("khung.json", data)})
    assert reply.status_code == 422
    assert words in reply.text
    assert not Framework.objects.filter(code="khung").exists()


def test_a_crosswalk_is_drawn_previewed_moved_and_undone_on_its_page(as_user, officer, draft):
    make.everything_shipped()
    source = make.framework()
    services.ask_review(actor=officer, draft=draft, at=make.AT)
    services.publish(actor=make.user("leader"), draft=draft, at=make.AT)
    client = as_user(officer)
    client.post(reverse("framework:crossing_new"), {"source": source.pk, "target": draft.pk})
    row = Crossing.objects.get()
    address = reverse("framework:crossing", args=[row.pk])
    form = client.get(address).context["form"]
    told = {name: field.initial or "" for name, field in form.fields.items()}
    first = next(name for name in told if name.startswith("c"))
    refused = client.post(reverse("framework:crossing_save", args=[row.pk]), told | {first: "9.9 2"})
    assert refused.status_code == 422
    assert "9.9 2" in refused.text
    assert client.post(reverse("framework:crossing_save", args=[row.pk]), told | {first: "1.1 0,9"}).status_code == 302
    assert row.links.get(source__code="1.1").strength == 0.9
    for written in ("1.1:1; 2.1:0,8", "1.1 : 1 ;2.1: 0.8", "1.1; 2.1 0,8"):
        assert (
            client.post(reverse("framework:crossing_save", args=[row.pk]), told | {first: written}).status_code == 302
        )
        links = row.links.filter(source__code="1.1").values_list("target__code", "strength")
        assert sorted(links) == [("1.1", 1.0), ("2.1", 0.8)], written
    page = client.get(address)
    assert page.context["form"][first].initial == "1.1: 1; 2.1: 0,8"
    assert f"2.1 {draft.competences.get(code='2.1').short_vi}, độ mạnh 0,8" in page.text
    assert "Chuyển từ phiên bản 1 sang phiên bản 2027" in page.text
    client.post(reverse("framework:crossing_preview", args=[row.pk]))
    run(Job.objects.get(kind="framework.preview"))
    assert "Việc chuyển sẽ làm thay đổi gì" in client.get(address).text
    theirs = as_user(make.user("leader"))
    theirs.post(reverse("framework:move", args=[row.pk]))
    run(Job.objects.get(kind="framework.move"))
    assert current_framework() == draft
    theirs.post(reverse("framework:move_undo", args=[row.moves.get().pk]))
    assert current_framework() == source


def run(job):
    from nanglucso.core.jobs import perform

    perform(str(job.pk))
    job.refresh_from_db()
    assert job.status == "done", job.error


def test_the_command_exports_and_imports(tmp_path, capsys):
    make.framework()
    out = tmp_path / "khung.json"
    assert main(["framework", "export", "--out", str(out), "--case", "1.0"]) == 0
    assert main(["framework", "import", str(out), "--version", "ban-sao"]) == 0
    assert Framework.objects.get(version="ban-sao").competences.count() == 20
    out.write_text("{", encoding="utf-8")
    assert main(["framework", "import", str(out)]) == 2
    assert "not JSON" in capsys.readouterr().err
    assert main(["framework", "export", "--code", "khong-co", "--out", str(out)]) == 2
