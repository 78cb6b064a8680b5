"""Two agencies with people, every role over the first one, and one object of every kind in each of them."""

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nanglucso.core.access import ROLE_KEY
from nanglucso.core.models import Job, Role, RoleGrant, User
from nanglucso.develop.credentials import services as credentials
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.services import load_days_off, solve_now
from nanglucso.develop.training import services as training
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.govern.meetings.models import Attendee, Meeting
from nanglucso.govern.meetings.services import votes
from nanglucso.measure.assessments import labexam, labruns
from nanglucso.measure.assessments.models import LateAnswer
from nanglucso.measure.assessments.services import start_sitting, submit
from nanglucso.measure.bank.models import ItemVersion, Lab, LabVersion
from nanglucso.measure.gaps.services import take_snapshot
from nanglucso.measure.quality.models import CalibrationRun, HealthReport, Reestimation
from nanglucso.measure.quality.services import file_appeal, prepare
from nanglucso.workforce.people.models import Person, StaffImport, Unit
from tests import make
from tests.people.workbooks import NGAN, book
from tests.training import planned

# A word that stands nowhere in the content, so that each place where it comes out is a leak.
SECRET = "Lộbênquắc"
ROLES = tuple(Role.values)


@dataclass
class Side:
    """One agency: `person` and what hangs on them."""

    unit: Unit
    person: Person
    sitting: Any = None
    training: TrainingClass | None = None
    request: Enrolment | None = None
    certificate: Any = None
    job: Job | None = None
    appeal: Any = None
    late: Any = None
    number: int = 0
    vote: Any = None


@dataclass
class World:
    """`users`: role → a log-in over agency A with a staff record in it; `chiefs`: role → the same over the city."""

    a: Side
    b: Side
    users: dict[str, User]
    chiefs: dict[str, User]
    stranger: User
    campaign: Any = None
    scenario: Scenario | None = None
    draft: Scenario | None = None
    solved: Scenario | None = None
    imported: StaffImport | None = None
    correction: Any = None
    done: Any = None
    run: Any = None
    reestimation: Any = None
    report: Any = None
    proposal: Any = None
    own: dict[int, Side] = field(default_factory=dict)


def _account(role: str, unit: Unit, over: Unit | None) -> User:
    person = make.person(unit=unit, login=True)
    if role != Role.OFFICIAL:
        RoleGrant.objects.create(user=person.user, role=role, unit=over, granted_at=make.at(-400))
    return person.user


def _give(world: World, side: Side, people: list[Person]) -> None:
    """A class under way, a finished one with certificates, a request in an open class."""
    side.training = planned.opened(people)
    TrainingClass.objects.filter(pk=side.training.pk).update(status=TrainingClass.Status.RUNNING)
    done = planned.finished(people, course="S2-CB-01", start=10)
    credentials.issue(actor=None, training_class=done, at=make.at(120))
    side.certificate = side.person.certificates.get()
    waiting = planned.opened([], course="S4-CB-01", start=20)
    asked = {"training_class": waiting, "person": side.person, "at": make.AT}
    side.request = training.ask_place(actor=None, **asked)
    side.job = Job.objects.create(kind="plans.solve", created_by=side.person.user, created_at=make.AT)
    world.own |= {person.user_id: side for person in people if person.user_id}


def build() -> World:
    """Made once for all tests of the folder, inside a transaction that is rolled back at their end."""
    unit_a, unit_b = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    users = {role: _account(role, unit_a, unit_a) for role in ROLES}
    chiefs = {role: _account(role, unit_a, None) for role in ROLES}
    a = Side(unit_a, make.person(unit=unit_a, login=True))
    b = Side(unit_b, make.person(f"Trịnh Thị {SECRET}", unit=unit_b, login=True))
    stranger = make.user("official", unit_b)
    stranger.grants.all().delete()
    world = World(a, b, users, chiefs, stranger)
    staff = [one.person for one in (*users.values(), *chiefs.values())]
    task = LabVersion.objects.get(lab__code="LAB-4.1-VANBANDI")
    world.campaign = make.campaign(people=[*staff, a.person, b.person], labs=[task])
    _give(world, a, [a.person, *staff])
    _give(world, b, [b.person])
    _votes(world, [a.person, *staff])
    for side in (a, b):
        side.sitting = world.campaign.sittings.get(person=side.person)
    _plans(world, [a.person, *staff])
    _appeals(world)
    world.proposal = training.propose_effect(
        actor=None, training_class=a.training, share=training.Share(0.4, 0.2, 0.6, 9), verdict="works", at=make.at(130)
    )
    world.imported = _import(chiefs["training"])
    take_snapshot(actor=None, framework=make.framework(), label="Đợt thử", at=make.at(0.5))
    _log_everybody_in(world)
    return world


# (log-in, role) → the key of a session; each test's changes to it are rolled back with the rest.
SESSIONS: dict[tuple[int, str], str] = {}


def _log_everybody_in(world: World) -> None:
    """One log-in per account and role for the whole folder: ten thousand of them took longer than the pages asked for."""
    SESSIONS.clear()
    SESSIONS[world.stranger.pk, ""] = fresh_session(world.stranger)
    for role in ROLES:
        for one in (world.users[role], world.chiefs[role]):
            SESSIONS[one.pk, role] = fresh_session(one, role)


def fresh_session(user: User, role: str = "") -> str:
    """Log in, take up the role, and say the session's key."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    store = client.session
    if role:
        store[ROLE_KEY] = user.grants.get(role=role).pk
        store.save()
    return str(store.session_key)


def _appeals(world: World) -> None:
    """A finished test, a case against it and a late answer on each side; a correction over the city."""
    world.done = make.campaign(people=[one.person for one in (world.a, world.b, *_logins(world))])
    for sitting in world.done.sittings.all():
        start_sitting(actor=None, sitting=sitting, at=make.AT)
        submit(actor=None, sitting=sitting, at=make.AT)
    for side in (world.a, world.b):
        sitting = world.done.sittings.get(person=side.person)
        asked = {
            "person": side.person,
            "sitting": sitting,
            "step": None,
            "reason": f"Câu hỏi không rõ ràng, {side.person}",
        }
        side.appeal = file_appeal(actor=side.person.user, at=make.AT, **asked)
        side.late = LateAnswer.objects.create(sitting=sitting, seq=0, key=uuid.uuid4(), choice="A", at=make.AT)
    version = ItemVersion.objects.filter(current=True).first()
    told = {"kind": "neutralise", "item_version": version, "reason": "Văn bản căn cứ đã thay đổi."}
    looked: dict[str, Any] = {"campaigns": [world.done.code], "started_by": None, "started_at": make.AT}
    world.run = CalibrationRun.objects.create(rules={}, **looked)
    world.reestimation = Reestimation.objects.create(framework=make.framework(), **looked)
    world.report = HealthReport.objects.create(done=True, **looked)
    world.correction = prepare(actor=world.chiefs["training"], at=make.AT, **told)


def _votes(world: World, people: list[Person]) -> None:
    """A meeting in session with an open vote on each side: agency A's holds every log-in, none of them leads it."""
    for side, called in ((world.a, people), (world.b, [world.b.person])):
        told = {"title": f"Họp {side.person}", "unit": side.unit, "place": "Phòng A", "status": Meeting.Status.RUNNING}
        meeting = Meeting.objects.create(starts_at=make.AT, ends_at=make.at(1), created_at=make.AT, **told)
        rows = [Attendee(meeting=meeting, person=one, checked_in_at=make.AT) for one in called]
        rows[0].role = Attendee.Role.CHAIR
        places = Attendee.objects.bulk_create(rows)
        asked = votes.Asked(f"Biểu quyết {side.person}", False, "more_than_half", "half_of_members")
        lead = {"actor": called[0].user, "place": places[0], "at": make.AT}
        side.vote = votes.prepare(meeting=meeting, asked=asked, **lead)
        votes.open_(vote=side.vote, **lead)


def _logins(world: World) -> list[User]:
    return [*world.users.values(), *world.chiefs.values()]


def _plans(world: World, people: list[Person]) -> None:
    load_days_off(at=make.AT)
    world.scenario = planned.scenario()
    for side, seated in ((world.a, people), (world.b, [world.b.person])):
        side.number = planned.planned(seated, plan=world.scenario).number
    world.draft = planned.scenario(Scenario.Status.DRAFT)
    world.solved = planned.scenario(Scenario.Status.DRAFT)
    solve_now(actor=None, framework=make.framework(), scenario=world.solved, at=make.AT, seconds=1)


def _import(officer: User) -> StaffImport:
    """A staff file that was read and not yet applied."""
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    with TemporaryDirectory() as folder:
        path = book(Path(folder) / "can-bo.xlsx", [(f"Trịnh Văn {SECRET}", "12/04/1985", "CT-9", *NGAN[3:])])
        client.post(reverse("people:import_new"), {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    return StaffImport.objects.get()


def sitting_of(world: World, user: User) -> uuid.UUID:
    """The test of a log-in's own staff record."""
    return world.campaign.sittings.get(person=user.person).pk


def certificate_of(user: User) -> uuid.UUID:
    return user.person.certificates.get().pk


def lab_run_of(person: Person) -> uuid.UUID:
    """A practice run of a staff record, begun now if there is none open."""
    lab = Lab.objects.get(code="LAB-5.2-HOPTHU")
    return labruns.begin(actor=None, person=person, lab=lab, at=make.at(1)).pk


def lab_sitting_of(world: World, person: Person, *, ended: bool = False) -> uuid.UUID:
    """The practice task that counts of a staff record; begun and ended first if wanted so."""
    row = world.campaign.lab_sittings.get(person=person)
    if ended:
        labexam.finish(actor=None, sitting=labexam.start(actor=None, sitting=row, at=make.at(1)), at=make.at(1))
    return row.pk
