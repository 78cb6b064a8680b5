"""A practice task challenged, reviewed, and taken out of one or of all results."""

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import labexam, labqueries
from nanglucso.measure.bank.models import LabVersion
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.proving import strayed
from nanglucso.measure.quality import labparts, queries, services
from nanglucso.measure.quality.models import Appeal, Correction
from tests import make
from tests.assessments import labsat
from tests.quality import sat

pytestmark = pytest.mark.django_db
REASON = "Hệ thống mô phỏng không nhận lời báo mà tôi đã gõ."
ANSWER = "Đã xem lại từng thao tác; bước báo sự cố của bài bị chấm sai cho mọi người."


@pytest.fixture
def person():
    return make.person(unit=make.unit("Sở Nội vụ"), login=True)


@pytest.fixture
def campaign(person):
    return labsat.campaign([person])


@pytest.fixture
def row(campaign, person):
    return labsat.sat(campaign, person)


def ask(row, competence="", at=None, reason=REASON, actor=None):
    told = {"person": row.person, "lab": row, "competence": competence, "reason": reason, "at": at or make.at(2)}
    return services.file_lab_appeal(actor=actor or row.person.user, **told)


def give(case, reviewer):
    services.assign_reviewer(actor=make.user("training"), appeal=case, reviewer=reviewer, at=make.at(3))


def upheld(case, remedy):
    reviewer = make.user("author")
    give(case, reviewer)
    return sat.work(services.decide(actor=reviewer, appeal=case, remedy=remedy, answer=ANSWER, at=make.at(4)))


def applied(made):
    services.approve(actor=make.user("training"), correction=made, at=make.at(5))
    return sat.work(made)


def entries(person):
    rows = Evidence.objects.filter(person=person, kind="practice", voids=None, voided_by=None)
    return {entry["k"] for one in rows for entry in one.entries}


def test_who_may_ask_about_a_task_and_until_when(row):
    other = make.person(login=True)
    for told in ({"actor": other.user}, {"reason": "sai"}, {"competence": "1.1"}, {"at": make.at(400)}):
        with pytest.raises(Refused):
            ask(row, **told)
    assert not Appeal.objects.exists()
    ask(row)
    ask(row, "5.1")
    with pytest.raises(Refused):
        ask(row, "5.1")
    assert Appeal.objects.count() == 2


def test_a_task_that_was_not_done_cannot_be_challenged(campaign, person):
    with pytest.raises(Refused):
        ask(labsat.given(campaign, person))
    idle = labexam.finish(actor=person.user, sitting=labsat.begun(campaign, person), at=make.at(1, seconds=30))
    with pytest.raises(Refused):
        ask(idle)


def test_one_competence_of_a_task_is_taken_out_for_everybody_and_put_back(row, campaign, person):
    second = make.person(login=True)
    other = labsat.sat(labsat.campaign([second]), second)
    before = {one.pk: sat.stored(one) for one in (person, second)}
    case = ask(row, "5.1")
    made = upheld(case, "neutralise")
    assert (made.lab_version, made.competence, made.summary["people"]) == (row.version, "5.1", 2)
    assert made.summary["changed"] == len({line.person_id for line in made.lines.exclude(changes=[])})
    assert entries(person) == {"5.1", "5.2"}, "a preview changes nothing"
    done = applied(made)
    assert done.status == "applied"
    for one in (person, second):
        assert entries(one) == {"5.2"}
        assert not sat.same(before[one.pk], sat.stored(one))
    assert Appeal.objects.get(pk=case.pk).status == "applied"
    assert LabVersion.objects.get(pk=row.version_id).set_aside == ["5.1"]
    assert not list(strayed())
    sat.work(services.request_undo(actor=make.user("training"), correction=done, reason="Bước ấy được chấm đúng.", at=make.at(6)))  # fmt: skip
    for one in (person, second):
        assert sat.same(before[one.pk], sat.stored(one))
    assert LabVersion.objects.get(pk=row.version_id).set_aside == []
    assert {row.status, other.status} == {"scored"}
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"quality.file_appeal", "quality.decide_appeal", "quality.preview_correction", "quality.start_correction",
            "quality.correct_profile", "quality.finish_correction", "quality.restore_profile"} <= verbs  # fmt: skip


def test_a_task_taken_out_whole_gives_no_evidence_any_more(row, campaign, person):
    late = make.person(login=True)
    later = labsat.campaign([late])
    made = services.prepare(
        actor=make.user("training"), kind="neutralise", lab_version=row.version, reason=REASON, at=make.at(3)
    )
    begun = labsat.begun(later, late)
    labsat.trace(begun, "good")
    applied(sat.work(made))
    assert entries(person) == set()
    ended = labexam.finish(actor=late.user, sitting=begun, at=make.at(1, seconds=600))
    assert (ended.status, ended.graded, entries(late)) == ("scored", [], set())
    with pytest.raises(Refused):
        services.prepare(
            actor=make.user("training"), kind="neutralise", lab_version=LabVersion.objects.get(pk=row.version_id),
            competence="5.2", reason=REASON, at=make.at(6),
        )  # fmt: skip


def test_a_task_taken_out_need_not_be_begun(campaign, person):
    given = labsat.given(campaign, person)
    assert labqueries.open_labs(person, make.at(1)) == [given]
    LabVersion.objects.get(pk=given.version_id).put_aside({"5.1"})
    assert labqueries.open_labs(person, make.at(1)) == [given]
    LabVersion.objects.get(pk=given.version_id).put_aside({"5.1", "5.2"})
    given = labsat.given(campaign, person)
    assert labqueries.open_labs(person, make.at(1)) == []
    with pytest.raises(Refused):
        labexam.start(actor=person.user, sitting=given, at=make.at(1))


def test_undoing_one_of_two_leaves_out_what_the_other_took_out(row):
    told = {"actor": make.user("training"), "kind": "neutralise", "lab_version": row.version, "reason": REASON}
    applied(sat.work(services.prepare(**told, competence="5.1", at=make.at(3))))
    whole = applied(sat.work(services.prepare(**told, at=make.at(4))))
    assert LabVersion.objects.get(pk=row.version_id).set_aside == ["5.1", "5.2"]
    services.request_undo(actor=make.user("training"), correction=whole, reason="Chỉ một phần sai.", at=make.at(6))
    sat.work(whole)
    assert LabVersion.objects.get(pk=row.version_id).set_aside == ["5.1"]
    assert entries(row.person) == {"5.2"}


def test_a_single_persons_task_is_voided_by_an_appeal(row):
    case = ask(row)
    made = upheld(case, "void")
    assert made.lab == row
    applied(made)
    assert (labsat.fresh(row).status, Appeal.objects.get(pk=case.pk).status) == ("voided", "applied")
    assert entries(row.person) == set()
    assert labparts.version_to_correct(labsat.MAIL) == row.version


# ---------------------------------------------------------------- pages
@pytest.fixture
def day():
    with time_machine.travel(make.at(2), tick=False):
        yield


def test_asked_for_on_the_page_and_judged_on_the_page(as_user, row, day):
    client = as_user(row.person.user)
    assert reverse("quality:file_lab", args=[row.pk]) in client.get(reverse("quality:mine")).content.decode()
    address = reverse("quality:file_lab", args=[row.pk])
    bad = client.post(address, {"competence": "5.1", "reason": "ngắn"})
    assert (bad.status_code, "ngắn" in bad.content.decode()) == (422, True)
    assert client.post(address, {"competence": "5.1", "reason": REASON}).status_code == 302
    case = Appeal.objects.get()
    said = row.version.body["steps"][0]["feedback_ok"]
    officer = as_user(make.user("training", make.unit("Sở Nội vụ"))).get(reverse("quality:appeal", args=[case.pk]))
    assert (officer.status_code, said in officer.content.decode()) == (200, False)
    assert said not in client.get(reverse("quality:mine")).content.decode()
    reviewer = make.user("author")
    give(case, reviewer)
    page = as_user(reviewer).get(reverse("quality:appeal", args=[case.pk])).content.decode()
    assert said in page
    assert row.person.full_name not in page
    assert row.version.body["screen"]["acts"]["change_password"] in page, "what was done, act by act"
    sent = {"remedy": "neutralise", "answer": ANSWER}
    assert as_user(reviewer).post(reverse("quality:decide", args=[case.pk]), sent).status_code == 302
    made = sat.work(Correction.objects.get())
    page = as_user(make.user("training")).get(reverse("quality:correction", args=[made.pk]), {"all": "1"})
    assert row.person.full_name in page.content.decode()
    assert row.version.lab.title_vi in page.content.decode()


def test_another_persons_task_has_no_page(as_user, row, day):
    stranger = make.person(login=True)
    assert as_user(stranger.user).get(reverse("quality:file_lab", args=[row.pk])).status_code == 404


def test_a_task_is_taken_out_by_its_code(as_user, row, day):
    client = as_user(make.user("training"))
    address = reverse("quality:correction_new")
    for code, competence in (("KHONG-CO", ""), (labsat.MAIL, "1.1")):
        assert client.post(address, {"code": code, "competence": competence, "reason": REASON}).status_code == 422
    assert client.post(address, {"code": labsat.MAIL, "competence": "5.2", "reason": REASON}).status_code == 302
    made = Correction.objects.get()
    assert (made.lab_version_id, made.competence) == (row.version_id, "5.2")
    assert queries.corrections().get().lab_version == row.version
