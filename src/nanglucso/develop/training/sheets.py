"""Workbooks of this room: the list of classes, the roster, the attendance sheet."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.scope import Scope
from nanglucso.develop.training.models import ClassSession, TrainingClass
from nanglucso.develop.training.queries import attendance_rows, booked, placed, sessions
from nanglucso.kit.spreadsheets import Column, OutSheet
from nanglucso.ui.figures import vdate
from nanglucso.workforce.people.models import Person


def class_list(rows: Iterable[Any]) -> OutSheet:
    """Exactly the classes that the list shows."""
    columns = [
        *(Column(_("Code"), 20), Column(_("Course"), 48), Column(_("Form"), 12), Column(_("Status"), 16)),
        *(Column(_("First day"), 12, "date"), Column(_("Last day"), 12, "date"), Column(_("Venue"), 32)),
        *(Column(_("Lecturer"), 24), Column(_("Seats"), 8, "int"), Column(_("Enrolled"), 10, "int")),
        *(Column(_("Completed"), 10, "int"), Column(_("Effect in levels"), 14, "number")),
    ]
    body = []
    for row in rows:
        effect = getattr(row, "effect", None)
        body.append(
            (
                *(row.code, row.course.name, str(row.get_form_display()), str(row.get_status_display())),
                *(row.starts_on, row.ends_on, str(row.venue or ""), str(row.lecturer or "")),
                *(row.seats, row.n_booked, row.n_completed, round(effect.shift, 3) if effect else None),
            )
        )
    return OutSheet(_("Classes"), columns, body)


def _titles(row: TrainingClass) -> list[str]:
    days = f"{vdate(row.starts_on)} – {vdate(row.ends_on)}"
    return [f"{row.code} {row.course.name}", days]


def _halves(person: Person, place: str) -> tuple[Any, ...]:
    return (person.ho_dem, person.ten, person.position.title if person.position else "", place)


def roster_list(row: TrainingClass, scope: Scope) -> OutSheet:
    """The people of a class: no citizen number, no date of birth beyond the year."""
    columns = [
        *(Column(_("No."), 6, "int"), Column(_("Family and middle names"), 24), Column(_("Given name"), 12)),
        *(Column(_("Position"), 40), Column(_("Unit"), 44), Column(_("Year of birth"), 12), Column(_("Note"), 18)),
    ]
    rows = booked(row).filter(scope.units("person__unit__path")).select_related("person__unit", "person__position")
    body = [
        (n, *_halves(one.person, where), str(one.person.birth_year or ""), "")
        for n, (one, where) in enumerate(placed(rows.order_by("person__sort_key")), 1)
    ]
    return OutSheet(_("Learners"), columns, body, _titles(row))


def _day(session: ClassSession) -> str:
    return _("Session %(n)s") % {"n": session.number} + f" {vdate(session.starts_at)[:5]}"


def attendance_sheet(row: TrainingClass, scope: Scope, at: datetime) -> OutSheet:
    """One column a session: x present by hand, q by code; the last column adds the tiết."""
    held = sessions(row, at)
    columns = [
        *(Column(_("No."), 6, "int"), Column(_("Family and middle names"), 24), Column(_("Given name"), 12)),
        *(Column(_("Position"), 36), Column(_("Unit"), 40)),
        *(Column(_day(one.session), 12) for one in held),
        *(Column(_("Periods"), 8, "int"), Column(_("Signature"), 18)),
    ]
    marks = {"qr": "q", "manual": "x"}
    body = []
    for n, line in enumerate(attendance_rows(row, scope, held), 1):
        there = [marks[mark.how] if mark else "" for mark in line.marks]
        body.append((n, *_halves(line.enrolment.person, line.place), *there, line.tiet, ""))
    return OutSheet(_("Attendance"), columns, body, _titles(row))
