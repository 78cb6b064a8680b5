"""One small computed plan of made-up people, and its document, made once for all tests of this folder."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from tests import make

STRANGE = "Lê\x0b & <b>{{ 7 * 7 }}</b> {% if %} An"
PEOPLE = 30
BUDGET = 40_000_000


@dataclass(frozen=True)
class Made:
    """A scenario, its document, and the texts of both files."""

    scenario: object
    document: object
    docx: bytes
    pdf: bytes
    lines: list
    seats: int
    cost: int


def means(assumed: bool) -> None:
    from nanglucso.develop.budget.services import set_source
    from nanglucso.develop.plans.services import set_lecturer, set_venue
    from nanglucso.workforce.people.models import TravelArea

    area = TravelArea.objects.get(code="CT")
    set_venue(
        actor=None, code="p1", name="Phòng máy 1", area=area, seats=35, rate=1_000_000, assumed=assumed, at=make.AT
    )
    set_lecturer(actor=None, code="g1", name="Giảng viên Một", rate=1_500_000, assumed=assumed, at=make.AT)
    set_lecturer(actor=None, code="g2", name="Giảng viên Hai", rate=2_000_000, assumed=assumed, at=make.AT)
    for order, (code, amount) in enumerate((("ns_thanh_pho", 25_000_000), ("ns_khoa_hoc", 15_000_000)), 1):
        set_source(actor=None, code=code, year=2026, name_vi=f"Nguồn {order}", amount=amount, order=order, at=make.AT)


def people() -> None:
    units = ("Sở Nội vụ", "Sở Tư pháp", "Phường Cái Khế", "Xã Phong Điền")
    for number in range(PEOPLE):
        make.person(
            STRANGE if number == 0 else "",
            unit=make.unit(units[number % len(units)]),
            position=make.position(("VTVL-SO-TH-01", "VTVL-XA-TN-01")[number % 2]),
            birth_year=1975 + number,
            gender="fm"[number % 2],
        )


def computed(assumed: bool = True, **params: object):
    from nanglucso.develop.plans.services import create_scenario, load_days_off, solve_now

    make.catalogue()
    people()
    means(assumed)
    load_days_off(at=make.AT)
    scenario = create_scenario(actor=None, year=2026, name="Thử", budget=BUDGET, at=make.AT, weeks=30, **params)
    return solve_now(actor=None, framework=make.framework(), scenario=scenario, at=make.AT, seconds=1)


@pytest.fixture(scope="session")
def made(django_db_setup, django_db_blocker) -> Made:
    from nanglucso.govern.reports.documents import plan_document, to_docx, to_pdf
    from nanglucso.govern.reports.documents.costlines import cost_lines
    from nanglucso.govern.reports.documents.planfacts import plan_facts

    with django_db_blocker.unblock(), transaction.atomic():
        scenario = computed()
        document = plan_document(scenario, at=make.AT)
        facts = plan_facts(scenario, make.AT)
        lines = cost_lines(scenario, facts.classes)
        seats = sum(len(rows) for rows in facts.seats.values())
        cost = sum(row.cost for row in facts.classes)
        transaction.set_rollback(True)
    return Made(scenario, document, to_docx(document), to_pdf(document), lines, seats, cost)
