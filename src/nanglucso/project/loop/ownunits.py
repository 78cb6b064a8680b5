"""Another city's file: the units that it names become the tree."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_noop

from nanglucso.core.acts import act
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.models import Person, TravelArea, Unit
from nanglucso.workforce.people.services.tree import UnitTold, merge_units
from nanglucso.workforce.people.staffsheet.abbreviations import unit_key
from nanglucso.workforce.people.staffsheet.records import StaffRecord

ROOT, AREA = "TEP", "TEP"
ROOT_NAME = "Cơ quan, đơn vị theo danh sách nhân sự"
AREA_NAMES = ("Toàn địa bàn", "The whole area")
SOURCE = "dựng từ danh sách nhân sự"
NOT_FRESH = gettext_noop("The units of a file can only be planted in a database without people.")
_BOARD = ("uy ban nhan dan ", "hoi dong nhan dan ")
_SERVICE = ("truong ", "trung tam ", "benh vien ", "tram ", "vien ", "thu vien", "bao tang", "nha ", "ban quan ly ")


def kind_of(name: str, inside: bool) -> str:
    """Kind of a unit by how its name begins; `inside` another unit it is a division unless it is a service unit."""
    words = unit_key(name)
    for board in _BOARD:
        words = words.removeprefix(board)
    if words.startswith(_SERVICE):
        return Unit.Kind.SERVICE
    if inside:
        return Unit.Kind.ROOM
    kinds = {
        "xa ": Unit.Kind.COMMUNE,
        "dac khu ": Unit.Kind.COMMUNE,
        "thi tran ": Unit.Kind.COMMUNE,
        "phuong ": Unit.Kind.WARD,
        "thanh tra": Unit.Kind.INSPECTORATE,
        "van phong": Unit.Kind.OFFICE,
    }
    return next((kind for start, kind in kinds.items() if words.startswith(start)), Unit.Kind.AGENCY)


def told_units(records: Iterable[StaffRecord]) -> list[UnitTold]:
    """The root and every unit that the records name, parents first; spellings of one name are one unit."""
    told: dict[tuple[str, ...], UnitTold] = {}
    told[()] = UnitTold(ROOT, ROOT_NAME, Unit.Kind.CITY, "", area=AREA, source=SOURCE)
    for record in records:
        if not record.unit_text:
            continue
        chain: tuple[str, ...] = ()
        for name in (*record.unit_path, record.unit_text):
            parent, chain = chain, (*chain, unit_key(name))
            if chain not in told:
                kind = kind_of(name, inside=bool(parent))
                told[chain] = UnitTold(
                    f"{ROOT}-{len(told)}", name[:200], kind, told[parent].code, area=AREA, source=SOURCE
                )
    return list(told.values())


def plant(records: Iterable[StaffRecord], *, at: datetime) -> int:
    """Replace the shipped tree by the file's own; returns how many units. Only in a database without people."""
    told = told_units(records)
    with act(None, "people.plant_units", at=at, units=len(told)) as this:
        if Person.objects.exists():
            raise Refused(NOT_FRESH)
        Unit.objects.all().delete()
        TravelArea.objects.all().delete()
        names = {"name_vi": AREA_NAMES[0], "name_en": AREA_NAMES[1], "trip_costs": {AREA: 0.0}}
        area = TravelArea.objects.create(code=AREA, **names)
        merge_units(told, {AREA: area})
        this.subject = Unit.objects.get(code=ROOT)
    return len(told)
