"""What there is to teach with: rooms, lecturers, and days on which nobody teaches. The log keeps what was changed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.content import read_yaml, root
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget.models import Rate
from nanglucso.develop.budget.queries import rates_by_code
from nanglucso.develop.budget.wording import legal_words, money_text
from nanglucso.develop.plans.models import DayOff, Lecturer, Venue
from nanglucso.workforce.people.models import TravelArea

LONGEST_OFF = 60


def plain(value: Any) -> Any:
    """A value as the log keeps it."""
    if isinstance(value, models.Model):
        return str(getattr(value, "name_vi", value))
    return value.isoformat() if isinstance(value, date) else value


def changed(row: models.Model | None, fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{field: [old, new]} of what differs; of a new row what is not empty."""
    pairs = {name: [plain(getattr(row, name, None)), plain(new)] for name, new in fields.items()}
    return {name: [old, new] for name, (old, new) in pairs.items() if old != new and (row or new not in ("", [], None))}


def set_venue(
    *, actor: User | None, code: str, name: str, area: TravelArea, seats: int, rate: int, at: datetime,
    buoi_week: int = 10, assumed: bool = False, active: bool = True,
) -> Venue:  # fmt: skip
    """Set a room: seats, buổi a week, đồng a buổi."""
    if seats < 1 or buoi_week < 0 or rate < 0:
        raise Refused(_("A room needs at least one seat, and no figure may be negative."), field="seats")
    fields = {
        "name": name, "area": area, "seats": seats, "buoi_week": buoi_week, "rate": rate, "assumed": assumed,
        "active": active,
    }  # fmt: skip
    with act(actor, "plans.set_venue", at=at, code=code) as this:
        this.note(changes=changed(Venue.objects.filter(code=code).first(), fields))
        this.subject, _made = Venue.objects.update_or_create(code=code, defaults=fields)
    return this.subject  # type: ignore[return-value]


def set_lecturer(*, actor: User | None, code: str, name: str, rate: int, at: datetime, **more: Any) -> Lecturer:
    """Set a lecturer: đồng a buổi; further fields as in the model (pay_class, week_max, quarter_max, families ...).

    Raises Refused for a pay above the legal maximum of the pay class on the day.
    """
    if rate < 0:
        raise Refused(_("The pay cannot be negative."), field="rate")
    row = Lecturer.objects.filter(code=code).first()
    pay_class = more.get("pay_class") or (row.pay_class if row else "lecturer_session")
    _check_pay(rates_by_code(local_day(at)).get(pay_class), rate)
    fields = {"name": name, "rate": rate, **more}
    with act(actor, "plans.set_lecturer", at=at, code=code) as this:
        this.note(changes=changed(row, fields))
        this.subject, _made = Lecturer.objects.update_or_create(code=code, defaults=fields)
    return this.subject  # type: ignore[return-value]


def _check_pay(legal: Rate | None, rate: int) -> None:
    if legal and legal.kind == Rate.Kind.CAP and legal.amount is not None and rate > legal.amount:
        text = _("The legal maximum for “%(name)s” is %(cap)s đồng a session (%(basis)s).")
        told = {"name": legal.name, "cap": money_text(legal.amount), "basis": legal_words(legal.legal_basis)[0]}
        raise Refused(text % told, field="rate")


def set_day_off(
    *, actor: User | None, code: str, name_vi: str, first: date, last: date, source: str, at: datetime,
    name_en: str = "", kind: str = DayOff.Kind.OWN, effective_from: date | None = None, active: bool = True,
) -> DayOff:  # fmt: skip
    """Set days on which nobody is taught. Raises Refused without a source, or for a span that cannot be meant."""
    if not source.strip():
        raise Refused(_("Write by what decision or source."), field="source")
    if last < first:
        raise Refused(_("The last day comes before the first."), field="last")
    if (last - first).days >= LONGEST_OFF:
        raise Refused(_("Days off of more than two months: check the dates."), field="last")
    fields = {
        "name_vi": name_vi.strip(), "name_en": name_en.strip(), "first": first, "last": last, "kind": kind,
        "source": source.strip(), "effective_from": effective_from, "active": active,
    }  # fmt: skip
    with act(actor, "plans.set_day_off", at=at, code=code, source=source.strip()) as this:
        this.note(changes=changed(DayOff.objects.filter(code=code).first(), fields))
        this.subject, _made = DayOff.objects.update_or_create(code=code, defaults=fields)
    return this.subject  # type: ignore[return-value]


def load_days_off(*, actor: User | None = None, at: datetime, path: Path | None = None) -> int:
    """Bring in the days off that are shipped; one that is there already is left as it is. Returns how many are new."""
    told: Any = read_yaml(path or root() / "calendar" / "days_off.yaml")
    known = set(DayOff.objects.values_list("code", flat=True))
    rows: Sequence[dict[str, Any]] = [row for row in told["days"] if row["code"] not in known]
    with act(actor, "plans.load_days_off", at=at, rows=len(rows)):
        DayOff.objects.bulk_create(
            DayOff(
                code=row["code"], name_vi=row["name_vi"], name_en=row["name_en"], first=row["first"], last=row["last"],
                kind=row["kind"], source=f"{told['legal_basis']}, {row['basis']}",
                effective_from=told["effective_from"],
            )
            for row in rows
        )  # fmt: skip
    return len(rows)
