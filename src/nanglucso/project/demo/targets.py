"""Made-up figures of some targets: the city's and three communes', a month each, and a file of the payment platform."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from nanglucso.govern.targets.services import Proof, apply_figures, read_figures, record_observation
from nanglucso.project.demo.year import City
from nanglucso.workforce.people.models import Unit

# Code of the target, value ten months ago, points a month.
LINES = (
    ("Q2629-I.1.1", 71.0, 1.9), ("Q2629-I.2.2", 62.0, 0.7), ("NQ71-11.6", 41.0, 1.1), ("NQ71-11.3", 80.0, 0.4),
    ("CT14-01", 38.0, 2.1), ("IDX-3.3", 44.0, 1.4),
)  # fmt: skip
WAVES = (0.6, -0.4, 0.2, -0.7, 0.5, 0.1, -0.3, 0.8, -0.5, 0.0)


def write_down(city: City, days: float) -> None:
    """Ten months of figures; every one says that it is made up."""
    at = city.at(days)
    units = [Unit.objects.get(depth=1, until=None), *_communes(3)]
    proof = Proof(note="Số liệu giả định của thành phố mẫu")
    for n, unit in enumerate(units):
        for code, start, slope in LINES if n == 0 else LINES[:2]:
            for month, wave in enumerate(WAVES):
                day = at - timedelta(days=30.5 * (len(WAVES) - month))
                value = Decimal(str(round(min(100, start - 6 * n + slope * month + wave), 1)))
                record_observation(
                    actor=city.logins["training"], indicator_code=code, unit=unit, period=f"{day:%Y-%m}", value=value,
                    proof=proof, at=at,
                )  # fmt: skip
    _from_file(city, days)


def _from_file(city: City, days: float) -> None:
    """Last month's counts of online payment, as the platform hands them out."""
    at = city.at(days)
    month = f"{at - timedelta(days=28):%m/%Y}"
    lines = (
        "Đơn vị,Kỳ báo cáo,Hồ sơ thanh toán trực tuyến,Hồ sơ có nghĩa vụ tài chính",
        f"Toàn thành phố,{month},38120,73400",
        *(f"{one.name},{month},{410 + 7 * n},{900 + 11 * n}" for n, one in enumerate(_communes(6))),
    )
    row = read_figures(
        actor=city.logins["training"], system="thanh-toan", stream=BytesIO("\n".join(lines).encode()),
        name="thanh-toan-gia-dinh.csv", content_type="text/csv", at=at,
    )  # fmt: skip
    apply_figures(actor=city.logins["training"], row=row, at=at)


def _communes(n: int) -> list[Unit]:
    return list(Unit.objects.filter(depth=2, kind__in=("xa", "phuong"), until=None).order_by("path")[:n])
