"""Every page of the product with the role that looks at it. Run as a script under a home: prints their addresses.

`fill` runs beside the database and returns what fills the address; None = this city has no such object.
"""

import json
import os
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Fill = Callable[[], list[Any] | None]


def nothing() -> list[Any]:
    return []


@dataclass(frozen=True)
class Page:
    """`role` "" = nobody is logged in. `query`: what stands behind the question mark; `mark` tells pages of a name apart."""

    name: str
    role: str
    fill: Fill = nothing
    query: str = ""
    mark: str = ""

    @property
    def id(self) -> str:
        return f"{self.name}-{self.role or 'nobody'}{self.mark}"


def first(model: str, field: str = "pk", order: str = "pk", **wanted: Any) -> Fill:
    """A field of the first row that fits."""

    def fill() -> list[Any] | None:
        from django.apps import apps

        row = apps.get_model(model).objects.filter(**wanted).order_by(order).first()
        if row is None:
            return None
        for part in field.split("__"):
            row = getattr(row, part)
        return [row]

    return fill


def with_more(fill: Fill, *more: Any) -> Fill:
    def filled() -> list[Any] | None:
        found = fill()
        return None if found is None else [*found, *more]

    return filled


def _door(role: str) -> Any:
    from nanglucso.core.models import Role
    from nanglucso.ui.demo import doors

    return next(door["user"] for door in doors() if str(door["role"]) == str(Role(role).label))


LOCKED = "lau-khong-dung"


def _a_locked_account() -> list[Any] | None:
    """A made-up head whom nobody has seen for long, locked as the daily sweep would lock them."""
    from datetime import timedelta

    from nanglucso.core.clock import now
    from nanglucso.core.models import RoleGrant, User
    from nanglucso.ui.demo import PASSWORD

    user, made = User.objects.get_or_create(username=LOCKED, defaults={"full_name": "Lê Văn Lâu", "made_up": True})
    if made:
        RoleGrant.objects.create(user=user, role="head", unit=_door("head").person.unit, granted_at=now())
        user.set_password(PASSWORD)
        user.is_active, user.locked_at = False, now() - timedelta(days=3)
        user.save()
    return [user.pk]


def _a_delegation() -> list[Any]:
    """The head of the demo's door is stood in for today; the page's address needs no filling."""
    from nanglucso.core import queries
    from nanglucso.core.clock import now
    from nanglucso.core.days import local_day
    from nanglucso.core.delegating import delegate_role
    from nanglucso.core.scope import Scope

    head = _door("head")
    grant = head.grants.filter(role="head", ended_at=None, delegated_from=None).select_related("unit").first()
    deputy = queries.deputies(scope=Scope(paths=(grant.unit.path,)), but=head).first()
    if deputy and not grant.delegations.exists():
        day = local_day(now())
        delegate_role(actor=head, grant=grant, user=deputy, since=day, until=day, at=now())
    return []


def _a_reading(read: bool = False) -> list[Any] | None:
    """The official reads one document to the end of its time, or has just opened another."""
    from django.apps import apps

    from nanglucso.core.clock import now
    from nanglucso.govern.outreach.services import begin

    numbers = {True: "2629/QĐ-TTg", False: "171/2025/NĐ-CP"}
    document = (
        apps.get_model("outreach.LawDocument").objects.filter(number=numbers[read]).select_related("live").first()
    )
    if document is None:
        return None
    user = _door("official")
    row = begin(actor=user, person=user.person, document=document, at=now())
    if read and not row.read_at:
        type(row).objects.filter(pk=row.pk).update(read_at=now(), spent=120)
    return [row.pk]


def _survey_slip() -> list[Any] | None:
    """The slip of the unit that the demo's head leads."""
    from nanglucso.core.scope import Scope
    from nanglucso.develop.readiness import queries

    unit = _door("head").grants.get(role="head").unit
    row = queries.fillable(scope=Scope(paths=(unit.path,)), heads=True, person=None).first()
    return [row.pk] if row else None


def _a_vote(state: str, chair: str = "head", secret: bool = True) -> Any:
    """A meeting in session that the official's and the head's doors belong to, with one vote; made for the page."""
    from nanglucso.core.clock import now
    from nanglucso.govern.meetings.models import Attendee, Meeting
    from nanglucso.govern.meetings.services import votes, voting
    from nanglucso.workforce.people.models import Person

    at, names = now(), ("official", "head") if chair == "official" else ("head", "official")
    people = [_door(name).person for name in names]
    people += list(Person.objects.exclude(user=None).exclude(pk__in=[one.pk for one in people]).order_by("pk")[:4])
    told = {"title": "Họp giao ban tuần", "unit": people[0].unit, "place": "Phòng họp A"}
    meeting = Meeting.objects.create(status="running", starts_at=at, ends_at=at, created_at=at, **told)
    roles = ["chair"] + ["delegate"] * len(people)
    rows = [
        Attendee(meeting=meeting, person=one, role=role, checked_in_at=at)
        for one, role in zip(people, roles, strict=False)
    ]
    places = Attendee.objects.bulk_create(rows)
    lead = {"actor": people[0].user, "place": places[0], "at": at}
    listed = ("Nguyễn Văn Thử", "Lê Thị Mẫu", "Trần Văn Ví Dụ") if secret else ()
    title = "Bầu tổ giúp việc" if secret else "Thông qua kế hoạch bồi dưỡng năm sau"
    asked = votes.Asked(title, secret, "two_thirds", "half_of_members", listed, 2 if secret else 1)
    vote = votes.prepare(meeting=meeting, asked=asked, **lead)
    if state != "prepared":
        votes.open_(vote=vote, **lead)
    if state == "closed":
        for i, place in enumerate(places[:-1]):
            numbers = [1, 2] if secret and i else [1 + i % 3]
            voting.cast(actor=people[i].user, vote=vote, place=place, numbers=numbers, at=at)
        votes.close(vote=vote, **lead)
    return vote


def a_vote(field: str, *told: Any) -> Fill:
    return lambda: [getattr(_a_vote(*told), field)]


def _two_records() -> list[Any] | None:
    """Two records of one made-up person, made for the page: the city itself holds no doubles."""
    from datetime import date

    from nanglucso.core.clock import now
    from nanglucso.workforce.people.models import Person, Position
    from nanglucso.workforce.people.services import add_person

    held = list(Person.objects.filter(fold="le thi doi").order_by("pk")[:2])
    if len(held) == 2:
        return [one.pk for one in held]
    like = Person.objects.exclude(unit=None).exclude(position=None).order_by("pk").first()
    told = {"unit": like.unit, "since": date(2025, 7, 1), "birth_date": date(1985, 4, 12)}
    other = Position.objects.exclude(pk=like.position_id).order_by("pk").first()
    posts = (like.position, other)
    return [add_person(actor=None, name="Lê Thị Đôi", made_up=True, at=now(), position=one, **told).pk for one in posts]


def _in_unit(field: str) -> Fill:
    """Somebody whom the demo's head of unit may look at."""

    def fill() -> list[Any] | None:
        from nanglucso.workforce.people.models import Person

        grant = _door("head").grants.get(role="head")
        row = Person.objects.filter(unit__path__startswith=grant.unit.path).exclude(user__grants__role="head").first()
        return [getattr(row, field)] if row else None

    return fill


def _own_sitting(**wanted: Any) -> Fill:
    def fill() -> list[Any] | None:
        row = _door("official").person.sittings.filter(**wanted).first()
        return [row.pk] if row else None

    return fill


def _an_appeal() -> list[Any]:
    """Nobody of the demo has asked for a review: the official asks here, within the term."""
    from datetime import timedelta

    from nanglucso.measure.quality.models import Appeal
    from nanglucso.measure.quality.services import file_appeal

    user = _door("official")
    sitting = user.person.sittings.exclude(finished_at=None).order_by("-finished_at").first()
    row = Appeal.objects.first() or file_appeal(
        actor=user, person=user.person, sitting=sitting, step=None, reason="Đề nghị xem lại kết quả của bài này.",
        at=sitting.finished_at + timedelta(days=1),
    )  # fmt: skip
    return [row.pk]


def _a_correction() -> list[Any]:
    """One prepared and previewed as the officer and the worker do it."""
    from nanglucso.core.clock import now
    from nanglucso.measure.assessments.models import Sitting
    from nanglucso.measure.quality.models import Correction
    from nanglucso.measure.quality.services import make_preview, prepare

    row = Correction.objects.first()
    if row is None:
        sitting = Sitting.objects.filter(status="scored").order_by("pk").first()
        told = {"kind": "void", "sitting": sitting, "reason": "Mất điện giữa giờ, đề nghị làm lại."}
        row = make_preview(correction=prepare(actor=_door("training"), at=now(), **told), at=now())
    return [row.pk]


def _a_late_answer() -> list[Any]:
    from nanglucso.core.clock import now
    from nanglucso.measure.assessments.models import Answer, LateAnswer

    given = Answer.objects.order_by("pk").first()
    row, _made = LateAnswer.objects.get_or_create(
        sitting=given.sitting, key=given.key, defaults={"seq": given.seq, "choice": given.choice, "at": now()}
    )
    return [row.pk]


def _campaign_code() -> list[str]:
    from nanglucso.measure.assessments.models import Campaign

    return [Campaign.objects.filter(status="released").first().code]


def _a_health_report() -> list[Any]:
    from nanglucso.core.clock import now
    from nanglucso.measure.quality.models import HealthReport
    from nanglucso.measure.quality.services import examine, start_health
    from nanglucso.workforce.framework.queries import current_framework

    row = HealthReport.objects.first() or examine(
        report=start_health(actor=_door("author"), campaigns=_campaign_code(), at=now()),
        framework=current_framework(), at=now(),
    )  # fmt: skip
    return [row.pk]


def _a_calibration() -> list[Any]:
    from nanglucso.core.clock import now
    from nanglucso.measure.quality.models import CalibrationRun
    from nanglucso.measure.quality.services import calibrate, start_calibration
    from nanglucso.workforce.framework.queries import current_framework

    priors = {"sd_b": 0.5, "sd_log_a": 0.3, "least": 20}
    row = CalibrationRun.objects.first() or calibrate(
        run=start_calibration(actor=_door("author"), campaigns=_campaign_code(), at=now(), **priors),
        framework=current_framework(), at=now(),
    )  # fmt: skip
    return [row.pk]


def _a_reestimation() -> list[Any]:
    from nanglucso.core.clock import now
    from nanglucso.measure.quality.models import Reestimation
    from nanglucso.measure.quality.services import reestimate, reestimation
    from nanglucso.workforce.framework.queries import current_framework

    told = {"campaigns": _campaign_code(), "framework": current_framework(), "at": now()}
    row = Reestimation.objects.first()
    if row is None:
        # A small made-up city has fewer people than the rule asks for; the page is the same.
        least, reestimation.LEAST_PEOPLE = reestimation.LEAST_PEOPLE, 2
        try:
            row = reestimate(run=reestimation.start_reestimation(actor=_door("training"), **told), at=now())
        finally:
            reestimation.LEAST_PEOPLE = least
    return [row.pk]


def _a_version() -> list[Any]:
    """A draft made from the framework in force, with one competence renamed and one remark."""
    from dataclasses import replace

    from nanglucso.core.clock import now
    from nanglucso.workforce.framework import services
    from nanglucso.workforce.framework.models import Framework
    from nanglucso.workforce.framework.queries import current_framework

    row, user = Framework.objects.filter(version="2").first(), _door("training")
    if row is None:
        row = services.start_draft(actor=user, source=current_framework(), version="2", at=now())

        def change(told: Any) -> Any:
            rows = [replace(one, origin="thử") if one.code == "3.3" else one for one in told.competences]
            return replace(told, competences=tuple(rows), about=told.about | {"cuts": [-1.3, -0.2, 0.8, 1.8]})

        services.edit(actor=user, draft=row, change=change, what="3.3", at=now())
        services.comment(actor=user, framework=row, about="3.3", text="Cần nêu rõ loại dữ liệu.", at=now())
    return [row.pk]


def _two_versions() -> list[Any]:
    from nanglucso.workforce.framework.queries import current_framework

    return [*_a_version(), current_framework().pk]


def _a_draft_competence() -> list[Any]:
    from nanglucso.workforce.framework.models import Competence

    pk = _a_version()[0]
    return [pk, Competence.objects.get(framework=pk, code="3.3").uid]


def _a_foreign_table() -> list[Any]:
    """One whose fourth row has a code that another row has already."""
    from nanglucso.core.clock import now
    from nanglucso.workforce.framework.models import ForeignTable
    from nanglucso.workforce.framework.services import start_table

    rows = [["Miền", "Mã", "Năng lực", "Bậc 1", "Bậc 2"], ["Dữ liệu", "1.1", "Tìm tin", "Tìm được", "So sánh được"]]
    rows += [["", "1.2", "Chọn tin", "Chọn được", ""], ["", "1.2", "Lưu tin", "", "Lưu theo quy ước"]]
    told = {"name": "khung-ngoai.csv", "rows": rows, "at": now()}
    return [(ForeignTable.objects.first() or start_table(actor=_door("training"), **told)).pk]


def _a_crossing() -> list[Any]:
    from nanglucso.core.clock import now
    from nanglucso.workforce.framework import services
    from nanglucso.workforce.framework.models import Crossing, Framework
    from nanglucso.workforce.framework.queries import current_framework

    row = Crossing.objects.first()
    if row is None:
        target = Framework.objects.get(pk=_a_version()[0])
        told = {"source": current_framework(), "target": target, "at": now()}
        row = services.start_crossing(actor=_door("training"), **told)
        services.preview_move(actor=_door("training"), crossing=row, at=now())
    return [row.pk]


def _a_requirement_draft(*, asked: bool) -> Fill:
    """Two cells of one position; handed over for the leader, or still open for its author."""

    def fill() -> list[Any]:
        from nanglucso.core.clock import now
        from nanglucso.workforce.people.models import Position, RequirementDraft
        from nanglucso.workforce.people.services import matrix

        user, status = _door("training"), "asked" if asked else "open"
        row = RequirementDraft.objects.filter(author=user, status=status).first()
        if row is None or not row.cells:
            row = matrix.requirement_draft(actor=user, at=now())
            position = Position.objects.get(code="VTVL-SO-VT-01" if asked else "VTVL-XA-VT-01")
            pks = position.framework.competences.filter(code__in=("3.1", "6.4")).values_list("pk", flat=True)
            cells = [(position.pk, pk, 3, False) for pk in pks]
            matrix.set_cells(actor=user, draft=row, revision=row.revision, cells=cells, at=now())
            if asked:
                told = {"reason": "Vị trí nay theo dõi số liệu văn bản hằng tuần.", "at": now()}
                matrix.ask_requirements(actor=user, draft=row, **told)
        return [row.pk]

    return fill


def _matrix() -> list[Any]:
    """The matrix with an open draft in it, after the one that waits for the leader."""
    _a_requirement_draft(asked=True)()
    _a_requirement_draft(asked=False)()
    return []


def _an_author(*, but: Any = None) -> Any:
    """An item author of the demo beside `but`; one is made where the city has one only."""
    from nanglucso.core.clock import now
    from nanglucso.core.models import RoleGrant, User

    rows = User.objects.filter(grants__role="author").exclude(pk=but.pk if but else None)
    row = rows.first()
    if row is None:
        row = User.objects.create(username="tac-gia-thu-hai", full_name="Lê Thị Hòa", made_up=True)
        RoleGrant.objects.create(user=row, role="author", granted_at=now())
    return row


def _draft(kind: str, *, other: bool = False, read: bool = False) -> Fill:
    """A new version of an item of a type: the author's own being written, or another's that waits for this reader."""

    def fill() -> list[Any]:
        from nanglucso.core.clock import now
        from nanglucso.measure.bank import authoring
        from nanglucso.measure.bank.models import Item, ItemDraft

        me = _door("author")
        writer = _an_author(but=me) if other else me
        level = 2 if read else 1
        item = Item.objects.filter(type=kind, status="live", level=level).order_by("code").first()
        row = ItemDraft.objects.filter(item=item).first() or authoring.revise(actor=writer, item=item, at=now())
        if other and row.state == "writing":
            authoring.submit(actor=writer, draft=row, at=now())
        if read and not row.readings.exists():
            told = {"choice": row.raw["answer"], "sure": 4, "level": level, "at": now()}
            authoring.solve_blind(actor=me, draft=row, **told)
        return [row.pk]

    return fill


def _an_import() -> list[Any]:
    """The first items of the bank as a file, one of them changed."""
    from nanglucso.core.clock import now
    from nanglucso.measure.bank.importing import keep
    from nanglucso.measure.bank.models import ItemImport, ItemVersion
    from nanglucso.measure.bank.rawitem import raw_of

    versions = ItemVersion.objects.filter(current=True).select_related("item__competence__framework")[:6]
    rows = [raw_of(one) for one in versions]
    rows[0]["stem"] = "Bạn làm gì trước?"
    rows[1] |= {"id": rows[1]["id"][:-3] + "995"}
    row = ItemImport.objects.first() or keep(actor=_door("author"), name="cau-hoi.yaml", rows=rows, at=now())
    return [row.pk]


def _a_reorganisation() -> list[Any]:
    """A draft that splits an agency and merges two wards; it is never sent."""
    from nanglucso.core.clock import now
    from nanglucso.core.days import local_day
    from nanglucso.core.scope import EVERYTHING
    from nanglucso.workforce.people import services
    from nanglucso.workforce.people.models import Reorganisation, Unit

    row = Reorganisation.objects.filter(title="Sắp xếp để xem trang").first()
    if row is None:
        told = {"title": "Sắp xếp để xem trang", "decision": "QĐ 12/QĐ-UBND", "day": local_day(now()), "at": now()}
        row = services.draft_reorganisation(actor=None, **told)
        agency = Unit.objects.filter(kind="so", until=None).order_by("path").first()
        one, two = Unit.objects.filter(kind="phuong", until=None).order_by("path")[:2]
        parts = [{"code": "XEM-TRANG", "name": "Sở Tách", "kind": "so"}]
        for step in (
            {"kind": "split", "unit": agency.code, "keep": True, "parts": parts},
            {"kind": "merge", "units": [one.code], "into": two.code},
        ):
            row = services.add_step(actor=None, row=row, step=step, scope=EVERYTHING, at=now())
    return [row.pk]


def _somebody_who_left() -> list[Any]:
    """Somebody made up who left long ago."""
    from datetime import timedelta

    from nanglucso.core.clock import now
    from nanglucso.core.days import local_day
    from nanglucso.workforce.people import services
    from nanglucso.workforce.people.models import Person, Position, Unit

    row = Person.objects.filter(staff_code="XEM-THOI-VIEC").first()
    if row is None:
        day = local_day(now())
        unit, position = Unit.objects.filter(kind="so", until=None).first(), Position.objects.first()
        told = {"since": day - timedelta(days=4000), "made_up": True, "at": now(), "staff_code": "XEM-THOI-VIEC"}
        row = services.add_person(actor=None, name="Phạm Văn Thôi", unit=unit, position=position, **told)
        until = day - timedelta(days=2500)
        services.end_appointment(actor=None, appointment=row.appointments.get(), until=until, at=now())
    return [row.pk]


def _a_disposal(*, asked: bool) -> Fill:
    """The list of the night, or one person's request put forward by the system's first account."""

    def fill() -> list[Any]:
        from nanglucso.core.clock import now
        from nanglucso.core.models import User
        from nanglucso.workforce.people import services
        from nanglucso.workforce.people.models import Disposal, Person

        (pk,) = _somebody_who_left()
        if not asked:
            services.find_due(at=now())
            return [Disposal.objects.filter(term="leavers", status="found").get().pk]
        row = Disposal.objects.filter(term="request", status="asked").first()
        if row is None:
            reason = "Đơn đề nghị của người đã thôi việc, nhận hôm nay."
            officer = User.objects.filter(grants__role="training", grants__ended_at=None).first()
            other = services.add_person(
                actor=None, name="Phạm Thị Nghỉ", unit=Person.objects.get(pk=pk).appointments.first().unit,
                position=Person.objects.get(pk=pk).appointments.first().position, since=now().date(), made_up=True,
                at=now(),
            )  # fmt: skip
            services.end_appointment(actor=None, appointment=other.appointments.get(), until=now().date(), at=now())
            other.refresh_from_db()
            row = services.request_erasure(actor=officer, person=other, reason=reason, at=now())
        return [row.pk]

    return fill


def _a_year() -> list[Any]:
    """A calibration compared with the same answers calibrated anew under wider priors."""
    from nanglucso.core.clock import now
    from nanglucso.measure.quality.models import CalibrationRun, YearComparison
    from nanglucso.measure.quality.services import calibrate, compare_years, start_calibration, start_years
    from nanglucso.workforce.framework.queries import current_framework

    before = CalibrationRun.objects.get(pk=_a_calibration()[0])
    row = YearComparison.objects.first()
    if row is None:
        priors = {"sd_b": 1.5, "sd_log_a": 0.3, "least": 20}
        run = start_calibration(actor=_door("author"), campaigns=_campaign_code(), at=now(), **priors)
        after = calibrate(run=run, framework=current_framework(), at=now())
        row = compare_years(
            comparison=start_years(actor=_door("author"), before=before, after=after, at=now()), at=now()
        )
    return [row.pk]


def _a_panel(method: str) -> Fill:
    """An exercise, marked as made up."""

    def fill() -> list[Any]:
        from nanglucso.core.clock import now
        from nanglucso.measure.quality import panelling
        from nanglucso.measure.quality.models import Panel
        from nanglucso.measure.quality.services import enter, open_panel
        from nanglucso.workforce.framework.queries import current_framework

        row = Panel.objects.filter(method=method).first()
        if row is None:
            told = {"title": "Bài tập của nhóm soạn câu hỏi", "method": method, "level": 2, "made_up": True}
            competence = current_framework().competences.get(code="5.2")
            row = open_panel(actor=_door("author"), competence=competence, at=now(), **told)
            n = panelling.size(row, panelling.versions(row))
            for judge, share in (("GK1", 0.55), ("GK2", 0.62), ("GK3", 0.7)):
                values = [share] * n if method == "angoff" else [round(n * share)]
                enter(actor=_door("author"), panel=row, judge=judge, table="", values=values, at=now())
        return [row.pk]

    return fill


def _a_lesson() -> list[Any]:
    """The lesson of the fixtures, in use whatever the city ships."""
    from tests.learning import taught

    return [taught.lesson().code]


def _a_study() -> list[Any]:
    from tests.learning import taught

    return [taught.begun(_door("official").person).pk]


def _an_answered_study() -> list[Any]:
    """All three questions answered, one of them wrongly, and the exercise tried."""
    from nanglucso.core.clock import now
    from nanglucso.develop.learning import services
    from nanglucso.develop.learning.lessons import lesson_of
    from tests.learning import taught

    study = taught.begun(_door("official").person, "BH-6.4-TC-01")
    if not study.answers.exists():
        exercise = lesson_of(study.version).exercise
        given = [str(n) if exercise.kind == "order" else "0" for n in range(len(exercise.rows))]
        services.try_exercise(study_id=study.pk, person_id=study.person_id, given=given, at=now())
        for question in (1, 2, 3):
            taught.reply(study, question, question > 1, 60)
    return [study.pk]


def _a_lesson_draft() -> list[Any]:
    """A new version by the author that waits for a second reader, with a word changed."""
    from nanglucso.core.clock import now
    from nanglucso.develop.learning import services
    from nanglucso.develop.learning.models import LessonVersion
    from tests.learning import taught

    author, lesson = _door("author"), taught.lesson("BH-6.4-TC-01")
    row = LessonVersion.objects.filter(author=author).first()
    if row is None:
        source = taught.text("BH-6.4-TC-01").replace("Gần 17 giờ", "Gần 16 giờ 30")
        row = services.start_draft(actor=author, source=source, at=now())
    return [row.pk] if lesson else []


def _a_taught_class() -> list[Any]:
    """The newest class, taught by the official of the demo, with a line on its list of materials."""
    from nanglucso.core.clock import now
    from nanglucso.develop.training import services
    from nanglucso.develop.training.models import TrainingClass

    row = (
        TrainingClass.objects.exclude(status="cancelled").filter(lecturer__isnull=False).order_by("-starts_on").first()
    )
    told = {"actor": _door("training"), "at": now()}
    services.link_lecturer(lecturer=row.lecturer, username=_door("official").username, **told)
    if not row.materials.exists():
        services.add_material(training_class=row, title="Bài giảng buổi 1", place="Phát tại lớp", **told)
    return [row.pk]


def _a_taught_session() -> list[Any]:
    from nanglucso.develop.training.models import ClassSession

    return [ClassSession.objects.filter(training_class=_a_taught_class()[0]).first().pk]


def _a_class_to_evaluate() -> list[Any]:
    """A class that the official of the demo attended, finished yesterday here when none was finished lately."""
    from datetime import timedelta

    from nanglucso.core.clock import now
    from nanglucso.develop.training.models import Enrolment, TrainingClass
    from nanglucso.develop.training.queries import asked

    person, at = _door("official").person, now()
    waiting = [(row.pk, form.code) for row, form in asked(person, at) if form.code == "sau-lop"]
    if not waiting:
        row = TrainingClass.objects.filter(status="done").exclude(enrolments__person=person).order_by("ends_on").first()
        TrainingClass.objects.filter(pk=row.pk).update(closed_at=at - timedelta(days=1))
        Enrolment.objects.create(training_class=row, person=person, status="completed", at=at)
        waiting = [(row.pk, "sau-lop")]
    return list(waiting[0])


def _a_place_months_ago() -> list[Any]:
    """Somebody of the head's units who finished a class a hundred days ago, made so when the city has nobody."""
    from datetime import timedelta

    from nanglucso.core.access import open_grants, scope_of
    from nanglucso.core.clock import now
    from nanglucso.develop.training.models import Enrolment, TrainingClass
    from nanglucso.develop.training.queries import transfer_waiting

    head, at = _door("head"), now()
    place = transfer_waiting(scope_of(open_grants(head, at)[-1], head.person.pk), at).first()
    if place is None:
        row = TrainingClass.objects.filter(status="done").order_by("ends_on").first()
        TrainingClass.objects.filter(pk=row.pk).update(closed_at=at - timedelta(days=100))
        [person] = _in_unit("pk")()
        done = {"status": "completed", "at": at}
        place, _made = Enrolment.objects.update_or_create(training_class=row, person_id=person, defaults=done)
    return [place.pk]


_PHISHING = (
    "<p>Trước khi mở liên kết hoặc tệp gửi kèm trong thư, xem ba dấu hiệu:</p><ol>"
    "<li>Địa chỉ gửi không thuộc tên miền của cơ quan mà thư nêu.</li>"
    "<li>Thư giục làm ngay, dọa khóa tài khoản hoặc hứa chi trả.</li>"
    "<li>Thư hỏi mật khẩu, mã xác thực hoặc số định danh.</li></ol>"
    "<p>Có một dấu hiệu thì không mở, báo người phụ trách công nghệ thông tin của đơn vị.</p>"
)
_PASSWORDS = (
    "<p>Mật khẩu mạnh dài từ 12 ký tự, dễ nhớ với mình và khó đoán với người khác.</p><ul>"
    "<li>Ghép bốn từ không liên quan, thêm số và dấu.</li>"
    "<li>Mỗi hệ thống một mật khẩu; không dùng ngày sinh, số điện thoại.</li>"
    "<li>Bật xác thực hai bước ở thư công vụ và hệ thống quản lý văn bản.</li></ul>"
)


def _package_version() -> Any:
    """A package of two units in use, the first of them with a score."""
    from nanglucso.core.clock import now
    from nanglucso.develop.learning import services
    from nanglucso.develop.learning.models import PackageVersion
    from tests.learning import scorm

    title = "An toàn thông tin cho cán bộ xã"
    row = PackageVersion.objects.filter(title=title).select_related("package").first()
    if row is None:
        units = [("A", "Nhận biết thư lừa đảo", "mot.html", ""), ("B", "Đặt mật khẩu mạnh", "hai.html", "")]
        style = "<style>body{font:1rem/1.6 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}#out{display:none}</style>"
        files = {
            "imsmanifest.xml": scorm.manifest(units, title=title),
            "mot.html": scorm.page(scorm.reports(score="80", status="passed"), _PHISHING, style, units[0][1]),
            "hai.html": scorm.page(scorm.reports(status="incomplete"), _PASSWORDS, style, units[1][1]),
            "video.flv": b"FLV",
        }
        row = scorm.upload(scorm.packed(files), actor=_door("author"), minutes=20)
        services.use_package(actor=_door("author"), version=row, at=now())
    return row


def _a_package() -> list[Any]:
    return [_package_version().package_id]


def _a_package_version() -> list[Any]:
    return [_package_version().pk]


def _a_package_run() -> list[Any]:
    """The official's run, in which the first unit claims a score."""
    from datetime import timedelta

    from nanglucso.core.clock import now
    from nanglucso.develop.learning import services

    person, at = _door("official").person, now()
    run = services.begin_package(actor=person.user, person=person, package=_package_version().package, at=at)
    if not run.states:
        launch = int((at - timedelta(hours=1)).timestamp() * 1000)
        values = {"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "80", "cmi.core.score.max": "100"}
        said = services.Said("A", launch, 0, "end", values)
        services.record_package(run_id=run.pk, person_id=person.pk, said=said, reads=True, at=at)
    return [run.pk]


def _a_begun_list() -> list[Any]:
    return _a_package_run() and []


def _session_of_others() -> list[Any]:
    """A session that the official was not at: who has checked in already reads that instead of "the code has died"."""
    from nanglucso.develop.training.models import ClassSession

    me = _door("official").person
    return [ClassSession.objects.exclude(attendances__person=me).order_by("-starts_at").first().pk]


def _running_sitting() -> list[Any] | None:
    """The official of the demo has not begun: begin here, so that the question's page can be seen."""
    from nanglucso.core.clock import now
    from nanglucso.measure.assessments.services import start_sitting

    rows = _door("official").person.sittings.filter(campaign__status="open", campaign__closes_at__gt=now())
    row = rows.select_related("campaign", "person__position__family").order_by("-campaign__opens_at").first()
    return [start_sitting(actor=None, sitting=row, at=now()).pk]


def _at_the_door(called: bool) -> Fill:
    """The author waits to begin a test: in a line that does not move, or called just now. For a look at either page."""

    def fill() -> list[Any] | None:
        from datetime import timedelta

        from nanglucso.core.clock import now
        from nanglucso.measure.assessments.models import Admission, Sitting

        at = now()
        rows = Sitting.objects.filter(status="assigned", campaign__status="open")
        own = rows.filter(person__user__grants__role="head" if called else "author").first()
        if own is None:
            return None
        far = at + timedelta(days=30)
        if not called:
            others = rows.exclude(pk=own.pk).exclude(admission__isnull=False)[:90]
            Admission.objects.bulk_create(
                Admission(sitting=one, since=at, seen_at=far, called_at=None) for one in others
            )
        told = {"since": far, "seen_at": far, "called_at": far if called else None}
        Admission.objects.update_or_create(sitting=own, defaults=told)
        return [own.pk]

    return fill


def _a_key() -> list[Any]:
    """The key that signs badges, made here when no badge of the demo is signed yet."""
    from nanglucso.core.clock import now
    from nanglucso.develop.credentials.keys import signer

    return [signer(at=now()).row.pk]


def _a_list() -> list[Any]:
    """A list of completions read here as the training officer reads it: one row that counts, two that do not."""
    from datetime import timedelta
    from io import BytesIO

    from nanglucso.core.clock import now
    from nanglucso.core.days import local_day
    from nanglucso.develop.credentials.completions.applying import read_list
    from nanglucso.develop.credentials.models import CompletionList
    from nanglucso.workforce.people.models import Person

    row = CompletionList.objects.first()
    if row is None:
        officer, moment = _door("training"), now()
        person = Person.objects.exclude(user=officer).exclude(staff_code=None).order_by("pk").first()
        day = f"{local_day(moment) - timedelta(days=9):%d/%m/%Y}"
        course = "Bình dân học vụ số"
        lines = [
            "Mã CCVC,Khóa học,Ngày hoàn thành,Điểm,Số chứng nhận", f"{person.staff_code},{course},{day},9,BD-01",
            f"{person.staff_code},{course},{day},4,BD-02", f"KHONG-CO,{course},{day},8,BD-03",
        ]  # fmt: skip
        stream = BytesIO("\n".join(lines).encode())
        row = read_list(actor=officer, stream=stream, name="hoan-thanh-thang-11.csv", at=moment)
    return [row.pk]


def _a_figure_file() -> list[Any]:
    """A file of the payment platform read here as the training officer reads it: a good row and two faulty ones."""
    from io import BytesIO

    from nanglucso.core.clock import now
    from nanglucso.core.days import local_day
    from nanglucso.govern.targets.models import FigureImport
    from nanglucso.govern.targets.services import read_figures

    row = FigureImport.objects.first()
    if row is None:
        moment = now()
        day = local_day(moment)
        month = f"{day.month}/{day.year}"
        lines = [
            "Đơn vị,Kỳ báo cáo,Hồ sơ thanh toán trực tuyến,Hồ sơ có nghĩa vụ tài chính",
            f"Toàn thành phố,{month},48210,71200", f"Phường Cái Khế,{month},61,nhiều", f"Xã Không Có,{month},1,2",
        ]  # fmt: skip
        stream = BytesIO("\n".join(lines).encode())
        row = read_figures(
            actor=_door("training"), system="thanh-toan", stream=stream, name="thanh-toan.csv", content_type="text/csv",
            at=moment,
        )  # fmt: skip
    return [row.pk]


def _a_condition() -> list[Any]:
    """Given here as the training officer does, to somebody who has not begun."""
    from nanglucso.core.clock import now
    from nanglucso.measure.assessments import accommodating
    from nanglucso.measure.assessments.models import Accommodation, Campaign, Sitting

    campaign, user = Campaign.objects.filter(status="open").order_by("pk").first(), _door("training")
    row = Accommodation.objects.filter(campaign=campaign).first()
    if row is None:
        waiting = Sitting.objects.filter(campaign=campaign, status="assigned").exclude(person__user=user)
        person = waiting.select_related("person").order_by("pk").first().person
        given = accommodating.Measures(extra_percent=25, pause_minutes=10, large_print=True)
        told = {"reason": "Giấy xác nhận thị lực kém của bệnh viện.", "at": now()}
        row = accommodating.give(actor=user, campaign=campaign, person=person, measures=given, **told)
    return [campaign.code, row.pk]


def _a_file() -> list[Any]:
    """Nobody of the demo has handed in a file: one is put there, in a test that has ended."""
    from nanglucso.measure.assessments.models import Answer, Sitting
    from tests import make

    sitting = Sitting.objects.filter(status="scored").exclude(person__user=_door("author")).order_by("pk").first()
    row = Answer.objects.filter(item_version__item__type="file").first() or make.handed_in(sitting)
    return [row.pk]


def _lab(code: str, role: str = "official", ended: bool = False, verb: str = "open", **first: str) -> Fill:
    """A practice run of a demo account, begun here and with a first act; the ended one is another account's."""

    def fill() -> list[Any] | None:
        from nanglucso.core.clock import now
        from nanglucso.measure.assessments import labruns
        from nanglucso.measure.bank.models import Lab

        lab = Lab.objects.get(code=code)
        run = labruns.begin(actor=None, person=_door(role).person, lab=lab, at=now())
        if first and not run.events.exists():
            labruns.act(run=run, key=uuid.uuid4(), verb=verb, args=dict(first), at=now())
        return [labruns.finish(actor=None, run=run, at=now()).pk if ended else run.pk]

    return fill


def _task(role: str = "official", **wanted: Any) -> Fill:
    """A practice task that counts of one of the demo's people."""

    def fill() -> list[Any] | None:
        row = _door(role).person.lab_sittings.filter(**wanted).order_by("-campaign__opens_at").first()
        return [row.pk] if row else None

    return fill


def _running_task() -> list[Any] | None:
    """The official of the demo has not begun the task of the open campaign: begin here, with a first act."""
    from nanglucso.core.clock import now
    from nanglucso.measure.assessments import labexam

    row = _door("official").person.lab_sittings.filter(campaign__status="open").first()
    if row is None:
        return None
    row = labexam.start(actor=None, sitting=row, at=now())
    if row.run and not row.run.events.exists():
        labexam.take(sitting=row, key=uuid.uuid4(), verb="open", args={"doc": "v1"}, at=now())
    return [row.pk]


def _ended_task() -> list[Any]:
    """An ended practice task of the training officer; where the city's draw gave none, the open campaign's is done."""
    from nanglucso.core.clock import now
    from nanglucso.measure.assessments import labexam

    mine = _door("training").person.lab_sittings
    row = mine.exclude(finished_at=None).order_by("-finished_at").first()
    if row is None:
        row = labexam.start(actor=None, sitting=mine.get(campaign__status="open"), at=now())
        row = labexam.finish(actor=None, sitting=row, at=now())
    return [row.pk]


def _planned() -> list[Any]:
    from nanglucso.develop.plans.models import PlannedClass

    row = PlannedClass.objects.order_by("-scenario_id", "number").first()
    return [row.scenario_id, row.number]


def _unit_of_head() -> list[Any]:
    return [_door("head").grants.get(role="head").unit_id]


def _a_job() -> list[Any]:
    """The demo city waits for nothing: leave one finished job to look at."""
    from nanglucso.core.clock import now
    from nanglucso.core.models import Job

    row, _made = Job.objects.get_or_create(
        kind="plans.solve", defaults={"status": "done", "progress": 1.0, "created_at": now(), "finished_at": now()}
    )
    return [row.pk]


CLASS = first("training.TrainingClass")
DONE = first("training.TrainingClass", status="done")
SESSION = first("training.ClassSession", order="-starts_at")
PLAN = first("plans.Scenario", status="solved")


COMPETENCE = first("framework.Competence", "code")
CAMPAIGN = first("assessments.Campaign", "code", status="open")
PAGES: tuple[Page, ...] = (
    Page("account_login", ""),
    Page("ui:help", ""),
    Page("ui:guide", "", lambda: ["start"]),
    Page("credentials:check", ""),
    Page("credentials:check_code", "", first("credentials.Certificate", "check_code")),
    Page("credentials:verify", ""),
    Page("ui:search", "training", query="q=nguyen"),
    Page("account_change_password", "official"),
    Page("mfa_index", "official"),
    Page("account_logout", "official"),
    Page("profiles:mine", "official"),
    Page("profiles:why", "official"),
    Page("assessments:mine", "official"),
    Page("assessments:self_rating", "official"),
    Page("assessments:review_step", "official", lambda: [3]),
    Page("assessments:review_done", "official"),
    Page("assessments:labs", "official"),
    Page("assessments:lab", "official", _lab("LAB-5.2-HOPTHU", mail="m2"), "p=den&o=m2", "-mail"),
    Page("assessments:lab", "official", _lab("LAB-5.2-HOPTHU", mail="m2"), "p=bao_mat", "-account"),
    Page("assessments:lab", "official", _lab("LAB-3.3-BANGHOSO"), "p=bang&o=ds&c=F5", "-sheet"),
    Page("assessments:lab", "official", _lab("LAB-3.3-BANGHOSO"), "p=bang&o=so", "-fixed"),
    Page("assessments:lab", "official", _lab("LAB-3.1-DIEUHANH"), "p=bang", "-board"),
    Page("assessments:lab", "official", _lab("LAB-4.1-MOTCUA", doc="h2"), "p=cho&o=h2", "-onestop"),
    Page("assessments:lab", "official", _lab("LAB-2.3-PHIENHOP", paper="t2"), "p=tai_lieu&o=t2", "-meeting"),
    Page("assessments:lab", "official", _lab("LAB-3.4-CANCU", verb="search", words="đào tạo"), "p=tim", "-search"),
    Page("assessments:lab", "official", _lab("LAB-3.4-CANCU", verb="search", words="đào tạo"), "p=can_cu&o=c2", "-draft"),
    Page("assessments:lab", "official", _lab("LAB-4.1-THANHTOAN", item="g4"), "p=gd&o=g4", "-payment"),
    Page("assessments:lab_feedback", "head", _lab("LAB-5.2-HOPTHU", "head", ended=True)),
    Page("assessments:lab_sitting_begin", "author", _task(status="assigned", role="author")),
    Page("assessments:lab_sitting", "official", _running_task, "p=du_thao&o=v1"),
    Page("assessments:lab_sitting_finished", "official", _task(campaign__status="released", status="scored")),
    Page("assessments:my_certificates", "official"),
    Page("assessments:practice", "official"),
    Page("assessments:practice_item", "official", lambda: ["5.2", 1]),
    Page("assessments:begin", "author", first("assessments.Sitting", person__user__grants__role="author", status="assigned")),
    Page("assessments:wait", "author", _at_the_door(called=False)),
    Page("assessments:wait", "head", _at_the_door(called=True), mark="-turn"),
    Page("assessments:finished", "official", _own_sitting(campaign__status="released")),
    Page("assessments:sit", "official", _running_sitting),
    Page("training:mine", "official"),
    Page("training:desk", "official", lambda: _a_taught_class() and []),
    Page("training:desk_class", "official", _a_taught_class),
    Page("training:desk_attendance", "official", _a_taught_session),
    Page("training:evaluate", "official", _a_class_to_evaluate),
    Page("hours:mine", "official"),
    Page("training:check_in", "official", with_more(_session_of_others, "ma-cu")),
    Page("credentials:mine", "official"),
    Page("framework:browse", "official"),
    Page("framework:crosswalk", "official"),
    Page("framework:competence", "official", COMPETENCE),
    Page("framework:versions", "training", lambda: _a_crossing() and []),
    Page("framework:version", "training", _a_version),
    Page("framework:version", "official", first("framework.Framework", status="published")),
    Page("framework:edit", "training", _a_version),
    Page("framework:competence_edit", "training", _a_draft_competence),
    Page("framework:competence_new", "training", _a_version),
    Page("framework:compare", "training", _two_versions),
    Page("framework:import", "training"),
    Page("framework:table", "training", _a_foreign_table),
    Page("framework:crossing_new", "training"),
    Page("framework:crossing", "training", _a_crossing),
    Page("people:matrix", "training", _matrix, "family=van_thu_luu_tru"),
    Page("people:matrix_one", "training", first("people.Position", code="VTVL-XA-VT-01")),
    Page("people:requirement_drafts", "leader", lambda: _a_requirement_draft(asked=True)() and []),
    Page("people:requirement_draft", "leader", _a_requirement_draft(asked=True)),
    Page("people:requirement_draft", "training", _a_requirement_draft(asked=False)),
    Page("people:positions", "official"),
    Page("people:position", "official", first("people.Position", is_generic=False)),
    Page("people:family", "official", first("people.PositionFamily", "code")),
    Page("people:demands", "official", COMPETENCE),
    Page("gaps:unit", "head"),
    Page("gaps:unit_of", "head", _unit_of_head),
    Page("assessments:ratings", "head"),
    Page("assessments:differences", "head"),
    Page("assessments:rate", "head", _in_unit("uuid")),
    Page("profiles:person", "head", _in_unit("uuid")),
    Page("profiles:why_person", "head", _in_unit("uuid")),
    Page("people:list", "head"),
    Page("people:person", "head", _in_unit("pk")),
    Page("training:list", "head"),
    Page("training:transfers", "head"),
    Page("training:transfer", "head", _a_place_months_ago),
    Page("targets:list", "head"),
    Page("meetings:list", "official"),
    Page("meetings:new", "head"),
    Page("meetings:figures", "head"),
    Page("meetings:verify", "official"),
    Page("meetings:show", "official", a_vote("meeting_id", "closed")),
    Page("meetings:show", "head", a_vote("meeting_id", "prepared")),
    Page("meetings:people", "head", a_vote("meeting_id", "prepared")),
    Page("meetings:agenda", "head", a_vote("meeting_id", "prepared")),
    Page("meetings:screen", "head", a_vote("meeting_id", "prepared")),
    Page("meetings:votes", "official", a_vote("meeting_id", "closed")),
    Page("meetings:vote", "official", a_vote("pk", "open")),
    Page("meetings:vote", "official", a_vote("pk", "open", "head", False), mark="-matter"),
    Page("meetings:votes", "head", a_vote("meeting_id", "prepared")),
    Page("meetings:vote_new", "head", a_vote("meeting_id", "prepared")),
    Page("meetings:vote", "head", a_vote("pk", "closed", "head", False)),
    Page("meetings:vote", "head", a_vote("pk", "closed"), mark="-secret"),
    Page("meetings:vote", "head", a_vote("pk", "prepared"), mark="-prepared"),
    Page("hours:unit", "head"),
    Page("hours:person", "head", _in_unit("uuid")),
    Page("reports:year", "training"),
    Page("assessments:campaigns", "training"),
    Page("assessments:campaign_new", "training"),
    Page("assessments:certificates", "training"),
    Page("assessments:differences", "training"),
    Page("assessments:campaign", "training", CAMPAIGN),
    Page("assessments:accommodations", "training", CAMPAIGN),
    Page("assessments:accommodation", "training", _a_condition),
    Page("assessments:second_tests", "training", CAMPAIGN),
    Page("gaps:city", "training"),
    Page("gaps:positions", "training"),
    Page("gaps:competences", "training"),
    Page("gaps:people", "training"),
    Page("gaps:compare", "training"),
    Page("gaps:preview", "training", query="who=f:chuyen_vien_tham_muu&what=dS3&how=raise"),
    Page("gaps:views", "training"),
    Page("gaps:city", "leader"),
    Page("plans:list", "training"),
    Page("plans:new", "training"),
    Page("plans:show", "training", PLAN),
    Page("plans:people", "training", PLAN),
    Page("plans:class", "training", _planned),
    Page("plans:compare", "training"),
    Page("budget:rate", "training", first("budget.Rate")),
    Page("plans:course_edit", "training", first("plans.Course", "code")),
    Page("plans:travel", "training", first("people.TravelArea")),
    Page("plans:edit", "training", PLAN),
    Page("plans:whatif", "training", PLAN),
    Page("plans:hand", "training", PLAN),
    Page("plans:proposals", "training"),
    Page("plans:proposals", "head"),
    Page("plans:propose", "head"),
    Page("plans:proposal", "head", first("plans.Proposal")),
    Page("plans:published", "official"),
    Page("plans:catalogue", "training"),
    Page("plans:course", "training", first("plans.Course", "code")),
    Page("plans:means", "training"),
    Page("plans:venue_new", "training"),
    Page("plans:venue", "training", first("plans.Venue")),
    Page("plans:lecturer_new", "training"),
    Page("plans:day_off_new", "training"),
    Page("plans:day_off", "training", first("plans.DayOff")),
    Page("plans:lecturer", "training", first("plans.Lecturer")),
    Page("training:list", "training"),
    Page("training:to_open", "training"),
    Page("training:show", "training", DONE),
    Page("training:places", "training", CLASS),
    Page("training:terms", "training", CLASS),
    Page("training:evaluations", "training"),
    Page("training:evaluation", "training", first("training.TrainingClass", "course__code", status="done")),
    Page("training:finish", "training", CLASS),
    Page("training:cancel", "training", CLASS),
    Page("training:nominate", "training", CLASS),
    Page("training:retest", "training", DONE),
    Page("training:effect", "training", first("training.ClassEffect", "training_class_id", training_class__isnull=False)),
    Page("training:effect", "training", first("training.ClassTransfer", "training_class_id"), mark="-later"),
    Page("training:recheck", "training", DONE),
    Page("training:effects", "training"),
    Page("training:course_effect", "training", first("training.ClassTransfer", "training_class__course_id"), mark="-later"),
    Page("training:course_effect", "training", first("training.ClassEffect", "course_id", "-measured_at", training_class__isnull=False)),
    Page("hours:unit", "training"),
    Page("hours:person", "training", first("people.Person", "uuid", active=True, position__isnull=False)),
    Page("hours:city", "training"),
    Page("targets:list", "training"),
    Page("targets:list", "training", query="p=all", mark="-all"),
    Page("targets:late", "training"),
    Page("targets:show", "training", lambda: ["Q2629-I.2.2"]),
    Page("targets:show", "leader", lambda: ["A749-02a"]),
    Page("targets:skills", "training", lambda: ["CT14-01"]),
    Page("targets:skills", "leader", lambda: ["CT14-01"]),
    Page("targets:assign", "training", lambda: ["CT14-01"]),
    Page("targets:files", "training", lambda: _a_figure_file() and []),
    Page("targets:file_new", "training"),
    Page("targets:file", "training", _a_figure_file),
    Page("training:attendance", "training", SESSION),
    Page("training:session_qr", "training", SESSION),
    Page("training:move", "training", SESSION),
    Page("credentials:revoke", "training", first("credentials.Certificate")),
    Page("credentials:badges", "training"),
    Page("credentials:lists", "training", lambda: _a_list() and []),
    Page("credentials:list_new", "training"),
    Page("credentials:list_show", "training", _a_list),
    Page("budget:sources", "training"),
    Page("budget:source_new", "training"),
    Page("budget:source_edit", "training", first("budget.FundingSource")),
    Page("budget:rates", "training"),
    Page("budget:report", "training"),
    Page("budget:years", "leader"),
    Page("budget:commitments", "training"),
    Page("budget:commit", "training"),
    Page("budget:commitment", "training", first("budget.Commitment")),
    Page("people:list", "training"),
    Page("people:add", "training"),
    Page("people:person_edit", "training", first("people.Person")),
    Page("people:appoint", "training", first("people.Person")),
    Page("people:units", "training"),
    Page("people:unit", "training", first("people.Unit", depth=2, until=None)),
    Page("people:units_on", "training"),
    Page("people:units_on", "leader", query="ngay=30/06/2025", mark="-before-the-merger"),
    Page("people:unit_history", "training", first("people.Unit", depth=2, until=None)),
    Page("people:unit_history", "leader", first("people.Unit", code="ST-CU"), mark="-ended"),
    Page("people:disposals", "training", lambda: _a_disposal(asked=False)() and []),
    Page("people:disposal", "training", _a_disposal(asked=False), mark="-due"),
    Page("people:disposal", "leader", _a_disposal(asked=True), mark="-asked"),
    Page("people:erasure_ask", "training", _somebody_who_left),
    Page("people:reorganisations", "leader"),
    Page("people:reorganisation", "leader", first("people.Reorganisation", status="sent"), mark="-waits"),
    Page("people:reorganisation", "training", first("people.Reorganisation", status="applied"), mark="-in-effect"),
    Page("people:reorganisation_new", "training"),
    Page("people:reorganisation", "training", _a_reorganisation),
    Page("people:reorganisation_edit", "training", _a_reorganisation),
    Page("people:reorganisation_step", "training", with_more(_a_reorganisation, "merge")),
    Page("people:reorganisation_divide", "training", with_more(_a_reorganisation, 1)),
    Page("people:imports", "training"),
    Page("people:import_new", "training"),
    Page("people:doubles", "training"),
    Page("people:double", "training", _two_records),
    Page("reports:leader", "leader"),
    Page("reports:trend", "leader"),
    Page("reports:yearly", "leader"),
    Page("plans:show", "leader", first("plans.Scenario", status="approved")),
    Page("bank:health", "author"),
    Page("bank:items", "author"),
    Page("bank:item", "author", first("bank.Item", "code")),
    Page("bank:coverage", "author"),
    Page("bank:versions", "author", first("bank.Item", "code")),
    Page("bank:drafts", "author"),
    Page("bank:draft_new", "author"),
    Page("bank:draft", "author", _draft("single")),
    Page("bank:draft_versions", "author", _draft("single")),
    Page("bank:reading", "author", _draft("order", other=True)),
    Page("bank:import_new", "author"),
    Page("bank:import_show", "author", _an_import),
    Page("quality:statistics", "author"),
    Page("quality:years", "author"),
    Page("quality:year", "author", _a_year),
    Page("quality:panels", "author"),
    Page("quality:panel_new", "author"),
    Page("quality:panel", "author", _a_panel("angoff")),
    Page("quality:panel_enter", "author", _a_panel("bookmark")),
    Page("quality:mine", "official"),
    Page("quality:file", "official", _own_sitting(finished_at__isnull=False)),
    Page("quality:file_lab", "training", _ended_task),
    Page("quality:appeals", "training"),
    Page("quality:appeal", "training", _an_appeal),
    Page("quality:corrections", "training"),
    Page("quality:correction_new", "training"),
    Page("quality:correction", "training", _a_correction),
    Page("quality:late", "training"),
    Page("quality:late_judge", "training", _a_late_answer),
    Page("quality:flags", "training"),
    Page("quality:item", "author", first("bank.Item", "code")),
    Page("assessments:files", "author"),
    Page("assessments:file_rate", "author", _a_file),
    Page("quality:health_list", "author"),
    Page("quality:health", "author", _a_health_report),
    Page("quality:calibrations", "author"),
    Page("quality:calibration_new", "author"),
    Page("quality:calibration", "author", _a_calibration),
    Page("quality:reestimations", "training"),
    Page("quality:reestimation_new", "training"),
    Page("quality:reestimation", "training", _a_reestimation),
    Page("learning:mine", "official"),
    Page("learning:all", "official"),
    Page("learning:lesson", "official", _a_lesson),
    *(Page("learning:play", "official", _a_study, query=f"phan={n}", mark=f"-{n}") for n in range(1, 6)),
    Page("learning:play", "official", _an_answered_study, query="phan=4", mark="-answered"),
    Page("learning:tasks", "head"),
    Page("learning:desk", "author"),
    Page("learning:desk", "training", query="loc=open", mark="-open"),
    Page("learning:draft_new", "author"),
    Page("learning:draft", "author", _a_lesson_draft),
    Page("learning:draft", "training", _a_lesson_draft, mark="-read"),
    Page("learning:revise", "author", _a_lesson),
    Page("learning:compare", "author", _a_lesson),
    Page("learning:packages", "official", _a_begun_list),
    Page("learning:packages", "head", lambda: _a_package() and [], mark="-new"),
    *(Page("learning:package_play", "official", _a_package_run, query=f"muc={n}", mark=f"-{n}") for n in (1, 2)),
    Page("learning:package_desk", "training", lambda: _a_package() and []),
    Page("learning:package_new", "author"),
    Page("learning:package_renew", "author", _a_package),
    Page("learning:package_version", "training", _a_package_version),
    Page("readiness:map", "training"),
    Page("readiness:map", "leader"),
    Page("readiness:unit", "leader", first("readiness.Facts", "unit_id")),
    Page("readiness:investments", "leader"),
    Page("readiness:mine", "head"),
    Page("readiness:slip", "head", lambda: _survey_slip()),
    Page("readiness:rounds", "training"),
    Page("readiness:round_new", "training"),
    Page("readiness:round", "training", first("readiness.SurveyRound")),
    Page("readiness:sheets", "training"),
    Page("readiness:sheet_new", "training"),
    Page("readiness:sheet", "training", first("readiness.FactSheet")),
    Page("staffing:duties", "training"),
    Page("staffing:duties", "head"),
    Page("staffing:duty_new", "head"),
    Page("staffing:duty_end", "training", first("staffing.Duty", unit__isnull=False, until=None)),
    Page("staffing:overlaps", "training"),
    Page("staffing:overlaps", "leader", query="tt=open", mark="-open"),
    Page("staffing:overlap", "training", first("staffing.Overlap", verdict="")),
    Page("staffing:overlap", "training", first("staffing.Overlap", closed_on=None, action="divide"), mark="-resolve"),
    Page("staffing:overlap", "leader", first("staffing.Overlap", closed_on__isnull=False), mark="-closed"),
    Page("staffing:vacancies", "training"),
    Page("staffing:vacancy_new", "training"),
    Page("staffing:vacancy", "training", first("staffing.Vacancy", state="open")),
    Page("staffing:vacancy", "training", first("staffing.Vacancy", state="decided"), mark="-decided"),
    Page("staffing:suggestion", "training", first("staffing.Suggestion")),
    Page("staffing:fit", "training", first("people.Person", active=True, position__isnull=False)),
    Page("staffing:succession", "training"),
    Page("outreach:mine", "official"),
    Page("outreach:library", "official"),
    Page("outreach:document", "official", first("outreach.LawDocument", number="148/2025/QH15")),
    Page("outreach:read", "official", _a_reading),
    Page("outreach:read", "official", lambda: _a_reading(read=True), mark="-checks"),
    Page("outreach:campaigns", "leader"),
    Page("outreach:campaign", "leader", first("outreach.Campaign")),
    Page("outreach:campaign", "head", first("outreach.Campaign")),
    Page("outreach:people", "head", first("outreach.Campaign"), query="muc=understood"),
    Page("outreach:campaigns", "training"),
    Page("outreach:campaign", "training", first("outreach.Campaign", order="-pk")),
    Page("outreach:campaign_new", "training"),
    Page("outreach:document", "training", first("outreach.LawDocument", number="91/2025/QH15")),
    Page("outreach:document_new", "training"),
    Page("outreach:document_edit", "training", first("outreach.LawDocument", number="171/2025/NĐ-CP")),
    Page("outreach:draft", "training", first("outreach.LawDocument", number="171/2025/NĐ-CP")),
    Page("outreach:registers", "training"),
    Page("outreach:register_new", "training"),
    Page("outreach:register", "training", first("outreach.RegisterImport")),
    Page("exchange:releases", "training"),
    Page("exchange:tokens", "admin"),
    Page("exchange:open", ""),
    Page("exchange:described", ""),
    Page("core:audit", "auditor"),
    Page("core:own", "official"),
    Page("core:status", "admin"),
    Page("core:jobs", "admin"),
    Page("core:job", "admin", _a_job),
    Page("core:roles", "admin"),
    Page("credentials:keys", "admin", lambda: _a_key() and []),
    Page("core:role_user", "admin", first("core.User")),
    Page("core:role_user", "admin", _a_locked_account, mark="-locked"),
    Page("core:second_step", "admin"),
    Page("core:account_closed", ""),
    Page("mfa_list_webauthn", "official"),
    Page("mfa_add_webauthn", "official"),
    Page("core:review", "admin"),
    Page("core:review", "admin", query="show=all", mark="-all"),
    Page("core:delegations", "head", _a_delegation),
)  # fmt: skip
# Addresses that give a file, a fragment, a redirect or a word to a machine; `people:import_show` is met by the flow.
GONE = {"training:check_in": 410}  # the page of a code that has died says so
NO_PAGE = {
    "ui:home", "core:live", "core:ready", "core:metrics", "people:export", "people:unit_options", "people:import_template",
    "people:import_show", "people:import_problems", "assessments:state", "assessments:item_use",
    "assessments:campaign_progress", "assessments:campaign_extend", "assessments:certificate_proof",
    "assessments:file_download", "gaps:export", "gaps:view_change",
    "plans:export", "plans:calendar", "budget:report_export",
    "training:export", "training:mine_slot", "training:paper", "training:ics",
    "training:desk_sheet", "reports:class_paper",
    "training:session_count", "credentials:mine_slot", "credentials:class_slot", "credentials:pdf",
    "credentials:badge", "credentials:issuer", "credentials:status_list", "credentials:list_template",
    "reports:yearly_file", "reports:plan_document", "reports:gaps_workbook",
    "quality:health_export", "quality:statistics_export", "bank:export", "staffing:overlaps_export", "reports:streamlining",
    "readiness:investments_export", "readiness:template",
    "framework:case", "reports:position_docx", "learning:xapi",
    "learning:package_state", "learning:package_file",
    "outreach:document_file", "outreach:register_template", "outreach:export", "reports:outreach_file",
    "meetings:feed", "targets:record", "targets:withdraw", "targets:file_template", "targets:file_original",
    "exchange:revoke", "exchange:switch", "exchange:open_file", "exchange:openapi", "exchange:dictionary_file", "api:none",
    "api:units", "api:positions", "api:framework", "api:gaps", "api:hours", "api:plan_classes",
    "hours:mine_slot", "hours:export", "hours:enter", "reports:hours_file",
    "meetings:votes_slot", "meetings:vote_progress", "meetings:worker", "meetings:minutes_file", "meetings:archive",
    "meetings:page", "meetings:pdf", "meetings:proof", "meetings:act", "meetings:check_in", "meetings:paper", "meetings:task",
    "meetings:line",
}  # fmt: skip


def addresses() -> dict[str, Any]:
    """Page id → path or None; `doors`: role → number of the log-in; `data`: names that stay Vietnamese everywhere."""
    from django.conf import settings
    from django.urls import reverse

    settings.DEMO = True
    from nanglucso.core.models import Role

    paths = {}
    for page in PAGES:
        filled = page.fill()
        path = None if filled is None else reverse(page.name, args=filled)
        paths[page.id] = f"{path}?{page.query}" if path and page.query else path
    return {"paths": paths, "doors": {role: _door(role).pk for role in Role.values}, "data": _data()}


def _new_units(step: dict[str, Any]) -> list[dict[str, Any]]:
    from nanglucso.workforce.people.services.steps import new_units

    return new_units(step)


def _data() -> list[str]:
    """Words of the database that have no English: names of people, units, rooms, posts and plans."""
    from django.apps import apps
    from django.conf import settings

    found: set[str] = set()
    for label, fields in (
        ("people.Person", ("ho_dem", "ten")), ("people.Unit", ("name", "short_name")), ("people.Position", ("name",)),
        ("core.User", ("full_name",)), ("plans.Venue", ("name",)), ("plans.Lecturer", ("name", "organisation")),
        ("plans.Scenario", ("name",)), ("plans.Course", ("name_vi",)), ("assessments.Campaign", ("name_vi",)),
        ("gaps.GapSnapshot", ("label",)), ("people.TravelArea", ("name_vi", "name_en")), ("people.Reorganisation", ("title", "decision")), ("budget.Rate", ("legal_basis", "per")),
        ("staffing.Duty", ("text", "output")), ("staffing.Overlap", ("plan", "remark", "closing")),
        ("outreach.LawDocument", ("number", "title_vi", "issuer", "note")),
        ("meetings.Vote", ("title",)), ("meetings.Meeting", ("title", "place")),
        ("targets.Observation", ("note",)), ("targets.FigureImport", ("file__name",)),
    ):  # fmt: skip
        for row in apps.get_model(label).objects.values_list(*fields):
            found |= {str(value) for value in row if value}
            found |= {" ".join(map(str, row))}
    for steps in apps.get_model("people.Reorganisation").objects.values_list("steps", flat=True):
        found |= {unit["name"] for step in steps for unit in _new_units(step)}
    words = {value for value in settings.ORGANISATION.values() if value} | {"Cái Khế", "HĐND", "Chọn tin"}
    words |= {"479/QĐ-TTg", "13/2023/NĐ-CP", "Ôn đinhh"}  # numbers of documents in English sentences, a slip in a cell
    # Faults of a sheet name its columns and choices as they stand in it.
    from nanglucso.develop.readiness.questionnaire import questionnaires

    for form in questionnaires().values():
        for question in form.questions:
            words |= {question.label_vi, *(choice.name_vi for choice in question.choices)}
    return sorted({one.strip() for one in found | words} - {""}, key=len, reverse=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
    import django

    django.setup()
    Path(sys.argv[1]).write_text(json.dumps(addresses(), ensure_ascii=False), encoding="utf-8")
