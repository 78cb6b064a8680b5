"""Lists of outside completions: read with every fault named, applied as evidence, undone."""

from io import BytesIO

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from nanglucso.core import jobs
from nanglucso.core.models import AuditEntry, Job
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials import expiring, services
from nanglucso.develop.credentials.completions import applying
from nanglucso.develop.credentials.models import Certificate, CompletionList, ExpiryNotice
from nanglucso.measure.assessments import certifying
from nanglucso.measure.assessments.models import OutsideCertificate
from nanglucso.measure.profiles.models import Evidence
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db
HEADS = "Mã CCVC,Họ và tên,Khóa học,Ngày hoàn thành,Điểm,Số chứng nhận"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(make.at(30), tick=False):
        yield


@pytest.fixture
def officer():
    return make.user("training")


@pytest.fixture
def an():
    make.framework()
    person = make.person("Lê Văn An", unit=make.unit(), login=True)
    person.staff_code = "CT001"
    person.save()
    return person


@pytest.fixture
def binh(an):
    person = make.person("Trần Thị Bình", unit=make.unit())
    person.staff_code = "CT002"
    person.save()
    return person


def read(officer, *lines, name="ds.csv"):
    stream = BytesIO("\n".join([HEADS, *lines]).encode())
    return applying.read_list(actor=officer, stream=stream, name=name, at=make.at(30))


def apply(officer, row):
    return applying.apply(actor=officer, row=row, framework=make.framework(), at=make.at(30))


def test_a_list_is_read_applied_and_undone(officer, an, binh):
    row = read(
        officer, 'CT001,Lê Văn An,Bình dân học vụ số,01/03/2026,"8,5",BD-1',
        "ct002,,IC3 Digital Literacy GS6 mức 1,2026-02-20,,",
    )  # fmt: skip
    assert [one["person"] for one in row.plan["rows"]] == [an.pk]
    assert len(row.plan["problems"]) == 1
    row = read(officer, "CT001,lê văn an,bình dân học vụ số,01/03/2026,8.5,BD-1", "CT002,,ic3-gs6-1,20/02/2026,,")
    assert row.plan["problems"] == []
    assert not OutsideCertificate.objects.exists()
    assert apply(officer, row) == (2, 0)
    held = OutsideCertificate.objects.get(person=an)
    assert (held.rule, held.number, held.status) == ("binh-dan-hoc-vu-so", "BD-1", "confirmed")
    evidence = Evidence.objects.get(person=an, kind=Evidence.Kind.CERTIFICATE)
    assert {one["k"] for one in evidence.entries} == {"1.1", "2.1", "4.2"}
    assert held.completion.score == 8.5
    text = certifying.proof_path(held).read_text()
    assert "Lê Văn An" in text
    assert "Bình" not in text.replace("Bình dân học vụ số", ""), "nobody else's row stands in the proof"
    with pytest.raises(Refused):
        apply(officer, row)
    assert applying.undo(actor=officer, row=row, at=make.at(30)) == (2, 0)
    assert evidence.voided_by.exists()
    assert set(OutsideCertificate.objects.values_list("status", flat=True)) == {"revoked"}
    with pytest.raises(Refused):
        applying.undo(actor=officer, row=row, at=make.at(30))
    again = read(officer, "CT001,,Bình dân học vụ số,01/03/2026,9,")
    assert apply(officer, again) == (1, 0), "what was undone may be imported again"
    assert AuditEntry.objects.filter(verb="assessments.confirm_certificate", person_id=an.pk).count() == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("CT999,,Bình dân học vụ số,01/03/2026,8,", "Nobody here has the staff code"),
        ("CT001,Trần Thị Bình,Bình dân học vụ số,01/03/2026,8,", "belongs to somebody else"),
        ("CT001,,Khóa lạ,01/03/2026,8,", "is not a course that counts"),
        ("CT001,,Bình dân học vụ số,31/02/2026,8,", "not a day of the calendar"),
        ("CT001,,Bình dân học vụ số,01/05/2026,8,", "lies in the future"),
        ("CT001,,Bình dân học vụ số,01/03/2020,8,", "too old"),
        ("CT001,,Bình dân học vụ số,01/03/2026,,", "needs a score"),
        ("CT001,,Bình dân học vụ số,01/03/2026,4,", "is below"),
        ("CT001,,Bình dân học vụ số,01/03/2026,11,", "over the scale"),
        ("CT001,,Bình dân học vụ số,01/03/2026,giỏi,", "is not a number"),
        ("CT001,,,01/03/2026,8,", "is blank"),
    ],
)
def test_every_fault_is_named_with_its_row(officer, an, line, words):
    row = read(officer, line)
    assert row.plan["rows"] == []
    problem = row.plan["problems"][0]
    assert problem["row"] == 2
    assert words in problem["template"] % problem["told"]


def listed(officer, periods):
    text = f"{HEADS},Số tiết\nCT001,,Bình dân học vụ số,01/03/2026,8,BD-1,{periods}"
    return applying.read_list(actor=officer, stream=BytesIO(text.encode()), name="ds.csv", at=make.at(30))


def test_the_periods_that_a_list_states_go_with_the_completion(officer, an):
    row = listed(officer, "16")
    assert row.plan["rows"][0]["tiet"] == 16
    apply(officer, row)
    assert row.completions.get().tiet == 16
    assert read(officer, "CT001,,Bình dân học vụ số,02/03/2026,8,").plan["rows"][0]["tiet"] is None


@pytest.mark.parametrize("periods", ["0", "2,5", "401", "-4"])
def test_a_number_of_periods_that_cannot_be_is_named(officer, an, periods):
    row = listed(officer, f'"{periods}"')
    assert row.plan["rows"] == []
    problem = row.plan["problems"][0]
    assert "no number of periods" in problem["template"] % problem["told"]


def test_repeated_held_and_own_rows_are_left_out(officer, an, binh):
    line = "CT001,,Bình dân học vụ số,01/03/2026,8,"
    row = read(officer, line, line)
    assert (len(row.plan["rows"]), row.plan["problems"][0]["told"]) == (1, {"other": "2"})
    late = read(officer, line)
    assert apply(officer, row) == (1, 0)
    assert apply(officer, late) == (0, 1), "held meanwhile: nothing is counted twice"
    assert read(officer, line).plan["problems"][0]["template"] == "This completion is held already."
    binh.user = officer
    binh.save()
    assert "own certificate" in read(officer, "CT002,,Bình dân học vụ số,01/03/2026,8,").plan["problems"][0]["template"]


def test_undo_leaves_what_somebody_decided_on_since(officer, an, binh):
    row = read(officer, "CT001,,Bình dân học vụ số,01/03/2026,8,", "CT002,,Bình dân học vụ số,01/03/2026,8,")
    apply(officer, row)
    held = OutsideCertificate.objects.get(person=an)
    certifying.revoke(actor=officer, certificate=held, reason="Nhầm người", at=make.at(30))
    assert applying.undo(actor=officer, row=row, at=make.at(30)) == (1, 1)
    held.refresh_from_db()
    assert held.reason == "Nhầm người"


def test_the_wizard_over_http(as_user, officer, an, binh):
    client = as_user(officer)
    book = Workbook()
    book.active.append(["DANH SÁCH HOÀN THÀNH"])
    book.active.append(["STT", "Mã nhân sự", "Tên khóa học", "Ngày cấp", "Điểm số"])
    book.active.append([1, "CT001", "Phổ cập kỹ năng số", "01/03/2026", 9])
    book.active.append([2, "CT777", "Phổ cập kỹ năng số", "01/03/2026", 9])
    out = BytesIO()
    book.save(out)
    reply = client.post(reverse("credentials:list_new"), {"file": SimpleUploadedFile("ds.xlsx", out.getvalue())})
    row = CompletionList.objects.get()
    assert reply.url == reverse("credentials:list_show", args=[row.pk])
    page = client.get(reply.url).content.decode()
    assert "Lê Văn An" in page
    assert "CT777" in page
    done = client.post(reverse("credentials:list_apply", args=[row.pk]), follow=True).content.decode()
    assert "Đã tính 1 kết quả" in done
    assert (
        "Đã rút lại 1 kết quả"
        in client.post(reverse("credentials:list_undo", args=[row.pk]), follow=True).content.decode()
    )
    bad = client.post(reverse("credentials:list_new"), {"file": SimpleUploadedFile("ds.xlsx", b"PK\x03\x04 broken")})
    assert bad.status_code == 422
    assert CompletionList.objects.count() == 1


def test_own_certificates_end_and_their_holders_are_told_once_a_step(an):
    an.email = "an@cantho.example"
    an.save()
    made = services.issue(actor=None, training_class=plan.finished([an]), at=make.at(20))[0]
    assert made.content["valid_until"] == "2031-03-22"
    Job.objects.all().delete()
    end = 20 + 5 * 365 + 1
    assert expiring.remind_due(at=make.at(end - 61)) == 0
    assert expiring.remind_due(at=make.at(end - 60)) == 1
    assert expiring.remind_due(at=make.at(end - 59)) == 0
    job = Job.objects.get(kind="credentials.mail_expiry")
    jobs.perform(str(job.pk))
    assert "22/03/2031" in mail.outbox[0].subject
    assert (mail.outbox[0].to, expiring.mail(at=make.at(end - 59))) == (["an@cantho.example"], 0)
    assert expiring.remind_due(at=make.at(end - 10)) == 1
    assert expiring.remind_due(at=make.at(end + 1)) == 0
    assert sorted(ExpiryNotice.objects.values_list("days", flat=True)) == [14, 60]


def test_nobody_is_told_of_a_revoked_certificate(an):
    made = services.issue(actor=None, training_class=plan.finished([an]), at=make.at(20))[0]
    services.revoke(actor=make.user("training"), certificate=made, reason="x", at=make.at(25))
    assert Certificate.objects.get().valid_until
    assert expiring.remind_due(at=make.at(20 + 5 * 365 - 10)) == 0
