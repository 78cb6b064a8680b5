"""What a package claims: values of the data model only, time that never runs backwards, finished by the server's clock."""

from datetime import timedelta

import pytest

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import queries, services
from nanglucso.develop.learning.models import PackageRun, Study
from nanglucso.develop.learning.scorm import claims, cmi
from nanglucso.measure.profiles.models import Evidence
from tests import make
from tests.learning import scorm, taught
from tests.learning.scorm import kept_package

pytestmark = pytest.mark.django_db
LAUNCH = int(make.AT.timestamp() * 1000)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def person():
    return make.person(login=True)


def begun(person, data: bytes | None = None) -> PackageRun:
    package = kept_package(data).package
    return services.begin_package(actor=person.user, person=person, package=package, at=make.AT)


class Frame:
    """A player page of one launch that speaks to the server."""

    def __init__(self, run: PackageRun, unit: str = "I1", later: float = 0) -> None:
        self.run, self.unit, self.start, self.n = run, unit, later, 0

    def say(
        self, event: str, values: object = None, *, after: float = 1, reads: bool = True, n: int | None = None
    ) -> PackageRun:
        launch = LAUNCH + int(self.start * 1000)
        said = services.Said(self.unit, launch, self.n if n is None else n, event, values or {})
        self.n += 1
        moment = make.AT + timedelta(seconds=self.start + after)
        told = {"run_id": self.run.pk, "person_id": self.run.person_id, "reads": reads, "at": moment}
        return services.record_package(said=said, **told)

    def values(self) -> dict[str, str]:
        self.run.refresh_from_db()
        unit = next(one for one in self.run.version.units if one["key"] == self.unit)
        return claims.for_frame(self.run.states.get(self.unit, {}), unit, learner="1", name="x")


def read_on(frame: Frame, seconds: int, begin: int = 0) -> PackageRun:
    """Signs of life every 15 seconds."""
    for second in range(begin + 15, begin + seconds + 1, 15):
        moment = make.AT + timedelta(seconds=second)
        told = {"run_id": frame.run.pk, "person_id": frame.run.person_id, "reads": True, "at": moment}
        run = services.record_package(said=None, **told)
    return run


def test_status_score_place_and_suspended_data_are_found_again(person):
    frame = Frame(begun(person))
    assert frame.values()["cmi.core.entry"] == "ab-initio"
    assert frame.values()[cmi.STATUS] == "not attempted"
    frame.say("begin")
    told = {
        cmi.STATUS: "incomplete",
        cmi.RAW: "40",
        cmi.LOCATION: "trang-3",
        cmi.SUSPEND: "đã xem=1;2",
        cmi.EXIT: "suspend",
    }
    frame.say("set", told | {cmi.TIME: "00:00:05"}, after=5)
    frame.say("end", after=6)
    found = Frame(frame.run, later=100).values()
    assert {key: found[key] for key in (cmi.STATUS, cmi.RAW, cmi.LOCATION, cmi.SUSPEND)} == {
        cmi.STATUS: "incomplete", cmi.RAW: "40", cmi.LOCATION: "trang-3", cmi.SUSPEND: "đã xem=1;2"
    }  # fmt: skip
    assert found["cmi.core.entry"] == "resume"
    assert found["cmi.core.total_time"] == "0000:00:05.00"
    assert cmi.TIME not in found


def test_time_only_goes_forward_and_never_beyond_the_clock(person):
    frame = Frame(begun(person))
    frame.say("begin")
    frame.say("set", {cmi.TIME: "0000:00:40"}, after=50)
    frame.say("set", {cmi.TIME: "0000:00:10"}, after=60)
    frame.say("set", {cmi.TIME: "9000:00:00"}, after=70)
    frame.say("end", after=70)
    assert frame.values()["cmi.core.total_time"] == "0000:02:10.00"  # 70 seconds and a minute of lenience
    second = Frame(frame.run, later=1000)
    second.say("begin")
    second.say("set", {cmi.TIME: "0000:00:05.5"}, after=6)
    third = Frame(frame.run, later=2000)  # the second page went away without a word
    third.say("begin")
    assert third.values()["cmi.core.total_time"] == "0000:02:15.50"


def test_a_message_that_came_late_twice_or_from_an_older_window_changes_nothing(person):
    frame = Frame(begun(person))
    frame.say("begin")
    frame.say("set", {cmi.LOCATION: "5"}, n=5)
    frame.say("set", {cmi.LOCATION: "4"}, n=4)
    assert frame.values()[cmi.LOCATION] == "5"
    newer = Frame(frame.run, later=300)
    newer.say("begin")
    frame.say("set", {cmi.LOCATION: "old"}, n=99)
    assert frame.values()[cmi.LOCATION] == "5"
    newer.say("end", {cmi.TIME: "00:00:02"}, n=8, after=10)
    newer.say("end", {cmi.TIME: "00:00:02"}, n=8, after=11)
    assert newer.values()["cmi.core.total_time"] == "0000:00:02.00"


@pytest.mark.parametrize(
    "values",
    [
        {"cmi.core.student_id": "admin"},
        {"cmi.core.total_time": "99:00:00"},
        {"is_superuser": "1"},
        {cmi.STATUS: "excellent"},
        {cmi.STATUS: ["passed"]},
        {cmi.RAW: "101"},
        {cmi.RAW: "-1"},
        {cmi.RAW: "1e9"},
        {cmi.TIME: "PT1H"},
        {cmi.SUSPEND: "x" * 64_001},
        {cmi.SUSPEND: "a\x00b"},
        {cmi.SUSPEND: "a\ud800b"},
        {cmi.LOCATION: "x" * 1001},
        {"cmi.objectives.100.id": "x"},
        {f"cmi.objectives.{n}.id": "x" for n in range(700)},
        ["cmi.core.lesson_status", "passed"],
        "passed",
    ],
)
def test_values_out_of_the_data_model_are_refused_whole(person, values):
    frame = Frame(begun(person))
    with pytest.raises(Refused):
        frame.say("set", values)
    frame.run.refresh_from_db()
    assert frame.run.states == {}


def test_a_unit_or_event_that_is_not_there_is_refused(person):
    run = begun(person)
    for frame, event in ((Frame(run, "I9"), "set"), (Frame(run), "finish")):
        with pytest.raises(Refused):
            frame.say(event)


@pytest.mark.parametrize(("score", "status"), [("80", "passed"), ("79.9", "failed"), ("", "completed")])
def test_the_mastery_score_decides_at_the_end(person, score, status):
    data = scorm.one_unit(items=[("I1", "Bài", "index.html", "<adlcp:masteryscore>80</adlcp:masteryscore>")])
    frame = Frame(begun(person, data))
    frame.say("begin")
    if score:
        frame.say("set", {cmi.RAW: score})
    frame.say("end")
    assert frame.values()[cmi.STATUS] == status


def test_a_claim_alone_does_not_finish_a_package_time_has_to_bear_it_out(person):
    run = begun(person)  # 10 minutes: 240 seconds are needed
    frame = Frame(run)
    frame.say("begin")
    frame.say("end", {cmi.STATUS: "passed", cmi.RAW: "100", cmi.TIME: "0005:00:00"}, after=20)
    for n in range(400):  # fast clicking: as many signs as one likes in the same second
        frame.say("set", {cmi.STATUS: "passed"}, after=20, n=1000 + n)
    run.refresh_from_db()
    assert run.claimed_at is not None
    assert run.finished_at is None
    assert run.spent <= 20
    assert (
        services.record_package(run_id=run.pk, person_id=run.person_id, said=None, reads=True, at=make.at(days=3)).spent
        <= 50
    )
    run = read_on(frame, 240, begin=3 * 86_400)
    assert run.finished_at is not None
    entry = AuditEntry.objects.get(verb="learning.finish_package")
    assert (entry.person_id, entry.details["seconds"]) == (person.pk, round(run.spent))


def test_time_alone_does_not_finish_it_either_and_time_without_reading_is_none(person):
    run = begun(person)
    for second in range(0, 900, 15):
        moment = make.AT + timedelta(seconds=second)
        services.record_package(run_id=run.pk, person_id=run.person_id, said=None, reads=False, at=moment)
    run.refresh_from_db()
    assert run.spent == 0
    read_on(Frame(run), 900, begin=900)
    run.refresh_from_db()
    assert run.spent > 800
    assert run.finished_at is None


def test_a_lesson_and_a_package_open_beside_each_other_share_one_clock(person):
    run, study = begun(person), taught.begun(person)
    for second in range(15, 601, 15):
        taught.sign(study, 1, second)
        read_on(Frame(run), 15, begin=second - 15)
    run.refresh_from_db()
    spent = Study.objects.get(pk=study.pk).seconds + run.spent
    assert spent <= 600


def test_every_unit_has_to_claim_and_a_plain_page_only_to_be_opened(person):
    text = scorm.manifest(items=[("A", "Một", "index.html", ""), ("B", "Hai", "b.html", "")])
    text = text.replace(
        'identifier="R1" type="webcontent" adlcp:scormtype="sco"',
        'identifier="R1" type="webcontent" adlcp:scormtype="asset"',
    )
    run = begun(person, scorm.packed({"imsmanifest.xml": text, "index.html": "", "b.html": ""}))
    frame = Frame(run, "A")
    frame.say("end", {cmi.STATUS: "completed"})
    run.refresh_from_db()
    assert run.claimed_at is None
    Frame(run, "B", later=5).say("set")
    run.refresh_from_db()
    assert run.claimed_at is not None
    assert [(one["status"], one["done"]) for one in queries.units_of(run.version, run.states)] == [
        ("completed", True),
        ("browsed", True),
    ]


def test_a_claim_never_becomes_evidence_of_competence(person):
    before = Evidence.objects.count()
    run = begun(person)
    frame = Frame(run)
    frame.say("begin")
    frame.say("end", {cmi.STATUS: "passed", cmi.RAW: "100"})
    read_on(frame, 600)
    run.refresh_from_db()
    assert run.finished_at is not None
    assert Evidence.objects.count() == before


def test_nobody_writes_into_somebody_else_s_run(person):
    run, other = begun(person), make.person(login=True)
    with pytest.raises(PackageRun.DoesNotExist):
        services.record_package(run_id=run.pk, person_id=other.pk, said=None, reads=True, at=make.AT)


def test_a_new_version_takes_the_place_and_who_began_goes_on_with_the_old_one(person):
    run = begun(person)
    author = run.version.uploaded_by
    package = run.version.package
    with pytest.raises(Refused):
        scorm.upload(scorm.one_unit(), package=package, actor=author)
    second = scorm.upload(scorm.one_unit(scorm.reports(score="70")), package=package, actor=author)
    assert second.number == 2
    services.use_package(actor=author, version=second, at=make.AT)
    package.refresh_from_db()
    assert services.begin_package(actor=person.user, person=person, package=package, at=make.AT) == run
    other = make.person(login=True)
    assert services.begin_package(actor=other.user, person=other, package=package, at=make.AT).version == second
    services.withdraw_package(actor=author, version=second, at=make.AT)
    package.refresh_from_db()
    third = make.person(login=True)
    with pytest.raises(Refused):
        services.begin_package(actor=third.user, person=third, package=package, at=make.AT)


def test_a_version_set_aside_takes_its_files_along(django_capture_on_commit_callbacks):
    from nanglucso.develop.learning.scorm import keeping

    author = make.user("author")
    version = scorm.upload(scorm.one_unit(), actor=author)
    assert keeping.place(version.folder).is_dir()
    with django_capture_on_commit_callbacks(execute=True):
        services.drop_package(actor=author, version=version, at=make.AT)
    assert not keeping.place(version.folder).exists()
    with pytest.raises(Refused):
        services.use_package(actor=author, version=version, at=make.AT)
