"""A small tree with people and the way a reorganisation takes through two pairs of hands."""

from datetime import date, datetime
from typing import Any

from nanglucso.core.models import User
from nanglucso.core.scope import EVERYTHING
from nanglucso.workforce.people import services
from nanglucso.workforce.people.models import Reorganisation, Unit
from nanglucso.workforce.people.services.tree import UnitTold, merge_units
from tests import make

BEGAN = date(2025, 1, 1)


def tree() -> dict[str, Unit]:
    """City R with two agencies, A (parts A1, A2) and B (part B1, called as A1), and a ward W."""
    make.framework()
    rows = [
        UnitTold("R", "Thành phố Thử", "city", "", since=BEGAN),
        UnitTold("A", "Sở An", "so", "R", since=BEGAN),
        UnitTold("A1", "Văn phòng", "phong", "A", since=BEGAN),
        UnitTold("A2", "Phòng Hai", "phong", "A", since=BEGAN),
        UnitTold("B", "Sở Bình", "so", "R", since=BEGAN),
        UnitTold("B1", "Văn phòng", "phong", "B", since=BEGAN),
        UnitTold("W", "Phường Cát", "phuong", "R", since=BEGAN),
    ]
    merge_units(rows, {})
    if not services_loaded():
        services.load_positions(at=make.AT)
    return {unit.code: unit for unit in Unit.objects.all()}


def services_loaded() -> bool:
    from nanglucso.workforce.people.models import Position

    return Position.objects.exists()


def at(code: str) -> Unit:
    return Unit.objects.get(code=code)


def drafted(steps: list[dict[str, Any]], day: date, moment: datetime, writer: User | None = None) -> Reorganisation:
    row = services.draft_reorganisation(actor=writer, title="Sắp xếp thử", decision="QĐ 1", day=day, at=moment)
    for step in steps:
        row = services.add_step(actor=writer, row=row, step=step, scope=EVERYTHING, at=moment)
    return row


def done(steps: list[dict[str, Any]], day: date, moment: datetime = make.AT) -> Reorganisation:
    """Drafted, sent and approved by two made-up officers."""
    writer, reviewer = officers()
    row = drafted(steps, day, moment, writer)
    row = services.send_for_review(actor=writer, row=row, scope=EVERYTHING, at=moment)
    return services.approve(actor=reviewer, row=row, mark=row.mark, scope=EVERYTHING, at=moment)


def officers() -> tuple[User, User]:
    return (
        User.objects.filter(username="nguoi-lap").first() or make.user("training", username="nguoi-lap"),
        User.objects.filter(username="nguoi-duyet").first() or make.user("training", username="nguoi-duyet"),
    )


def sums() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of what a reorganisation may touch."""
    from nanglucso.core.models import RoleGrant
    from nanglucso.workforce.people.models import Appointment, Person, UnitPast, UnitSuccession

    models = (Unit, Person, Appointment, RoleGrant, UnitPast, UnitSuccession)
    return {model.__name__: sorted(model.objects.values_list(), key=lambda row: row[0]) for model in models}
