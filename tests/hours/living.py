"""People with a year behind them, made through the services of the rooms."""

from datetime import date

from nanglucso.develop.training.models import TrainingClass
from nanglucso.measure.assessments import certifying
from nanglucso.measure.assessments.models import OutsideCertificate
from nanglucso.workforce.people.models import Person, Unit
from tests import make
from tests.training import planned

CLOSED = make.at(330)
"""A moment in the year after the anchor's."""


def service_unit(parent: str = "Sở Nội vụ", name: str = "Trung tâm Lưu trữ") -> Unit:
    """A public service unit below an agency."""
    found = Unit.objects.filter(name=name).first()
    if found:
        return found
    return make.unit(parent).add_child(
        code=f"sn-{Unit.objects.count()}", name=name, kind=Unit.Kind.SERVICE, fold=name.lower()
    )


def attended(people: list[Person], numbers: tuple[int, ...] | None = None, **told: object) -> TrainingClass:
    """A class of 2026 that these people came to (sessions with these numbers)."""
    row = planned.opened(people, **told)
    planned.attended(row, people, numbers)
    return row


def outside(
    person: Person, *, rule: str = "binh-dan-hoc-vu-so", day: date = date(2026, 4, 1), confirmed: bool = True
) -> OutsideCertificate:
    """An outside completion as its list gave it."""
    officer = make.user("training")
    row = certifying.enter_listed(
        actor=officer, person=person, rule=rule, issued_on=day, number="BD-1", extract="Trích", name="t.txt",
        at=make.at(90),
    )  # fmt: skip
    if confirmed:
        certifying.confirm(actor=officer, certificate=row, framework=make.framework(), at=make.at(91))
    return row
