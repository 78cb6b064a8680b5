"""Who works where in the demo: positions dealt to the rooms of every agency, commune and ward."""

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np

from nanglucso.core.acts import act
from nanglucso.project.demo.names import made_up_name
from nanglucso.workforce.people.models import Person, Position, Unit
from nanglucso.workforce.people.services import add_person

# Position codes by kind of unit and by the ending of the room's code; "" = at the unit itself.
COMMUNE = {
    "": ("VTVL-XA-LD-01", "VTVL-XA-LD-02", "VTVL-XA-LD-03"),
    "VP": ("VTVL-XA-TP-02", "VTVL-XA-VT-01", "VTVL-CQ-KT-02", "VTVL-XA-TH-01", "VTVL-XA-NV-01", "VTVL-XA-TP-HT-01"),
    "KT": ("VTVL-XA-TP-01", "VTVL-XA-DC-01", "VTVL-XA-KTNN-01"),
    "KTHTDT": ("VTVL-XA-TP-01", "VTVL-XA-DC-01", "VTVL-P-DT-01"),
    "VHXH": ("VTVL-XA-TP-01", "VTVL-XA-XH-01", "VTVL-XA-TT-01", "VTVL-XA-CDS-01"),
    "TTPVHCC": ("VTVL-XA-TP-03", "VTVL-XA-TN-01", "VTVL-XA-TN-01"),
}
AGENCY = {
    "": ("VTVL-SO-LD-01", "VTVL-SO-LD-02"),
    "VP": ("VTVL-SO-TP-03", "VTVL-SO-VT-01", "VTVL-CQ-KT-02", "VTVL-SO-TC-01", "VTVL-SO-CNTT-01", "VTVL-CQ-LX-01"),
    "P": ("VTVL-SO-TP-01", "VTVL-SO-QLN-01", "VTVL-SO-TH-01", "VTVL-SO-QLN-01", "VTVL-SO-PC-01"),
}
SPECIAL = {"SNV-P1": ("VTVL-SO-TP-01", "VTVL-SNV-DTBD-01", "VTVL-SNV-DTBD-01", "VTVL-SO-TC-01", "VTVL-SO-TH-01")}
APPOINTED = date(2025, 7, 1)


def _posts(unit: Unit) -> tuple[str, ...]:
    if unit.code in SPECIAL:
        return SPECIAL[unit.code]
    top = unit.code.partition("-")[2]
    if unit.depth == 2:
        return (COMMUNE if unit.kind in ("xa", "phuong") else AGENCY)[""]
    if unit.kind != "phong":
        return ()
    commune = unit.code[0].isdigit()
    return COMMUNE.get(top, ()) if commune else AGENCY.get(top, AGENCY["P"])


def _rounds(units: list[Unit]) -> Iterator[tuple[Unit, str]]:
    """Every post once, then again from the second of each unit on, until the caller has enough."""
    for again in range(20):
        for unit in units:
            posts = _posts(unit)
            for code in posts if not again else posts[1:] if unit.depth == 3 else ():
                yield unit, code


def hire(*, people: int, rng: np.random.Generator, at: datetime) -> list[Person]:
    """Take on `people` made-up persons through the staff service, in one act."""
    units = list(Unit.objects.filter(until=None).exclude(depth=1).order_by("path"))
    positions = {p.code: p for p in Position.objects.all()}
    made: list[Person] = []
    with act(None, "demo.hire", at=at, people=people):
        for unit, code in _rounds(units):
            if len(made) >= people:
                break
            name, gender = made_up_name(rng)
            born = date(int(rng.integers(1967, 2001)), int(rng.integers(1, 13)), int(rng.integers(1, 28)))
            number = len(made) + 1
            made.append(
                add_person(
                    actor=None, name=name, unit=unit, position=positions[code], since=APPOINTED, at=at, made_up=True,
                    staff_code=f"GD{number:05d}", birth_date=born, gender=gender, email=f"gd{number:05d}@vidu.gov.vn",
                )
            )  # fmt: skip
    return made
