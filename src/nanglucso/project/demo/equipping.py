"""The demo's survey of infrastructure: most units answered, some are late; a sheet, a decision. Made up."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import numpy as np

from nanglucso.core.days import local_day
from nanglucso.develop.readiness import queries, services
from nanglucso.develop.readiness.questionnaire import current
from nanglucso.kit.xlsxwrite import Column, OutSheet, write_xlsx
from nanglucso.project.demo.year import City
from nanglucso.workforce.people.models import Unit

ANSWERED = 0.8


def fill(city: City, days: float) -> None:
    """Open a round `days` from the anchor; the demo's own unit has still to answer. Every figure is made up."""
    officer, at, rng = city.logins["training"], city.at(days), np.random.default_rng(2301)
    grant = city.logins["head"].grants.get(role="head")
    own = grant.unit.path[: 2 * Unit.steplen] if grant.unit else ""
    units = list(queries.surveyed_units())
    due = local_day(city.at(14))
    row = services.open_round(
        actor=officer, name=f"Khảo sát hạ tầng {at.year}", due=due, units=units, at=at, note="Số liệu giả định."
    )
    asked = current(local_day(at))
    for slip in queries.slips(row):
        answers = _answers(rng, [one.code for one in asked.question("systems").choices])
        if slip.unit.path == own:
            day = local_day(at) - timedelta(200)
            services.record(actor=officer, unit=slip.unit, version=asked.version, answers=answers, day=day, at=at)
        elif rng.random() < ANSWERED:
            services.save_slip(actor=officer, slip=slip, answers=answers, saves=0, send=True, at=city.at(days + 1))
    late = [slip.pk for slip in queries.late(row, local_day(at))[:3]]
    services.remind(actor=officer, row=row, slips=late, at=city.at(days + 2))
    _sheet(city, units[:2], days + 2)
    services.decide(
        actor=city.logins["leader"], unit=units[1], verdict="later", reason="Chờ dự toán năm sau (giả định)",
        at=city.at(days + 3),
    )  # fmt: skip


def _answers(rng: np.random.Generator, systems: list[str]) -> dict[str, Any]:
    desks = int(rng.integers(12, 60))
    computers = int(desks * rng.uniform(0.6, 1.1))
    return {
        "desks": desks, "computers": computers, "computers_old": int(computers * rng.choice([0.0, 0.1, 0.35])),
        "protected": int(computers * rng.uniform(0.5, 1)), "signatures": int(desks * rng.uniform(0.4, 1)),
        "room_seats": int(rng.choice([0, 0, 20])), "network": str(rng.choice(["steady"] * 5 + ["weak"])),
        "private_line": str(rng.choice(["yes", "no"])), "it_people": int(rng.integers(0, 3)),
        "systems": [code for code in systems if rng.random() < 0.75],
    }  # fmt: skip


def _sheet(city: City, units: list[Unit], days: float) -> None:
    heads = ("Tên đơn vị", "Số người cần máy tính", "Số máy tính", "Máy cũ", "Chữ ký số", "Internet")
    lines: list[list[Any]] = [[unit.name, 30, 28, 3, 20, "Ổn định"] for unit in units]
    lines.append(["Sở Nội vu", 30, 28, 40, 20, "Ôn đinhh"])
    file, at = BytesIO(), city.at(days)
    write_xlsx(file, [OutSheet("Hạ tầng", [Column(head, 24) for head in heads], lines)])
    file.seek(0)
    name = "ha-tang-gia-dinh.xlsx"
    services.read_sheet(actor=city.logins["training"], stream=file, name=name, day=local_day(at), at=at)
