"""Practice tasks in the product: acts stored once, own runs only, nothing of the scoring in the player."""

import uuid

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core.content import read_yaml, root
from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.engines import lab as engine
from nanglucso.engines.lab_score import outcome
from nanglucso.measure.assessments import labruns
from nanglucso.measure.assessments.models import LabEvent, LabRun
from nanglucso.measure.bank.models import Lab, LabVersion
from nanglucso.measure.bank.services import load_labs
from nanglucso.measure.profiles.models import Evidence

pytestmark = pytest.mark.django_db
MAIL = "LAB-5.2-HOPTHU"
CODES = [read_yaml(path)["id"] for path in sorted((root() / "labs").glob("*.yaml"))]


@pytest.fixture
def person():
    make.bank()
    return make.person(login=True)


def begun(person, code=MAIL):
    return labruns.begin(actor=person.user, person=person, lab=Lab.objects.get(code=code), at=make.at(1))


def do(run, seconds, verb, key=None, **args):
    key = key or uuid.uuid4()
    return labruns.act(run=run, key=key, verb=verb, args=args, at=make.at(1, seconds=seconds))


def play_trace(run, name):
    for seconds, verb, args in run.version.body["traces"][name]["acts"]:
        do(run, seconds, verb, **args)


def test_loading_twice_adds_nothing_and_a_stored_version_stays(person):
    before = LabVersion.objects.count()
    assert before >= 2
    assert load_labs(framework=make.framework(), at=make.at(1)) == 0
    assert LabVersion.objects.count() == before
    assert {one.code for one in Lab.objects.get(code=MAIL).competences.all()} == {"5.1", "5.2"}


def test_a_good_run_reaches_every_step_and_leaves_audit_rows_but_no_evidence(person):
    run = begun(person)
    play_trace(run, "good")
    done = labruns.finish(actor=person.user, run=run, at=make.at(1, seconds=500))
    assert set(done.result["done"]) == {step["id"] for step in run.version.body["steps"]}
    assert done.result["errors"] == []
    verbs = list(AuditEntry.objects.filter(person_id=person.pk).values_list("verb", flat=True))
    assert {"assessments.begin_lab", "assessments.finish_lab"} <= set(verbs)
    assert not Evidence.objects.filter(person=person).exists()


def test_the_feedback_replays_the_run_and_says_which_act_reached_which_step(person, client):
    run = begun(person)
    play_trace(run, "good")
    labruns.finish(actor=person.user, run=run, at=make.at(1, seconds=500))
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(reverse("assessments:lab_feedback", args=[run.pk])).context
    log, steps = shown["q"]["log"], run.version.body["steps"]
    assert sorted(said for one in log for said in one["reached"]) == sorted(step["feedback_ok"] for step in steps)
    at = {said: one["label"] for one in log for said in one["reached"]}
    acts = run.version.body["screen"]["acts"]
    assert at[steps[0]["feedback_ok"]] == acts["end_sessions"], "of the two acts that it needs, the second"
    assert at[steps[2]["feedback_ok"]] == acts["two_step"]
    assert [one["label"] for one in shown["way"]] == [one["label"] for one in log], "the way shown is the good trace"


def test_a_missed_step_says_how_it_is_done_well(person, client):
    run = begun(person)
    labruns.finish(actor=person.user, run=run, at=make.at(1, seconds=500))
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("assessments:lab_feedback", args=[run.pk])).content.decode()
    for step in run.version.body["steps"]:
        assert step["feedback_no"] in page
        assert step["feedback_ok"] in page


@pytest.mark.parametrize("code", CODES)
def test_practice_tells_after_each_act_what_it_reached_and_never_an_open_step(person, client, code):
    run = begun(person, code)
    steps, acts = run.version.body["steps"], run.version.body["traces"]["good"]["acts"]
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    url, seen = reverse("assessments:lab", args=[run.pk]), set()
    for n, (seconds, verb, args) in enumerate(acts, 1):
        labruns.act(run=run, key=uuid.uuid4(), verb=verb, args=args, at=make.at(1, seconds=seconds))
        lab, rows = labruns.task(run), labruns.log(run)
        assert len(rows) == n
        held = outcome(lab, engine.replay(lab, run.seed, rows)).done
        with time_machine.travel(make.at(1, seconds=seconds), tick=False):
            page = client.get(url).content.decode()
        for step in steps:
            assert (step["feedback_ok"] in page) == (step["id"] in held)
        seen |= held
    assert len(seen) == len(steps)


def test_a_careless_run_is_told_its_serious_error(person, client):
    run = begun(person)
    play_trace(run, "careless")
    labruns.finish(actor=person.user, run=run, at=make.at(1, seconds=500))
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("assessments:lab_feedback", args=[run.pk])).content.decode()
    assert "Đã gõ mật khẩu vào trang lạ" in page
    assert run.version.body["steps"][0]["feedback_no"] in page


def test_a_resend_changes_nothing_and_a_refused_act_is_not_stored(person):
    run, key = begun(person), uuid.uuid4()
    assert do(run, 10, "change_password", key) is True
    assert do(run, 20, "change_password", key) is False
    with pytest.raises(Refused, match="Không có trang nào"):
        do(run, 30, "enter_password")
    with pytest.raises(Refused):
        do(run, 30, "open", mail="box")
    assert list(run.events.values_list("seq", "t_ms")) == [(1, 10_000)]


def test_an_act_that_dies_on_the_way_leaves_nothing(person, monkeypatch):
    run = begun(person)
    create = LabEvent.objects.create

    def dies(**fields):
        create(**fields)
        raise RuntimeError("power")

    monkeypatch.setattr(LabEvent.objects, "create", dies)
    with pytest.raises(RuntimeError, match="power"):
        do(run, 10, "change_password")
    monkeypatch.undo()
    assert not run.events.exists()
    assert do(run, 12, "change_password")


def test_after_the_end_and_after_the_time_no_act_is_taken(person):
    run = begun(person)
    with pytest.raises(Refused):
        do(run, 15 * 60 + 1, "change_password")
    first = labruns.finish(actor=person.user, run=run, at=make.at(1, seconds=50))
    with pytest.raises(Refused):
        do(run, 60, "change_password")
    again = labruns.finish(actor=person.user, run=run, at=make.at(1, seconds=90))
    assert again.finished_at == first.finished_at


def test_an_open_run_goes_on_and_the_next_one_has_other_data(person):
    run = begun(person)
    assert begun(person) == run
    labruns.finish(actor=person.user, run=run, at=make.at(1, seconds=50))
    assert begun(person).seed == run.seed + 1


@pytest.mark.parametrize("code", CODES)
def test_no_byte_of_the_player_tells_how_it_is_scored(person, client, code):
    run = begun(person, code)
    body = run.version.body
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(make.at(1, seconds=300), tick=False):
        page = client.get(reverse("assessments:lab", args=[run.pk])).content.decode()
    assert body["goal"] in page
    told = [step[name] for step in body["steps"] for name in ("feedback_ok", "feedback_no")]
    told += [one["say"] for one in body["critical"]]
    drawn = {name for place in body["screen"]["places"] for name in place.get("paper", [])}
    hidden = {name for fields in body["objects"].values() for name in fields} - set(body["screen"]["shows"]) - drawn
    told += [f'"{name}"' for name in hidden - {"link"}] + ["fake", "cuts", "prior", "feedback_ok", "critical", "traces"]
    assert not [word for word in told if word in page]


def test_the_whole_way_through_the_pages_without_script(person, client):
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("assessments:labs")).status_code == 200
    client.post(reverse("assessments:lab_begin", args=[MAIL]))
    run = LabRun.objects.get(person=person)
    url = reverse("assessments:lab", args=[run.pk])
    open_it = {"verb": "open", "key": str(uuid.uuid4()), "mail": "m2", "back": "p=den&o=m2"}
    assert run.version.body["objects"]["m2"]["address"] in client.post(url, open_it, follow=True).content.decode()
    sent = open_it | {"verb": "report", "key": str(uuid.uuid4()), "text": "Thư giả mạo quản trị"}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 302
    assert run.events.count() == 2
    refused = client.post(url, sent | {"key": "x"})
    assert refused.status_code == 422
    assert "Thư giả mạo quản trị" in refused.content.decode()
    early = client.get(reverse("assessments:lab_feedback", args=[run.pk]))
    assert early.status_code == 302
    assert client.post(reverse("assessments:lab_finish", args=[run.pk])).status_code == 302
    assert client.get(reverse("assessments:lab_feedback", args=[run.pk])).status_code == 200


def test_another_person_and_a_stranger_find_nothing(person, client):
    run = begun(person)
    url = reverse("assessments:lab", args=[run.pk])
    assert client.get(url).status_code == 302
    other = make.person(login=True)
    client.force_login(other.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(url).status_code == 404
    assert client.post(reverse("assessments:lab_finish", args=[run.pk])).status_code == 404
