"""Verbs of lists of completions: keep what was read, apply it as evidence, take it back."""

import hashlib
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials.completions import reading
from nanglucso.develop.credentials.models import Completion, CompletionList
from nanglucso.measure.assessments import certifying
from nanglucso.measure.assessments.certrules import rules
from nanglucso.measure.assessments.models import OutsideCertificate
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

MOST_BYTES = 10 * 2**20
Status = CompletionList.Status


def read_list(*, actor: User, stream: IO[bytes], name: str, at: datetime) -> CompletionList:
    """Read a file and keep what applying it would do. Raises `Refused` with what is wrong with the file as a whole."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(
            _("The file is larger than %(limit)s MB: split it.") % {"limit": MOST_BYTES // 2**20}, field="file"
        )
    own = Person.objects.filter(user=actor).values_list("pk", flat=True).first()
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8]) as file:
        file.write(data)
        file.flush()
        try:
            plan = reading.read(Path(file.name), name=name, day=local_day(at), own=own)
        except ValueError as fault:  # BadFile, BadStaffFile
            template, told = getattr(fault, "template", str(fault)), getattr(fault, "params", {})
            raise Refused(_(template) % told, field="file") from fault
    if plan["left"]:
        text = _("The list has more than %(limit)s rows: split it.")
        raise Refused(text % {"limit": reading.MOST_ROWS}, field="file")
    with act(actor, "credentials.read_list", at=at, file=name) as this:
        this.subject = CompletionList.objects.create(
            file_name=Path(name).name[:200], sha256=hashlib.sha256(data).hexdigest(), plan=plan, read_by=actor,
            read_at=at,
        )  # fmt: skip
        this.note(rows=len(plan["rows"]), problems=len(plan["problems"]))
    return this.subject


def _extract(row: CompletionList, told: dict[str, Any]) -> str:
    """The holder's own row of the list as text: nobody else's stands in it."""
    rule = rules()[told["rule"]]
    score = "" if told["score"] is None else f"{told['score']:g}"
    lines = (
        f"Trích danh sách hoàn thành: {row.file_name} (SHA-256 {row.sha256})",
        f"Trang tính {told['sheet']}, dòng {told['row']}",
        f"Họ và tên: {told['name']}",
        f"Khóa học: {rule.name_vi}",
        f"Ngày hoàn thành: {date.fromisoformat(told['day']):%d/%m/%Y}",
        f"Điểm: {score or 'không ghi'}",
        f"Số chứng nhận: {told['number'] or 'không ghi'}",
    )
    return "\n".join(lines) + "\n"


def apply(*, actor: User, row: CompletionList, framework: Framework, at: datetime) -> tuple[int, int]:
    """Every readable row becomes a confirmed outside certificate; (applied, left because held already meanwhile)."""
    with act(actor, "credentials.apply_list", row, at=at) as this:
        row = CompletionList.objects.select_for_update().get(pk=row.pk)
        if row.status != Status.READ:
            raise Refused(_("This list has been applied already."))
        people = Person.objects.in_bulk([told["person"] for told in row.plan["rows"]])
        done = sum(_one(actor, row, told, people.get(told["person"]), framework, at) for told in row.plan["rows"])
        row.status, row.applied_at = Status.APPLIED, at
        row.save(update_fields=["status", "applied_at"])
        left = len(row.plan["rows"]) - done
        this.note(applied=done, left=left)
    return done, left


def _one(
    actor: User, row: CompletionList, told: dict[str, Any], person: Person | None, framework: Framework, at: datetime
) -> bool:
    if person is None or told["rule"] not in rules():
        return False
    try:
        made = certifying.enter_listed(
            actor=actor, person=person, rule=told["rule"], issued_on=date.fromisoformat(told["day"]),
            number=told["number"], extract=_extract(row, told), name=f"trich-dong-{told['row']}.txt", at=at,
        )  # fmt: skip
    except Refused:
        return False
    certifying.confirm(actor=actor, certificate=made, framework=framework, at=at)
    Completion.objects.create(list=row, certificate=made, row=told["row"], score=told["score"], tiet=told.get("tiet"))
    return True


def undo(*, actor: User, row: CompletionList, at: datetime) -> tuple[int, int]:
    """Take back what the list gave; (taken back, left because somebody decided on it since)."""
    with act(actor, "credentials.undo_list", row, at=at) as this:
        row = CompletionList.objects.select_for_update().get(pk=row.pk)
        if row.status != Status.APPLIED:
            raise Refused(_("Only an applied list can be undone."))
        given = [one.certificate for one in row.completions.select_related("certificate__person")]
        live = [one for one in given if one.status == OutsideCertificate.Status.CONFIRMED]
        for one in live:
            certifying.revoke(actor=actor, certificate=one, reason=_("The list was undone."), at=at)
        row.status, row.undone_at = Status.UNDONE, at
        row.save(update_fields=["status", "undone_at"])
        this.note(undone=len(live), left=len(given) - len(live))
    return len(live), len(given) - len(live)


def lists() -> QuerySet[CompletionList]:
    """Every list, newest first."""
    return CompletionList.objects.select_related("read_by")
