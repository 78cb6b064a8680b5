"""Verbs of money: load the rate table, set a year's funding sources. Amounts in đồng."""

import csv
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.content import root
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget.models import FundingSource, Rate
from nanglucso.develop.budget.wording import money_text
from nanglucso.kit.dates import parse_date


def _date(text: str) -> date | None:
    return parse_date(text) if text else None


def load_rates(*, actor: User | None = None, path: Path | None = None, at: datetime) -> int:
    """Bring in the rate table; a rate already there under the same date is brought up to date. Returns rows read."""
    source = path or root() / "rates" / "rates.csv"
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    with act(actor, "budget.load_rates", at=at, rows=len(rows)):
        for row in rows:
            amount = row["value_vnd"]
            Rate.objects.update_or_create(
                code=row["id"],
                effective_from=_date(row["effective_from"]),
                defaults={
                    "name_vi": row["item_vi"],
                    "name_en": row["item_en"],
                    "kind": row["kind"],
                    "amount": int(amount) if amount else None,
                    "per": row["per"],
                    "legal_basis": row["legal_basis"],
                    "effective_to": _date(row["effective_to"]),
                    "confidence": row["confidence"],
                    "note": row["note"],
                },
            )
    return len(rows)


def set_source(
    *, actor: User | None, code: str, year: int, name_vi: str, amount: int, at: datetime, name_en: str = "",
    order: int = 1, unit_types: list[str] | None = None, courses: list[str] | None = None, note: str = "",
) -> FundingSource:  # fmt: skip
    """Set one funding source of a year. Raises Refused for a negative amount, or one below what is bound already."""
    if amount < 0:
        raise Refused(_("The amount cannot be negative."), field="amount")
    fields = {
        "name_vi": name_vi, "name_en": name_en or name_vi, "amount": amount, "order": order, "note": note,
        "unit_types": unit_types or [], "courses": courses or [],
    }  # fmt: skip
    with act(actor, "budget.set_source", at=at, code=code, year=year, amount=amount) as this:
        bound = FundingSource.objects.select_for_update().filter(code=code, year=year, held__gt=amount).first()
        if bound:
            text = _("%(held)s đồng of this source are committed already; cancel commitments before cutting it below.")
            raise Refused(text % {"held": money_text(bound.held)}, field="amount")
        this.subject, _made = FundingSource.objects.update_or_create(code=code, year=year, defaults=fields)
    return this.subject  # type: ignore[return-value]
