"""What was typed in a practice task goes at the retention date; what was done stays."""

import uuid

import pytest
from django.urls import reverse
from tests import make
from tests.assessments import labsat

from nanglucso.core.content import root
from nanglucso.core.models import AuditEntry
from nanglucso.measure.assessments import labexam, labruns
from nanglucso.measure.assessments.labtexts import drop_texts, kept_for
from nanglucso.measure.assessments.models import LabEvent
from nanglucso.measure.bank.models import Lab

pytestmark = pytest.mark.django_db
SAID = "Thư giả mạo quản trị, hộp thư bị gửi thư lạ"


@pytest.fixture
def person():
    make.bank()
    return make.person(login=True)


def written(person, day, ended=True):
    """A run with one text in it, begun at noon of that day."""
    run = labruns.begin(actor=person.user, person=person, lab=Lab.objects.get(code="LAB-5.2-HOPTHU"), at=make.at(day))
    for seconds, verb, args in ((20, "change_password", {}), (40, "report", {"mail": "m2", "text": SAID})):
        at = make.at(day, seconds=seconds)
        labruns.act(run=run, key=uuid.uuid4(), verb=verb, args=args, at=at)
    return labruns.finish(actor=person.user, run=run, at=make.at(day, seconds=60)) if ended else run


def texts():
    return list(LabEvent.objects.filter(verb="report").order_by("run__started_at").values_list("args", flat=True))


def test_the_term_is_data_and_never_shorter_than_an_appeal(tmp_path):
    assert kept_for().days >= 45
    (tmp_path / "appeals.yaml").write_text((root() / "appeals.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "retention.yaml").write_text("lab_texts_days: 60\n", "utf-8")
    assert kept_for(tmp_path).days == 60
    (tmp_path / "retention.yaml").write_text("lab_texts_days: 44\n", "utf-8")
    with pytest.raises(ValueError, match="an appeal may take 45 days"):
        kept_for(tmp_path)


def test_a_text_goes_on_its_day_and_not_before(person):
    run, days = written(person, 1), kept_for().days
    before = run.result
    assert drop_texts(at=make.at(1 + days, seconds=59)) == 0
    assert texts() == [{"mail": "m2", "text": SAID}]
    assert drop_texts(at=make.at(1 + days, seconds=61)) == 1
    assert texts() == [{"mail": "m2", "text": None}]
    run.refresh_from_db()
    assert {name: run.result[name] for name in before} == before
    assert list(run.events.values_list("verb", flat=True)) == ["change_password", "report"]


def test_a_younger_run_keeps_its_text_and_a_second_sweep_does_nothing(person):
    written(person, 1)
    written(person, 60)
    at = make.at(5 + kept_for().days)
    assert drop_texts(at=at) == 1
    assert [args["text"] for args in texts()] == [None, SAID]
    assert drop_texts(at=at) == 0
    row = AuditEntry.objects.get(verb="assessments.drop_lab_texts")
    assert row.details == {"runs": 1, "texts": 1}
    assert SAID not in str(list(AuditEntry.objects.values()))


def test_a_run_that_was_left_open_is_judged_before_its_text_goes(person):
    run = written(person, 1, ended=False)
    assert drop_texts(at=make.at(5 + kept_for().days)) == 1
    run.refresh_from_db()
    assert run.finished_at
    assert texts()[0]["text"] is None
    again = labruns.finish(actor=None, run=run, at=make.at(200))
    assert again.result == run.result


def test_a_task_that_counts_is_never_ended_by_the_retention(person):
    given = labsat.campaign([person])
    open_one = labsat.begun(given, person)
    labsat.do(open_one, 40, "report", mail="m2", text=SAID)
    at = make.at(5 + kept_for().days)
    assert drop_texts(at=at) == 0
    assert texts()[0]["text"] == SAID
    labexam.finish(actor=person.user, sitting=labsat.fresh(open_one), at=make.at(1, seconds=60))
    assert drop_texts(at=at) == 1
    assert texts()[0]["text"] is None


def test_the_feedback_says_that_the_text_is_not_kept(person, client):
    run = written(person, 1)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("assessments:lab_feedback", args=[run.pk])
    assert any(SAID in row["said"] for row in client.get(url).context["q"]["log"])
    drop_texts(at=make.at(5 + kept_for().days))
    reply = client.get(url)
    page = reply.content.decode()
    # The model way at the end of the page is the task's own text, which here happens to be the same.
    assert SAID not in page.split('<details class="card">')[0]
    assert not any(SAID in row["said"] for row in reply.context["q"]["log"])
    assert "Nội dung đã gõ không còn được lưu." in page
