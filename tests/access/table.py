"""One row for every address of the product: who gets in, and how it is cut. A new address without a row fails a test.

`cut`: unit = objects of another unit are not found; own = only one's own object; city = only with a grant over the
whole city; "" = the same for everybody who gets in.
`mine` and `theirs`: what fills the address, from the world and the log-in that asks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests import make
from tests.access import meetings as held
from tests.access.world import World, certificate_of, lab_run_of, lab_sitting_of, sitting_of

Fill = Callable[[World, Any], list[Any]]
PUBLIC = "public"
EVERYONE = ("official", "head", "training", "author", "leader", "auditor", "admin")
READERS = ("head", "training")
READING = ("head", "training", "author", "leader")


def nothing(world: World, user: Any) -> list[Any]:
    return []


@dataclass(frozen=True)
class Row:
    """`roles`: who gets in ("" in `permission` = public). `sees_all`: roles that no cut concerns."""

    name: str
    methods: str
    permission: str
    roles: tuple[str, ...] = ()
    cut: str = ""
    mine: Fill = nothing
    theirs: Fill | None = None
    sees_all: tuple[str, ...] = ()
    query: str = ""
    data: dict[str, str] = field(default_factory=dict)

    @property
    def verbs(self) -> list[str]:
        return self.methods.split()


def side(path: str) -> tuple[Fill, Fill]:
    """Fills from one attribute path of each side, as `person.uuid`."""

    def of(which: str) -> Fill:
        def fill(world: World, user: Any) -> list[Any]:
            value = getattr(world, which)
            for part in path.split("."):
                value = getattr(value, part)
            return [value]

        return fill

    return of("a"), of("b")


def fixed(*values: Any) -> Fill:
    return lambda world, user: list(values)


def then(fill: Fill, *more: Any) -> Fill:
    return lambda world, user: [*fill(world, user), *more]


def a_target(world: World, user: Any) -> list[Any]:
    from nanglucso.govern.targets.services import load_targets

    load_targets(at=make.AT)
    return ["Q2629-I.2.2"]


def a_file_of_figures(world: World, user: Any) -> list[Any]:
    """A file of figures that was read."""
    from nanglucso.core.models import StoredFile
    from nanglucso.govern.targets.models import FigureImport

    told = {"kind": "target-figures", "content_type": "text/csv", "size": 1, "sha256": "0" * 64, "created_at": make.AT}
    file, _made = StoredFile.objects.get_or_create(name="so-lieu.csv", path="-", defaults=told)
    plan = {"rows": [], "problems": [], "same": 0}
    row, _made = FigureImport.objects.get_or_create(
        system="thanh-toan", defaults={"file": file, "plan": plan, "read_at": make.AT}
    )
    return [row.pk]


def figure_of(which: str) -> Fill:
    """A figure of this agency, or of the other."""

    def fill(world: World, user: Any) -> list[Any]:
        from decimal import Decimal

        from nanglucso.govern.targets.services import Proof, record_observation

        (code,) = a_target(world, user)
        row = record_observation(
            actor=None, indicator_code=code, unit=getattr(world, which).unit, period="2026-01", value=Decimal(50),
            proof=Proof(note="BC 1"), at=make.AT,
        )  # fmt: skip
        return [row.pk]

    return fill


def plan(world: World, user: Any) -> list[Any]:
    return [world.scenario.pk]


def solved(world: World, user: Any) -> list[Any]:
    return [world.solved.pk]


def course(world: World, user: Any) -> list[Any]:
    return [world.a.training.course_id]


def effect_proposal(world: World, user: Any) -> list[Any]:
    return [world.proposal.pk, "nhan"]


def draft(world: World, user: Any) -> list[Any]:
    return [world.draft.pk]


def own_sitting(world: World, user: Any) -> list[Any]:
    return [sitting_of(world, user)]


def other_sitting(world: World, user: Any) -> list[Any]:
    return [world.b.sitting.pk]


def own_lab(world: World, user: Any) -> list[Any]:
    return [lab_run_of(user.person)]


def other_lab(world: World, user: Any) -> list[Any]:
    return [lab_run_of(world.b.person)]


def own_task(world: World, user: Any) -> list[Any]:
    return [lab_sitting_of(world, user.person)]


def other_task(world: World, user: Any) -> list[Any]:
    return [lab_sitting_of(world, world.b.person)]


def own_ended_task(world: World, user: Any) -> list[Any]:
    return [lab_sitting_of(world, user.person, ended=True)]


def other_ended_task(world: World, user: Any) -> list[Any]:
    return [lab_sitting_of(world, world.b.person, ended=True)]


def own_class(world: World, user: Any) -> list[Any]:
    return [world.a.training.pk]


def course_taught(world: World, user: Any) -> list[Any]:
    return [world.a.training.course.code]


def other_class(world: World, user: Any) -> list[Any]:
    return [world.b.training.pk]


def taught(world: World, user: Any) -> list[Any]:
    """The class of the own world, with this log-in as its lecturer's."""
    from nanglucso.develop.training.services import link_lecturer
    from tests import make

    link_lecturer(actor=None, lecturer=world.a.training.lecturer, username=user.username, at=make.AT)
    return [world.a.training.pk]


def taught_by_another(world: World, user: Any) -> list[Any]:
    from nanglucso.develop.plans.models import Lecturer
    from nanglucso.develop.training.models import TrainingClass

    other, _ = Lecturer.objects.get_or_create(
        code="gv-khac", defaults={"name": "Phạm Thị Dạy", "rate": 1, "made_up": True}
    )
    TrainingClass.objects.filter(pk=world.b.training.pk).update(lecturer=other)
    return [world.b.training.pk]


def session_of_another(world: World, user: Any) -> list[Any]:
    taught_by_another(world, user)
    return session("b")(world, user)


def taught_session(world: World, user: Any) -> list[Any]:
    taught(world, user)
    return session("a")(world, user)


def taught_material(world: World, user: Any) -> list[Any]:
    from nanglucso.develop.training.services import add_material
    from tests import make

    pk = taught(world, user)
    made = add_material(actor=None, training_class=world.a.training, title="Bài giảng", place="", at=make.AT)
    return [*pk, made.pk]


def class_to_evaluate(which: str) -> Fill:
    """A finished class whose form is open, of this person or of somebody else."""

    def fill(world: World, user: Any) -> list[Any]:
        from datetime import timedelta

        from nanglucso.core.clock import now
        from nanglucso.develop.training.models import TrainingClass
        from tests import make

        row = getattr(world, which).training
        TrainingClass.objects.filter(pk=row.pk).update(status="done", closed_at=now() - timedelta(days=1))
        row.enrolments.update(status="completed")
        if which == "a" and user.person:
            row.enrolments.update_or_create(person=user.person, defaults={"status": "completed", "at": make.AT})
        return [row.pk, "sau-lop"]

    return fill


def months_ago(which: str) -> Fill:
    """A place in a class that was finished a hundred days ago, of somebody in this agency or in the other."""

    def fill(world: World, user: Any) -> list[Any]:
        from datetime import timedelta

        from nanglucso.core.clock import now
        from nanglucso.develop.training.models import TrainingClass

        side = getattr(world, which)
        closed = now() - timedelta(days=100)
        TrainingClass.objects.filter(pk=side.training.pk).update(status="done", closed_at=closed)
        side.training.enrolments.update(status="completed")
        return [side.training.enrolments.get(person=side.person).pk]

    return fill


def session(which: str) -> Fill:
    return lambda world, user: [getattr(world, which).training.sessions.first().pk]


def campaign(world: World, user: Any) -> list[Any]:
    return [world.campaign.code]


def correction(world: World, user: Any) -> list[Any]:
    return [world.correction.pk]


def own_done(world: World, user: Any) -> list[Any]:
    return [world.done.sittings.get(person=user.person).pk]


def other_done(world: World, user: Any) -> list[Any]:
    return [world.done.sittings.get(person=world.b.person).pk]


def _view_of(user: Any) -> list[Any]:
    from nanglucso.measure.gaps.models import SavedView
    from tests import make

    fields = {"owner": user, "name": "Bản đồ thử", "page": "city"}
    return [SavedView.objects.get_or_create(**fields, defaults={"made_at": make.AT})[0].pk, "chia-se"]


def own_view(world: World, user: Any) -> list[Any]:
    return _view_of(user)


def other_view(world: World, user: Any) -> list[Any]:
    return _view_of(world.stranger)


def given_case(world: World, user: Any) -> list[Any]:
    """A case that an author sees because it was given to them; the training officer sees it by its unit."""
    if user.grants.filter(role="author").exists():
        type(world.a.appeal).objects.filter(pk=world.a.appeal.pk).update(reviewer=user)
    return [world.a.appeal.pk]


def reestimation(world: World, user: Any) -> list[Any]:
    return [world.reestimation.pk]


def run(world: World, user: Any) -> list[Any]:
    return [world.run.pk]


def report(world: World, user: Any) -> list[Any]:
    return [world.report.pk]


def statistics(world: World, user: Any) -> list[Any]:
    """A campaign with one answer."""
    import uuid

    from nanglucso.measure.assessments.models import Answer
    from nanglucso.measure.bank.models import ItemVersion
    from tests import make

    sitting = world.done.sittings.order_by("pk").first()
    told = {"item_version": ItemVersion.objects.order_by("pk").first(), "choice": "A", "score": 0, "at": make.AT}
    Answer.objects.get_or_create(sitting=sitting, seq=0, defaults={**told, "key": uuid.uuid4()})
    return [world.done.code, "csv"]


def item_draft(world: World, user: Any) -> list[Any]:
    """A draft of the city's author that waits for a second reader; the same one for all rows."""
    from nanglucso.measure.bank.authoring import revise
    from nanglucso.measure.bank.models import Item, ItemDraft
    from tests import make

    item = Item.objects.filter(status=Item.Status.LIVE).order_by("code").last()
    row = ItemDraft.objects.order_by("created_at").first()
    row = row or revise(actor=world.chiefs["author"], item=item, at=make.AT)
    if row.state == ItemDraft.State.WRITING and not row.round:
        ItemDraft.objects.filter(pk=row.pk).update(state=ItemDraft.State.READING, round=1)
    return [row.pk]


def item_import(world: World, user: Any) -> list[Any]:
    from nanglucso.measure.bank.models import ItemImport
    from tests import make

    told = {"name": "a.yaml", "rows": [{"id": "S1.1-CB-999"}], "created_by": world.chiefs["author"]}
    return [(ItemImport.objects.first() or ItemImport.objects.create(created_at=make.AT, **told)).pk]


def year(world: World, user: Any) -> list[Any]:
    from nanglucso.measure.quality.models import YearComparison
    from tests import make

    told = {"before": world.run, "after": world.run, "started_at": make.AT}
    return [(YearComparison.objects.first() or YearComparison.objects.create(**told)).pk]


def panel(world: World, user: Any) -> list[Any]:
    from nanglucso.measure.quality.models import Panel
    from nanglucso.measure.quality.services import open_panel
    from tests import make

    row = Panel.objects.first() or open_panel(
        actor=world.chiefs["author"], title="Hội đồng thử", method="angoff", level=2, made_up=True, at=make.AT,
        competence=make.framework().competences.get(code="1.1"),
    )  # fmt: skip
    return [row.pk]


def _proof_of(person: Any) -> list[Any]:
    from nanglucso.measure.assessments.models import OutsideCertificate
    from tests import make

    row = OutsideCertificate.objects.filter(person=person).first() or make.certificate(person)
    return [row.pk]


def own_proof(world: World, user: Any) -> list[Any]:
    return _proof_of(user.person)


def a_proof(world: World, user: Any) -> list[Any]:
    return _proof_of(world.a.person)


def other_proof(world: World, user: Any) -> list[Any]:
    return _proof_of(world.b.person)


def _condition_of(world: World, person: Any) -> list[Any]:
    from nanglucso.measure.assessments.models import Accommodation, AccommodationReason
    from tests import make

    told = {"extra_percent": 25, "given_at": make.AT}
    row, _made = Accommodation.objects.get_or_create(campaign=world.campaign, person=person, defaults=told)
    AccommodationReason.objects.get_or_create(accommodation=row, defaults={"text": "Giấy của bệnh viện."})
    return [world.campaign.code, row.pk]


def own_condition(world: World, user: Any) -> list[Any]:
    return _condition_of(world, world.a.person)


def other_condition(world: World, user: Any) -> list[Any]:
    return _condition_of(world, world.b.person)


def _file_of(world: World, person: Any) -> list[Any]:
    from nanglucso.measure.assessments.models import Answer
    from tests import make

    sitting = world.done.sittings.get(person=person)
    row = Answer.objects.filter(sitting=sitting, seq=90).first() or make.handed_in(sitting)
    return [row.pk]


def own_file(world: World, user: Any) -> list[Any]:
    return _file_of(world, world.a.person)


def other_file(world: World, user: Any) -> list[Any]:
    return _file_of(world, world.b.person)


def imported(world: World, user: Any) -> list[Any]:
    return [world.imported.pk]


def reorganisation(*more: Any) -> Fill:
    """A draft of agency A that stands for every page; each asking gets a fresh one."""

    def fill(world: World, user: Any) -> list[Any]:
        from nanglucso.core.scope import EVERYTHING
        from nanglucso.workforce.people import services
        from tests import make

        row = services.draft_reorganisation(actor=None, title="Sắp xếp thử", day=make.AT.date(), at=make.AT)
        parts = [{"code": f"TACH{row.pk}", "name": f"Sở Tách {row.pk}", "kind": "so"}]
        step = {"kind": "split", "unit": world.a.unit.code, "keep": True, "parts": parts}
        services.add_step(actor=None, row=row, step=step, scope=EVERYTHING, at=make.AT)
        return [row.pk, *more]

    return fill


def a_disposal(*more: Any) -> Fill:
    """A list that names nobody, put forward by nobody: refusing it is asked for without a reason."""

    def fill(world: World, user: Any) -> list[Any]:
        from nanglucso.workforce.people.models import Disposal
        from tests import make

        return [Disposal.objects.create(term="reminders", status="asked", found_at=make.AT).pk, *more]

    return fill


def two_records(world: World, user: Any) -> list[Any]:
    """Two records of one name, made afresh: a merge of them must not touch the world's own people."""
    from tests import make

    return [make.person("Lê Thị Đôi").pk, make.person("Lê Thị Đôi").pk]


def merged(world: World, user: Any) -> list[Any]:
    """A merge in force."""
    from nanglucso.workforce.people.services import merge_people
    from tests import make

    kept, gone = make.person("Lê Thị Đôi"), make.person("Lê Thị Đôi")
    return [merge_people(actor=None, kept=kept, gone=gone, at=make.AT).pk]


def a_framework(world: World, user: Any) -> list[Any]:
    """A draft of the framework in force; made anew where an act deleted it."""
    from nanglucso.workforce.framework import services
    from nanglucso.workforce.framework.models import Framework
    from tests import make

    row = Framework.objects.filter(version="thu").first()
    return [(row or services.start_draft(actor=None, source=make.framework(), version="thu", at=make.AT)).pk]


def a_part(world: World, user: Any) -> list[Any]:
    from nanglucso.workforce.framework.models import Competence

    (pk,) = a_framework(world, user)
    return [pk, Competence.objects.filter(framework=pk).first().uid]


def two_versions(world: World, user: Any) -> list[Any]:
    from tests import make

    return [make.framework().pk, make.framework().pk]


def a_comment(world: World, user: Any) -> list[Any]:
    from nanglucso.workforce.framework import services
    from nanglucso.workforce.framework.models import Framework
    from tests import make

    draft = Framework.objects.get(pk=a_framework(world, user)[0])
    told = {"about": "", "text": "Cần xem lại lời văn.", "at": make.AT}
    return [services.comment(actor=world.stranger, framework=draft, **told).pk]


def a_table(world: World, user: Any) -> list[Any]:
    from nanglucso.workforce.framework import services
    from tests import make

    rows = [["Mã", "Năng lực"], ["1", "Tìm tin"]]
    return [services.start_table(actor=user, name="bang.csv", rows=rows, at=make.AT).pk]


def a_crossing(world: World, user: Any) -> list[Any]:
    from nanglucso.workforce.framework import services
    from nanglucso.workforce.framework.models import Framework
    from tests import make

    draft = Framework.objects.get(pk=a_framework(world, user)[0])
    return [services.start_crossing(actor=None, source=make.framework(), target=draft, at=make.AT).pk]


def a_move(world: World, user: Any) -> list[Any]:
    """An undone one, so that undoing it is refused and the world stays as it is."""
    from nanglucso.workforce.framework.models import Move
    from tests import make

    crossing = a_crossing(world, user)[0]
    return [Move.objects.create(crossing_id=crossing, made_at=make.AT, undone_at=make.AT).pk]


def a_requirement_draft(world: World, user: Any) -> list[Any]:
    """Handed over and empty: whatever is done with it changes no position."""
    from nanglucso.workforce.people.models import RequirementDraft
    from tests import make

    return [RequirementDraft.objects.create(author=world.stranger, made_at=make.AT, status="asked").pk]


def own_job(world: World, user: Any) -> list[Any]:
    from nanglucso.core.models import Job
    from tests import make

    return [Job.objects.create(kind="plans.solve", created_by=user, created_at=make.AT).pk]


def appointment(which: str) -> Fill:
    return lambda world, user: [getattr(world, which).person.appointments.get().pk]


def a_row(model: str) -> Fill:
    def fill(world: World, user: Any) -> list[Any]:
        from django.apps import apps

        return [apps.get_model(model).objects.order_by("pk").first().pk]

    return fill


def a_code(model: str) -> Fill:
    def fill(world: World, user: Any) -> list[Any]:
        from django.apps import apps

        return [apps.get_model(model).objects.order_by("pk").first().code]

    return fill


PERSON, STAFF = side("person.pk"), side("person.uuid")
UNIT, JOB = side("unit.pk"), side("job.pk")
CASE, LATE = side("appeal.pk"), side("late.pk")
REVIEWERS = ("training", "author")
REQUEST = side("request.pk")
CERTIFICATE = side("certificate.pk")


def badge_of(world: World, user: Any) -> list[Any]:
    """The signed badge of the user's own certificate."""
    from nanglucso.develop.credentials.signing import sign_all
    from tests import make

    sign_all(actor=None, at=make.at(1))
    return [certificate_of(user)]


def revocations(world: World, user: Any) -> list[Any]:
    """The number of the list that says which badges are revoked."""
    from nanglucso.develop.credentials.models import StatusList

    badge_of(world, next(row for row in (world.a.person.user, user) if row))
    return [StatusList.objects.get().number]


def completions(world: World, user: Any) -> list[Any]:
    """A list of outside completions that was read."""
    from nanglucso.develop.credentials.models import CompletionList
    from tests import make

    told = {"plan": {"rows": [], "problems": []}, "sha256": "0" * 64, "read_at": make.at(1)}
    return [CompletionList.objects.get_or_create(file_name="danh-sach.csv", defaults=told)[0].pk]


def bound(world: World, user: Any) -> list[Any]:
    """A commitment by hand."""
    from nanglucso.develop.budget.models import FundingSource
    from nanglucso.develop.budget.services import commit
    from tests import make

    source = FundingSource.objects.order_by("-amount").first()
    return [commit(actor=None, source=source, name_vi="In tài liệu", amount=1, at=make.AT).pk]


def wish(which: str) -> Fill:
    """A proposal of one side's agency."""

    def fill(world: World, user: Any) -> list[Any]:
        from nanglucso.develop.plans.models import Proposal
        from nanglucso.workforce.framework.models import Competence
        from tests import make

        told = {"competence": Competence.objects.first(), "heads": 1, "reason": "thử", "at": make.AT}
        return [Proposal.objects.create(year=2031, unit=getattr(world, which).unit, **told).pk]

    return fill


def decision(world: World, user: Any) -> list[Any]:
    """A change by hand of the solved scenario."""
    from nanglucso.develop.plans.models import HandChange, PlannedClass
    from tests import make

    row = PlannedClass.objects.filter(scenario=world.solved).first() or PlannedClass.objects.first()
    told = {"course": row.course, "form": row.form, "start": row.start, "reason": "thử", "at": make.AT}
    made = HandChange.objects.create(scenario=row.scenario, kind="pin", person=world.a.person, **told)
    return [row.scenario_id, made.pk]


def law(world: World, user: Any) -> list[Any]:
    """A document that can be read."""
    from tests.outreach import spread

    return [spread.document().pk]


def sent_out(which: str) -> Fill:
    """A campaign that reached one side's person."""

    def fill(world: World, user: Any) -> list[Any]:
        from tests.outreach import spread

        side = getattr(world, which)
        return [spread.opened([side.person], units=[side.unit], by=user).pk]

    return fill


def not_mine(world: World, user: Any) -> list[Any]:
    """A campaign that another officer prepared for the other side."""
    from tests.outreach import spread

    return [spread.opened([world.b.person], units=[world.b.unit]).pk]


def reading(world: World, user: Any) -> list[Any]:
    from tests.outreach import spread

    return [spread.reading(user.person).pk]


def other_reading(world: World, user: Any) -> list[Any]:
    from tests.outreach import spread

    return [spread.reading(world.b.person).pk]


def receipt(world: World, user: Any) -> list[Any]:
    from tests.outreach import spread

    campaign = spread.opened([user.person])
    spread.reading(user.person, campaign.document)
    return [campaign.receipts.get(person=user.person).pk]


def other_receipt(world: World, user: Any) -> list[Any]:
    from tests.outreach import spread

    return [spread.opened([world.b.person]).receipts.get(person=world.b.person).pk]


def law_text(world: World, user: Any) -> list[Any]:
    from tests.outreach import spread

    return [spread.with_file().pk]


def law_register(world: World, user: Any) -> list[Any]:
    from nanglucso.govern.outreach.services import read_shipped_register
    from tests import make

    return [read_shipped_register(actor=None, at=make.AT).pk]


def law_draft(world: World, user: Any) -> list[Any]:
    from tests.outreach import spread

    return [spread.drafted().pk]


SENT = (sent_out("a"), not_mine)


def function(which: str) -> Fill:
    """A function of one side's agency."""

    def fill(world: World, user: Any) -> list[Any]:
        from nanglucso.develop.staffing.services import add_duty
        from tests import make

        unit = getattr(world, which).unit
        text = f"Quản lý hồ sơ số {unit.duties.count()}"
        return [add_duty(actor=None, unit=unit, text=text, since=make.AT.date(), at=make.AT).pk]

    return fill


def duty_pair(which: str) -> Fill:
    """A pair of functions of one side's agency that a person called the same."""

    def fill(world: World, user: Any) -> list[Any]:
        from nanglucso.develop.staffing.models import Overlap
        from tests import make

        one, other = function(which)(world, user)[0], function(which)(world, user)[0]
        told = {"score": 0.9, "hint": "same", "verdict": "same", "found_at": make.AT}
        return [Overlap.objects.create(one_id=one, other_id=other, **told).pk]

    return fill


def surveyed(which: str) -> Fill:
    """One side's agency."""
    return lambda world, user: [getattr(world, which).unit.pk]


def survey_slip(which: str) -> Fill:
    """The slip of one side's agency in an open round."""

    def fill(world: World, user: Any) -> list[Any]:
        return [_survey_round(world).slips.get(unit=getattr(world, which).unit).pk]

    return fill


def _survey_round(world: World) -> Any:
    from datetime import timedelta

    from nanglucso.core.clock import now
    from nanglucso.core.days import local_day
    from nanglucso.develop.readiness import queries, services

    made = queries.rounds().filter(closed_at=None).first()
    told = {"name": "Khảo sát", "due": local_day(now()) + timedelta(days=9), "units": queries.surveyed_units()}
    return made or services.open_round(actor=None, at=now(), **told)


def own_slip(which: str) -> Fill:
    """The slip of one side's agency, with the log-in as its contact on the own side."""

    def fill(world: World, user: Any) -> list[Any]:
        row = _survey_round(world).slips.get(unit=getattr(world, which).unit)
        if which == "a":
            type(row).objects.filter(pk=row.pk).update(contact=user.person)
        return [row.pk]

    return fill


def survey_round(world: World, user: Any) -> list[Any]:
    return [_survey_round(world).pk]


def facts_sheet(world: World, user: Any) -> list[Any]:
    from nanglucso.develop.readiness.models import FactSheet
    from tests import make

    told = {"plan": {"rows": [], "problems": [], "columns": []}, "version": "2026.1", "day": make.AT.date()}
    return [FactSheet.objects.create(file_name="a.csv", sha256="0" * 64, read_at=make.AT, **told).pk]


def post(which: str) -> Fill:
    """An open vacancy of one side's agency."""

    def fill(world: World, user: Any) -> list[Any]:
        from nanglucso.develop.staffing.services import add_vacancy
        from tests import make

        side = getattr(world, which)
        told = {"position": side.person.position, "since": make.AT.date(), "at": make.AT}
        return [add_vacancy(actor=None, unit=side.unit, **told)[0].pk]

    return fill


def suggestion(paths: Any) -> Fill:
    """A computed suggestion of the asker's own scope, or of another one."""

    def fill(world: World, user: Any) -> list[Any]:
        from nanglucso.develop.staffing.models import Suggestion
        from tests import make

        told = {"framework": make.framework(), "floor": 0.5, "people": 1, "seats": 1, "total": 0.0, "made_at": make.AT}
        return [Suggestion.objects.create(paths=paths(world, user), **told).pk]

    return fill


def _own_paths(world: World, user: Any) -> list[str]:
    return [grant.unit.path for grant in user.grants.all() if grant.role == "training" and grant.unit]


def _other_paths(world: World, user: Any) -> list[str]:
    return [world.b.unit.path]


def a_lesson(world: World, user: Any) -> list[Any]:
    from tests.learning import taught

    return [taught.lesson().code]


def _study_of(person: Any) -> list[Any]:
    from nanglucso.develop.learning.models import Study
    from tests import make
    from tests.learning import taught

    study = taught.begun(person)
    done = {"finished_at": make.AT, "task_note": f"Đã làm xong, {person}", "task_done_at": make.AT}
    Study.objects.filter(pk=study.pk).update(**done)
    return [study.pk]


def own_study(world: World, user: Any) -> list[Any]:
    return _study_of(user.person)


def a_study(world: World, user: Any) -> list[Any]:
    return _study_of(world.a.person)


def other_study(world: World, user: Any) -> list[Any]:
    return _study_of(world.b.person)


def lesson_draft(world: World, user: Any) -> list[Any]:
    """A draft of the city's author."""
    from nanglucso.develop.learning.models import LessonVersion
    from nanglucso.develop.learning.services import start_draft
    from tests import make
    from tests.learning import taught

    taught.lesson()
    row = LessonVersion.objects.filter(author=world.chiefs["author"]).first()
    return [(row or start_draft(actor=world.chiefs["author"], source=taught.text(), at=make.AT)).pk]


def a_package(world: World, user: Any) -> list[Any]:
    """A package in use, made once for the world."""
    from nanglucso.develop.learning.models import Package
    from tests.learning import scorm

    row = Package.objects.exclude(live=None).first()
    return [(row or scorm.kept_package().package).pk]


def a_package_version(world: World, user: Any) -> list[Any]:
    from nanglucso.develop.learning.models import Package

    return [Package.objects.get(pk=a_package(world, user)[0]).live_id]


def _run_of(person: Any) -> list[Any]:
    from nanglucso.develop.learning.models import Package
    from nanglucso.develop.learning.services import begin_package
    from tests import make

    package = Package.objects.select_related("live").get(pk=a_package(None, None)[0])
    return [begin_package(actor=None, person=person, package=package, at=make.AT).pk]


def own_run(world: World, user: Any) -> list[Any]:
    return _run_of(user.person)


def other_run(world: World, user: Any) -> list[Any]:
    return _run_of(world.b.person)


HEAD = ("head",)
TRAINING, ADMIN, AUTHOR, LEADER = ("training",), ("admin",), ("author",), ("leader",)
PLANNERS = ("training", "leader")
TARGETS = ("head", "training", "leader")
WRITERS = ("training", "author")
GAPS = ("head", "training", "leader")


API = ("units", "positions", "framework", "gaps", "hours", "plan_classes")


def api_token(world: World, user: Any) -> list[Any]:
    """A token of another system over the whole city, issued once."""
    from nanglucso.core.clock import now
    from nanglucso.govern.exchange import services
    from nanglucso.govern.exchange.models import ApiToken

    row = ApiToken.objects.first()
    if row is None:
        told = {"name": "Kho dữ liệu", "resources": ["units"], "unit": None, "days": 3}
        row, _secret = services.issue_token(actor=None, at=now(), **told)
    return [row.pk]


def city(name: str, methods: str, permission: str, mine: Fill = nothing, roles: tuple[str, ...] = TRAINING) -> Row:
    """An act on something that belongs to the whole city."""
    return Row(name, methods, permission, roles, "city", mine)


def role_of() -> tuple[Fill, Fill]:
    """An account and the role that it holds, of each side."""

    def of(which: str) -> Fill:
        def fill(world: World, user: Any) -> list[Any]:
            holder = getattr(world, which).person.user
            return [holder.pk, holder.grants.order_by("pk").first().pk]

        return fill

    return of("a"), of("b")


def head_role() -> tuple[Fill, Fill]:
    """A head's role over each of the agencies, held by somebody made for it."""

    def of(which: str) -> Fill:
        return lambda world, user: [make.user("head", getattr(world, which).unit).grants.get().pk]

    return of("a"), of("b")


def delegation() -> tuple[Fill, Fill]:
    """A delegation of the head's own role, and one of the other agency's."""

    def of(grant: Any, user: Any) -> list[Any]:
        told = {"role": "head", "unit": grant.unit, "granted_at": grant.granted_at, "ended_at": make.at(30)}
        return [grant.delegations.create(user=user, **told).pk]

    def mine(world: World, user: Any) -> list[Any]:
        held = user.grants.filter(role="head").first() or world.users["head"].grants.get(role="head")
        return of(held, world.a.person.user)

    def theirs(world: World, user: Any) -> list[Any]:
        return of(make.user("head", world.b.unit).grants.get(), world.b.person.user)

    return mine, theirs


TABLE: tuple[Row, ...] = (
    Row("ui:home", "GET", PUBLIC),
    Row("ui:theme", "POST", PUBLIC),
    Row("ui:help", "GET", PUBLIC),
    Row("ui:guide", "GET", PUBLIC, mine=fixed("start")),
    Row("ui:demo_login", "POST", PUBLIC),
    Row("ui:search", "GET", "own.view", EVERYONE, query="q=th"),
    Row("ui:switch_role", "POST", "own.view", EVERYONE, "own", theirs=nothing),
    Row("core:live", "GET", PUBLIC),
    Row("core:ready", "GET", PUBLIC),
    Row("core:metrics", "GET", PUBLIC),
    Row("core:jobs", "GET", "own.view", EVERYONE),
    Row("core:job", "GET", "own.view", EVERYONE, "own", own_job, JOB[1], ("training", "admin")),
    Row("core:job_cancel", "POST", "own.view", EVERYONE, "own", own_job, JOB[1], ("training", "admin")),
    Row("core:audit", "GET", "audit.view", ("auditor",)),
    Row("core:audit_export", "POST", "audit.view", ("auditor",)),
    Row("core:audit_verify", "POST", "audit.view", ("auditor",)),
    Row("core:roles", "GET", "roles.change", ADMIN),
    Row("core:role_user", "GET POST", "roles.change", ADMIN, "unit", *side("person.user_id")),
    Row("core:role_end", "POST", "roles.change", ADMIN, "unit", *role_of()),
    Row("core:account_unlock", "POST", "roles.change", ADMIN, "unit", *side("person.user_id")),
    Row("core:second_step", "GET", PUBLIC),
    Row("core:second_step_drop", "POST", "roles.change", ADMIN, "unit", *side("person.user_id")),
    Row("core:account_closed", "GET", PUBLIC),
    Row("core:review", "GET", "roles.change", ADMIN),
    Row("core:review_confirm", "POST", "roles.change", ADMIN),
    Row("core:review_end", "POST", "roles.change", ADMIN, "unit", *head_role()),
    Row("core:delegations", "GET POST", "roles.delegate", HEAD),
    Row("core:delegation_withdraw", "POST", "roles.delegate", HEAD, "own", *delegation()),
    Row("core:own", "GET", "own.view", EVERYONE),
    Row("core:own_export", "POST", "own.view", EVERYONE),
    Row("core:status", "GET", "system.view", ADMIN),
    Row("framework:browse", "GET", "framework.view", EVERYONE),
    Row("framework:crosswalk", "GET", "framework.view", EVERYONE),
    Row("framework:competence", "GET", "framework.view", EVERYONE, mine=a_code("framework.Competence")),
    Row("framework:versions", "GET", "framework.view", EVERYONE),
    Row("framework:version", "GET", "framework.view", EVERYONE, mine=a_row("framework.Framework")),
    Row("framework:compare", "GET", "framework.view", EVERYONE, mine=two_versions),
    Row("framework:case", "GET", "framework.view", EVERYONE, mine=then(a_row("framework.Framework"), "1.1")),
    Row("framework:comment", "POST", "framework.comment", READING, mine=a_framework),
    city("framework:act", "POST", "framework.comment", then(a_framework, "mo-lai"), READING),
    city("framework:start", "POST", "framework.change", a_framework),
    city("framework:edit", "GET POST", "framework.change", a_framework),
    city("framework:competence_new", "GET POST", "framework.change", a_framework),
    city("framework:competence_edit", "GET POST", "framework.change", a_part),
    city("framework:competence_remove", "POST", "framework.change", a_part),
    city("framework:answer", "POST", "framework.change", a_comment),
    city("framework:import", "GET POST", "framework.change"),
    city("framework:table", "GET POST", "framework.change", a_table),
    city("framework:crossing_new", "GET POST", "framework.change"),
    city("framework:crossing", "GET", "framework.comment", a_crossing, READING),
    city("framework:crossing_save", "POST", "framework.change", a_crossing),
    city("framework:crossing_preview", "POST", "framework.change", a_crossing),
    city("framework:move", "POST", "framework.publish", a_crossing, ("leader",)),
    city("framework:move_undo", "POST", "framework.publish", a_move, ("leader",)),
    Row("people:requirement_drafts", "GET", "positions.view", EVERYONE),
    Row("people:requirement_draft", "GET", "positions.view", EVERYONE, mine=a_requirement_draft),
    city("people:matrix", "GET", "positions.change"),
    city("people:matrix_save", "POST", "positions.change"),
    city("people:matrix_one", "GET POST", "positions.change", a_row("people.Position")),
    city("people:requirement_ask", "POST", "positions.change", a_requirement_draft),
    city("people:requirement_drop", "POST", "positions.change", a_requirement_draft),
    city("people:requirement_approve", "POST", "positions.approve", a_requirement_draft, ("leader",)),
    city("people:requirement_undo", "POST", "positions.approve", a_requirement_draft, ("leader",)),
    Row("reports:position_docx", "GET", "positions.view", EVERYONE, mine=a_row("people.Position")),
    Row("people:list", "GET", "people.view", ("head", "training", "admin")),
    Row("people:export", "GET", "people.view", ("head", "training", "admin")),
    Row("people:add", "GET POST", "people.change", TRAINING),
    Row("people:person", "GET", "people.view", ("head", "training", "admin"), "unit", *PERSON),
    Row("people:person_edit", "GET POST", "people.change", TRAINING, "unit", *PERSON),
    Row("people:appoint", "GET POST", "people.change", TRAINING, "unit", *PERSON),
    Row("people:account", "POST", "people.change", TRAINING, "unit", *PERSON),
    Row("people:end_appointment", "POST", "people.change", TRAINING, "unit", appointment("a"), appointment("b")),
    Row("people:units", "GET", "units.view", ("head", "training", "leader", "admin")),
    Row("people:unit_options", "GET", "people.change", TRAINING, query="q=so"),
    Row("people:unit", "GET", "units.view", ("head", "training", "leader", "admin"), "unit", *UNIT),
    Row("people:units_on", "GET", "units.view", ("head", "training", "leader", "admin")),
    Row("people:unit_history", "GET", "units.view", ("head", "training", "leader", "admin"), "unit", *UNIT),
    city("people:disposals", "GET", "retention.view", roles=("training", "leader")),
    city("people:disposal", "GET", "retention.view", a_disposal(), ("training", "leader")),
    city("people:disposal_decide", "POST", "retention.view", a_disposal("tu-choi"), ("training", "leader")),
    city("people:erasure_ask", "GET POST", "retention.propose", side("person.pk")[0]),
    city("people:reorganisations", "GET", "units.review", roles=("training", "leader")),
    city("people:reorganisation_new", "GET POST", "units.reorganise"),
    city("people:reorganisation", "GET", "units.review", reorganisation(), ("training", "leader")),
    city("people:reorganisation_edit", "GET POST", "units.reorganise", reorganisation()),
    city("people:reorganisation_step", "GET POST", "units.reorganise", reorganisation("merge")),
    city("people:reorganisation_divide", "GET POST", "units.reorganise", reorganisation(1)),
    city("people:reorganisation_drop_step", "POST", "units.reorganise", reorganisation(1)),
    city("people:reorganisation_roles", "POST", "units.reorganise", reorganisation()),
    city("people:reorganisation_decide", "POST", "units.review", reorganisation("tra-lai"), ("training", "leader")),
    Row("people:positions", "GET", "positions.view", EVERYONE),
    Row("people:position", "GET", "positions.view", EVERYONE, mine=a_row("people.Position")),
    Row("people:family", "GET", "positions.view", EVERYONE, mine=a_code("people.PositionFamily")),
    Row("people:demands", "GET", "positions.view", EVERYONE, mine=a_code("framework.Competence")),
    city("people:imports", "GET", "people.import"),
    city("people:import_new", "GET POST", "people.import"),
    Row("people:import_template", "GET", "people.import", TRAINING),
    city("people:import_show", "GET", "people.import", imported),
    city("people:import_mapping", "POST", "people.import", imported),
    city("people:import_apply", "POST", "people.import", imported),
    city("people:import_undo", "POST", "people.import", imported),
    city("people:import_drop", "POST", "people.import", imported),
    city("people:import_problems", "GET", "people.import", imported),
    city("people:doubles", "GET", "people.import"),
    city("people:double", "GET POST", "people.import", two_records),
    city("people:double_apart", "POST", "people.import", two_records),
    city("people:merge_undo", "POST", "people.import", merged),
    Row("bank:health", "GET", "bank.view", AUTHOR),
    Row("bank:items", "GET", "bank.view", AUTHOR),
    Row("bank:item", "GET", "bank.view", AUTHOR, mine=a_code("bank.Item")),
    Row("bank:item_status", "POST", "bank.change", AUTHOR, mine=a_code("bank.Item")),
    Row("bank:coverage", "GET", "bank.view", AUTHOR),
    Row("bank:versions", "GET", "bank.view", AUTHOR, mine=a_code("bank.Item")),
    Row("bank:export", "GET", "bank.view", AUTHOR, mine=fixed("yaml"), query="competence=1.1"),
    Row("bank:drafts", "GET", "bank.view", AUTHOR),
    Row("bank:draft_new", "GET POST", "bank.change", AUTHOR),
    Row("bank:draft_revise", "POST", "bank.change", AUTHOR, mine=a_code("bank.Item")),
    Row("bank:draft", "GET POST", "bank.change", AUTHOR, mine=item_draft),
    Row("bank:draft_preview", "POST", "bank.change", AUTHOR, mine=item_draft),
    Row("bank:draft_versions", "GET", "bank.view", AUTHOR, mine=item_draft),
    Row("bank:draft_do", "POST", "bank.change", AUTHOR, mine=then(item_draft, "take_back")),
    Row("bank:reading", "GET POST", "bank.change", AUTHOR, mine=item_draft),
    Row("bank:import_new", "GET POST", "bank.change", AUTHOR),
    Row("bank:import_show", "GET", "bank.change", AUTHOR, mine=item_import),
    Row("bank:import_take", "POST", "bank.change", AUTHOR, mine=item_import),
    Row("profiles:mine", "GET", "own.view", EVERYONE),
    Row("profiles:why", "GET", "own.view", EVERYONE),
    Row("profiles:person", "GET", "profiles.view", READERS, "unit", *STAFF),
    Row("profiles:why_person", "GET", "profiles.view", READERS, "unit", *STAFF),
    Row("assessments:mine", "GET", "sittings.sit", EVERYONE),
    Row("assessments:self_rating", "GET POST", "own.view", EVERYONE),
    Row("assessments:review_step", "GET POST", "own.view", EVERYONE, mine=fixed(1)),
    Row("assessments:review_done", "GET", "own.view", EVERYONE),
    Row("assessments:my_certificates", "GET POST", "own.view", EVERYONE),
    Row("assessments:certificates", "GET", "campaigns.change", TRAINING),
    Row("assessments:certificate_proof", "GET", "own.view", EVERYONE, "own", own_proof, other_proof),
    Row("assessments:certificate_decide", "POST", "campaigns.change", TRAINING, "unit", then(a_proof, "confirm"), then(other_proof, "confirm")),
    Row("assessments:differences", "GET", "profiles.view", READERS),
    Row("assessments:ratings", "GET", "ratings.rate", ("head",)),
    Row("assessments:rate", "GET POST", "ratings.rate", ("head",), "unit", *STAFF),
    Row("assessments:campaigns", "GET", "campaigns.view", PLANNERS),
    Row("assessments:campaign_new", "GET POST", "campaigns.change", TRAINING),
    Row("assessments:campaign", "GET", "campaigns.view", PLANNERS, mine=campaign),
    city("assessments:campaign_change", "POST", "campaigns.change", then(campaign, "close")),
    Row("assessments:campaign_progress", "GET", "campaigns.view", PLANNERS, mine=campaign),
    city("assessments:campaign_extend", "POST", "campaigns.change", campaign),
    Row("assessments:accommodations", "GET POST", "campaigns.change", TRAINING, mine=campaign),
    Row("assessments:accommodation", "GET POST", "campaigns.change", TRAINING, "unit", own_condition, other_condition),
    Row("assessments:second_tests", "GET POST", "campaigns.change", TRAINING, mine=campaign),
    Row("assessments:item_use", "GET", "bank.view", AUTHOR, mine=a_code("bank.Item")),
    Row("assessments:item_practice", "POST", "bank.change", AUTHOR, mine=a_code("bank.Item")),
    Row("assessments:practice", "GET", "sittings.sit", EVERYONE),
    Row("assessments:practice_item", "GET POST", "sittings.sit", EVERYONE, mine=fixed("5.2", 1)),
    Row("assessments:files", "GET", "files.rate", REVIEWERS),
    Row("assessments:file_rate", "GET POST", "files.rate", REVIEWERS, "unit", own_file, other_file),
    Row("assessments:file_download", "GET", "files.rate", REVIEWERS, "unit", own_file, other_file),
    Row("assessments:labs", "GET", "sittings.sit", EVERYONE),
    Row("assessments:lab_begin", "POST", "sittings.sit", EVERYONE, mine=fixed("LAB-5.2-HOPTHU")),
    Row("assessments:lab", "GET POST", "sittings.sit", EVERYONE, "own", own_lab, other_lab),
    Row("assessments:lab_finish", "POST", "sittings.sit", EVERYONE, "own", own_lab, other_lab),
    Row("assessments:lab_feedback", "GET", "sittings.sit", EVERYONE, "own", own_lab, other_lab),
    Row("assessments:lab_sitting", "GET POST", "sittings.sit", EVERYONE, "own", own_task, other_task),
    Row("assessments:lab_sitting_begin", "GET POST", "sittings.sit", EVERYONE, "own", own_task, other_task),
    Row("assessments:lab_sitting_finished", "GET", "sittings.sit", EVERYONE, "own", own_task, other_task),
    Row("assessments:lab_sitting_control", "POST", "sittings.sit", EVERYONE, "own", then(own_task, "pause"), then(other_task, "pause")),
    Row("assessments:sit", "GET", "sittings.sit", EVERYONE, "own", own_sitting, other_sitting),
    Row("assessments:begin", "GET POST", "sittings.sit", EVERYONE, "own", own_sitting, other_sitting),
    Row("assessments:wait", "GET", PUBLIC, mine=own_sitting, theirs=other_sitting),
    Row("assessments:again", "POST", "sittings.sit", EVERYONE, "own", own_sitting, other_sitting),
    Row("assessments:answer", "POST", PUBLIC, mine=own_sitting, theirs=other_sitting),
    Row("assessments:upload", "POST", PUBLIC, mine=own_sitting, theirs=other_sitting),
    Row("assessments:state", "GET", PUBLIC, mine=own_sitting, theirs=other_sitting),
    Row("assessments:finished", "GET", "sittings.sit", EVERYONE, "own", own_sitting, other_sitting),
    Row("assessments:control", "POST", "sittings.sit", EVERYONE, "own", then(own_sitting, "pause"), then(other_sitting, "pause")),
    Row("quality:mine", "GET", "own.view", EVERYONE),
    Row("quality:file", "GET POST", "own.view", EVERYONE, "own", own_done, other_done),
    Row("quality:file_lab", "GET POST", "own.view", EVERYONE, "own", own_ended_task, other_ended_task),
    Row("quality:appeals", "GET", "appeals.review", REVIEWERS),
    Row("quality:appeal", "GET", "appeals.review", REVIEWERS, "unit", given_case, CASE[1]),
    Row("quality:assign", "POST", "appeals.assign", TRAINING, "unit", *CASE),
    Row("quality:decide", "POST", "appeals.review", REVIEWERS, "unit", given_case, CASE[1]),
    Row("quality:late", "GET", "appeals.assign", TRAINING),
    Row("quality:late_judge", "GET POST", "appeals.assign", TRAINING, "unit", *LATE),
    city("quality:corrections", "GET", "corrections.change"),
    city("quality:correction_new", "GET POST", "corrections.change"),
    city("quality:correction", "GET", "corrections.change", correction),
    city("quality:correct", "POST", "corrections.change", then(correction, "approve")),
    city("quality:undo", "POST", "corrections.change", correction),
    Row("quality:item", "GET", "items.behaviour", REVIEWERS, mine=a_code("bank.Item")),
    Row("quality:flags", "GET", "flags.view", TRAINING),
    Row("quality:health_list", "GET POST", "items.behaviour", REVIEWERS),
    Row("quality:health", "GET", "items.behaviour", REVIEWERS, mine=report),
    Row("quality:health_export", "GET", "items.behaviour", REVIEWERS, mine=then(report, "xlsx")),
    Row("quality:calibrations", "GET", "items.behaviour", REVIEWERS),
    Row("quality:calibration_new", "GET POST", "bank.change", AUTHOR),
    Row("quality:calibration", "GET", "items.behaviour", REVIEWERS, mine=run),
    Row("quality:calibration_decide", "POST", "bank.change", AUTHOR, mine=then(run, "accept")),
    Row("quality:reestimations", "GET", "items.behaviour", REVIEWERS),
    Row("quality:reestimation", "GET", "items.behaviour", REVIEWERS, mine=reestimation),
    city("quality:reestimation_new", "GET POST", "corrections.change"),
    city("quality:reestimation_decide", "POST", "corrections.change", then(reestimation, "accept")),
    city("quality:reestimation_resume", "POST", "corrections.change", reestimation),
    Row("quality:statistics", "GET", "items.behaviour", REVIEWERS),
    Row("quality:statistics_export", "GET", "items.behaviour", REVIEWERS, mine=statistics),
    Row("quality:years", "GET POST", "items.behaviour", REVIEWERS),
    Row("quality:year", "GET", "items.behaviour", REVIEWERS, mine=year),
    Row("quality:panels", "GET", "items.behaviour", REVIEWERS),
    Row("quality:panel_new", "GET POST", "bank.change", AUTHOR),
    Row("quality:panel", "GET", "items.behaviour", REVIEWERS, mine=panel),
    Row("quality:panel_enter", "GET POST", "bank.change", AUTHOR, mine=panel),
    Row("quality:panel_close", "POST", "bank.change", AUTHOR, mine=panel),
    Row("outreach:mine", "GET", "outreach.read", EVERYONE),
    Row("outreach:library", "GET", "outreach.read", EVERYONE),
    Row("outreach:document", "GET", "outreach.read", EVERYONE, mine=law),
    Row("outreach:document_file", "GET", "outreach.read", EVERYONE, mine=law_text),
    city("outreach:document_new", "GET POST", "outreach.change"),
    city("outreach:document_edit", "GET POST", "outreach.change", law),
    city("outreach:draft", "GET POST", "outreach.change", law),
    city("outreach:publish", "POST", "outreach.change", law_draft),
    city("outreach:draft_drop", "POST", "outreach.change", law_draft),
    Row("outreach:begin", "POST", "outreach.read", EVERYONE, mine=law),
    Row("outreach:read", "GET", "outreach.read", EVERYONE, "own", reading, other_reading),
    Row("outreach:beat", "POST", "outreach.read", EVERYONE, "own", reading, other_reading),
    Row("outreach:answer", "POST", "outreach.read", EVERYONE, "own", reading, other_reading),
    Row("outreach:again", "POST", "outreach.read", EVERYONE, "own", reading, other_reading),
    Row("outreach:task", "POST", "outreach.read", EVERYONE, "own", receipt, other_receipt),
    city("outreach:registers", "GET", "outreach.change"),
    city("outreach:register_new", "GET POST", "outreach.change"),
    city("outreach:register_shipped", "POST", "outreach.change"),
    city("outreach:register_template", "GET", "outreach.change"),
    city("outreach:register", "GET", "outreach.change", law_register),
    city("outreach:register_do", "POST", "outreach.change", then(law_register, "ap-dung")),
    Row("outreach:campaigns", "GET", "outreach.reach", GAPS),
    Row("outreach:campaign_new", "GET POST", "outreach.change", TRAINING),
    Row("outreach:campaign", "GET", "outreach.reach", GAPS, "unit", *SENT),
    Row("outreach:campaign_do", "POST", "outreach.change", TRAINING, "unit", then(SENT[0], "nhac"), then(SENT[1], "nhac")),
    Row("outreach:people", "GET", "outreach.names", READERS, "unit", *SENT),
    Row("outreach:confirm", "POST", "outreach.confirm", HEAD, "unit", *SENT),
    Row("outreach:export", "GET", "outreach.names", READERS, "unit", *SENT),
    Row("reports:outreach_file", "GET", "outreach.reach", GAPS, "unit", then(SENT[0], "docx"), then(SENT[1], "docx")),
    Row("staffing:duties", "GET", "duties.view", GAPS),
    Row("staffing:duty_new", "GET POST", "duties.change", READERS),
    city("staffing:duties_take", "POST", "overlaps.review"),
    Row("staffing:duty_end", "GET POST", "duties.change", READERS, "unit", function("a"), function("b")),
    Row("staffing:overlaps", "GET", "overlaps.view", PLANNERS),
    city("staffing:overlaps_search", "POST", "overlaps.review"),
    Row("staffing:overlaps_export", "GET", "overlaps.view", PLANNERS, mine=fixed("xlsx")),
    Row("staffing:overlap", "GET", "overlaps.view", PLANNERS, "unit", duty_pair("a"), duty_pair("b")),
    Row("staffing:overlap_review", "POST", "overlaps.review", TRAINING, "unit", duty_pair("a"), duty_pair("b")),
    Row("staffing:overlap_resolve", "POST", "overlaps.review", TRAINING, "unit", duty_pair("a"), duty_pair("b")),
    Row("staffing:overlap_close", "POST", "overlaps.review", TRAINING, "unit", duty_pair("a"), duty_pair("b")),
    Row("staffing:vacancies", "GET", "staffing.view", TRAINING),
    Row("staffing:vacancy_new", "GET POST", "staffing.view", TRAINING),
    Row("staffing:vacancy", "GET", "staffing.view", TRAINING, "unit", post("a"), post("b")),
    Row("staffing:vacancy_withdraw", "POST", "staffing.view", TRAINING, "unit", post("a"), post("b")),
    Row("staffing:vacancy_decide", "POST", "staffing.view", TRAINING, "unit", post("a"), post("b")),
    Row("staffing:suggest", "POST", "staffing.view", TRAINING),
    Row("staffing:suggestion", "GET", "staffing.view", TRAINING, "own", suggestion(_own_paths), suggestion(_other_paths)),
    Row("staffing:fit", "GET", "staffing.view", TRAINING, "unit", *PERSON),
    Row("staffing:succession", "GET", "staffing.view", TRAINING),
    Row("readiness:map", "GET", "readiness.view", GAPS),
    Row("readiness:unit", "GET", "readiness.view", GAPS, "unit", surveyed("a"), surveyed("b")),
    city("readiness:decide", "POST", "readiness.decide", surveyed("a"), LEADER),
    Row("readiness:investments", "GET", "readiness.invest", PLANNERS),
    Row("readiness:investments_export", "GET", "readiness.invest", PLANNERS),
    Row("readiness:mine", "GET", "own.view", EVERYONE),
    Row("readiness:slip", "GET POST", "own.view", EVERYONE, "own", own_slip("a"), own_slip("b")),
    Row("readiness:contact", "POST", "readiness.contact", READERS, "unit", survey_slip("a"), survey_slip("b")),
    city("readiness:rounds", "GET", "readiness.survey"),
    city("readiness:round_new", "GET POST", "readiness.survey"),
    city("readiness:round", "GET", "readiness.survey", survey_round),
    city("readiness:remind", "POST", "readiness.survey", survey_round),
    city("readiness:close", "POST", "readiness.survey", survey_round),
    city("readiness:sheets", "GET", "readiness.import"),
    city("readiness:sheet_new", "GET POST", "readiness.import"),
    city("readiness:template", "GET", "readiness.import"),
    city("readiness:sheet", "GET", "readiness.import", facts_sheet),
    city("readiness:sheet_apply", "POST", "readiness.import", facts_sheet),
    city("readiness:sheet_undo", "POST", "readiness.import", facts_sheet),
    Row("learning:mine", "GET", "lessons.learn", EVERYONE),
    Row("learning:all", "GET", "lessons.learn", EVERYONE),
    Row("learning:lesson", "GET", "lessons.learn", EVERYONE, mine=a_lesson),
    Row("learning:begin", "POST", "lessons.learn", EVERYONE, mine=a_lesson),
    Row("learning:play", "GET", "lessons.learn", EVERYONE, "own", own_study, other_study),
    Row("learning:beat", "POST", "lessons.learn", EVERYONE, "own", own_study, other_study),
    Row("learning:exercise", "POST", "lessons.learn", EVERYONE, "own", own_study, other_study),
    Row("learning:answer", "POST", "lessons.learn", EVERYONE, "own", own_study, other_study),
    Row("learning:again", "POST", "lessons.learn", EVERYONE, "own", own_study, other_study),
    Row("learning:task", "POST", "lessons.learn", EVERYONE, "own", own_study, other_study),
    Row("learning:tasks", "GET", "lessons.confirm", HEAD),
    Row("learning:confirm", "POST", "lessons.confirm", HEAD, "unit", a_study, other_study),
    city("learning:desk", "GET", "lessons.view", roles=WRITERS),
    city("learning:compare", "GET", "lessons.view", a_lesson, WRITERS),
    city("learning:draft_new", "GET POST", "lessons.change", roles=WRITERS),
    city("learning:revise", "GET POST", "lessons.change", a_lesson, WRITERS),
    city("learning:draft", "GET POST", "lessons.change", lesson_draft, WRITERS),
    city("learning:preview", "POST", "lessons.change", roles=WRITERS),
    city("learning:draft_do", "POST", "lessons.publish", then(lesson_draft, "gui"), WRITERS),
    Row("learning:packages", "GET", "lessons.learn", EVERYONE),
    Row("learning:package_begin", "POST", "lessons.learn", EVERYONE, mine=a_package),
    Row("learning:package_play", "GET", "lessons.learn", EVERYONE, "own", own_run, other_run),
    Row("learning:package_record", "POST", "lessons.learn", EVERYONE, "own", own_run, other_run),
    Row("learning:package_state", "GET", PUBLIC, mine=fixed("no-ticket")),
    Row("learning:package_file", "GET", PUBLIC, mine=fixed("no-ticket", "index.html")),
    city("learning:package_desk", "GET", "lessons.view", roles=WRITERS),
    city("learning:package_new", "GET POST", "lessons.change", roles=WRITERS),
    city("learning:package_renew", "GET POST", "lessons.change", a_package, WRITERS),
    city("learning:package_version", "GET", "lessons.change", a_package_version, WRITERS),
    city("learning:package_do", "POST", "lessons.publish", then(a_package_version, "dua-vao-dung"), WRITERS),
    city("learning:xapi", "GET", "lessons.export"),
    Row("reports:streamlining", "GET", "overlaps.view", PLANNERS, mine=fixed("docx")),
    Row("gaps:city", "GET", "gaps.view", GAPS),
    Row("gaps:unit", "GET", "gaps.view", GAPS),
    Row("gaps:unit_of", "GET", "gaps.view", GAPS, "unit", *UNIT),
    Row("gaps:positions", "GET", "gaps.view", GAPS),
    Row("gaps:compare", "GET", "gaps.view", GAPS),
    Row("gaps:export", "GET", "gaps.view", GAPS, mine=fixed("unit")),
    Row("gaps:competences", "GET", "gaps.view", GAPS),
    Row("gaps:people", "GET", "gaps.names", READERS),
    Row("gaps:preview", "GET", "gaps.preview", TRAINING),
    Row("gaps:views", "GET POST", "gaps.view", GAPS, data={"name": "Thử", "page": "city"}),
    Row("gaps:view_change", "POST", "gaps.view", GAPS, "own", own_view, other_view),
    Row("budget:sources", "GET", "budget.view", PLANNERS),
    city("budget:source_new", "GET POST", "plans.change"),
    city("budget:source_edit", "GET POST", "plans.change", a_row("budget.FundingSource")),
    Row("budget:rates", "GET", "budget.view", PLANNERS),
    city("budget:years", "GET", "budget.view", roles=PLANNERS),
    city("budget:report", "GET", "budget.view", roles=PLANNERS),
    city("budget:report_export", "GET", "budget.view", roles=PLANNERS),
    city("budget:commitments", "GET", "budget.view", roles=PLANNERS),
    city("budget:commit", "GET POST", "plans.change"),
    city("budget:commitment", "GET", "budget.view", bound, PLANNERS),
    city("budget:post", "POST", "plans.change", bound),
    city("budget:settle", "POST", "plans.change", bound),
    city("budget:cancel", "POST", "plans.change", bound),
    Row("plans:list", "GET", "plans.view", PLANNERS),
    city("plans:new", "GET POST", "plans.change"),
    Row("plans:compare", "GET", "plans.view", PLANNERS),
    Row("plans:catalogue", "GET", "plans.view", PLANNERS),
    Row("plans:course", "GET", "plans.view", PLANNERS, mine=a_code("plans.Course")),
    Row("plans:means", "GET", "plans.view", PLANNERS),
    city("budget:rate", "GET POST", "plans.change", a_row("budget.Rate")),
    city("plans:course_edit", "GET POST", "plans.change", a_code("plans.Course")),
    city("plans:travel", "GET POST", "plans.change", a_row("people.TravelArea")),
    city("plans:venue_new", "GET POST", "plans.change"),
    city("plans:venue", "GET POST", "plans.change", a_row("plans.Venue")),
    city("plans:lecturer_new", "GET POST", "plans.change"),
    city("plans:day_off_new", "GET POST", "plans.change"),
    city("plans:day_off", "GET POST", "plans.change", a_row("plans.DayOff")),
    city("plans:lecturer", "GET POST", "plans.change", a_row("plans.Lecturer")),
    Row("plans:show", "GET", "plans.view", PLANNERS, mine=solved),
    Row("plans:people", "GET", "plans.view", PLANNERS, mine=solved),
    Row(
        "plans:class", "GET", "plans.view", PLANNERS, "unit", lambda w, u: [w.scenario.pk, w.a.number],
        lambda w, u: [w.scenario.pk, w.b.number],
    ),
    Row("plans:export", "GET", "plans.view", PLANNERS, mine=solved),
    Row("plans:proposals", "GET", "needs.view", READERS),
    Row("plans:propose", "GET POST", "needs.propose", HEAD),
    Row("plans:proposal", "GET", "needs.view", READERS, "unit", wish("a"), wish("b")),
    Row("plans:withdraw", "POST", "needs.propose", HEAD, "unit", wish("a"), wish("b")),
    city("plans:answer", "POST", "plans.change", wish("a")),
    city("plans:answer_all", "POST", "plans.change", solved),
    city("plans:round", "POST", "plans.change"),
    Row("plans:published", "GET", "own.view", EVERYONE),
    Row("plans:calendar", "GET", "own.view", EVERYONE),
    city("plans:edit", "GET POST", "plans.change", draft),
    city("plans:publish", "POST", "plans.change", draft),
    Row("plans:whatif", "GET", "plans.view", PLANNERS, mine=draft),
    city("plans:frontier", "POST", "plans.change", draft),
    city("plans:hand", "GET POST", "plans.change", solved),
    city("plans:hand_back", "POST", "plans.change", decision),
    city("plans:solve", "POST", "plans.change", draft),
    city("plans:stop", "POST", "plans.change", draft),
    city("plans:submit", "POST", "plans.change", draft),
    city("plans:approve", "POST", "plans.approve", draft, LEADER),
    city("plans:send_back", "POST", "plans.approve", draft, LEADER),
    city("plans:copy", "POST", "plans.change", draft),
    city("plans:drop", "POST", "plans.change", draft),
    Row("training:list", "GET", "classes.view", READERS),
    Row("training:export", "GET", "classes.view", READERS),
    city("training:to_open", "GET", "classes.change"),
    city("training:open", "POST", "classes.change"),
    Row("training:effects", "GET", "plans.view", PLANNERS),
    Row("training:course_effect", "GET", "plans.view", PLANNERS, mine=course),
    city("training:decide_effect", "POST", "plans.change", effect_proposal),
    Row("hours:mine", "GET", "own.view", EVERYONE),
    Row("hours:mine_slot", "GET", "own.view", EVERYONE),
    Row("targets:list", "GET", "targets.view", TARGETS),
    Row("targets:late", "GET", "targets.view", TARGETS),
    Row("targets:show", "GET", "targets.view", TARGETS, "", a_target),
    Row("targets:skills", "GET", "targets.view", TARGETS, "", a_target),
    city("targets:assign", "GET POST", "targets.manage", a_target),
    city("targets:files", "GET", "targets.manage"),
    city("targets:file_new", "GET POST", "targets.manage"),
    Row("targets:file_template", "GET", "targets.manage", TRAINING, "", lambda world, user: ["thanh-toan"]),
    city("targets:file", "GET", "targets.manage", a_file_of_figures),
    city("targets:file_original", "GET", "targets.manage", a_file_of_figures),
    city("targets:file_apply", "POST", "targets.manage", a_file_of_figures),
    city("targets:file_undo", "POST", "targets.manage", a_file_of_figures),
    Row("targets:record", "GET POST", "targets.record", READERS, "", a_target),
    Row("targets:withdraw", "POST", "targets.record", READERS, "unit", figure_of("a"), figure_of("b")),
    Row("hours:unit", "GET", "hours.names", READERS),
    Row("hours:export", "GET", "hours.names", READERS),
    Row("hours:city", "GET", "hours.city", PLANNERS, "city"),
    city("hours:close", "POST", "hours.change", fixed(2026)),
    Row("hours:person", "GET", "hours.names", READERS, "unit", *side("person.uuid")),
    Row("hours:enter", "GET POST", "hours.change", TRAINING, "unit", *side("person.uuid")),
    Row("reports:hours_file", "GET", "hours.report", ("head", "training", "leader"), mine=fixed(2026, "docx")),
    Row("meetings:list", "GET", "meetings.view", EVERYONE),
    Row("meetings:new", "GET POST", "meetings.hold", ("head", "training", "leader")),
    Row("meetings:figures", "GET", "meetings.hold", ("head", "training", "leader")),
    Row("meetings:feed", "POST", "targets.record", ("head", "training"), data={"period": "2026-03", "seal": "0"}),
    Row("meetings:verify", "GET POST", "meetings.view", EVERYONE),
    Row("meetings:worker", "GET", PUBLIC),
    Row("meetings:show", "GET", "meetings.view", EVERYONE, "own", *held.both(held.meeting)),
    Row("meetings:people", "GET POST", "meetings.view", EVERYONE, "own", *held.both(held.meeting), data={"role": "guest"}),
    Row("meetings:agenda", "GET POST", "meetings.view", EVERYONE, "own", *held.both(held.meeting)),
    Row("meetings:line", "GET", "meetings.view", EVERYONE, "own", *held.both(held.meeting)),
    Row("meetings:uninvite", "POST", "meetings.view", EVERYONE, "own", *held.both(held.guest)),
    Row("meetings:act", "GET POST", "meetings.view", EVERYONE, "own", *held.both(held.meeting, "diem")),
    Row("meetings:step", "POST", "meetings.view", EVERYONE, "own", *held.both(held.meeting, "khai-mac")),
    Row("meetings:own", "POST", "meetings.view", EVERYONE, "own", *held.both(held.meeting, "phat-bieu")),
    Row("meetings:speech", "POST", "meetings.view", EVERYONE, "own", *held.both(held.speech)),
    Row("meetings:answer_remark", "POST", "meetings.view", EVERYONE, "own", *held.both(held.remark)),
    Row("meetings:screen", "GET POST", "meetings.view", EVERYONE, "own", *held.both(held.meeting)),
    Row("meetings:check_in", "GET POST", "meetings.view", EVERYONE, "own", *held.both(held.meeting, "ma")),
    Row("meetings:minutes_file", "GET", "meetings.view", EVERYONE, "own", *held.both(held.minutes)),
    Row("meetings:archive", "GET", "meetings.view", EVERYONE, "own", *held.both(held.archive)),
    Row("meetings:paper", "GET", "meetings.view", EVERYONE, "own", *held.both(held.paper)),
    Row("meetings:page", "GET", "meetings.view", EVERYONE, "own", *held.both(held.paper, 1)),
    Row("meetings:pdf", "GET", "meetings.view", EVERYONE, "own", *held.both(held.paper)),
    Row("meetings:note", "POST", "meetings.view", EVERYONE, "own", *held.both(held.paper), data={"page": "1"}),
    Row("meetings:task", "GET POST", "meetings.view", EVERYONE, "own", *held.both(held.task)),
    Row("meetings:proof", "GET", "meetings.view", EVERYONE, "own", *held.both(held.proof)),
    Row("meetings:votes", "GET", "meetings.view", EVERYONE, "own", *side("vote.meeting_id")),
    Row("meetings:votes_slot", "GET", "meetings.view", EVERYONE, "own", *side("vote.meeting_id")),
    Row("meetings:vote_new", "GET POST", "meetings.view", EVERYONE, "own", *side("vote.meeting_id")),
    Row("meetings:vote", "GET", "meetings.view", EVERYONE, "own", *side("vote.pk")),
    Row("meetings:vote_cast", "POST", "meetings.view", EVERYONE, "own", *side("vote.pk")),
    Row("meetings:vote_progress", "GET", "meetings.view", EVERYONE, "own", *side("vote.pk")),
    Row("meetings:vote_open", "POST", "meetings.view", EVERYONE, "own", *side("vote.pk")),
    Row("meetings:vote_close", "POST", "meetings.view", EVERYONE, "own", *side("vote.pk")),
    Row("meetings:vote_void", "POST", "meetings.view", EVERYONE, "own", *side("vote.pk")),
    Row("meetings:vote_drop", "POST", "meetings.view", EVERYONE, "own", *side("vote.pk")),
    Row("training:mine", "GET", "own.view", EVERYONE),
    Row("training:mine_slot", "GET", "own.view", EVERYONE),
    Row("training:seen", "POST", "own.view", EVERYONE),
    Row("training:desk", "GET", "own.view", EVERYONE),
    Row("training:desk_class", "GET POST", "own.view", EVERYONE, "own", taught, taught_by_another),
    Row("training:desk_sheet", "GET", "own.view", EVERYONE, "own", taught, taught_by_another),
    Row("training:material_remove", "POST", "own.view", EVERYONE, "own", taught_material, then(taught_by_another, 1)),
    Row("training:desk_attendance", "GET POST", "own.view", EVERYONE, "own", taught_session, session_of_another),
    Row("training:evaluate", "GET POST", "own.view", EVERYONE, "own", class_to_evaluate("a"), class_to_evaluate("b")),
    city("training:evaluations", "GET", "classes.change"),
    city("training:evaluation", "GET", "classes.change", course_taught),
    Row("training:places", "GET", "classes.view", READERS, "unit", own_class, other_class),
    city("training:terms", "GET POST", "classes.change", own_class),
    city("reports:class_paper", "GET", "classes.change", then(own_class, "danh-sach", "docx")),
    Row("training:show", "GET", "classes.view", READERS, "unit", own_class, other_class),
    city("training:finish", "GET POST", "classes.change", own_class),
    city("training:cancel", "GET POST", "classes.change", own_class),
    city("training:settle", "POST", "classes.change", own_class),
    Row("training:paper", "GET", "classes.view", READERS, "unit", then(own_class, "danh-sach"), then(other_class, "danh-sach")),
    Row("training:nominate", "GET POST", "classes.view", READERS, "unit", own_class, other_class),
    city("training:retest", "GET POST", "classes.change", own_class),
    city("training:recheck", "GET POST", "classes.change", own_class),
    city("training:left", "POST", "classes.change", own_class),
    Row("training:transfers", "GET", "ratings.rate", HEAD),
    Row("training:transfer", "GET POST", "ratings.rate", HEAD, "unit", months_ago("a"), months_ago("b")),
    Row("training:effect", "GET", "classes.view", READERS, "unit", own_class, other_class),
    Row("training:enrol", "POST", "own.view", EVERYONE, mine=own_class),
    Row("training:leave", "POST", "own.view", EVERYONE, "own", own_class, other_class),
    Row("training:ics", "GET", "own.view", EVERYONE, "own", own_class, other_class),
    Row("training:decide", "POST", "classes.view", READERS, "unit", then(REQUEST[0], "tu-choi"), then(REQUEST[1], "tu-choi")),
    city("training:session_qr", "GET POST", "classes.change", session("a")),
    city("training:session_count", "GET", "classes.change", session("a")),
    city("training:attendance", "GET POST", "classes.change", session("a")),
    city("training:move", "GET POST", "classes.change", session("a")),
    Row("training:check_in", "GET POST", "own.view", EVERYONE, mine=then(session("a"), "ma-cu"), theirs=None),
    Row("credentials:mine", "GET", "own.view", EVERYONE),
    Row("credentials:mine_slot", "GET", "own.view", EVERYONE),
    Row("credentials:check", "GET", PUBLIC),
    Row("credentials:check_code", "GET", PUBLIC, mine=fixed("khong-co")),
    Row("credentials:class_slot", "GET", "classes.view", READERS, "unit", own_class, other_class),
    city("credentials:issue", "POST", "certificates.issue", own_class),
    Row("credentials:pdf", "GET", "own.view", EVERYONE, "own", lambda w, u: [certificate_of(u)], CERTIFICATE[1]),
    Row("credentials:badge", "GET", "own.view", EVERYONE, "own", badge_of, CERTIFICATE[1]),
    Row("credentials:verify", "GET POST", PUBLIC),
    Row("credentials:issuer", "GET", PUBLIC),
    Row("credentials:status_list", "GET", PUBLIC, mine=revocations),
    city("credentials:badges", "GET", "certificates.issue"),
    city("credentials:sign", "POST", "certificates.issue"),
    Row("credentials:keys", "GET", "certificates.keys", ADMIN),
    Row("credentials:rotate", "POST", "certificates.keys", ADMIN),
    city("credentials:lists", "GET", "certificates.issue"),
    city("credentials:list_new", "GET POST", "certificates.issue"),
    Row("credentials:list_template", "GET", "certificates.issue", TRAINING),
    city("credentials:list_show", "GET", "certificates.issue", completions),
    city("credentials:list_apply", "POST", "certificates.issue", completions),
    city("credentials:list_undo", "POST", "certificates.issue", completions),
    Row("credentials:revoke", "GET POST", "certificates.issue", TRAINING, "unit", *CERTIFICATE),
    Row("credentials:reissue", "POST", "certificates.issue", TRAINING, "unit", *CERTIFICATE),
    Row("reports:year", "GET", "year.view", TRAINING),
    Row("reports:leader", "GET", "reports.leader", PLANNERS),
    Row("reports:trend", "GET", "reports.leader", PLANNERS),
    Row("reports:yearly", "GET", "reports.yearly", PLANNERS),
    Row("reports:yearly_file", "GET", "reports.yearly", PLANNERS, mine=fixed("2026", "docx")),
    city("reports:plan_document", "GET", "plans.view", then(solved, "docx"), PLANNERS),
    Row("reports:gaps_workbook", "GET", "gaps.names", READERS),
    city("exchange:tokens", "GET POST", "exchange.tokens", roles=ADMIN),
    city("exchange:revoke", "POST", "exchange.tokens", api_token, ADMIN),
    city("exchange:switch", "POST", "exchange.tokens", roles=ADMIN),
    city("exchange:releases", "GET POST", "exchange.release"),
    Row("exchange:open", "GET", PUBLIC),
    Row("exchange:open_file", "GET", PUBLIC, mine=fixed("gaps", "csv")),
    Row("exchange:described", "GET", PUBLIC),
    Row("exchange:openapi", "GET", PUBLIC),
    Row("exchange:dictionary_file", "GET", PUBLIC),
    *(Row(f"api:{one}", "GET", PUBLIC) for one in API),
    Row("api:none", "GET", PUBLIC, mine=fixed("v1/khong-co")),
)  # fmt: skip
