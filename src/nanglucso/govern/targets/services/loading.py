"""The shipped targets brought into the database."""

from datetime import date, datetime
from decimal import Decimal

from nanglucso.core.acts import act
from nanglucso.govern.targets.models import Indicator, Link
from nanglucso.govern.targets.shipped import follower, targets
from nanglucso.workforce.people.models import Unit


def _parts(text: str) -> list[str]:
    return [one for one in text.split(";") if one]


def load_targets(*, at: datetime) -> int:
    """Every row of `content/targets/targets.csv`; again, it renews the texts and leaves what the city decided: links
    and the responsible unit. Returns how many."""
    rows, units = targets(), {unit.code: unit for unit in Unit.objects.filter(depth=2)}
    with act(None, "targets.load", at=at, rows=len(rows)):
        for number, row in enumerate(rows, 1):
            told = follower(row["followed_by"])
            indicator, new = Indicator.objects.update_or_create(code=row["code"], defaults=_fields(number, row))
            if new:
                indicator.responsible = units.get(told.unit) if told else None
                indicator.save(update_fields=["responsible"])
                Link.objects.bulk_create(
                    Link(indicator=indicator, competence=one) for one in _parts(row["competences"])
                )
    return len(rows)


def _fields(number: int, row: dict[str, str]) -> dict[str, object]:
    return {
        "number": number, "name_vi": row["name_vi"], "name_en": row["name_en"], "levels": _parts(row["levels"]),
        "goal": Decimal(row["goal"]) if row["goal"] else None, "measure_code": row["measure"],
        "at_least": row["at_least"] == "1", "first": date.fromisoformat(row["first"]) if row["first"] else None,
        "last": date.fromisoformat(row["last"]) if row["last"] else None, "repeat": row["repeat"],
        "document_code": row["document"], "place_vi": row["place_vi"], "place_en": row["place_en"],
        "status": row["status"], "superseded_by": _parts(row["superseded_by"]), "confidence": row["confidence"],
        "followed_by": row["followed_by"], "notes": _parts(row["notes"]),
    }  # fmt: skip
