"""Files as answers: checked by content, stored once, rated by two people who do not see each other, then evidence."""

import io
import uuid
import zipfile
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests import make

from nanglucso.core.models import AuditEntry, StoredFile
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.kit.faults import BadFile
from nanglucso.kit.filekinds import kind_of
from nanglucso.measure.assessments import answering, judging, services, uploading
from nanglucso.measure.assessments.models import Answer, Sitting
from nanglucso.measure.assessments.proving import broken_chains
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.measure.quality.calibrating import answers_of
from nanglucso.measure.quality.rewriting import all_of_sitting, of_sitting

pytestmark = pytest.mark.django_db
SHORT = {"items_min": 2, "items_max": 2, "competences": ["3.3"], "with_file": True}


@pytest.fixture(autouse=True)
def _in_the_campaign(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with time_machine.travel(make.at(1), tick=False):
        yield


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return out.getvalue()


XLSX = packed(xl__workbook_xml="<workbook/>")
DOCX = packed(word__document_xml="<w/>")
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (40).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0....\0\0\0\0IEND\xaeB`\x82"


# ------------------------------------------------------------------ what is taken
@pytest.mark.parametrize(("data", "kind"), [(XLSX, "xlsx"), (DOCX, "docx"), (PDF, "pdf"), (PNG, "png")])
def test_a_kind_is_told_by_the_content_whatever_the_name_says(tmp_path, data, kind):
    path = tmp_path / "anh.exe"
    path.write_bytes(data)
    assert kind_of(path, "anh.exe") == kind


BOMB = packed(word__document_xml="0" * 30_000_000)
BAD = {
    "not_accepted": [b"MZ\x90\0", b"<html>", packed(a_txt="x"), b"", PDF[5:], b"<svg/>"],
    "cut_short": [PDF[:12], PNG[:40], XLSX[:-30], b"PK\x03\x04xx"],
    "acts_by_itself": [PDF.replace(b"endobj", b"/JavaScript endobj"), PDF.replace(b"endobj", b"/Launch endobj")],
    "macros": [packed(word__document_xml="<w/>", word__vbaProject_bin="x")],
    "doctype": [packed(xl__workbook_xml="<!DOCTYPE x>")],
    "too_many_pixels": [PNG.replace((40).to_bytes(4, "big"), (30_000).to_bytes(4, "big"))],
    "zip_ratio": [BOMB],
}


@pytest.mark.parametrize(("code", "data"), [(code, data) for code, rows in BAD.items() for data in rows])
def test_what_is_dangerous_or_damaged_is_refused_with_its_reason(tmp_path, code, data):
    path = tmp_path / "bai.docx"
    path.write_bytes(data)
    with pytest.raises(BadFile) as no:
        kind_of(path, "bai.docx")
    assert no.value.code == code


# ------------------------------------------------------------------ the sitting
@pytest.fixture
def last(as_user):
    """A test whose last question asks for a file, opened in a browser."""
    person = make.person(login=True)
    sitting = make.campaign(people=[person], **SHORT).sittings.get()
    client = as_user(person.user)
    client.post(reverse("assessments:begin", args=[sitting.pk]))
    client.get(reverse("assessments:sit", args=[sitting.pk]))
    for seq in range(2):
        version = Sitting.objects.select_related("served_item__item").get().served_item
        sent = answering.Sent(seq, uuid.uuid4(), version.pk, make.right_choice(version))
        answering.take_answer(sitting_id=sitting.pk, person_id=person.pk, epoch=0, sent=sent, at=make.at(1))
    return client, Sitting.objects.select_related("served_item__item", "campaign", "person").get()


def send(client, sitting, data=XLSX, name="bai.xlsx", key=None, outbox=True):
    told = {"seq": 2, "key": key or str(uuid.uuid4()), "item": sitting.served_item_id}
    told["file"] = SimpleUploadedFile(name, data)
    headers = {"NLS-Outbox": "1"} if outbox else {}
    return client.post(reverse("assessments:upload", args=[sitting.pk]), told, headers=headers)


def test_the_file_is_asked_last_and_its_page_says_that_it_needs_a_network(last):
    client, sitting = last
    assert sitting.served_item.item.type == "file"
    page = client.get(reverse("assessments:sit", args=[sitting.pk])).content.decode()
    assert "Câu hỏi này cần có mạng" in page
    assert reverse("assessments:upload", args=[sitting.pk]) in page
    assert 'enctype="multipart/form-data"' in page
    assert sitting.served_item.key["rubric"][3]["text"] not in page


def test_a_file_is_stored_once_ends_the_test_and_is_no_evidence_yet(last):
    client, sitting = last
    key = str(uuid.uuid4())
    assert [send(client, sitting, key=key).status_code for _ in range(2)] == [200, 200]
    answer = Answer.objects.get(seq=2)
    kept = StoredFile.objects.get(kind=uploading.KIND)
    assert (answer.score, answer.choice["file"], answer.choice["sha256"]) == (None, kept.pk.hex, kept.sha256)
    files = list((Path(uploading.settings.MEDIA_ROOT) / uploading.FOLDER).iterdir())
    assert [path.name for path in files] == [kept.pk.hex], "the repeated one left nothing"
    row = Sitting.objects.get()
    assert (row.status, row.seq) == ("submitted", 3)
    services.score_sittings(actor=None, sittings=[row], at=make.at(1))
    assert len(Evidence.objects.get(person=row.person).entries) == 2
    assert list(broken_chains()) == []
    assert answers_of([row.campaign.code]).count() == 2, "a file is not calibrated as if it were wrong"
    page = client.get(reverse("assessments:finished", args=[row.pk])).content.decode()
    assert "1 tệp chờ hai người chấm" in page


def test_a_wrong_file_is_refused_in_words_and_the_question_stays(last, settings):
    client, sitting = last
    settings.FILE_ANSWER_MB = 1
    for data, word in (
        (b"MZ\x90\0" * 9, "không phải PDF, DOCX, XLSX hay PNG"), (DOCX, "DOCX"), (b"", "rỗng"), (b"x" * (2**20 + 1), "1 MB"),
    ):  # fmt: skip
        reply = send(client, sitting, data=data)
        assert reply.status_code == 422
        assert word in reply.content.decode()
    assert send(client, sitting, data=b"MZ", outbox=False).url == reverse("assessments:sit", args=[sitting.pk])
    assert (Sitting.objects.get().seq, StoredFile.objects.count()) == (2, 0)
    folder = Path(settings.MEDIA_ROOT) / uploading.FOLDER
    assert not folder.exists() or list(folder.iterdir()) == []


def test_without_script_the_form_hands_in_and_the_end_comes(last):
    client, sitting = last
    assert send(client, sitting, outbox=False).url == reverse("assessments:sit", args=[sitting.pk])
    assert Sitting.objects.get().status == "submitted"


def test_no_browser_can_claim_a_file_through_the_door_of_answers(last):
    client, sitting = last
    told = {"seq": 2, "key": str(uuid.uuid4()), "item": sitting.served_item_id, "choice": {"file": "0" * 32}}
    url = reverse("assessments:answer", args=[sitting.pk])
    assert client.post(url, told, "application/json", headers={"Accept": "application/json"}).status_code == 422
    assert not Answer.objects.filter(seq=2).exists()


def test_a_question_without_a_file_takes_none(as_user):
    person = make.person(login=True)
    sitting = make.campaign(people=[person], **SHORT).sittings.get()
    client = as_user(person.user)
    client.post(reverse("assessments:begin", args=[sitting.pk]))
    client.get(reverse("assessments:sit", args=[sitting.pk]))
    sitting = Sitting.objects.get()
    told = {"seq": 0, "key": str(uuid.uuid4()), "item": sitting.served_item_id}
    told["file"] = SimpleUploadedFile("a.xlsx", XLSX)
    url = reverse("assessments:upload", args=[sitting.pk])
    assert client.post(url, told, headers={"NLS-Outbox": "1"}).status_code == 422
    client.cookies.clear()
    assert client.post(url, told, headers={"NLS-Outbox": "1"}).status_code == 401


def test_a_campaign_without_files_asks_none_and_one_without_items_for_it_is_not_opened():
    campaign = make.campaign(people=[make.person()], items_min=2, items_max=2)
    assert campaign.files == []
    with pytest.raises(Refused, match="tệp"):
        make.campaign(people=[], items_min=2, items_max=2, competences=["1.1"], with_file=True)


# ------------------------------------------------------------------ the raters
@pytest.fixture
def handed():
    person = make.person(login=True)
    sitting = make.campaign(people=[person], **SHORT).sittings.select_related("campaign", "person").get()
    services.start_sitting(actor=None, sitting=sitting, at=make.at(1))
    services.submit(actor=None, sitting=sitting, at=make.at(1))
    return make.handed_in(sitting)


def rated(answer, *scores):
    for score in scores:
        judging.rate(actor=make.user("author"), answer=answer, score=score, note="", at=make.at(2))


@pytest.mark.parametrize(("scores", "final"), [((2, 2), 2), ((1, 3, 2), 2), ((0, 3, 3), 3), ((1, 2, 1), 1)])
def test_two_that_agree_or_the_middle_of_three_becomes_evidence(handed, scores, final):
    rated(handed, *scores[:-1])
    assert not Evidence.objects.filter(source__contains=":file:").exists()
    assert judging.pending(handed.sitting) == 1
    rated(handed, scores[-1])
    row = Evidence.objects.get(source=f"sitting:{handed.sitting_id}:file:90")
    assert [entry["score"] for entry in row.entries] == [final]
    assert row.entries[0]["b"] == handed.item_version.b
    assert judging.pending(handed.sitting) == 0
    with pytest.raises(Refused):
        rated(handed, 1)


def test_a_better_category_raises_the_belief():
    means = []
    for score in (0, 3):
        person = make.person()
        sitting = make.campaign(people=[person], **SHORT).sittings.select_related("campaign", "person").get()
        answer = make.handed_in(services.start_sitting(actor=None, sitting=sitting, at=make.at(1)))
        rated(answer, score, score)
        means.append(make.framework() and Belief.objects.get(person=person).mean)
    assert means[0] != means[1]


def test_nobody_rates_twice_or_their_own_or_outside_the_categories(handed):
    rater = make.user("author")
    told = {"answer": handed, "note": "", "at": make.at(2)}
    judging.rate(actor=rater, score=2, **told)
    for actor, score in ((rater, 2), (handed.sitting.person.user, 2), (make.user("author"), 4)):
        with pytest.raises(Refused):
            judging.rate(actor=actor, score=score, **told)
    assert list(judging.open_to(rater, EVERYTHING)) == []
    assert list(judging.open_to(handed.sitting.person.user, EVERYTHING)) == []
    assert list(judging.open_to(make.user("author"), EVERYTHING)) == [handed]
    assert list(judging.open_to(make.user("author"), Scope(paths=(make.unit("Sở Tài chính").path,)))) == []


def test_a_third_is_asked_only_where_two_differ(handed):
    rated(handed, 1, 2)
    assert list(judging.open_to(make.user("author"), EVERYTHING)) == [handed]
    rated(handed, 2)
    assert list(judging.open_to(make.user("author"), EVERYTHING)) == []


def test_the_desk_shows_neither_name_nor_other_ratings_and_rates(handed, as_user):
    rated(handed, 1)
    client = as_user(make.user("author"))
    listed = client.get(reverse("assessments:files")).content.decode()
    url = reverse("assessments:file_rate", args=[handed.pk])
    page = client.get(url).content.decode()
    for text in (listed, page):
        assert handed.sitting.person.full_name not in text
        assert handed.sitting.person.staff_code not in text
        assert handed.choice["file"][:8] in text
    assert handed.item_version.key["rubric"][3]["text"] in page
    wrong = client.post(url, {"note": "thiếu mục"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["score"])
    assert "thiếu mục" in wrong.content.decode()
    assert client.post(url, {"score": "1"}).url == reverse("assessments:files")
    assert Evidence.objects.filter(source__contains=":file:").exists()


def test_the_file_is_downloaded_never_shown_and_leaves_a_trace(handed, as_user):
    client = as_user(make.user("training"))
    reply = client.get(reverse("assessments:file_download", args=[handed.pk]))
    assert reply["Content-Disposition"].startswith("attachment")
    assert (reply["X-Content-Type-Options"], "sandbox" in reply["Content-Security-Policy"]) == ("nosniff", True)
    assert AuditEntry.objects.get(verb="assessments.open_file").person_id == handed.sitting.person_id


def test_a_voided_test_takes_its_files_along(handed):
    rated(handed, 2, 2)
    sources = {row.source for row in all_of_sitting(handed.sitting)}
    assert f"sitting:{handed.sitting_id}:file:90" in sources
    first = of_sitting(handed.sitting)
    assert first is None or ":file:" not in first.source


def test_a_rubric_has_four_categories_and_the_shipped_items_have_raters_words():
    for version in ItemVersion.objects.filter(item__type=Item.Type.FILE):
        assert [row["score"] for row in version.key["rubric"]] == [0, 1, 2, 3]
        assert len(version.b) == 3
        assert version.b == sorted(version.b)
